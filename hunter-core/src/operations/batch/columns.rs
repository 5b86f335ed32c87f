//! The lead row as columns: what `assess_batch` gives, in every language under the same names and types.

use std::fmt;

use serde::{Serialize, Serializer};
use time::{Date, OffsetDateTime};

use crate::assess::{Assessment, ReferralType, Tag};
use crate::contacts::AddressPattern;
use crate::observation::Signal;
use crate::provider::Basis;
use crate::signals::UnknownSignal;
use crate::vocabulary::{DmarcPolicy, TenantSize};

/// The type of a column, by the word that Arrow has for it. Every column may hold nulls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// `bool`
    Bool,
    /// `uint8`
    Uint8,
    /// `float64`
    Float64,
    /// `utf8`
    Utf8,
    /// `list<utf8>`
    ListUtf8,
    /// `date32`: a calendar date.
    Date32,
    /// `timestamp[us, UTC]`
    Timestamp,
    /// `utf8` that holds JSON: an object, or a list of them.
    Json,
}

/// The value of one row in one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Nobody knows, or there is none.
    Null,
    /// Of a `bool` column.
    Bool(bool),
    /// Of a `uint8` column.
    Uint8(u8),
    /// Of a `float64` column.
    Float64(f64),
    /// Of a `utf8` column.
    Text(&'a str),
    /// Of a `utf8` column, where the text is made for the cell.
    Owned(String),
    /// Of a `list<utf8>` column.
    Texts(Vec<&'a str>),
    /// Of a `date32` column.
    Date(Date),
    /// Of a `timestamp` column.
    Timestamp(OffsetDateTime),
    /// Of a `json` column.
    Json(String),
}

/// One column of the lead row.
#[derive(Clone, Copy)]
pub struct LeadColumn {
    /// Its name: a field of the lead row.
    pub name: &'static str,
    /// Its type.
    pub column_type: ColumnType,
    cell: fn(&Assessment) -> Cell<'_>,
}

impl LeadColumn {
    /// The value of one row.
    pub fn cell<'a>(&self, assessment: &'a Assessment) -> Cell<'a> {
        (self.cell)(assessment)
    }

    /// The column of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        LEAD_COLUMNS.iter().find(|column| column.name == name)
    }
}

impl fmt::Debug for LeadColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LeadColumn({}: {:?})", self.name, self.column_type)
    }
}

impl Serialize for LeadColumn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut column = serializer.serialize_struct("LeadColumn", 2)?;
        column.serialize_field("name", self.name)?;
        column.serialize_field("type", &self.column_type)?;
        column.end()
    }
}

fn or_null<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell<'static>) -> Cell<'static> {
    value.map_or(Cell::Null, cell)
}

fn text(value: Option<&str>) -> Cell<'_> {
    value.map_or(Cell::Null, Cell::Text)
}

fn word(value: Option<&'static str>) -> Cell<'static> {
    or_null(value, Cell::Text)
}

fn signal(value: Signal) -> Cell<'static> {
    or_null(value.as_option(), Cell::Bool)
}

fn number(value: Option<u8>) -> Cell<'static> {
    or_null(value, Cell::Uint8)
}

fn texts(values: &[String]) -> Cell<'_> {
    Cell::Texts(values.iter().map(String::as_str).collect())
}

fn json<T: Serialize>(value: &T) -> Cell<'static> {
    Cell::Json(serde_json::to_string(value).expect("string keys and finite numbers only"))
}

macro_rules! columns {
    ( $( $name:ident: $kind:ident = |$a:ident| $cell:expr; )+ ) => {
        /// Every column of the lead row, in its order.
        pub const LEAD_COLUMNS: &[LeadColumn] = &[ $( LeadColumn {
            name: stringify!($name),
            column_type: ColumnType::$kind,
            cell: |$a: &Assessment| $cell,
        } ),+ ];
    };
}

columns! {
    domain: Utf8 = |a| Cell::Text(a.domain.as_str());
    scan_status: Utf8 = |a| Cell::Text(a.status.as_str());
    scanned_at: Timestamp = |a| Cell::Timestamp(a.observed_at);
    readiness_score: Uint8 = |a| number(a.verdict.map(|v| v.score));
    score_low: Uint8 = |a| number(a.verdict.map(|v| v.score_low));
    score_high: Uint8 = |a| number(a.verdict.map(|v| v.score_high));
    partial: Bool = |a| Cell::Bool(a.verdict.is_some_and(|v| v.partial));
    unknown: ListUtf8 = |a| Cell::Texts(a.unknown.iter().copied().map(UnknownSignal::as_str).collect());
    segment: Utf8 = |a| word(a.verdict.map(|v| v.segment.as_str()));
    segment_certain: Bool = |a| or_null(a.verdict.map(|v| v.segment_certain), Cell::Bool);
    technical_heat: Utf8 = |a| word(a.verdict.map(|v| v.technical_heat.as_str()));
    commercial_segment: Utf8 = |a| word(a.verdict.map(|v| v.commercial_segment.as_str()));
    commercial_heat: Utf8 = |a| word(a.verdict.map(|v| v.commercial_heat.as_str()));
    priority_category: Utf8 = |a| word(a.verdict.map(|v| v.priority_category.as_str()));
    priority_label: Utf8 = |a| text(a.priority_label.as_deref());
    priority_score: Uint8 = |a| number(a.verdict.map(|v| v.priority_score));
    provider: Utf8 = |a| Cell::Text(a.provider.as_str());
    provider_id: Utf8 = |a| text(a.provider_id.as_deref());
    provider_name: Utf8 = |a| text(a.provider_name.as_deref());
    local_provider: Utf8 = |a| text(a.local_provider.as_deref());
    gateway: Utf8 = |a| text(a.gateway.as_deref());
    gateway_name: Utf8 = |a| text(a.gateway_name.as_deref());
    basis: Utf8 = |a| word(a.basis.map(Basis::as_str));
    confidence: Float64 = |a| Cell::Float64(a.confidence);
    evidence: Json = |a| json(&a.evidence);
    gateways: Json = |a| json(&a.gateways);
    senders: Json = |a| json(&a.senders);
    identity: Json = |a| or_null(a.identity.as_ref(), json);
    mx_host: Utf8 = |a| text(a.mx_host.as_deref());
    mx_root: Utf8 = |a| text(a.mx_root.as_deref());
    spf: Bool = |a| signal(a.authentication.signals.spf);
    spf_record: Utf8 = |a| text(a.authentication.signals.spf_record.as_deref());
    dkim: Bool = |a| signal(a.authentication.signals.dkim);
    dkim_selectors: ListUtf8 = |a| texts(&a.authentication.dkim_selectors_found);
    dmarc: Bool = |a| signal(a.authentication.signals.dmarc.presence());
    dmarc_policy: Utf8 = |a| word(a.authentication.signals.dmarc.policy().map(DmarcPolicy::as_str));
    dmarc_coverage: Uint8 = |a| number(a.authentication.dmarc_coverage());
    tags: ListUtf8 = |a| Cell::Texts(a.tags.iter().copied().map(Tag::as_str).collect());
    findings: Json = |a| json(&a.findings);
    breakdown: Json = |a| or_null(a.breakdown.as_ref(), json);
    contact_quality_score: Uint8 = |a| number(a.contacts.as_ref().map(|c| c.quality));
    linkedin_pattern: Utf8 = |a| word(a.contacts.as_ref().and_then(|c| c.pattern).map(AddressPattern::as_str));
    tenant_size: Utf8 = |a| word(a.tenant_size.map(TenantSize::as_str));
    referral_type: Utf8 = |a| word(a.referral_type.map(ReferralType::as_str));
    registrar: Utf8 = |a| text(a.registrar.as_deref());
    expires_at: Date32 = |a| or_null(a.expires_at, Cell::Date);
    nameservers: ListUtf8 = |a| texts(&a.nameservers);
    country: Utf8 = |a| text(a.country.as_deref());
    asn_org: Utf8 = |a| text(a.asn_org.as_deref());
    is_proxy: Bool = |a| or_null(a.is_proxy, Cell::Bool);
    signals_hash: Utf8 = |a| Cell::Owned(a.authentication.signals.hash().to_string());
    rules_version: Utf8 = |a| Cell::Text(&a.rules_version);
    rules_hash: Utf8 = |a| Cell::Text(&a.rules_hash);
    fingerprints_hash: Utf8 = |a| Cell::Text(&a.fingerprints_hash);
    confidence_hash: Utf8 = |a| Cell::Text(&a.confidence_hash);
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use time::macros::datetime;

    use super::super::super::Hunter;
    use super::super::FlatObservation;
    use super::*;
    use crate::assess::Lead;

    /// A cell as the lead row prints it.
    fn printed(cell: Cell<'_>) -> Value {
        match cell {
            Cell::Null => Value::Null,
            Cell::Bool(value) => json!(value),
            Cell::Uint8(value) => json!(value),
            Cell::Float64(value) => json!(value),
            Cell::Text(text) => json!(text),
            Cell::Owned(text) => json!(text),
            Cell::Texts(texts) => json!(texts),
            Cell::Date(date) => json!(date.to_string()),
            Cell::Timestamp(time) => {
                let format = &time::format_description::well_known::Rfc3339;
                json!(time.format(format).expect("a time"))
            }
            Cell::Json(text) => serde_json::from_str(&text).expect("JSON"),
        }
    }

    #[test]
    fn columns_say_what_the_row_says() {
        let hunter = Hunter::builtin();
        let row = FlatObservation {
            domain: Some("ornek.com.tr"),
            mx: Some(&["10 mx1.ornek.iphmx.com"]),
            txt: Some(&["v=spf1 include:spf.protection.outlook.com -all"]),
            dmarc: Some("v=DMARC1; p=reject"),
            autodiscover: Some("autodiscover.outlook.com"),
            ..Default::default()
        };
        let lead =
            Lead { seats: Some(60), contact_emails: vec!["a@b.com".into()], ..Lead::default() };
        let unseen = FlatObservation { domain: Some("ornek.com.tr"), ..Default::default() };
        for row in hunter.assess_batch([row, unseen], &lead, datetime!(2026-11-24 09:30 UTC)) {
            let assessment = row.expect("a row");
            let Value::Object(mut printed_row) = json!(assessment) else { panic!("no object") };
            for column in LEAD_COLUMNS {
                let expected = printed_row.remove(column.name).expect(column.name);
                assert_eq!(printed(column.cell(&assessment)), expected, "{}", column.name);
            }
            assert!(printed_row.is_empty(), "without a column: {printed_row:?}");
        }
    }

    #[test]
    fn cells_are_of_their_columns_type() {
        let hunter = Hunter::builtin();
        let row = FlatObservation { domain: Some("a.com"), mx: Some(&[]), ..Default::default() };
        let lead = Lead::default();
        let assessment = hunter
            .assess_batch([row], &lead, OffsetDateTime::UNIX_EPOCH)
            .next()
            .expect("one row")
            .expect("an assessment");
        for column in LEAD_COLUMNS {
            let fits = match column.cell(&assessment) {
                Cell::Null => continue,
                Cell::Bool(_) => ColumnType::Bool,
                Cell::Uint8(_) => ColumnType::Uint8,
                Cell::Float64(_) => ColumnType::Float64,
                Cell::Text(_) | Cell::Owned(_) => ColumnType::Utf8,
                Cell::Texts(_) => ColumnType::ListUtf8,
                Cell::Date(_) => ColumnType::Date32,
                Cell::Timestamp(_) => ColumnType::Timestamp,
                Cell::Json(_) => ColumnType::Json,
            };
            assert_eq!(fits, column.column_type, "{column:?}");
        }
        assert_eq!(LeadColumn::named("tags").map(|c| c.column_type), Some(ColumnType::ListUtf8));
        assert!(LeadColumn::named("tag").is_none());
    }
}
