//! The decision tables without a word of text: potential, urgency, next step.

use super::facts::SalesFacts;
use super::figures::{Figures, NextStepFigures, UrgencyFigures};
use super::summary::{Action, Level, Timeline};
use crate::vocabulary::Segment;

/// The most that a potential can be.
const FULL: u8 = 100;

/// The points of each factor and what they come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Potential {
    pub(super) segment: u8,
    pub(super) readiness: u8,
    pub(super) priority: u8,
    pub(super) size: u8,
    /// `None` when the contact quality is unknown or 0, and so not counted.
    pub(super) contacts: Option<u8>,
    /// The points added up.
    pub(super) sum: u16,
    /// The sum times the tuning factor, rounded down, at most 100.
    pub(super) total: u8,
}

pub(super) fn potential(facts: &SalesFacts, figures: &Figures, tuning_factor: f64) -> Potential {
    let table = &figures.potential;
    let segment = table.for_segment(facts.segment);
    let readiness = table.for_readiness(facts.readiness_score);
    let priority = table.for_priority(facts.priority_score);
    let size = table.for_size(facts.tenant_size);
    let contacts = facts
        .contact_quality_score
        .filter(|quality| *quality > 0)
        .map(|quality| table.for_contacts(quality));
    let sum = [segment, readiness, priority, size, contacts.unwrap_or(0)]
        .into_iter()
        .map(u16::from)
        .sum();
    Potential {
        segment,
        readiness,
        priority,
        size,
        contacts,
        sum,
        total: tuned(sum, tuning_factor),
    }
}

/// The sum times the tuning factor, rounded down, at most [`FULL`].
fn tuned(sum: u16, factor: f64) -> u8 {
    let tuned = (f64::from(sum) * factor).clamp(0.0, f64::from(FULL));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number from 0 to 100, cut to its whole part on purpose"
    )]
    let total = tuned as u8;
    total
}

/// The row of the urgency table that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UrgencyCause {
    /// The priority score is at the top.
    Priority,
    /// The segment and a good score.
    Score,
    /// The registration ends soon, or has ended.
    Registration,
    /// No row holds.
    Nothing,
}

pub(super) fn urgency(
    facts: &SalesFacts,
    days_left: Option<i64>,
    figures: &UrgencyFigures,
) -> (Level, UrgencyCause) {
    let scored = |segment, from| {
        facts.segment == Some(segment) && facts.readiness_score.is_some_and(|score| score >= from)
    };
    let ends_within = |days| days_left.is_some_and(|left| left < days);
    let (high, medium) = (&figures.high, &figures.medium);
    if facts.priority_score == Some(high.priority_score) {
        (Level::High, UrgencyCause::Priority)
    } else if scored(Segment::Migration, high.migration_score) {
        (Level::High, UrgencyCause::Score)
    } else if ends_within(high.registration_days) {
        (Level::High, UrgencyCause::Registration)
    } else if facts.priority_score == Some(medium.priority_score) {
        (Level::Medium, UrgencyCause::Priority)
    } else if scored(Segment::Migration, medium.migration_score)
        || scored(Segment::Existing, medium.existing_score)
    {
        (Level::Medium, UrgencyCause::Score)
    } else if ends_within(medium.registration_days) {
        (Level::Medium, UrgencyCause::Registration)
    } else {
        (Level::Low, UrgencyCause::Nothing)
    }
}

/// What to do, by when, and how important it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) action: Action,
    pub(super) timeline: Timeline,
    pub(super) priority: Level,
}

pub(super) fn next_step(
    segment: Option<Segment>,
    potential: u8,
    urgency: Level,
    figures: &NextStepFigures,
) -> Step {
    use {Action as Do, Level as Is, Timeline as By};
    let step = |action, timeline, priority| Step { action, timeline, priority };
    if segment == Some(Segment::Skip) || potential < figures.wait_below {
        return step(Do::Wait, By::Month, Is::Low);
    }
    if potential < figures.call_from {
        return step(Do::Email, By::Week, Is::Low);
    }
    if potential < figures.strong_from {
        return step(Do::Call, By::ThreeDays, Is::Medium);
    }
    match (segment, urgency) {
        (Some(Segment::Migration | Segment::Existing), Is::High | Is::Medium) | (_, Is::High) => {
            step(Do::Call, By::Day, Is::High)
        }
        (_, Is::Medium) => step(Do::Call, By::ThreeDays, Is::Medium),
        (Some(Segment::Migration), Is::Low) => step(Do::Call, By::Week, Is::Medium),
        (Some(Segment::Existing), Is::Low) => step(Do::Email, By::Week, Is::Medium),
        (_, Is::Low) => step(Do::Wait, By::Month, Is::Low),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_tuned_rounded_down_and_capped() {
        assert_eq!(tuned(73, 1.1), 80);
        assert_eq!(tuned(73, 0.0), 0);
        assert_eq!(tuned(105, 1.0), 100);
        assert_eq!(tuned(36, 0.9), 32);
    }

    #[test]
    fn registration_days_decide_at_their_bounds() {
        let figures = Figures::builtin().expect("the built-in figures");
        let facts = SalesFacts::new("ornek.com.tr".parse().expect("a domain"));
        let level = |days| urgency(&facts, Some(days), &figures.urgency).0;
        assert_eq!(level(-400), Level::High);
        assert_eq!(level(59), Level::High);
        assert_eq!(level(60), Level::Medium);
        assert_eq!(level(89), Level::Medium);
        assert_eq!(level(90), Level::Low);
    }
}
