//! The lead row as an argument: what an assessment says, handed back by whoever kept it.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use time::{Date, OffsetDateTime, UtcOffset};

use super::request::{iso_date, missing};
use super::score::policy;
use crate::assess::{FindingKind, Status, Tag};
use crate::changes::{Gateway, MxRoot, Snapshot};
use crate::domain::Domain;
use crate::error::Error;
use crate::observation::Signal;
use crate::provider::{Basis, TraceKind};
use crate::sales::target_of;
use crate::signals::{DmarcSignal, UnknownSignal};
use crate::vocabulary::{ProviderClass, Segment, TenantSize};

/// The fields of a lead row, each of which may be left out: what is not given is unknown. A whole row,
/// as an assessment prints it, fits; fields that nothing is concluded from are read and left.
///
/// `dmarc_policy` is `null` for an absent record, as in `signals`, unless `dmarc` stands beside it: in a
/// whole row that says whether `null` means absent (`false`) or unknown (`null`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of `Assessment`")]
pub struct LeadRow {
    pub domain: Option<Domain>,
    pub scan_status: Option<Status>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub scanned_at: Option<OffsetDateTime>,
    pub readiness_score: Option<u8>,
    pub score_low: Option<u8>,
    pub score_high: Option<u8>,
    pub partial: bool,
    pub unknown: Vec<UnknownSignal>,
    pub segment: Option<Segment>,
    pub priority_score: Option<u8>,
    pub provider: Option<ProviderClass>,
    pub provider_id: Option<String>,
    pub provider_name: Option<String>,
    pub local_provider: Option<String>,
    pub gateway: Option<String>,
    pub gateway_name: Option<String>,
    pub basis: Option<Basis>,
    pub evidence: Vec<EvidenceField>,
    pub senders: Vec<SenderField>,
    pub identity: Option<IdentityField>,
    pub tags: Vec<Tag>,
    pub mx_host: Option<String>,
    pub mx_root: Option<String>,
    pub spf: Signal,
    pub dkim: Signal,
    pub dkim_selectors: Vec<String>,
    /// Whether a DMARC record is in force; the outer level is "the field stands there".
    #[serde(deserialize_with = "stated")]
    pub dmarc: Option<Signal>,
    #[serde(deserialize_with = "policy")]
    pub dmarc_policy: DmarcSignal,
    pub dmarc_coverage: Option<u8>,
    pub findings: Vec<FindingField>,
    pub contact_quality_score: Option<u8>,
    pub tenant_size: Option<TenantSize>,
    pub registrar: Option<String>,
    #[serde(deserialize_with = "iso_date::deserialize")]
    pub expires_at: Option<Date>,
    pub nameservers: Vec<String>,
    pub country: Option<String>,
    pub is_proxy: Option<bool>,
    breakdown: Option<BreakdownField>,
    #[serde(rename = "segment_certain")]
    _segment_certain: IgnoredAny,
    #[serde(rename = "technical_heat")]
    _technical_heat: IgnoredAny,
    #[serde(rename = "commercial_segment")]
    _commercial_segment: IgnoredAny,
    #[serde(rename = "commercial_heat")]
    _commercial_heat: IgnoredAny,
    #[serde(rename = "priority_category")]
    _priority_category: IgnoredAny,
    #[serde(rename = "priority_label")]
    _priority_label: IgnoredAny,
    #[serde(rename = "confidence")]
    _confidence: IgnoredAny,
    #[serde(rename = "gateways")]
    _gateways: IgnoredAny,
    #[serde(rename = "spf_record")]
    _spf_record: IgnoredAny,
    #[serde(rename = "linkedin_pattern")]
    _linkedin_pattern: IgnoredAny,
    #[serde(rename = "referral_type")]
    _referral_type: IgnoredAny,
    #[serde(rename = "asn_org")]
    _asn_org: IgnoredAny,
    #[serde(rename = "signals_hash")]
    _signals_hash: IgnoredAny,
    #[serde(rename = "rules_version")]
    _rules_version: IgnoredAny,
    #[serde(rename = "rules_hash")]
    _rules_hash: IgnoredAny,
    #[serde(rename = "fingerprints_hash")]
    _fingerprints_hash: IgnoredAny,
    #[serde(rename = "confidence_hash")]
    _confidence_hash: IgnoredAny,
}

/// A finding of the row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of `Finding`")]
pub struct FindingField {
    pub kind: FindingKind,
    #[serde(default)]
    pub records: Vec<String>,
}

/// A record that a role rests on; what else stands beside it is read and left.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `Evidence`")]
pub struct EvidenceField {
    pub rule: String,
    pub record: String,
}

/// Who sends for the domain; what else stands beside it is read and left.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `RoleFact`")]
pub struct SenderField {
    pub name: String,
}

/// Whose identity service knows the domain; what else stands beside it is read and left.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `IdentityFact`")]
pub struct IdentityField {
    pub id: String,
    #[serde(default)]
    pub tenant: Option<String>,
    #[serde(default)]
    pub evidence: Vec<EvidenceField>,
}

/// The one part of a breakdown that says something new: which referral counted.
#[derive(Debug, Clone, Default, Deserialize)]
struct BreakdownField {
    #[serde(default)]
    adjustments: BTreeMap<String, i64>,
}

impl LeadRow {
    /// The row's name, without which nothing can be said about it.
    pub(super) fn required_domain(&self) -> Result<&Domain, Error> {
        self.domain
            .as_ref()
            .ok_or_else(|| missing("domain", "is not given: name the lead's domain"))
    }

    /// What is known of the DMARC policy.
    pub(super) fn dmarc_signal(&self) -> DmarcSignal {
        match (self.dmarc_policy, self.dmarc) {
            (policy @ DmarcSignal::Policy(_), _) => policy,
            (_, Some(Signal::Missing)) => DmarcSignal::Absent,
            (_, Some(Signal::Present | Signal::Unknown)) => DmarcSignal::Unknown,
            (other, None) => other,
        }
    }

    pub(super) fn has(&self, kind: FindingKind) -> bool {
        self.finding(kind).is_some()
    }

    pub(super) fn finding(&self, kind: FindingKind) -> Option<&FindingField> {
        self.findings.iter().find(|finding| finding.kind == kind)
    }

    /// What a record of that kind points to, among those that name the holder of the mailboxes.
    pub(super) fn target(&self, kind: TraceKind) -> Option<String> {
        let holder = self.provider_id.as_ref()?;
        let identity = self.identity.iter().filter(|identity| identity.id == *holder);
        self.evidence
            .iter()
            .chain(identity.flat_map(|identity| &identity.evidence))
            .find(|evidence| evidence.rule == kind.as_str())
            .map(|evidence| target_of(&evidence.record).to_owned())
    }

    /// Whether the referral's tenant id counted in the score.
    pub(super) fn has_tenant(&self) -> bool {
        self.breakdown.as_ref().is_some_and(|b| b.adjustments.contains_key("referral_tenant"))
    }

    /// Whether the MX question was answered; where the row does not say, an exchanger shows it.
    pub(super) fn is_answered(&self) -> bool {
        match self.scan_status {
            Some(status) => status == Status::Answered,
            None => self.basis.is_some() || self.host().is_some(),
        }
    }

    /// The MX host, else the name that it is registered under.
    pub(super) fn host(&self) -> Option<&str> {
        self.mx_host.as_deref().or(self.mx_root.as_deref())
    }

    /// What is watched for changes. `argument` names the row in errors.
    pub(super) fn snapshot(&self, argument: &'static str) -> Result<Snapshot, Error> {
        let scanned = self
            .scanned_at
            .ok_or_else(|| missing(argument, "lacks `scanned_at`: say when the row was scanned"))?;
        let observed_on = scanned.to_offset(UtcOffset::UTC).date();
        // A row does not say which questions were answered, so that only what the MX itself shows
        // counts as known: otherwise a time-out would look like a move.
        let by_mx = self.basis == Some(Basis::Listed);
        Ok(Snapshot {
            provider: self.provider_id.clone().filter(|_| by_mx),
            gateway: match &self.gateway {
                Some(gateway) => Gateway::Named(gateway.clone()),
                None if by_mx => Gateway::Absent,
                None => Gateway::Unknown,
            },
            tenant: seen(self.has(FindingKind::DormantTenant)),
            claim: seen(self.has(FindingKind::TenantClaimed)),
            spf: self.spf,
            dkim: self.dkim,
            dmarc: self.dmarc_signal(),
            mx: match (&self.mx_root, self.basis) {
                (Some(root), _) => MxRoot::Root(root.to_ascii_lowercase()),
                (None, Some(Basis::NoMail)) => MxRoot::Absent,
                (None, _) => MxRoot::Unknown,
            },
            expires: self.expires_at,
            score: self.readiness_score,
            segment: self.segment,
            priority_score: self.priority_score,
            observed_on,
        })
    }
}

/// A finding that is there; one that is not may have been left out for want of an answer.
const fn seen(is_there: bool) -> Signal {
    if is_there { Signal::Present } else { Signal::Unknown }
}

/// A field that stands there, `null` or not.
fn stated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Signal>, D::Error> {
    Signal::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(json: &str) -> LeadRow {
        serde_json::from_str(json).expect("a row")
    }

    #[test]
    fn a_null_policy_is_absent_unless_the_row_says_that_nobody_knows() {
        assert_eq!(row("{}").dmarc_signal(), DmarcSignal::Unknown);
        assert_eq!(row(r#"{"dmarc_policy":null}"#).dmarc_signal(), DmarcSignal::Absent);
        let both = |dmarc| row(&format!(r#"{{"dmarc_policy":null,"dmarc":{dmarc}}}"#));
        assert_eq!(both("null").dmarc_signal(), DmarcSignal::Unknown);
        assert_eq!(both("false").dmarc_signal(), DmarcSignal::Absent);
        assert!(serde_json::from_str::<LeadRow>(r#"{"dmarc_polcy":null}"#).is_err());
    }

    #[test]
    fn a_snapshot_needs_its_day() {
        let error = row("{}").snapshot("before").expect_err("no day");
        assert_eq!(
            (error.code(), error.to_string().starts_with("before: lacks")),
            ("argument_missing", true)
        );
        let seen = row(r#"{"scanned_at":"2026-11-24T00:30:00+03:00","mx_root":"Yandex.NET"}"#);
        let snapshot = seen.snapshot("after").expect("a snapshot");
        assert_eq!(snapshot.observed_on.to_string(), "2026-11-23");
        assert_eq!(snapshot.mx, MxRoot::Root("yandex.net".to_owned()));
    }
}
