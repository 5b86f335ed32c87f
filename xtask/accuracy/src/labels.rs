//! What other projects' gateway labels mean here, and where a label was found wrong.

use std::collections::BTreeMap;

use hunter_core::provider::MailProvider;
use serde::Deserialize;

const FILE: &str = include_str!("../labels.toml");

/// The reviewed file beside this package.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Labels {
    /// Identifiers of the fingerprint table, by the label that means them.
    gateways: BTreeMap<String, Vec<String>>,
    /// Groups of rows whose label was looked at and found wrong, or beyond what the rows carry.
    #[serde(default)]
    pub(crate) reviewed: Vec<Reviewed>,
}

/// Rows whose label was looked at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reviewed {
    /// Which rows.
    pub(crate) rows: String,
    /// What the label says.
    pub(crate) label: String,
    /// What the engine says.
    pub(crate) engine: String,
    /// Who is right, and why.
    pub(crate) why: String,
    /// Some of the domains.
    pub(crate) examples: Vec<String>,
}

impl Labels {
    pub(crate) fn read() -> anyhow::Result<Self> {
        Ok(toml::from_str(FILE)?)
    }

    /// Whether the engine names the gateway that a label means, in front of the mailboxes.
    pub(crate) fn is_named(&self, label: &str, mail: &MailProvider<'_>) -> bool {
        let Some(ids) = self.gateways.get(label) else { return false };
        mail.gateways.iter().any(|gateway| ids.contains(&gateway.provider.id))
    }
}
