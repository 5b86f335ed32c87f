//! The rule set compiled: one row for every state of the facts, so that a score is one look-up.

use super::file::{Case, RuleFile, first_match};
use crate::observation::Signal;
use crate::signals::DmarcSignal;
use crate::vocabulary::{
    CommercialHeat, CommercialSegment, DmarcPolicy, PriorityCategory, ProviderClass, Segment,
    TechnicalHeat,
};

/// Who holds the mailboxes, as far as the score is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mailbox {
    /// Somebody of a known class.
    Class(ProviderClass),
    /// Mail is taken, but only a gateway or a forwarder shows: any class may stand behind it.
    Undetermined,
    /// An authoritative answer says that the domain takes no mail: a hard fail.
    None,
}

/// The facts that a score rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ScoreFacts {
    /// Who holds the mailboxes.
    pub mailbox: Mailbox,
    /// Whether a valid SPF record is published.
    pub spf: Signal,
    /// Whether a DKIM key is published.
    pub dkim: Signal,
    /// The DMARC policy in force.
    pub dmarc: DmarcSignal,
    /// Whether the SPF text holds more `include:` than the rule set allows.
    pub many_includes: Signal,
}

/// What the rules conclude from [`ScoreFacts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// Readiness, 0 to 100: the sum of what is known.
    pub score: u8,
    /// The lowest score that the unknown facts allow, whichever of them become known.
    pub score_low: u8,
    /// The highest score that the unknown facts allow, whichever of them become known.
    pub score_high: u8,
    /// Whether some fact is unknown.
    pub partial: bool,
    /// Whether every value of the unknown facts, of all or of some of them, leads to this segment.
    pub segment_certain: bool,
    /// The technical segment.
    pub segment: Segment,
    /// The technical heat.
    pub technical_heat: TechnicalHeat,
    /// The commercial segment.
    pub commercial_segment: CommercialSegment,
    /// The commercial heat.
    pub commercial_heat: CommercialHeat,
    /// The priority category, by which lists are shown and sorted.
    pub priority_category: PriorityCategory,
    /// The priority score, 1 (best) to 7.
    pub priority_score: u8,
}

/// What follows from a segment, a class and a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Consequence {
    /// The technical heat.
    pub technical_heat: TechnicalHeat,
    /// The commercial segment.
    pub commercial_segment: CommercialSegment,
    /// The commercial heat.
    pub commercial_heat: CommercialHeat,
    /// The priority category.
    pub priority_category: PriorityCategory,
    /// The priority score, 1 (best) to 7.
    pub priority_score: u8,
}

/// A row of the score's breakdown, by its frozen name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    Signal(&'static str, i16),
    Risk(&'static str, i16),
}

impl RuleFile {
    /// Every signal and risk row that applies. An unknown fact has none.
    pub(super) fn rows(&self, facts: &ScoreFacts, class: ProviderClass, mut emit: impl FnMut(Row)) {
        let (signals, risks) = (&self.points.signals, &self.points.risks);
        match facts.spf {
            Signal::Present => emit(Row::Signal("spf", signals.spf.0)),
            Signal::Missing => emit(Row::Risk("no_spf", risks.no_spf.0)),
            Signal::Unknown => {}
        }
        match facts.dkim {
            Signal::Present => emit(Row::Signal("dkim", signals.dkim.0)),
            Signal::Missing => {
                emit(Row::Risk("no_dkim", risks.no_dkim.0));
                emit(Row::Risk("dkim_none", risks.dkim_none.0));
            }
            Signal::Unknown => {}
        }
        match facts.dmarc.policy() {
            Some(DmarcPolicy::Reject) => emit(Row::Signal("dmarc_reject", signals.dmarc_reject.0)),
            Some(DmarcPolicy::Quarantine) => {
                emit(Row::Signal("dmarc_quarantine", signals.dmarc_quarantine.0));
            }
            Some(DmarcPolicy::None) => {
                emit(Row::Signal("dmarc_none", signals.dmarc_none.0));
                emit(Row::Risk("dmarc_none", risks.dmarc_none.0));
            }
            None => {}
        }
        let unprotected = facts.spf == Signal::Missing && facts.dkim == Signal::Missing;
        if class == ProviderClass::Hosting && unprotected {
            emit(Row::Risk("hosting_mx_weak", risks.hosting_mx_weak.0));
        }
        if facts.many_includes == Signal::Present {
            emit(Row::Risk("spf_multiple_includes", risks.spf_multiple_includes.0));
        }
    }

    /// The sum of all rows before clamping.
    fn sum(&self, facts: &ScoreFacts, class: ProviderClass) -> i16 {
        let mut sum = self.points.base.0 + self.points.provider.0[class.index()].0;
        self.rows(facts, class, |row| match row {
            Row::Signal(_, points) | Row::Risk(_, points) => sum += points,
        });
        sum
    }

    pub(super) fn segment(&self, provider: ProviderClass, score: u8) -> Segment {
        first_match(&self.segment, &Case::new(provider, score))
    }

    fn consequence(&self, segment: Segment, provider: ProviderClass, score: u8) -> Consequence {
        let mut case = Case { segment: Some(segment), ..Case::new(provider, score) };
        let technical_heat = first_match(&self.technical_heat, &case);
        let commercial_segment = first_match(&self.commercial_segment, &case);
        case.commercial_segment = Some(commercial_segment);
        let commercial_heat = first_match(&self.commercial_heat, &case);
        case.technical_heat = Some(technical_heat);
        case.commercial_heat = Some(commercial_heat);
        Consequence {
            technical_heat,
            commercial_segment,
            commercial_heat,
            priority_category: first_match(&self.priority_category, &case),
            priority_score: first_match(&self.priority_score, &case).0,
        }
    }
}

impl Case {
    fn new(provider: ProviderClass, score: u8) -> Self {
        Self {
            provider,
            score,
            segment: None,
            technical_heat: None,
            commercial_segment: None,
            commercial_heat: None,
        }
    }
}

/// A sum of points as a score.
pub(super) fn clamp(sum: i16) -> u8 {
    u8::try_from(sum.clamp(0, 100)).expect("clamped to 0..=100")
}

const CLASSES: usize = ProviderClass::ALL.len();
const SCORES: usize = 101;
const MAILBOXES: usize = CLASSES + 2;
const SIGNALS: usize = 3;
const DMARCS: usize = 5;
const STATES: usize = MAILBOXES * SIGNALS * SIGNALS * DMARCS * SIGNALS;

const ALL_SIGNALS: [Signal; SIGNALS] = [Signal::Present, Signal::Missing, Signal::Unknown];
const ALL_DMARCS: [DmarcSignal; DMARCS] = [
    DmarcSignal::Unknown,
    DmarcSignal::Absent,
    DmarcSignal::Policy(DmarcPolicy::None),
    DmarcSignal::Policy(DmarcPolicy::Quarantine),
    DmarcSignal::Policy(DmarcPolicy::Reject),
];

/// Where a DMARC signal stands in [`ALL_DMARCS`].
const fn dmarc_index(dmarc: DmarcSignal) -> usize {
    match dmarc {
        DmarcSignal::Unknown => 0,
        DmarcSignal::Absent => 1,
        DmarcSignal::Policy(policy) => 2 + policy.index(),
    }
}

impl ScoreFacts {
    /// Where the facts stand in the table.
    const fn index(&self) -> usize {
        let mailbox = match self.mailbox {
            Mailbox::Class(class) => class.index(),
            Mailbox::Undetermined => CLASSES,
            Mailbox::None => CLASSES + 1,
        };
        let index = mailbox * SIGNALS + self.spf as usize;
        let index = index * SIGNALS + self.dkim as usize;
        let index = index * DMARCS + dmarc_index(self.dmarc);
        index * SIGNALS + self.many_includes as usize
    }

    /// Every state, in table order.
    fn all() -> impl Iterator<Item = Self> {
        let classes = ProviderClass::ALL.iter().map(|class| Mailbox::Class(*class));
        let mailboxes = classes.chain([Mailbox::Undetermined, Mailbox::None]);
        mailboxes.flat_map(|mailbox| {
            ALL_SIGNALS.into_iter().flat_map(move |spf| {
                ALL_SIGNALS.into_iter().flat_map(move |dkim| {
                    ALL_DMARCS.into_iter().flat_map(move |dmarc| {
                        ALL_SIGNALS.into_iter().map(move |many_includes| Self {
                            mailbox,
                            spf,
                            dkim,
                            dmarc,
                            many_includes,
                        })
                    })
                })
            })
        })
    }

    /// Whether some fact is unknown.
    fn is_partial(&self) -> bool {
        self.mailbox == Mailbox::Undetermined
            || self.dmarc == DmarcSignal::Unknown
            || [self.spf, self.dkim, self.many_includes].contains(&Signal::Unknown)
    }

    /// Every state that these facts may turn out to be: each unknown fact stays unknown or takes any
    /// of its values.
    ///
    /// The states between count too. Where a rule set gives points of odd signs, one of them can lie
    /// outside all that is fully known, and an interval must hold whichever lookup is made up first.
    fn outcomes(self) -> impl Iterator<Item = (Self, ProviderClass)> {
        fn values(signal: Signal) -> &'static [Signal] {
            match signal {
                Signal::Present => &ALL_SIGNALS[0..1],
                Signal::Missing => &ALL_SIGNALS[1..2],
                Signal::Unknown => &ALL_SIGNALS,
            }
        }
        // `Unknown` is among the classes, and what an undetermined mailbox counts as.
        let classes = match self.mailbox {
            Mailbox::Class(class) => &ProviderClass::ALL[class.index()..=class.index()],
            Mailbox::Undetermined | Mailbox::None => ProviderClass::ALL,
        };
        let dmarcs = match self.dmarc {
            DmarcSignal::Unknown => &ALL_DMARCS,
            known => &ALL_DMARCS[dmarc_index(known)..=dmarc_index(known)],
        };
        classes.iter().flat_map(move |class| {
            values(self.spf).iter().flat_map(move |spf| {
                values(self.dkim).iter().flat_map(move |dkim| {
                    dmarcs.iter().flat_map(move |dmarc| {
                        values(self.many_includes).iter().map(move |many_includes| {
                            let outcome = Self {
                                mailbox: Mailbox::Class(*class),
                                spf: *spf,
                                dkim: *dkim,
                                dmarc: *dmarc,
                                many_includes: *many_includes,
                            };
                            (outcome, *class)
                        })
                    })
                })
            })
        })
    }
}

/// The compiled rule set.
#[derive(Debug)]
pub(super) struct Table {
    verdicts: Box<[Verdict]>,
    /// The verdicts on leads that a co-sell brought.
    co_sell_verdicts: Box<[Verdict]>,
    consequences: Box<[Consequence]>,
}

impl Table {
    pub(super) fn compile(rules: &RuleFile) -> Self {
        let mut consequences = Vec::with_capacity(Segment::ALL.len() * CLASSES * SCORES);
        for segment in Segment::ALL {
            for class in ProviderClass::ALL {
                for score in 0..=100 {
                    consequences.push(rules.consequence(*segment, *class, score));
                }
            }
        }
        let mut table = Self {
            verdicts: Box::default(),
            co_sell_verdicts: Box::default(),
            consequences: consequences.into(),
        };
        let verdicts = |added| -> Box<[Verdict]> {
            ScoreFacts::all().map(|facts| table.conclude(rules, facts, added)).collect()
        };
        let (plain, co_sell) = (verdicts(0), verdicts(rules.referral.co_sell.0));
        debug_assert_eq!((plain.len(), co_sell.len()), (STATES, STATES));
        table.verdicts = plain;
        table.co_sell_verdicts = co_sell;
        table
    }

    /// The verdict on the facts, with the points of a referral added to every score.
    fn conclude(&self, rules: &RuleFile, facts: ScoreFacts, added: i16) -> Verdict {
        let class = facts.mailbox.class();
        if facts.mailbox == Mailbox::None {
            return self.certain(Segment::Skip, class, 0);
        }
        let score_of = |facts: &ScoreFacts, class| {
            let base = clamp(rules.sum(facts, class));
            clamp(i16::from(base) + added)
        };
        let score = score_of(&facts, class);
        let segment = rules.segment(class, score);
        let mut verdict = self.certain(segment, class, score);
        if facts.is_partial() {
            verdict.partial = true;
            for (outcome, class) in facts.outcomes() {
                let score = score_of(&outcome, class);
                verdict.score_low = verdict.score_low.min(score);
                verdict.score_high = verdict.score_high.max(score);
                verdict.segment_certain &= rules.segment(class, score) == segment;
            }
        }
        verdict
    }

    /// A verdict that no unknown fact can move.
    pub(super) fn certain(&self, segment: Segment, class: ProviderClass, score: u8) -> Verdict {
        let follows = self.consequence(segment, class, score);
        Verdict {
            score,
            score_low: score,
            score_high: score,
            partial: false,
            segment_certain: true,
            segment,
            technical_heat: follows.technical_heat,
            commercial_segment: follows.commercial_segment,
            commercial_heat: follows.commercial_heat,
            priority_category: follows.priority_category,
            priority_score: follows.priority_score,
        }
    }

    #[inline]
    pub(super) fn verdict(&self, facts: &ScoreFacts) -> &Verdict {
        &self.verdicts[facts.index()]
    }

    /// The verdict with the points of a co-sell, which a domain without mail does not get.
    pub(super) fn co_sell_verdict(&self, facts: &ScoreFacts) -> &Verdict {
        &self.co_sell_verdicts[facts.index()]
    }

    #[inline]
    pub(super) fn consequence(
        &self,
        segment: Segment,
        class: ProviderClass,
        score: u8,
    ) -> Consequence {
        let score = usize::from(score.min(100));
        self.consequences[(segment.index() * CLASSES + class.index()) * SCORES + score]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_order_is_the_index() {
        assert_eq!(ScoreFacts::all().count(), STATES);
        for (position, facts) in ScoreFacts::all().enumerate() {
            assert_eq!(facts.index(), position, "{facts:?}");
        }
    }
}
