//! SPF: whether a valid record is published, and what it leads to.

use super::MailAuthentication;
use crate::assess::finding::{Finding, FindingKind};
use crate::domain::Domain;
use crate::observation::{AnswerIndex, Outcome, RecordType, Signal};
use crate::provider::Fingerprints;
use crate::records::FindingKind as _;
use crate::records::manager::spf_manager;
use crate::records::spf::{
    SpfFault, SpfReading, SpfRecord, SpfTree, SpfTreeFinding, SpfTreeFindingKind, is_spf,
};

impl MailAuthentication {
    pub(super) fn read_spf(
        &mut self,
        table: &Fingerprints,
        domain: &Domain,
        answers: &AnswerIndex<'_>,
        findings: &mut Vec<Finding>,
    ) {
        let reply = answers.ask(domain.as_str(), &RecordType::Txt);
        let texts: &[String] = match &reply {
            Outcome::Found(texts) => texts,
            Outcome::Absent { .. } => &[],
            _ => return,
        };
        let reading = SpfReading::read(texts);
        self.signals.spf = Signal::from(Some(matches!(reading, SpfReading::Valid(_))));
        self.signals.spf_record = reading.text().map(str::to_owned);
        if let SpfReading::Valid(record) = &reading {
            if let Some(service) = spf_manager(table, record) {
                let proof = vec![service.name.clone(), record.text.to_owned()];
                findings.push(Finding::new(FindingKind::SpfManaged, proof));
            }
            tree_findings(domain, answers, record, findings);
        }
        if let SpfReading::Invalid(fault, _) = reading {
            let kind = match fault {
                SpfFault::SeveralRecords => FindingKind::SpfSeveralRecords,
                SpfFault::BadTerm(_) | SpfFault::RepeatedModifier(_) => FindingKind::SpfInvalid,
            };
            let mut records: Vec<String> =
                texts.iter().filter(|text| is_spf(text)).cloned().collect();
            records.sort_unstable();
            findings.push(Finding::new(kind, records));
            self.spf_fault = Some(fault);
        }
    }
}

/// What the record leads to, where its includes were looked up at all.
fn tree_findings(
    domain: &Domain,
    answers: &AnswerIndex<'_>,
    record: &SpfRecord<'_>,
    findings: &mut Vec<Finding>,
) {
    let is_asked =
        |name: &str| !matches!(answers.ask(name, &RecordType::Txt), Outcome::NotAsked { .. });
    if !record.delegates().any(is_asked) {
        return;
    }
    let tree = SpfTree::walk(domain.as_str(), &|name, kind| answers.ask(name, kind));
    let is_limit = |found: &&SpfTreeFinding| {
        matches!(
            found.kind,
            SpfTreeFindingKind::TooManyLookups
                | SpfTreeFindingKind::TooManyVoids
                | SpfTreeFindingKind::TooManyExchangers
        )
    };
    let quotes =
        |found: &SpfTreeFinding| format!("{} {}: {}", found.kind.code(), found.domain, found.text);
    let over: Vec<String> = tree.findings.iter().filter(is_limit).map(quotes).collect();
    let broken: Vec<String> =
        tree.findings.iter().filter(|found| !is_limit(found)).map(quotes).collect();
    for (kind, proof) in
        [(FindingKind::SpfOverLimit, over), (FindingKind::SpfBrokenInclude, broken)]
    {
        if !proof.is_empty() {
            findings.push(Finding::new(kind, proof));
        }
    }
}
