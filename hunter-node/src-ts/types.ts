/**
 * What the operations take and give. Fields have the names of the lead row, as in every language.
 * Answers are frozen.
 */

import type {
  Action, AddressPattern, Basis, CommercialHeat, CommercialSegment, DmarcPolicy, Level,
  PriorityCategory, ProviderClass, ReferralType, ScanStatus, Segment, TechnicalHeat, TenantSize,
  Timeline, UnknownSignal,
} from './words.js';

/** A calendar date, `YYYY-MM-DD`. */
export type IsoDate = string;
/** A moment, as RFC 3339 writes it. */
export type Timestamp = string;
/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What is known of SPF, DKIM and DMARC. What is left out is unknown, and unknown is never absent. */
export interface Signals {
  /** Whether a valid SPF record is published; `null` where nobody knows. */
  spf?: boolean | null | undefined;
  /** Whether a DKIM key is published; `null` where nobody knows. */
  dkim?: boolean | null | undefined;
  /** The policy in force; `null` where there is no record, left out where nobody knows. */
  dmarc_policy?: DmarcPolicy | null | undefined;
  /** The SPF text, for its number of includes. */
  spf_record?: string | null | undefined;
}

/** What is known of a company besides its domain. */
export interface Lead {
  company?: string | null;
  seats?: number | null;
  tenant_size?: TenantSize | null;
  /** ISO 3166-1 alpha-2. */
  country?: string | null;
  referral_type?: ReferralType | null;
  azure_tenant_id?: string | null;
  contact_emails?: string[];
}

/** One question put to the DNS, and what became of it. */
export interface DnsAnswer {
  name: string;
  type: string;
  state: 'found' | 'absent' | 'temp_fail' | 'perm_fail' | 'not_asked';
  records?: string[];
  [more: string]: unknown;
}

/** The facts of one domain at one moment. Fields that are not known here are kept. */
export interface Observation {
  v: number;
  domain: string;
  observed_at: Timestamp;
  profile?: string;
  answers?: DnsAnswer[];
  [more: string]: unknown;
}

/** Named points, in the order in which they were added. */
export type Points = Readonly<Record<string, number>>;

/** Where a score comes from. */
export interface Breakdown {
  readonly base_score: number;
  readonly provider: { readonly name: ProviderClass; readonly points: number };
  readonly signal_points: Points;
  readonly risk_points: Points;
  readonly adjustments: Points;
  readonly total_score: number;
}

/** What follows from a segment, a class and a score. */
export interface CommercialAnswer {
  readonly technical_heat: TechnicalHeat;
  readonly commercial_segment: CommercialSegment;
  readonly commercial_heat: CommercialHeat;
  readonly priority_category: PriorityCategory;
  readonly priority_label: string;
  /** 1 (best) to 7. */
  readonly priority_score: number;
}

/** A verdict. Without an answer to the MX question everything that follows from it is `null`. */
export interface ScoreAnswer {
  readonly domain: string | null;
  readonly scan_status: ScanStatus;
  readonly score: number | null;
  readonly score_low: number | null;
  readonly score_high: number | null;
  readonly partial: boolean;
  readonly unknown: readonly UnknownSignal[];
  readonly segment: Segment | null;
  readonly segment_certain: boolean | null;
  readonly technical_heat: TechnicalHeat | null;
  readonly commercial_segment: CommercialSegment | null;
  readonly commercial_heat: CommercialHeat | null;
  readonly priority_category: PriorityCategory | null;
  readonly priority_label: string | null;
  readonly priority_score: number | null;
  readonly breakdown: Breakdown | null;
  readonly rules_version: string;
  readonly rules_hash: string;
}

export interface NextStepAnswer {
  readonly action: Action;
  readonly timeline: Timeline;
  readonly priority: Level;
}

/** A record that says something. */
export interface Evidence {
  readonly rule: string;
  readonly record: string;
  readonly matched?: string;
  readonly sources?: readonly string[];
}

/** One provider in one role. */
export interface RoleFact {
  readonly id: string;
  readonly name: string;
  readonly confidence: number;
  readonly region?: string;
  readonly evidence: readonly Evidence[];
}

/** An identity service that knows the domain. */
export interface IdentityFact {
  readonly id: string;
  readonly name: string;
  readonly tenant: string | null;
  readonly strength: string;
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
}

/** A fact worth telling, and the records that prove it. */
export interface Finding {
  readonly kind: string;
  readonly records?: readonly string[];
}

/** The lead row. */
export interface Assessment {
  readonly domain: string;
  readonly scan_status: ScanStatus;
  readonly scanned_at: Timestamp;
  readonly readiness_score: number | null;
  readonly score_low: number | null;
  readonly score_high: number | null;
  readonly partial: boolean;
  readonly unknown: readonly UnknownSignal[];
  readonly segment: Segment | null;
  readonly segment_certain: boolean | null;
  readonly technical_heat: TechnicalHeat | null;
  readonly commercial_segment: CommercialSegment | null;
  readonly commercial_heat: CommercialHeat | null;
  readonly priority_category: PriorityCategory | null;
  readonly priority_label: string | null;
  readonly priority_score: number | null;
  readonly provider: ProviderClass;
  readonly provider_id: string | null;
  readonly provider_name: string | null;
  readonly local_provider: string | null;
  readonly gateway: string | null;
  readonly gateway_name: string | null;
  readonly basis: Basis | null;
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
  readonly gateways: readonly RoleFact[];
  readonly senders: readonly RoleFact[];
  readonly identity: IdentityFact | null;
  readonly mx_host: string | null;
  readonly mx_root: string | null;
  readonly spf: boolean | null;
  readonly spf_record: string | null;
  readonly dkim: boolean | null;
  readonly dkim_selectors: readonly string[];
  readonly dmarc: boolean | null;
  readonly dmarc_policy: DmarcPolicy | null;
  readonly dmarc_coverage: number | null;
  readonly tags: readonly string[];
  readonly findings: readonly Finding[];
  readonly breakdown: Breakdown | null;
  readonly contact_quality_score: number | null;
  readonly linkedin_pattern: AddressPattern | null;
  readonly tenant_size: TenantSize | null;
  readonly referral_type: ReferralType | null;
  readonly registrar: string | null;
  readonly expires_at: IsoDate | null;
  readonly nameservers: readonly string[];
  readonly country: string | null;
  readonly asn_org: string | null;
  readonly is_proxy: boolean | null;
  readonly signals_hash: string;
  readonly rules_version: string;
  readonly rules_hash: string;
  readonly fingerprints_hash: string;
  readonly confidence_hash: string;
}

/** An assessment, or some fields of a lead row: what is left out is unknown. */
export type LeadRow = Partial<Assessment>;

/** What a salesperson says and does with one lead. */
export interface SalesSummary {
  readonly domain: string;
  readonly one_liner: string;
  readonly segment_explanation: string;
  readonly provider_reasoning: string;
  readonly security_reasoning: {
    readonly risk_level: Level;
    readonly summary: string;
    readonly details: readonly string[];
    readonly sales_angle: string;
    readonly recommended_action: string;
  } | null;
  readonly call_script: readonly string[];
  readonly discovery_questions: readonly string[];
  readonly offer_tier: {
    readonly tier: string;
    readonly license: string;
    readonly price_per_user_per_month: number;
    readonly migration_fee: number;
    readonly defender_price_per_user_per_month: number | null;
    readonly consulting_fee: number | null;
    readonly recommendation: string;
    readonly price_list?: { readonly currency: string; readonly as_of: IsoDate; readonly source: string };
  };
  readonly opportunity_potential: number;
  readonly opportunity_rationale: {
    readonly total: number;
    readonly factors: { readonly name: string; readonly weight: number; readonly raw: number | string | null; readonly score: number; readonly comment: string }[];
    readonly tuning_factor: number;
    readonly summary: string;
  };
  readonly urgency: Level;
  readonly next_step: NextStepAnswer & { readonly message: string; readonly internal_note: string };
  readonly metadata: {
    readonly domain: string;
    readonly provider: ProviderClass | null;
    readonly segment: Segment | null;
    readonly readiness_score: number | null;
    readonly priority_score: number | null;
    readonly tenant_size: TenantSize | null;
    readonly local_provider: string | null;
    readonly generated_at: Timestamp;
  };
  readonly urgency_reason?: string;
  readonly hooks: { readonly id: string; readonly text: string }[];
  readonly unknown: readonly UnknownSignal[];
}

export interface ExplainAnswer {
  readonly lead: Assessment;
  readonly sales: SalesSummary;
  readonly script: string;
  readonly unanswered: { readonly name: string; readonly record_type: string; readonly reason: string }[];
}

export interface NormalizeDomainAnswer {
  readonly domain: string;
  readonly unicode: string;
  readonly registrable: string | null;
  /** What may have been meant instead; never applied. */
  readonly suggestion: string | null;
}

/** A finding about one record. */
export interface RecordFinding {
  readonly code: string;
  readonly effect: 'void' | 'ignored' | 'advice';
  readonly text: string;
}

export interface ParseSpfAnswer {
  readonly is_record: boolean;
  readonly valid: boolean;
  readonly all: '+' | '-' | '~' | '?' | null;
  readonly redirect: string | null;
  readonly includes: readonly string[];
  readonly lookups: number;
  readonly terms: {
    readonly name: string;
    readonly qualifier: '+' | '-' | '~' | '?';
    readonly target: string | null;
    readonly prefix_v4: number | null;
    readonly prefix_v6: number | null;
  }[];
  readonly findings: readonly RecordFinding[];
}

export interface ParseDkimAnswer {
  readonly is_record: boolean;
  readonly valid: boolean;
  readonly revoked: boolean;
  readonly key_type: 'rsa' | 'ed25519' | null;
  readonly bits: number | null;
  readonly testing: boolean;
  readonly strict: boolean;
  readonly findings: readonly RecordFinding[];
}

export interface ParseDmarcAnswer {
  readonly is_record: boolean;
  readonly valid: boolean;
  readonly dmarc_policy: DmarcPolicy | null;
  readonly policy: DmarcPolicy | null;
  readonly subdomain_policy: DmarcPolicy | null;
  readonly non_existent_policy: DmarcPolicy | null;
  readonly testing: boolean;
  readonly dmarc_coverage: number | null;
  readonly dkim_alignment: 'relaxed' | 'strict' | null;
  readonly spf_alignment: 'relaxed' | 'strict' | null;
  readonly aggregate_reports: readonly string[];
  readonly failure_reports: readonly string[];
  readonly findings: readonly RecordFinding[];
}

export interface ClassifyMxAnswer {
  readonly provider: ProviderClass;
  readonly undetermined: boolean;
  readonly provider_id: string | null;
  readonly provider_name: string | null;
  readonly local_provider: string | null;
  readonly gateway: string | null;
  readonly gateway_name: string | null;
  readonly basis: Basis;
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
}

/** What changed between two scans. */
export interface Change {
  readonly kind: string;
  readonly before: string | null;
  readonly after: string;
  readonly alert: string | null;
}

export interface ContactsAnswer {
  readonly count: number;
  readonly own: number;
  readonly own_domain_share: number | null;
  readonly contact_quality_score: number;
  readonly generic: readonly string[];
  readonly linkedin_pattern: AddressPattern | null;
  readonly repeated: number;
  readonly rejected: readonly string[];
}
