//! DKIM: whether a key stands under any selector that was tried.

use super::MailAuthentication;
use crate::assess::finding::{Finding, FindingKind};
use crate::domain::Domain;
use crate::observation::{Answer, AnswerIndex, Outcome, RecordType, Reply, Signal, merge};
use crate::records::dkim::{DkimKey, WILDCARD_SELECTOR};
use crate::records::mx::cmp_ignore_case;

impl MailAuthentication {
    pub(super) fn read_dkim(
        &mut self,
        domain: &Domain,
        answers: &AnswerIndex<'_>,
        findings: &mut Vec<Finding>,
    ) {
        let mut revoked = Vec::new();
        let mut unanswered = false;
        let named = selector_answers(domain, answers);
        let selectors = named.chunk_by(|(a, _), (b, _)| a.eq_ignore_ascii_case(b)).map(Selector);
        // A key under a selector that nobody has stands under every other one too.
        let wildcard = format!("{WILDCARD_SELECTOR}._domainkey.{domain}");
        let wildcard = answers.ask(&wildcard, &RecordType::Txt);
        let is_key = |text: &String| matches!(DkimKey::read(text), DkimKey::Valid { .. });
        let wildcard = wildcard.found().filter(|texts| texts.iter().any(is_key));
        let is_tried = |selector: &Selector<'_, '_>| {
            selector.is_asked() && !selector.label().eq_ignore_ascii_case(WILDCARD_SELECTOR)
        };
        for selector in selectors.filter(is_tried) {
            if wildcard.is_some_and(|key| selector.reply(answers).found() == Some(key)) {
                unanswered = true;
                continue;
            }
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

    fn answers(self) -> impl Iterator<Item = &'a Answer> {
        self.0.iter().map(|(_, answer)| *answer)
    }

    /// The text records, at the end of a chain of aliases if there is one.
    fn reply(self, index: &AnswerIndex<'a>) -> Reply<'a> {
        let reply = merge(self.answers().filter(|answer| answer.record_type == RecordType::Txt));
        if reply.found().is_none() && self.answers().any(|a| a.record_type == RecordType::Cname) {
            return index.ask(&self.0[0].1.name, &RecordType::Txt);
        }
        reply
    }

    /// What stands there; `None` when no answer says. A CNAME shows that somebody prepared the
    /// selector, not that a key stands at its end.
    fn key(self, index: &AnswerIndex<'a>) -> Option<DkimKey> {
        match self.reply(index) {
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
            _ if self.answers().any(|answer| answer.outcome.is_nxdomain()) => {
                Some(DkimKey::NotAKey)
            }
            _ => None,
        }
    }
}
