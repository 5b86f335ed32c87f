//! The records that a conclusion rests on.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::fingerprints::{Fingerprints, MxMatch};
use super::traces::Trace;
use crate::records::mx::MailExchanger;

/// One record that a conclusion rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    /// The rule that read it.
    pub rule: &'static str,
    /// The record, as observed.
    pub record: String,
    /// The part of the table that matched, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<String>,
    /// Where that part of the table is known from: keys of [`Fingerprints::sources`].
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "list")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub sources: Option<Arc<[String]>>,
}

#[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
fn list<S: Serializer>(sources: &Option<Arc<[String]>>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(sources.iter().flat_map(|sources| sources.iter()))
}

impl Evidence {
    pub(super) fn record(rule: &'static str, record: String) -> Self {
        Self { rule, record, matched: None, sources: None }
    }

    /// An exchanger, and what the table says of it.
    pub(super) fn exchanger(
        rule: &'static str,
        mx: &MailExchanger<'_>,
        found: Option<&MxMatch<'_>>,
    ) -> Self {
        Self {
            rule,
            record: format!("{} {}", mx.preference, mx.host),
            matched: found.map(|found| found.suffix.to_owned()),
            sources: found.map(|found| Arc::clone(found.sources)),
        }
    }

    pub(super) fn trace(table: &Fingerprints, trace: &Trace<'_, '_>) -> Self {
        let sources = trace.owner.map(|owner| table.signs.sources(owner));
        Self {
            rule: trace.kind.as_str(),
            record: trace.quote.to_string(),
            matched: trace.matched.map(str::to_owned),
            sources: sources.filter(|sources| !sources.is_empty()).cloned(),
        }
    }
}
