//! The figures of the sales tables, read from `data/sales.toml`.

use serde::Deserialize;

use crate::data_file::DataFile;
use crate::error::DataError;
use crate::vocabulary::{Segment, TenantSize};

/// How many priority scores there are, from 1.
const PRIORITIES: usize = 7;

const BUILTIN: &str = include_str!("../../data/sales.toml");

/// Points and thresholds behind potential, urgency and next step.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    pub(super) potential: PotentialFigures,
    pub(super) urgency: UrgencyFigures,
    pub(super) next_step: NextStepFigures,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PotentialFigures {
    segment: SegmentPoints,
    pub(super) readiness_score: ReadinessPoints,
    priority_score: PriorityPoints,
    tenant_size: SizePoints,
    pub(super) contact_quality: ContactPoints,
    pub(super) weights: Weights,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(non_snake_case, reason = "the keys are the frozen spellings of the segments")]
struct SegmentPoints {
    Migration: u8,
    Existing: u8,
    Cold: u8,
    otherwise: u8,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadinessPoints {
    share: f64,
    pub(super) without_score: u8,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct PriorityPoints {
    points: Vec<u8>,
    otherwise: u8,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct SizePoints {
    large: u8,
    medium: u8,
    small: u8,
    unknown: u8,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactPoints {
    share: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Weights {
    pub(super) segment: f64,
    pub(super) readiness_score: f64,
    pub(super) priority_score: f64,
    pub(super) tenant_size: f64,
    pub(super) contact_quality: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UrgencyFigures {
    pub(super) high: HighUrgency,
    pub(super) medium: MediumUrgency,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HighUrgency {
    pub(super) priority_score: u8,
    pub(super) migration_score: u8,
    pub(super) registration_days: i64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MediumUrgency {
    pub(super) priority_score: u8,
    pub(super) migration_score: u8,
    pub(super) existing_score: u8,
    pub(super) registration_days: i64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NextStepFigures {
    pub(super) wait_below: u8,
    pub(super) call_from: u8,
    pub(super) strong_from: u8,
}

impl Figures {
    /// Reads a file of figures; `file_name` only serves the error.
    ///
    /// # Errors
    /// [`DataError`] names the file, the line and the key.
    pub fn from_toml(file_name: &str, text: &str) -> Result<Self, DataError> {
        let at = DataFile { name: file_name, text };
        let figures: Self = at.toml()?;
        for (key, share) in [
            ("potential.readiness_score.share", figures.potential.readiness_score.share),
            ("potential.contact_quality.share", figures.potential.contact_quality.share),
        ] {
            if !(0.0..=1.0).contains(&share) {
                return Err(DataError {
                    line: None,
                    ..at.value_fault(key, "must lie between 0 and 1")
                });
            }
        }
        if figures.potential.priority_score.points.len() != PRIORITIES {
            let key = "potential.priority_score.points";
            let problem = "must hold seven numbers, for the priorities 1 to 7";
            return Err(at.value_fault(key, problem));
        }
        let steps = &figures.next_step;
        if !(steps.wait_below <= steps.call_from && steps.call_from <= steps.strong_from) {
            let problem = "`wait_below`, `call_from` and `strong_from` must rise in this order";
            return Err(at.value_fault("next_step.call_from", problem));
        }
        Ok(figures)
    }

    /// The figures that ship with the product.
    pub(super) fn builtin() -> Result<Self, DataError> {
        Self::from_toml("sales.toml", BUILTIN)
    }
}

impl PotentialFigures {
    pub(super) fn for_segment(&self, segment: Option<Segment>) -> u8 {
        match segment {
            Some(Segment::Migration) => self.segment.Migration,
            Some(Segment::Existing) => self.segment.Existing,
            Some(Segment::Cold) => self.segment.Cold,
            Some(Segment::Skip | Segment::Other) | None => self.segment.otherwise,
        }
    }

    pub(super) fn for_readiness(&self, score: Option<u8>) -> u8 {
        match score {
            None | Some(0) => self.readiness_score.without_score,
            Some(score) => share_of(score, self.readiness_score.share),
        }
    }

    pub(super) fn for_priority(&self, priority: Option<u8>) -> u8 {
        priority
            .and_then(|priority| usize::from(priority).checked_sub(1))
            .and_then(|index| self.priority_score.points.get(index).copied())
            .unwrap_or(self.priority_score.otherwise)
    }

    pub(super) fn for_size(&self, size: Option<TenantSize>) -> u8 {
        match size {
            Some(TenantSize::Large) => self.tenant_size.large,
            Some(TenantSize::Medium) => self.tenant_size.medium,
            Some(TenantSize::Small) => self.tenant_size.small,
            None => self.tenant_size.unknown,
        }
    }

    pub(super) fn for_contacts(&self, quality: u8) -> u8 {
        share_of(quality, self.contact_quality.share)
    }
}

/// `value` times a share of at most 1, rounded down.
fn share_of(value: u8, share: f64) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number from 0 to 255, cut to its whole part on purpose"
    )]
    let points = (f64::from(value) * share) as u8;
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_follow_the_table() {
        let table = Figures::builtin().expect("the built-in figures").potential;
        assert_eq!(table.for_segment(Some(Segment::Other)), 5);
        assert_eq!(table.for_readiness(Some(67)), 20);
        assert_eq!(table.for_readiness(Some(0)), 10);
        assert_eq!(table.for_readiness(Some(1)), 0);
        assert_eq!(table.for_priority(Some(7)), 2);
        assert_eq!(table.for_priority(Some(0)), 5);
        assert_eq!(table.for_priority(Some(8)), 5);
        assert_eq!(table.for_contacts(76), 3);
    }

    #[test]
    fn figures_out_of_range_are_refused() {
        let read = |from: &str, to: &str| {
            assert!(BUILTIN.contains(from));
            Figures::from_toml("s.toml", &BUILTIN.replacen(from, to, 1)).expect_err("a fault")
        };
        assert_eq!(read("share = 0.3 ", "share = 3.0 ").code, "data_value");
        assert_eq!(
            read("call_from = 50", "call_from = 90").key.as_deref(),
            Some("next_step.call_from")
        );
        assert_eq!(read("2]   #", "2, 1]   #").code, "data_value");
        assert_eq!(read("Cold = 15\n", "").code, "data_missing_key");
    }
}
