//! The JSON form of an assessment: the names of the lead row, every key always there.

use serde::Serialize;
use time::OffsetDateTime;

use super::assessment::{Assessment, IdentityFact, RoleFact, Status};
use super::{Finding, ReferralType, Tag};
use crate::contacts::AddressPattern;
use crate::domain::Domain;
use crate::hash::SignalsHash;
use crate::observation::Signal;
use crate::provider::{Basis, Evidence};
use crate::rules::Breakdown;
use crate::signals::UnknownSignal;
use crate::vocabulary::{
    CommercialHeat, CommercialSegment, DmarcPolicy, PriorityCategory, ProviderClass, Segment,
    TechnicalHeat, TenantSize,
};

#[derive(Serialize)]
pub(super) struct Row<'a> {
    domain: &'a Domain,
    scan_status: Status,
    #[serde(with = "time::serde::rfc3339")]
    scanned_at: OffsetDateTime,
    readiness_score: Option<u8>,
    score_low: Option<u8>,
    score_high: Option<u8>,
    partial: bool,
    unknown: &'a [UnknownSignal],
    segment: Option<Segment>,
    segment_certain: Option<bool>,
    technical_heat: Option<TechnicalHeat>,
    commercial_segment: Option<CommercialSegment>,
    commercial_heat: Option<CommercialHeat>,
    priority_category: Option<PriorityCategory>,
    priority_label: Option<&'a str>,
    priority_score: Option<u8>,
    provider: ProviderClass,
    provider_id: Option<&'a str>,
    provider_name: Option<&'a str>,
    local_provider: Option<&'a str>,
    gateway: Option<&'a str>,
    gateway_name: Option<&'a str>,
    basis: Option<Basis>,
    confidence: f64,
    evidence: &'a [Evidence],
    gateways: &'a [RoleFact],
    senders: &'a [RoleFact],
    identity: Option<&'a IdentityFact>,
    mx_host: Option<&'a str>,
    mx_root: Option<&'a str>,
    spf: Signal,
    spf_record: Option<&'a str>,
    dkim: Signal,
    dkim_selectors: &'a [String],
    dmarc: Signal,
    dmarc_policy: Option<DmarcPolicy>,
    dmarc_coverage: Option<u8>,
    tags: &'a [Tag],
    findings: &'a [Finding],
    breakdown: Option<&'a Breakdown>,
    contact_quality_score: Option<u8>,
    linkedin_pattern: Option<AddressPattern>,
    tenant_size: Option<TenantSize>,
    referral_type: Option<ReferralType>,
    registrar: Option<&'a str>,
    expires_at: Option<String>,
    nameservers: &'a [String],
    country: Option<&'a str>,
    asn_org: Option<&'a str>,
    is_proxy: Option<bool>,
    signals_hash: SignalsHash,
    rules_version: &'a str,
    rules_hash: &'a str,
    fingerprints_hash: &'a str,
    confidence_hash: &'a str,
}

impl<'a> Row<'a> {
    pub(super) fn of(a: &'a Assessment) -> Self {
        let verdict = a.verdict.as_ref();
        let signals = &a.authentication.signals;
        Self {
            domain: &a.domain,
            scan_status: a.status,
            scanned_at: a.observed_at,
            readiness_score: verdict.map(|v| v.score),
            score_low: verdict.map(|v| v.score_low),
            score_high: verdict.map(|v| v.score_high),
            partial: verdict.is_some_and(|v| v.partial),
            unknown: &a.unknown,
            segment: verdict.map(|v| v.segment),
            segment_certain: verdict.map(|v| v.segment_certain),
            technical_heat: verdict.map(|v| v.technical_heat),
            commercial_segment: verdict.map(|v| v.commercial_segment),
            commercial_heat: verdict.map(|v| v.commercial_heat),
            priority_category: verdict.map(|v| v.priority_category),
            priority_label: a.priority_label.as_deref(),
            priority_score: verdict.map(|v| v.priority_score),
            provider: a.provider,
            provider_id: a.provider_id.as_deref(),
            provider_name: a.provider_name.as_deref(),
            local_provider: a.local_provider.as_deref(),
            gateway: a.gateway.as_deref(),
            gateway_name: a.gateway_name.as_deref(),
            basis: a.basis,
            confidence: a.confidence,
            evidence: &a.evidence,
            gateways: &a.gateways,
            senders: &a.senders,
            identity: a.identity.as_ref(),
            mx_host: a.mx_host.as_deref(),
            mx_root: a.mx_root.as_deref(),
            spf: signals.spf,
            spf_record: signals.spf_record.as_deref(),
            dkim: signals.dkim,
            dkim_selectors: &a.authentication.dkim_selectors_found,
            dmarc: signals.dmarc.presence(),
            dmarc_policy: signals.dmarc.policy(),
            dmarc_coverage: a.authentication.dmarc_coverage(),
            tags: &a.tags,
            findings: &a.findings,
            breakdown: a.breakdown.as_ref(),
            contact_quality_score: a.contacts.as_ref().map(|contacts| contacts.quality),
            linkedin_pattern: a.contacts.as_ref().and_then(|contacts| contacts.pattern),
            tenant_size: a.tenant_size,
            referral_type: a.referral_type,
            registrar: a.registrar.as_deref(),
            expires_at: a.expires_at.map(|date| date.to_string()),
            nameservers: &a.nameservers,
            country: a.country.as_deref(),
            asn_org: a.asn_org.as_deref(),
            is_proxy: a.is_proxy,
            signals_hash: signals.hash(),
            rules_version: &a.rules_version,
            rules_hash: &a.rules_hash,
            fingerprints_hash: &a.fingerprints_hash,
            confidence_hash: &a.confidence_hash,
        }
    }
}
