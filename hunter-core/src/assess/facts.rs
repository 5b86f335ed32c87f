//! From the answers of an observation to the signals that the score rests on.

use std::borrow::Cow;

use super::finding::{Finding, FindingKind};
use crate::domain::Domain;
use crate::observation::{Answer, AnswerIndex, Outcome, RecordType, Reply, Signal, merge};
use crate::records::dkim::DkimKey;
use crate::records::dmarc::{DmarcFault, DmarcReading, DmarcRecord};
use crate::records::mx::cmp_ignore_case;
use crate::records::spf::{SpfFault, SpfReading};
use crate::signals::{DmarcSignal, Signals};
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
        domain: &Domain,
        answers: &AnswerIndex<'_>,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut read = Self::default();
        read.read_spf(domain, answers, findings);
        read.read_dkim(domain, answers, findings);
        read.read_dmarc(domain, answers, findings);
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

    fn read_spf(
        &mut self,
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
        if let SpfReading::Invalid(fault, _) = reading {
            let kind = match fault {
                SpfFault::SeveralRecords => FindingKind::SpfSeveralRecords,
                SpfFault::BadTerm(_) | SpfFault::RepeatedModifier(_) => FindingKind::SpfInvalid,
            };
            let mut records: Vec<String> =
                texts.iter().filter(|text| crate::records::spf::is_spf(text)).cloned().collect();
            records.sort_unstable();
            findings.push(Finding::new(kind, records));
            self.spf_fault = Some(fault);
        }
    }

    fn read_dkim(
        &mut self,
        domain: &Domain,
        answers: &AnswerIndex<'_>,
        findings: &mut Vec<Finding>,
    ) {
        let mut revoked = Vec::new();
        let mut unanswered = false;
        let named = selector_answers(domain, answers);
        let selectors = named.chunk_by(|(a, _), (b, _)| a.eq_ignore_ascii_case(b)).map(Selector);
        for selector in selectors.filter(|selector| selector.is_asked()) {
            match selector.key(answers) {
                None => {
                    unanswered = true;
                    continue;
                }
                Some(DkimKey::Valid { .. }) => {
                    self.dkim_selectors_found.push(selector.label().to_owned());
                }
                Some(DkimKey::Revoked) => {
                    revoked.push(format!("{}._domainkey.{domain}", selector.label()));
                }
                Some(DkimKey::NotAKey) => {}
            }
            self.dkim_selectors_tried.push(selector.label().to_owned());
        }
        let below = format!("_domainkey.{domain}");
        self.dkim_certain = answers.is_nxdomain(&below);
        self.signals.dkim = if !self.dkim_selectors_found.is_empty() {
            Signal::Present
        } else if self.dkim_certain || (!self.dkim_selectors_tried.is_empty() && !unanswered) {
            Signal::Missing
        } else {
            Signal::Unknown
        };
        if !revoked.is_empty() {
            findings.push(Finding::new(FindingKind::DkimRevoked, revoked));
        }
        if self.signals.dkim == Signal::Missing {
            let (kind, records) = if self.dkim_certain {
                (FindingKind::DkimNoDomainkey, vec![below])
            } else {
                (FindingKind::DkimNoneFound, self.dkim_selectors_tried.clone())
            };
            findings.push(Finding::new(kind, records));
        }
    }

    fn read_dmarc(
        &mut self,
        domain: &Domain,
        answers: &AnswerIndex<'_>,
        findings: &mut Vec<Finding>,
    ) {
        let name = format!("_dmarc.{domain}");
        let policy = match dmarc_at(answers, &name, findings) {
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
            Step::Nothing => match inherited(domain, answers, findings) {
                Step::Unknown => return,
                Step::Record(record) => {
                    self.dmarc = Some(record);
                    record.in_force_below()
                }
                Step::Invalid(_) | Step::Nothing => {
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

/// `selector1` in `selector1._domainkey.ornek.com.tr`.
fn selector_of<'a>(name: &'a str, domain: &Domain) -> Option<&'a str> {
    const BETWEEN: &str = "._domainkey.";
    let name = name.strip_suffix('.').unwrap_or(name);
    let selector = name.len().checked_sub(BETWEEN.len() + domain.as_str().len())?;
    if name.as_bytes()[selector..].first() != Some(&b'.') {
        return None;
    }
    let (selector, rest) = name.split_at_checked(selector)?;
    let (between, zone) = rest.split_at_checked(BETWEEN.len())?;
    let matches =
        between.eq_ignore_ascii_case(BETWEEN) && zone.eq_ignore_ascii_case(domain.as_str());
    (matches && !selector.is_empty()).then_some(selector)
}

/// Every answer about a DKIM selector, beside the selector's label; one selector's answers stand
/// together, selectors in alphabetical order.
fn selector_answers<'a>(domain: &Domain, index: &AnswerIndex<'a>) -> Vec<(&'a str, &'a Answer)> {
    let mut named = Vec::with_capacity(index.answers().len());
    named.extend(
        index
            .answers()
            .iter()
            .filter_map(|answer| Some((selector_of(&answer.name, domain)?, answer))),
    );
    named.sort_by(|(a, _): &(&str, &Answer), (b, _)| cmp_ignore_case(a, b));
    named
}

/// One DKIM selector, by the answers about it.
#[derive(Clone, Copy)]
struct Selector<'s, 'a>(&'s [(&'a str, &'a Answer)]);

impl<'a> Selector<'_, 'a> {
    fn label(self) -> &'a str {
        self.0[0].0
    }

    fn is_asked(self) -> bool {
        self.0.iter().any(|(_, answer)| {
            matches!(answer.record_type, RecordType::Txt | RecordType::Cname)
                && !matches!(answer.outcome, Outcome::NotAsked { .. })
        })
    }

    /// What stands there; `None` when no answer says. A CNAME shows that somebody prepared the
    /// selector, not that a key stands at its end.
    fn key(self, index: &AnswerIndex<'a>) -> Option<DkimKey> {
        let answers = || self.0.iter().map(|(_, answer)| *answer);
        let mut reply = merge(answers().filter(|answer| answer.record_type == RecordType::Txt));
        if reply.found().is_none() && answers().any(|a| a.record_type == RecordType::Cname) {
            reply = index.ask(&self.0[0].1.name, &RecordType::Txt);
        }
        match reply {
            Outcome::Found(texts) => {
                let keys = || texts.iter().map(|text| DkimKey::read(text));
                let valid = keys().find(|key| matches!(key, DkimKey::Valid { .. }));
                Some(
                    valid
                        .or_else(|| keys().find(|key| *key == DkimKey::Revoked))
                        .unwrap_or(DkimKey::NotAKey),
                )
            }
            Outcome::Absent { .. } => Some(DkimKey::NotAKey),
            _ if answers().any(|answer| answer.outcome.is_nxdomain()) => Some(DkimKey::NotAKey),
            _ => None,
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

fn dmarc_at(answers: &AnswerIndex<'_>, name: &str, findings: &mut Vec<Finding>) -> Step {
    let reply: Reply<'_> = answers.ask(name, &RecordType::Txt);
    let texts: Cow<'_, [String]> = match reply {
        Outcome::Found(texts) => texts,
        Outcome::Absent { .. } => return Step::Nothing,
        _ => return Step::Unknown,
    };
    match DmarcReading::read(&texts) {
        DmarcReading::None => Step::Nothing,
        DmarcReading::Valid(record, _) => Step::Record(record),
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

/// The policy that a subdomain inherits: that of the highest parent with a record, up to the
/// registrable domain (RFC 9989 §4.10). A parent that was not answered leaves it unknown.
fn inherited(domain: &Domain, answers: &AnswerIndex<'_>, findings: &mut Vec<Finding>) -> Step {
    let Some(top) = domain.registrable() else { return Step::Nothing };
    let mut inherited = Step::Nothing;
    let mut name = domain.as_str();
    while name.len() > top.len() {
        let Some((_, parent)) = name.split_once('.') else { break };
        name = parent;
        match dmarc_at(answers, &format!("_dmarc.{name}"), findings) {
            Step::Unknown => return Step::Unknown,
            Step::Record(record) => inherited = Step::Record(record),
            Step::Invalid(_) | Step::Nothing => {}
        }
    }
    if let Step::Record(_) = inherited {
        findings.push(Finding::new(FindingKind::DmarcInherited, vec![format!("_dmarc.{top}")]));
    }
    inherited
}
