//! Rows of `score_batch`.

use hunter_core::provider::Fingerprints;
use hunter_core::signals::DmarcSignal;
use hunter_core::vocabulary::{DmarcPolicy, ProviderClass};

use super::random::Random;
use super::{dmarc, hosts, observations, signal};

/// One row, as the columns of `score_batch` have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreRow {
    /// The class; `None` where nobody knows.
    pub provider: Option<ProviderClass>,
    /// Whether SPF is published.
    pub spf: Option<bool>,
    /// Whether DKIM is published.
    pub dkim: Option<bool>,
    /// The policy; `None` where unknown, empty where there is no record.
    pub dmarc_policy: Option<&'static str>,
    /// The SPF text.
    pub spf_record: Option<String>,
    /// The MX records.
    pub mx_records: Vec<String>,
}

/// Rows of which one signal in eight is unknown, one provider in 16, and one in 32 takes no mail.
pub fn score_rows(size: usize, seed: u64, table: &Fingerprints) -> Vec<ScoreRow> {
    let mut random = Random::new(seed);
    let suffixes = hosts::suffixes(table);
    (0..size)
        .map(|_| {
            let spf = signal(&mut random).as_option();
            let spf_record =
                (spf == Some(true)).then(|| observations::spf_record(&mut random, None));
            let company = hosts::company(&mut random);
            let takes_mail = !random.one_in(32);
            let host = hosts::listed(&mut random, &suffixes, &company);
            ScoreRow {
                provider: (!random.one_in(16)).then(|| *random.pick(ProviderClass::ALL)),
                spf,
                dkim: signal(&mut random).as_option(),
                dmarc_policy: match dmarc(&mut random) {
                    DmarcSignal::Unknown => None,
                    DmarcSignal::Absent => Some(""),
                    DmarcSignal::Policy(policy) => Some(DmarcPolicy::as_str(policy)),
                },
                spf_record,
                mx_records: if takes_mail { vec![format!("10 {host}")] } else { Vec::new() },
            }
        })
        .collect()
}
