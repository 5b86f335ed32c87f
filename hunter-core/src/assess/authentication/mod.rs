//! From the answers of an observation to the signals that the score rests on.

mod dkim;
mod dmarc;
mod maturity;
mod spf;

use super::finding::Finding;
use crate::domain::Domain;
use crate::observation::AnswerIndex;
use crate::provider::Fingerprints;
use crate::records::dmarc::{DmarcFault, DmarcRecord};
use crate::records::spf::SpfFault;
use crate::signals::Signals;
use crate::vocabulary::DmarcPolicy;

/// Everything that an observation says of mail authentication.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailAuthentication {
    /// The signals that the score rests on.
    pub signals: Signals,
    /// Why a published SPF record is not valid.
    pub spf_fault: Option<SpfFault>,
    /// Selectors for which an answer came, in alphabetical order.
    pub dkim_selectors_tried: Vec<String>,
    /// Selectors under which a usable key stands.
    pub dkim_selectors_found: Vec<String>,
    /// Whether a missing key is certain because `_domainkey` itself does not exist; otherwise it is
    /// only "none of the selectors tried".
    pub dkim_certain: bool,
    /// The DMARC record in force.
    pub dmarc: Option<DmarcRecord>,
    /// Why a published DMARC record is not applied.
    pub dmarc_fault: Option<DmarcFault>,
}

impl MailAuthentication {
    /// Reads the signals of an observation; what deserves a word is added to `findings`.
    pub(super) fn read(
        table: &Fingerprints,
        domain: &Domain,
        answers: &AnswerIndex<'_>,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut read = Self::default();
        read.read_spf(table, domain, answers, findings);
        read.read_dkim(domain, answers, findings);
        read.read_dmarc(table, domain, answers, findings);
        maturity::read(domain, answers, findings);
        read
    }

    /// How many percent of failing mail the policy covers (`pct`, RFC 7489); 100 where not limited.
    pub fn dmarc_coverage(&self) -> Option<u8> {
        self.dmarc.map(|record| record.percent.unwrap_or(100))
    }

    /// The policy as written, before `t=y` weakens it.
    pub fn dmarc_written(&self) -> Option<DmarcPolicy> {
        self.dmarc.map(|record| record.policy)
    }
}
