//! One labelled domain, and what the engine says of it.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use anyhow::Context as _;
use hunter_core::provider::{Family, MailProvider, Situation, TraceSet};
use hunter_core::rules::Mailbox;
use hunter_core::{Domain, Engine};
use hunter_tests::domains::Row;

use crate::labels::Labels;

/// One domain that has one label, and what the engine says of it.
pub(crate) struct Sample {
    pub(crate) domain: String,
    /// What the labels say.
    pub(crate) label: Family,
    /// Whom the engine names; `None` where it says that nothing shows.
    pub(crate) named: Option<Family>,
    pub(crate) confidence: f64,
    /// What the confidence rests on; `None` where the MX leaves nothing open.
    pub(crate) pattern: Option<(Situation, TraceSet)>,
    /// Who takes the mail: the gateways, else whoever holds the mailboxes.
    pub(crate) taker: String,
    /// Whether an MX record stands.
    pub(crate) has_mx: bool,
    /// Whether the row carries any record besides the MX hosts.
    pub(crate) has_trace: bool,
    /// Whether it is in the half that the fit never sees.
    pub(crate) held_out: bool,
    /// For each gateway label, the label, and whether the engine names that gateway.
    pub(crate) gateways: Vec<(String, bool)>,
}

impl Sample {
    /// Reads every row with one label.
    pub(crate) fn read_all(path: &Path, labels: &Labels) -> anyhow::Result<Vec<Self>> {
        let engine = Engine::builtin();
        let file = File::open(path).with_context(|| path.display().to_string())?;
        let mut samples = Vec::new();
        for (nth, line) in BufReader::new(file).lines().enumerate() {
            let row: Row = serde_json::from_str(&line?)
                .with_context(|| format!("{} line {}", path.display(), nth + 1))?;
            samples.extend(Self::of(&engine, &row, labels)?);
        }
        Ok(samples)
    }

    fn of(engine: &Engine, row: &Row, labels: &Labels) -> anyhow::Result<Option<Self>> {
        let Some(label) = row.family() else { return Ok(None) };
        let domain: Domain = row.domain.parse().with_context(|| row.domain.clone())?;
        let seen = row.observation(&domain);
        let Some(mail) = engine.classify(&seen) else { return Ok(None) };
        let given = row.labels.iter().filter_map(|label| label.gateway.as_deref());
        let mut gateways: Vec<(String, bool)> =
            given.map(|gateway| (gateway.to_owned(), labels.is_named(gateway, &mail))).collect();
        gateways.sort();
        gateways.dedup();
        Ok(Some(Self {
            label,
            taker: taker(&mail),
            named: named(&mail),
            confidence: mail.confidence,
            pattern: mail.pattern,
            has_mx: mail.mailbox != Mailbox::None,
            has_trace: row.has_trace(),
            held_out: hash(&row.domain) % 2 == 1,
            gateways,
            domain: row.domain.clone(),
        }))
    }

    /// Whether the label and the engine agree.
    pub(crate) fn is_right(&self) -> bool {
        self.named == Some(self.label)
    }
}

fn named(mail: &MailProvider<'_>) -> Option<Family> {
    match mail.mailbox {
        Mailbox::Undetermined => None,
        _ => Some(mail.provider.and_then(Family::of).unwrap_or(Family::Other)),
    }
}

fn taker(mail: &MailProvider<'_>) -> String {
    let gateways: Vec<&str> = mail.gateways.iter().map(|g| g.provider.id.as_str()).collect();
    let holder = mail.provider.map_or("-", |provider| provider.id.as_str());
    if gateways.is_empty() { holder.to_owned() } else { gateways.join("+") }
}

/// FNV-1a: which half a domain falls into must never change.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
