/** What the operations take and give. Fields have the names of the lead row, as in every language. */

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
export type Points = Record<string, number>;

/** Where a score comes from. */
export interface Breakdown {
  base_score: number;
  provider: { name: ProviderClass; points: number };
  signal_points: Points;
  risk_points: Points;
  adjustments: Points;
  total_score: number;
}

/** What follows from a segment, a class and a score. */
export interface CommercialAnswer {
  technical_heat: TechnicalHeat;
  commercial_segment: CommercialSegment;
  commercial_heat: CommercialHeat;
  priority_category: PriorityCategory;
  priority_label: string;
  /** 1 (best) to 7. */
  priority_score: number;
}

/** A verdict. Without an answer to the MX question everything that follows from it is `null`. */
export interface ScoreAnswer {
  domain: string | null;
  scan_status: ScanStatus;
  score: number | null;
  score_low: number | null;
  score_high: number | null;
  partial: boolean;
  unknown: UnknownSignal[];
  segment: Segment | null;
  segment_certain: boolean | null;
  technical_heat: TechnicalHeat | null;
  commercial_segment: CommercialSegment | null;
  commercial_heat: CommercialHeat | null;
  priority_category: PriorityCategory | null;
  priority_label: string | null;
  priority_score: number | null;
  breakdown: Breakdown | null;
  rules_version: string;
  rules_hash: string;
}

export interface NextStepAnswer {
  action: Action;
  timeline: Timeline;
  priority: Level;
}

/** A record that says something. */
export interface Evidence {
  rule: string;
  record: string;
  matched?: string;
  sources?: string[];
}

/** One provider in one role. */
export interface RoleFact {
  id: string;
  name: string;
  confidence: number;
  region?: string;
  evidence: Evidence[];
}

/** An identity service that knows the domain. */
export interface IdentityFact {
  id: string;
  name: string;
  tenant: string | null;
  strength: string;
  confidence: number;
  evidence: Evidence[];
}

/** A fact worth telling, and the records that prove it. */
export interface Finding {
  kind: string;
  records?: string[];
}

/** The lead row. */
export interface Assessment {
  domain: string;
  scan_status: ScanStatus;
  scanned_at: Timestamp;
  readiness_score: number | null;
  score_low: number | null;
  score_high: number | null;
  partial: boolean;
  unknown: UnknownSignal[];
  segment: Segment | null;
  segment_certain: boolean | null;
  technical_heat: TechnicalHeat | null;
  commercial_segment: CommercialSegment | null;
  commercial_heat: CommercialHeat | null;
  priority_category: PriorityCategory | null;
  priority_label: string | null;
  priority_score: number | null;
  provider: ProviderClass;
  provider_id: string | null;
  provider_name: string | null;
  local_provider: string | null;
  gateway: string | null;
  gateway_name: string | null;
  basis: Basis | null;
  confidence: number;
  evidence: Evidence[];
  gateways: RoleFact[];
  senders: RoleFact[];
  identity: IdentityFact | null;
  mx_host: string | null;
  mx_root: string | null;
  spf: boolean | null;
  spf_record: string | null;
  dkim: boolean | null;
  dkim_selectors: string[];
  dmarc: boolean | null;
  dmarc_policy: DmarcPolicy | null;
  dmarc_coverage: number | null;
  tags: string[];
  findings: Finding[];
  breakdown: Breakdown | null;
  contact_quality_score: number | null;
  linkedin_pattern: AddressPattern | null;
  tenant_size: TenantSize | null;
  referral_type: ReferralType | null;
  registrar: string | null;
  expires_at: IsoDate | null;
  nameservers: string[];
  country: string | null;
  asn_org: string | null;
  is_proxy: boolean | null;
  signals_hash: string;
  rules_version: string;
  rules_hash: string;
  fingerprints_hash: string;
  confidence_hash: string;
}

/** An assessment, or some fields of a lead row: what is left out is unknown. */
export type LeadRow = Partial<Assessment>;

/** What a salesperson says and does with one lead. */
export interface SalesSummary {
  domain: string;
  one_liner: string;
  segment_explanation: string;
  provider_reasoning: string;
  security_reasoning: {
    risk_level: Level;
    summary: string;
    details: string[];
    sales_angle: string;
    recommended_action: string;
  } | null;
  call_script: string[];
  discovery_questions: string[];
  offer_tier: {
    tier: string;
    license: string;
    price_per_user_per_month: number;
    migration_fee: number;
    defender_price_per_user_per_month: number | null;
    consulting_fee: number | null;
    recommendation: string;
    price_list?: { currency: string; as_of: IsoDate; source: string };
  };
  opportunity_potential: number;
  opportunity_rationale: {
    total: number;
    factors: { name: string; weight: number; raw: number | string | null; score: number; comment: string }[];
    tuning_factor: number;
    summary: string;
  };
  urgency: Level;
  next_step: NextStepAnswer & { message: string; internal_note: string };
  metadata: {
    domain: string;
    provider: ProviderClass | null;
    segment: Segment | null;
    readiness_score: number | null;
    priority_score: number | null;
    tenant_size: TenantSize | null;
    local_provider: string | null;
    generated_at: Timestamp;
  };
  urgency_reason?: string;
  hooks: { id: string; text: string }[];
  unknown: UnknownSignal[];
}

export interface ExplainAnswer {
  lead: Assessment;
  sales: SalesSummary;
  script: string;
  unanswered: { name: string; record_type: string; reason: string }[];
}

export interface NormalizeDomainAnswer {
  domain: string;
  unicode: string;
  registrable: string | null;
  /** What may have been meant instead; never applied. */
  suggestion: string | null;
}

/** A finding about one record. */
export interface RecordFinding {
  code: string;
  effect: 'void' | 'ignored' | 'advice';
  text: string;
}

export interface ParseSpfAnswer {
  is_record: boolean;
  valid: boolean;
  all: '+' | '-' | '~' | '?' | null;
  redirect: string | null;
  includes: string[];
  lookups: number;
  terms: {
    name: string;
    qualifier: '+' | '-' | '~' | '?';
    target: string | null;
    prefix_v4: number | null;
    prefix_v6: number | null;
  }[];
  findings: RecordFinding[];
}

export interface ParseDkimAnswer {
  is_record: boolean;
  valid: boolean;
  revoked: boolean;
  key_type: 'rsa' | 'ed25519' | null;
  bits: number | null;
  testing: boolean;
  strict: boolean;
  findings: RecordFinding[];
}

export interface ParseDmarcAnswer {
  is_record: boolean;
  valid: boolean;
  dmarc_policy: DmarcPolicy | null;
  policy: DmarcPolicy | null;
  subdomain_policy: DmarcPolicy | null;
  non_existent_policy: DmarcPolicy | null;
  testing: boolean;
  dmarc_coverage: number | null;
  dkim_alignment: 'relaxed' | 'strict' | null;
  spf_alignment: 'relaxed' | 'strict' | null;
  aggregate_reports: string[];
  failure_reports: string[];
  findings: RecordFinding[];
}

export interface ClassifyMxAnswer {
  provider: ProviderClass;
  undetermined: boolean;
  provider_id: string | null;
  provider_name: string | null;
  local_provider: string | null;
  gateway: string | null;
  gateway_name: string | null;
  basis: Basis;
  confidence: number;
  evidence: Evidence[];
}

/** What changed between two scans. */
export interface Change {
  kind: string;
  before: string | null;
  after: string;
  alert: string | null;
}

export interface ContactsAnswer {
  count: number;
  own: number;
  own_domain_share: number | null;
  contact_quality_score: number;
  generic: string[];
  linkedin_pattern: AddressPattern | null;
  repeated: number;
  rejected: string[];
}
