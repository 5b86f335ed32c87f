//! Mail authentication: what each protocol's state is called, and the risk that follows.

use super::facts::{SalesFacts, SpfFault};
use super::summary::Level;
use crate::observation::Signal;
use crate::signals::{DmarcSignal, UnknownSignal};
use crate::vocabulary::DmarcPolicy;

/// What is said of SPF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpfState {
    Present,
    Missing,
    /// Published, but more than one record.
    Several,
    /// Published, but not well-formed.
    Malformed,
    Unknown,
}

/// What is said of DKIM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DkimState {
    Present,
    /// Certain: the `_domainkey` name does not exist.
    Missing,
    /// None of the selectors tried holds a key.
    NotFound,
    Unknown,
}

/// What is said of DMARC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DmarcState {
    Absent,
    /// The policy in force, and whether an old `pct` tag below 100 stands beside it.
    Policy {
        policy: DmarcPolicy,
        partial: bool,
    },
    Unknown,
}

/// What the faults lead to; it chooses the words of the sales angle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Consequence {
    /// No DMARC policy asks receivers to act on forged mail.
    Forgery,
    /// An enforced DMARC policy over SPF and DKIM that are not there: own mail is at risk.
    Delivery,
    /// SPF or DKIM wants work.
    Gap,
    /// An enforced DMARC policy with an old `pct` tag.
    Partial,
    /// Nothing known is wrong.
    Clean,
}

/// The state of the three protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Authentication {
    pub(super) spf: SpfState,
    pub(super) dkim: DkimState,
    pub(super) dmarc: DmarcState,
}

impl Authentication {
    pub(super) fn of(facts: &SalesFacts) -> Self {
        Self {
            spf: match (facts.spf, facts.spf_fault) {
                (Signal::Present, _) => SpfState::Present,
                (Signal::Missing, None) => SpfState::Missing,
                (Signal::Missing, Some(SpfFault::SeveralRecords)) => SpfState::Several,
                (Signal::Missing, Some(SpfFault::Syntax)) => SpfState::Malformed,
                (Signal::Unknown, _) => SpfState::Unknown,
            },
            dkim: match (facts.dkim, facts.dkim_certain) {
                (Signal::Present, _) => DkimState::Present,
                (Signal::Missing, true) => DkimState::Missing,
                (Signal::Missing, false) => DkimState::NotFound,
                (Signal::Unknown, _) => DkimState::Unknown,
            },
            dmarc: match facts.dmarc {
                DmarcSignal::Unknown => DmarcState::Unknown,
                DmarcSignal::Absent => DmarcState::Absent,
                DmarcSignal::Policy(policy) => DmarcState::Policy {
                    policy,
                    partial: policy != DmarcPolicy::None
                        && facts.dmarc_coverage.is_some_and(|percent| percent < 100),
                },
            },
        }
    }

    /// Whether nothing at all is known.
    pub(super) fn is_unknown(self) -> bool {
        self.unknown().count() == 3
    }

    /// The protocols of which nothing is known.
    pub(super) fn unknown(self) -> impl Iterator<Item = UnknownSignal> {
        let spf = (self.spf == SpfState::Unknown).then_some(UnknownSignal::Spf);
        let dkim = (self.dkim == DkimState::Unknown).then_some(UnknownSignal::Dkim);
        let dmarc = (self.dmarc == DmarcState::Unknown).then_some(UnknownSignal::Dmarc);
        [spf, dkim, dmarc].into_iter().flatten()
    }

    /// The risk of the known factors.
    pub(super) fn risk(self) -> Level {
        let factors = u8::from(self.spf_at_fault())
            + u8::from(self.dkim_at_fault())
            + u8::from(self.dmarc_is_missing() || self.dmarc_is_partial());
        match factors {
            0 => Level::Low,
            1 if !self.dmarc_is_missing() => Level::Medium,
            _ => Level::High,
        }
    }

    pub(super) fn consequence(self) -> Consequence {
        let enforced = matches!(self.dmarc, DmarcState::Policy { .. }) && !self.dmarc_is_missing();
        if self.dmarc_is_missing() {
            Consequence::Forgery
        } else if enforced && self.spf_at_fault() && self.dkim_at_fault() {
            Consequence::Delivery
        } else if self.spf_at_fault() || self.dkim_at_fault() {
            Consequence::Gap
        } else if self.dmarc_is_partial() {
            Consequence::Partial
        } else {
            Consequence::Clean
        }
    }

    fn spf_at_fault(self) -> bool {
        matches!(self.spf, SpfState::Missing | SpfState::Several | SpfState::Malformed)
    }

    fn dkim_at_fault(self) -> bool {
        matches!(self.dkim, DkimState::Missing | DkimState::NotFound)
    }

    /// Absent, or `none`.
    fn dmarc_is_missing(self) -> bool {
        matches!(
            self.dmarc,
            DmarcState::Absent | DmarcState::Policy { policy: DmarcPolicy::None, .. }
        )
    }

    fn dmarc_is_partial(self) -> bool {
        matches!(self.dmarc, DmarcState::Policy { partial: true, .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(spf: Signal, dkim: Signal, dmarc: DmarcSignal) -> SalesFacts {
        SalesFacts {
            spf,
            dkim,
            dmarc,
            ..SalesFacts::new("ornek.com.tr".parse().expect("a domain"))
        }
    }

    #[test]
    fn unknown_protocols_neither_raise_nor_lower_the_risk() {
        let known = Authentication::of(&facts(
            Signal::Missing,
            Signal::Unknown,
            DmarcSignal::Policy(DmarcPolicy::Reject),
        ));
        assert_eq!(known.risk(), Level::Medium);
        assert_eq!(known.unknown().collect::<Vec<_>>(), [UnknownSignal::Dkim]);
        let nothing =
            Authentication::of(&facts(Signal::Unknown, Signal::Unknown, DmarcSignal::Unknown));
        assert!(nothing.is_unknown());
        assert_eq!(nothing.risk(), Level::Low);
    }

    #[test]
    fn an_enforced_policy_without_spf_and_dkim_endangers_own_mail() {
        let state = Authentication::of(&facts(
            Signal::Missing,
            Signal::Missing,
            DmarcSignal::Policy(DmarcPolicy::Reject),
        ));
        assert_eq!((state.risk(), state.consequence()), (Level::High, Consequence::Delivery));
    }
}
