//! The row of the list: what is kept of an assessment, and how it is read back.

use hunter_core::Assessment;
use hunter_core::observation::Signal;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use time::Date;
use uuid::Uuid;

use super::save::AssessedLead;
use crate::db::{Kind, Timestamp, Value};
use crate::fold::folded;

/// A row of the list, with the names of the HTTP contract.
#[derive(Debug, Clone, PartialEq, Serialize, sqlx::FromRow)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(missing_docs, reason = "the fields are those of the lead row in the HTTP contract")]
pub struct LeadRow {
    pub company_id: i64,
    pub canonical_name: Option<String>,
    pub domain: String,
    pub provider: String,
    pub provider_id: Option<String>,
    pub provider_name: Option<String>,
    pub local_provider: Option<String>,
    pub gateway: Option<String>,
    pub gateway_name: Option<String>,
    pub basis: Option<String>,
    pub confidence: f64,
    pub tenant_size: Option<String>,
    pub country: Option<String>,
    #[sqlx(json)]
    pub contact_emails: Vec<String>,
    pub contact_quality_score: Option<i16>,
    pub linkedin_pattern: Option<String>,
    pub mx_host: Option<String>,
    pub mx_root: Option<String>,
    pub spf: Option<bool>,
    pub dkim: Option<bool>,
    pub dmarc: Option<bool>,
    pub dmarc_policy: Option<String>,
    pub dmarc_coverage: Option<i16>,
    pub registrar: Option<String>,
    #[serde(serialize_with = "iso_date")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub expires_at: Option<Date>,
    #[sqlx(json)]
    pub nameservers: Vec<String>,
    pub scan_status: String,
    pub scanned_at: Timestamp,
    pub readiness_score: Option<i16>,
    pub score_low: Option<i16>,
    pub score_high: Option<i16>,
    pub partial: bool,
    #[sqlx(json)]
    pub unknown: Vec<String>,
    pub segment: Option<String>,
    pub segment_certain: Option<bool>,
    pub reason: Option<String>,
    pub technical_heat: Option<String>,
    pub commercial_segment: Option<String>,
    pub commercial_heat: Option<String>,
    pub priority_category: Option<String>,
    pub priority_label: Option<String>,
    pub priority_score: Option<i16>,
    pub infrastructure_summary: Option<String>,
    pub referral_type: Option<String>,
    #[sqlx(json)]
    pub tags: Vec<String>,
    /// The tags that people gave it.
    #[sqlx(json)]
    pub user_tags: Vec<String>,
    #[sqlx(json)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub findings: serde_json::Value,
    pub asn_org: Option<String>,
    pub is_proxy: Option<bool>,
    pub signals_hash: String,
    pub rules_version: String,
    pub rules_hash: String,
    pub fingerprints_hash: String,
    pub confidence_hash: String,
    /// The observation it was concluded from.
    #[serde(skip)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub observation_id: Option<Uuid>,
    #[sqlx(flatten)]
    #[serde(skip)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub(super) keys: SortKeys,
}

/// The keys that the database made of the row, which cursors are made of.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "the names are those of the columns")]
pub(super) struct SortKeys {
    pub(super) sort_rank: i32,
    pub(super) sort_score: i32,
    pub(super) sort_priority: i32,
    pub(super) sort_segment: String,
}

#[expect(clippy::ref_option, reason = "serde calls it so")]
fn iso_date<S: serde::Serializer>(date: &Option<Date>, s: S) -> Result<S::Ok, S::Error> {
    date.map(|date| date.to_string()).serialize(s)
}

/// The columns of `leads`, as they are written.
pub(super) const COLUMNS: &[(&str, Kind)] = &[
    ("company_id", Kind::Int),
    ("domain", Kind::Text),
    ("canonical_name", Kind::Text),
    ("provider", Kind::Text),
    ("provider_id", Kind::Text),
    ("provider_name", Kind::Text),
    ("local_provider", Kind::Text),
    ("gateway", Kind::Text),
    ("gateway_name", Kind::Text),
    ("basis", Kind::Text),
    ("confidence", Kind::Real),
    ("tenant_size", Kind::Text),
    ("country", Kind::Text),
    ("contact_emails", Kind::Json),
    ("contact_quality_score", Kind::Int),
    ("linkedin_pattern", Kind::Text),
    ("mx_host", Kind::Text),
    ("mx_root", Kind::Text),
    ("spf", Kind::Bool),
    ("dkim", Kind::Bool),
    ("dmarc", Kind::Bool),
    ("dmarc_policy", Kind::Text),
    ("dmarc_coverage", Kind::Int),
    ("registrar", Kind::Text),
    ("expires_at", Kind::Date),
    ("nameservers", Kind::Json),
    ("scan_status", Kind::Text),
    ("scanned_at", Kind::Time),
    ("readiness_score", Kind::Int),
    ("score_low", Kind::Int),
    ("score_high", Kind::Int),
    ("partial", Kind::Bool),
    ("unknown", Kind::Json),
    ("segment", Kind::Text),
    ("segment_certain", Kind::Bool),
    ("reason", Kind::Text),
    ("technical_heat", Kind::Text),
    ("commercial_segment", Kind::Text),
    ("commercial_heat", Kind::Text),
    ("priority_category", Kind::Text),
    ("priority_label", Kind::Text),
    ("priority_score", Kind::Int),
    ("infrastructure_summary", Kind::Text),
    ("referral_type", Kind::Text),
    ("tags", Kind::Json),
    ("user_tags", Kind::Json),
    ("findings", Kind::Json),
    ("asn_org", Kind::Text),
    ("is_proxy", Kind::Bool),
    ("signals_hash", Kind::Text),
    ("rules_version", Kind::Text),
    ("rules_hash", Kind::Text),
    ("fingerprints_hash", Kind::Text),
    ("confidence_hash", Kind::Text),
    ("observation_id", Kind::Uuid),
    ("search_text", Kind::Text),
    ("row_hash", Kind::Int),
];

/// Which rules said so. They are no part of a row's hash.
pub(super) const STAMP: &[&str] =
    &["rules_version", "rules_hash", "fingerprints_hash", "confidence_hash"];

/// The columns of a [`LeadRow`], each by its name: a statement that asks for all of them is broken by a
/// migration that adds one while it is prepared. They want [`CONFIRMED`] among the tables.
pub(super) fn selected() -> String {
    let read = COLUMNS.iter().map(|(name, _)| *name);
    let all: Vec<String> = read
        .filter(|name| !matches!(*name, "search_text" | "row_hash"))
        .chain(["sort_rank", "sort_score", "sort_priority", "sort_segment"])
        .map(|name| {
            if STAMP.contains(&name) {
                format!("COALESCE(r.{name}, l.{name}) AS {name}")
            } else {
                format!("l.{name}")
            }
        })
        .collect();
    all.join(", ")
}

/// The rules that confirmed a row after it was written, where there are any.
pub(super) const CONFIRMED: &str = "LEFT JOIN confirmed f ON f.company_id = l.company_id \
                                    LEFT JOIN rule_stamps r ON r.stamp_id = f.stamp_id";

/// What tells the values of a row from others, whichever rules made them.
pub(super) fn hash(values: &[Value]) -> i64 {
    let mut bytes = Vec::with_capacity(2_048);
    for (value, (name, _)) in values.iter().zip(COLUMNS) {
        if !STAMP.contains(name) {
            value.write_to(&mut bytes);
        }
    }
    let digest = Sha256::digest(&bytes);
    i64::from_be_bytes(std::array::from_fn(|i| digest[i]))
}

/// What follows an insert: a later assessment takes the place of an earlier one, but one without an
/// answer never that of one with an answer.
pub(super) fn replace() -> String {
    let set: Vec<String> = COLUMNS
        .iter()
        .filter(|(name, _)| !matches!(*name, "company_id" | "domain"))
        .map(|(name, _)| format!("{name} = excluded.{name}"))
        .collect();
    format!(
        "ON CONFLICT (company_id) DO UPDATE SET {} WHERE excluded.scanned_at >= leads.scanned_at \
         AND (excluded.scan_status = 'answered' OR leads.scan_status <> 'answered')",
        set.join(", ")
    )
}

/// The values of a row, in the order of [`COLUMNS`], with their hash.
pub(super) fn values(
    lead: &AssessedLead,
    user_tags: &[String],
    observation_id: Option<Uuid>,
) -> (Vec<Value>, i64) {
    let mut values = told_values(lead, user_tags, observation_id);
    let hash = hash(&values);
    values.push(hash.into());
    (values, hash)
}

fn told_values(
    lead: &AssessedLead,
    user_tags: &[String],
    observation_id: Option<Uuid>,
) -> Vec<Value> {
    let a: &Assessment = &lead.assessment;
    let verdict = a.verdict.as_ref();
    let signals = &a.authentication.signals;
    let word = |text: Option<&str>| Value::Text(text.map(str::to_owned));
    vec![
        lead.company_id.into(),
        a.domain.as_str().into(),
        lead.canonical_name.clone().into(),
        a.provider.as_str().into(),
        a.provider_id.clone().into(),
        a.provider_name.clone().into(),
        a.local_provider.clone().into(),
        a.gateway.clone().into(),
        a.gateway_name.clone().into(),
        word(a.basis.map(hunter_core::provider::Basis::as_str)),
        a.confidence.into(),
        word(a.tenant_size.map(hunter_core::vocabulary::TenantSize::as_str)),
        a.country.clone().into(),
        Value::json(&lead.contact_emails),
        a.contacts.as_ref().map(|contacts| contacts.quality).into(),
        word(
            a.contacts
                .as_ref()
                .and_then(|c| c.pattern)
                .map(hunter_core::contacts::AddressPattern::as_str),
        ),
        a.mx_host.clone().into(),
        a.mx_root.clone().into(),
        Value::Bool(known(signals.spf)),
        Value::Bool(known(signals.dkim)),
        Value::Bool(known(signals.dmarc.presence())),
        word(signals.dmarc.policy().map(hunter_core::vocabulary::DmarcPolicy::as_str)),
        a.authentication.dmarc_coverage().into(),
        a.registrar.clone().into(),
        a.expires_at.into(),
        Value::json(&a.nameservers),
        a.status.as_str().into(),
        a.observed_at.into(),
        verdict.map(|v| v.score).into(),
        verdict.map(|v| v.score_low).into(),
        verdict.map(|v| v.score_high).into(),
        verdict.is_some_and(|v| v.partial).into(),
        Value::json(&a.unknown),
        word(verdict.map(|v| v.segment.as_str())),
        verdict.map(|v| v.segment_certain).into(),
        lead.reason.clone().into(),
        word(verdict.map(|v| v.technical_heat.as_str())),
        word(verdict.map(|v| v.commercial_segment.as_str())),
        word(verdict.map(|v| v.commercial_heat.as_str())),
        word(verdict.map(|v| v.priority_category.as_str())),
        a.priority_label.clone().into(),
        verdict.map(|v| v.priority_score).into(),
        lead.infrastructure_summary.clone().into(),
        word(a.referral_type.map(hunter_core::assess::ReferralType::as_str)),
        Value::json(&a.tags),
        Value::json(&user_tags),
        Value::json(&a.findings),
        a.asn_org.clone().into(),
        a.is_proxy.into(),
        signals.hash().to_string().into(),
        a.rules_version.as_ref().into(),
        a.rules_hash.as_ref().into(),
        a.fingerprints_hash.as_ref().into(),
        a.confidence_hash.as_ref().into(),
        observation_id.into(),
        search_text(a.domain.as_str(), &a.domain.to_unicode(), lead.canonical_name.as_deref())
            .into(),
    ]
}

/// What a search looks through: the domain, as it is asked for and as it is read, and the name.
fn search_text(domain: &str, unicode: &str, name: Option<&str>) -> String {
    let read = if unicode == domain { "" } else { unicode };
    folded(&[domain, read, name.unwrap_or_default()].join(" "))
}

/// The same, from what the list holds.
pub(super) fn search_text_of(domain: &str, name: Option<&str>) -> String {
    let parsed = domain.parse::<hunter_core::Domain>();
    let unicode = parsed.map_or_else(|_| domain.to_owned(), |parsed| parsed.to_unicode());
    search_text(domain, &unicode, name)
}

/// Unknown is not "missing".
pub(super) const fn known(signal: Signal) -> Option<bool> {
    match signal {
        Signal::Present => Some(true),
        Signal::Missing => Some(false),
        Signal::Unknown => None,
    }
}
