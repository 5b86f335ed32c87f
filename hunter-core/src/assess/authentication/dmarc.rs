//! DMARC: the policy that receivers apply, the domain's own or an inherited one.

use std::borrow::Cow;

use super::MailAuthentication;
use crate::assess::finding::{Finding, FindingKind};
use crate::domain::Domain;
use crate::observation::{AnswerIndex, Outcome, RecordType, Reply, Signal};
use crate::provider::Fingerprints;
use crate::records::dmarc::{
    Discovered, DmarcFault, DmarcReading, DmarcRecord, FoundPolicy, TreeWalk,
};
use crate::records::manager::report_services_in;
use crate::signals::DmarcSignal;

impl MailAuthentication {
    pub(super) fn read_dmarc(
        &mut self,
        table: &Fingerprints,
        domain: &Domain,
        answers: &AnswerIndex<'_>,
        findings: &mut Vec<Finding>,
    ) {
        let mut name = format!("_dmarc.{domain}");
        let policy = match dmarc_at(table, answers, &name, findings) {
            Step::Unknown => return,
            Step::Record(record) => {
                self.dmarc = Some(record);
                record.in_force()
            }
            Step::Invalid(fault) => {
                self.dmarc_fault = Some(fault);
                self.signals.dmarc = DmarcSignal::Absent;
                return;
            }
            Step::Nothing => match inherited(domain, answers) {
                Discovered::Unknown => return,
                Discovered::Found(found) => {
                    name = format!("_dmarc.{}", found.domain);
                    findings.push(Finding::new(FindingKind::DmarcInherited, vec![name.clone()]));
                    self.dmarc = Some(found.record);
                    found.policy
                }
                Discovered::Nothing => {
                    self.signals.dmarc = DmarcSignal::Absent;
                    return;
                }
            },
        };
        self.signals.dmarc = DmarcSignal::Policy(policy);
        if let Some(record) = self.dmarc {
            if record.testing {
                findings.push(Finding::new(FindingKind::DmarcTestMode, vec![name.clone()]));
            }
            if record.percent.is_some_and(|percent| percent < 100) {
                findings.push(Finding::new(FindingKind::DmarcPartialCoverage, vec![name]));
            }
        }
    }
}

/// What one step of the DMARC policy discovery says.
enum Step {
    Record(DmarcRecord),
    Invalid(DmarcFault),
    Nothing,
    Unknown,
}

fn dmarc_at(
    table: &Fingerprints,
    answers: &AnswerIndex<'_>,
    name: &str,
    findings: &mut Vec<Finding>,
) -> Step {
    let reply: Reply<'_> = answers.ask(name, &RecordType::Txt);
    let texts: Cow<'_, [String]> = match reply {
        Outcome::Found(texts) => texts,
        Outcome::Absent { .. } => return Step::Nothing,
        _ => return Step::Unknown,
    };
    match DmarcReading::read(&texts) {
        DmarcReading::None => Step::Nothing,
        DmarcReading::Valid(record, text) => {
            for service in report_services_in(table, text) {
                let proof = vec![service.name.clone(), text.to_owned()];
                findings.push(Finding::new(FindingKind::DmarcReports, proof));
            }
            Step::Record(record)
        }
        DmarcReading::Invalid(fault, text) => {
            let kind = match fault {
                DmarcFault::SeveralRecords => FindingKind::DmarcSeveralRecords,
                DmarcFault::NoPolicy => FindingKind::DmarcInvalid,
            };
            findings.push(Finding::new(kind, vec![text.to_owned()]));
            Step::Invalid(fault)
        }
    }
}

/// The policy that a domain without a record of its own inherits, by the tree walk (RFC 9989 §4.10).
///
/// A name between the domain and the one that it is registered under must have been answered. Above
/// that, a public suffix that was not asked for is taken to publish nothing: only a handful do (such
/// as `gov`), and without this nobody's missing policy would ever be known.
fn inherited(domain: &Domain, answers: &AnswerIndex<'_>) -> Discovered<FoundPolicy> {
    let own = domain.registrable().unwrap_or(domain.as_str());
    let ask = |name: &str, kind: &RecordType| match answers.ask(name, kind) {
        Outcome::NotAsked { .. } if name.len() < "_dmarc.".len() + own.len() => {
            Outcome::Absent { rcode: None }
        }
        reply => reply,
    };
    let is_answered = answers.at(domain.as_str()).any(|answer| answer.outcome.is_answered());
    let exists = Signal::from(is_answered.then(|| !answers.is_nxdomain(domain.as_str())));
    TreeWalk::from(domain.as_str(), &ask).policy(exists)
}
