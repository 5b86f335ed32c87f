/** The closed word lists, in the spelling that every language shares. */

export const PROVIDER_CLASSES = [
  'M365', 'Google', 'Yandex', 'Zoho', 'Amazon', 'SendGrid', 'Mailgun', 'Hosting', 'Local', 'Unknown',
] as const;
export const SEGMENTS = ['Migration', 'Existing', 'Cold', 'Skip', 'Other'] as const;
export const TECHNICAL_HEATS = ['Hot', 'Warm', 'Cold'] as const;
export const COMMERCIAL_SEGMENTS = [
  'GREENFIELD', 'COMPETITIVE', 'WEAK_PARTNER', 'RENEWAL', 'LOW_INTENT', 'NO_GO',
] as const;
export const COMMERCIAL_HEATS = ['HIGH', 'MEDIUM', 'LOW'] as const;
export const PRIORITY_CATEGORIES = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6'] as const;
export const TENANT_SIZES = ['small', 'medium', 'large'] as const;
export const DMARC_POLICIES = ['none', 'quarantine', 'reject'] as const;
export const REFERRAL_TYPES = ['co-sell', 'marketplace', 'solution-provider'] as const;
export const LEVELS = ['high', 'medium', 'low'] as const;
export const SCAN_STATUSES = ['answered', 'dns_failed', 'not_observed'] as const;
export const BASES = [
  'listed', 'behind_gateway', 'traces', 'undetermined', 'own_domain', 'unlisted', 'unusable', 'no_mail',
] as const;

/** The scoring class of whoever holds the mailboxes. */
export type ProviderClass = (typeof PROVIDER_CLASSES)[number];
/** The technical segment. */
export type Segment = (typeof SEGMENTS)[number];
export type TechnicalHeat = (typeof TECHNICAL_HEATS)[number];
export type CommercialSegment = (typeof COMMERCIAL_SEGMENTS)[number];
export type CommercialHeat = (typeof COMMERCIAL_HEATS)[number];
export type PriorityCategory = (typeof PRIORITY_CATEGORIES)[number];
export type TenantSize = (typeof TENANT_SIZES)[number];
export type DmarcPolicy = (typeof DMARC_POLICIES)[number];
export type ReferralType = (typeof REFERRAL_TYPES)[number];
/** How urgent, how risky or how important. */
export type Level = (typeof LEVELS)[number];
/** What became of the MX question. */
export type ScanStatus = (typeof SCAN_STATUSES)[number];
/** What a classification rests on. */
export type Basis = (typeof BASES)[number];

export type Action = 'call' | 'email' | 'wait';
/** By when; identifiers of a frozen contract. */
export type Timeline = '24_saat' | '3_gün' | '1_hafta' | '1_ay';
/** A fact that nobody knows. */
export type UnknownSignal = 'provider' | 'spf' | 'dkim' | 'dmarc';
/** How most of a company's addresses are built. */
export type AddressPattern = 'firstname.lastname' | 'f.lastname' | 'firstname';
