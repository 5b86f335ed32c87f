//! The words of a page about one lead, beside those of its summary.

use time::Date;

use super::catalogue::{Catalogue, Message, Variable};
use super::compose::{class_word, segment_word};
use super::speech;
use crate::observation::Signal;
use crate::signals::UnknownSignal;
use crate::vocabulary::{PriorityCategory, ProviderClass, Segment, TenantSize};

/// A label that stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each says what it labels")]
pub enum Label {
    Title,
    Score,
    ScoreNone,
    Priority,
    Segment,
    Size,
    Provider,
    Gateway,
    Expiry,
    Breakdown,
    NoBreakdown,
    Total,
    Evidence,
    NoEvidence,
    Unknown,
    AllKnown,
    NotKnown,
    Security,
    Script,
    Hooks,
    Questions,
    NextStep,
}

impl Label {
    const fn message(self) -> Message {
        match self {
            Self::Title => Message::PageTitle,
            Self::Score => Message::PageScore,
            Self::ScoreNone => Message::PageScoreNone,
            Self::Priority => Message::PagePriority,
            Self::Segment => Message::HeadingSegment,
            Self::Size => Message::PageSize,
            Self::Provider => Message::HeadingProvider,
            Self::Gateway => Message::PageGateway,
            Self::Expiry => Message::PageExpiry,
            Self::Breakdown => Message::PageBreakdown,
            Self::NoBreakdown => Message::PageNoBreakdown,
            Self::Total => Message::PageTotal,
            Self::Evidence => Message::PageEvidence,
            Self::NoEvidence => Message::PageNoEvidence,
            Self::Unknown => Message::PageUnknown,
            Self::AllKnown => Message::PageAllKnown,
            Self::NotKnown => Message::PageNotKnown,
            Self::Security => Message::HeadingSecurity,
            Self::Script => Message::HeadingScript,
            Self::Hooks => Message::HeadingHooks,
            Self::Questions => Message::HeadingQuestions,
            Self::NextStep => Message::HeadingNextStep,
        }
    }
}

/// The rows of a score that have a name of their own.
const ROWS: &[(&str, &str)] = &[
    ("base", "base"),
    ("provider", "provider"),
    ("spf", "spf"),
    ("dkim", "dkim"),
    ("dmarc_reject", "dmarc-reject"),
    ("dmarc_quarantine", "dmarc-quarantine"),
    ("dmarc_none", "dmarc-none"),
    ("no_spf", "no-spf"),
    ("no_dkim", "no-dkim"),
    ("dkim_none", "dkim-none"),
    ("hosting_mx_weak", "hosting-mx-weak"),
    ("spf_multiple_includes", "spf-multiple-includes"),
    ("clamp", "clamp"),
    ("referral_tenant", "referral-tenant"),
    ("referral_co_sell", "referral-co-sell"),
];

/// The words of a page in one language.
#[derive(Debug, Clone, Copy)]
pub struct PageWords<'a>(&'a Catalogue);

impl<'a> PageWords<'a> {
    pub(super) const fn new(catalogue: &'a Catalogue) -> Self {
        Self(catalogue)
    }

    /// The tag of the language.
    pub fn lang(&self) -> &str {
        self.0.lang()
    }

    /// A label.
    pub fn label(&self, label: Label) -> String {
        speech::phrase(self.0, label.message(), &[])
    }

    /// The range that a score is certain to lie in.
    pub fn score_range(&self, low: u8, high: u8) -> String {
        let range = [(Variable::Low, low.into()), (Variable::High, high.into())];
        speech::phrase(self.0, Message::PageScoreRange, &range)
    }

    /// How sure a provider is, from 0 to 1, as a percentage.
    pub fn confidence(&self, confidence: f64) -> String {
        let percent = (confidence * 100.0).round();
        speech::phrase(self.0, Message::PageConfidence, &[(Variable::Percent, percent.into())])
    }

    /// When the lead was observed, and by which rules it was assessed.
    pub fn footer(&self, observed: Date, rules: &str) -> String {
        let parts = [(Variable::Date, self.date(observed).into()), (Variable::Rules, rules.into())];
        speech::phrase(self.0, Message::PageFooter, &parts)
    }

    /// Whether something is there.
    pub fn fact(&self, signal: Signal) -> String {
        let word = match signal {
            Signal::Present => "present",
            Signal::Missing => "missing",
            Signal::Unknown => "unknown",
        };
        speech::phrase(self.0, Message::PageFact, &[(Variable::Fact, word.into())])
    }

    /// A row of a score, by its name in the breakdown.
    pub fn points(&self, row: &str) -> String {
        let known = ROWS.iter().find(|(name, _)| *name == row);
        let word = known.map_or("other", |(_, word)| *word);
        speech::phrase(self.0, Message::PagePoints, &[(Variable::Row, word.into())])
    }

    /// A segment.
    pub fn segment(&self, segment: Option<Segment>) -> String {
        let word = segment_word(segment);
        speech::phrase(self.0, Message::SegmentName, &[(Variable::Segment, word.into())])
    }

    /// A priority category.
    pub fn category(&self, category: PriorityCategory) -> String {
        let word = category.as_str().to_ascii_lowercase();
        speech::phrase(self.0, Message::PageCategory, &[(Variable::Category, word.into())])
    }

    /// What stands in for a provider's name where only its class is known.
    pub fn class(&self, class: ProviderClass) -> String {
        let word = class_word(Some(class));
        speech::phrase(self.0, Message::ClassName, &[(Variable::Class, word.into())])
    }

    /// A size.
    pub fn size(&self, size: Option<TenantSize>) -> String {
        let word = size.map_or("unknown", TenantSize::as_str);
        speech::phrase(self.0, Message::SizeName, &[(Variable::Size, word.into())])
    }

    /// Facts that nobody knows, as a list.
    pub fn unknown(&self, signals: &[UnknownSignal]) -> String {
        let names: Vec<String> = signals
            .iter()
            .map(|signal| {
                let word = [(Variable::Signal, signal.as_str().into())];
                speech::phrase(self.0, Message::SignalName, &word)
            })
            .collect();
        speech::list(self.0, names.iter().map(String::as_str))
    }

    /// A day.
    pub fn date(&self, day: Date) -> String {
        speech::date(self.0, day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Mailbox, ReferralFacts, RuleSet, ScoreFacts};
    use crate::sales::SalesEngine;
    use crate::signals::DmarcSignal;
    use crate::vocabulary::DmarcPolicy;

    /// Every row that any lead can have.
    fn rows() -> Vec<&'static str> {
        let rules = RuleSet::builtin();
        let signals = [Signal::Present, Signal::Missing, Signal::Unknown];
        let policies = [DmarcPolicy::None, DmarcPolicy::Quarantine, DmarcPolicy::Reject];
        let dmarc = policies.map(DmarcSignal::Policy);
        let mut names = Vec::new();
        for class in ProviderClass::ALL {
            for spf in signals {
                for dmarc in dmarc {
                    let mailbox = Mailbox::Class(*class);
                    let facts = ScoreFacts { mailbox, spf, dkim: spf, dmarc, many_includes: spf };
                    let referral = ReferralFacts { tenant: true, co_sell: true };
                    let breakdown = rules.breakdown(&facts, referral);
                    let points =
                        [breakdown.signal_points, breakdown.risk_points, breakdown.adjustments];
                    names.extend(
                        points.iter().flat_map(crate::rules::Points::iter).map(|(name, _)| name),
                    );
                }
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn every_row_of_a_score_has_a_name_in_every_language() {
        let engine = SalesEngine::builtin();
        let rows = rows();
        assert!(rows.len() > 10, "{rows:?}");
        for lang in ["tr", "en"] {
            let words = engine.page_words(lang).expect("a language");
            let other = words.points("nobody");
            for row in rows.iter().chain(&["base", "provider"]) {
                assert_ne!(words.points(row), other, "{lang} {row}");
            }
        }
    }

    #[test]
    fn numbers_and_lists_follow_the_language() {
        let engine = SalesEngine::builtin();
        let tr = engine.page_words("tr").expect("a language");
        let en = engine.page_words("en").expect("a language");
        assert_eq!(tr.confidence(0.986), "güven: %99");
        assert_eq!(en.confidence(0.986), "confidence: 99 %");
        assert_eq!(en.score_range(60, 90), "possible range: 60–90");
        assert_eq!(tr.unknown(&[UnknownSignal::Spf, UnknownSignal::Dmarc]), "SPF ve DMARC");
        assert_eq!(tr.lang(), "tr");
    }
}
