//! Why a score is what it is: every row that applies, and whatever makes the rows add up to it.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::table::{Row, clamp};
use super::{Mailbox, ReferralFacts, RuleSet, ScoreFacts};
use crate::vocabulary::ProviderClass;

/// The rows of a score. `base_score`, the provider's points and all rows add up to `total_score`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Breakdown {
    /// Where the sum starts.
    pub base_score: i16,
    /// The points of the provider's class.
    pub provider: ProviderPoints,
    /// Points for what is there.
    pub signal_points: Points,
    /// Points for what is not there, or weak.
    pub risk_points: Points,
    /// What was done after adding: `clamp` to 0..=100, `referral_tenant`, `referral_co_sell`.
    pub adjustments: Points,
    /// The score.
    pub total_score: u8,
}

/// The points of a provider class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderPoints {
    /// The class.
    pub name: ProviderClass,
    /// Its points.
    pub points: i16,
}

/// Named points, in the order in which they were added; a JSON object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Points(Vec<(&'static str, i16)>);

impl Points {
    /// The rows in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&'static str, i16)> {
        self.0.iter().copied()
    }

    /// The points of one row.
    pub fn get(&self, name: &str) -> Option<i16> {
        self.iter().find(|(row, _)| *row == name).map(|(_, points)| points)
    }

    fn sum(&self) -> i16 {
        self.iter().map(|(_, points)| points).sum()
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, points) in self.iter() {
            map.serialize_entry(name, &points)?;
        }
        map.end()
    }
}

impl RuleSet {
    /// The rows behind [`RuleSet::verdict_with_referral`]'s score.
    ///
    /// A hard fail has no rows: its score is zero by rule, not by sum.
    pub fn breakdown(&self, facts: &ScoreFacts, referral: ReferralFacts) -> Breakdown {
        let file = &self.0.file;
        let class = facts.mailbox.class();
        let hard_fail = facts.mailbox == Mailbox::None;
        let mut signal_points = Vec::new();
        let mut risk_points = Vec::new();
        let (mut base_score, mut provider_points) = (0, 0);
        if !hard_fail {
            base_score = file.points.base.0;
            provider_points = file.points.provider.0[class.index()].0;
            file.rows(facts, class, |row| match row {
                Row::Signal(name, points) => signal_points.push((name, points)),
                Row::Risk(name, points) => risk_points.push((name, points)),
            });
        }
        let (signal_points, risk_points) = (Points(signal_points), Points(risk_points));
        let sum = base_score + provider_points + signal_points.sum() + risk_points.sum();

        let mut adjustments = Vec::new();
        let mut total = i16::from(clamp(sum));
        if total != sum {
            adjustments.push(("clamp", total - sum));
        }
        if referral.tenant {
            let lifted = total.max(i16::from(file.referral.tenant.least_score.0));
            adjustments.push(("referral_tenant", lifted - total));
            total = lifted;
        }
        if referral.co_sell && !hard_fail {
            let lifted = i16::from(clamp(total + file.referral.co_sell.0));
            adjustments.push(("referral_co_sell", lifted - total));
            total = lifted;
        }
        Breakdown {
            base_score,
            provider: ProviderPoints { name: class, points: provider_points },
            signal_points,
            risk_points,
            adjustments: Points(adjustments),
            total_score: clamp(total),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Signal;
    use crate::signals::DmarcSignal;
    use crate::vocabulary::DmarcPolicy;

    fn facts(mailbox: Mailbox, dmarc: DmarcSignal) -> ScoreFacts {
        ScoreFacts {
            mailbox,
            spf: Signal::Missing,
            dkim: Signal::Missing,
            dmarc,
            many_includes: Signal::Missing,
        }
    }

    fn adds_up(breakdown: &Breakdown) -> bool {
        let rows = [&breakdown.signal_points, &breakdown.risk_points, &breakdown.adjustments];
        let rows: i16 = rows.iter().map(|points| points.sum()).sum();
        breakdown.base_score + breakdown.provider.points + rows == i16::from(breakdown.total_score)
    }

    #[test]
    fn d19_a_hard_fail_adds_up_to_zero_and_has_a_category() {
        let rules = RuleSet::builtin();
        let facts = facts(Mailbox::None, DmarcSignal::Policy(DmarcPolicy::Reject));
        let breakdown = rules.breakdown(&facts, ReferralFacts::default());
        assert!(adds_up(&breakdown));
        assert_eq!(breakdown.total_score, 0);
        assert_eq!(rules.verdict(&facts).priority_category.as_str(), "P6");
        assert_eq!(rules.verdict(&facts).priority_score, 7);
    }

    #[test]
    fn clamping_is_a_row_of_its_own() {
        let rules = RuleSet::builtin();
        let facts =
            facts(Mailbox::Class(ProviderClass::Unknown), DmarcSignal::Policy(DmarcPolicy::None));
        let breakdown = rules.breakdown(&facts, ReferralFacts::default());
        assert_eq!(breakdown.adjustments.get("clamp"), Some(35));
        assert!(adds_up(&breakdown));
    }

    #[test]
    fn referral_rows_are_listed_even_when_they_change_nothing() {
        let rules = RuleSet::builtin();
        let both = ReferralFacts { tenant: true, co_sell: true };
        let facts = facts(Mailbox::None, DmarcSignal::Absent);
        let breakdown = rules.breakdown(&facts, both);
        assert_eq!(breakdown.adjustments.get("referral_tenant"), Some(55));
        assert_eq!(breakdown.adjustments.get("referral_co_sell"), None);
        assert!(adds_up(&breakdown));
        let verdict = rules.verdict_with_referral(&facts, both);
        assert_eq!((verdict.score, verdict.segment.as_str()), (55, "Existing"));
    }
}
