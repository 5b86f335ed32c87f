//! The next step by itself, without the words of a summary.

use super::decide;
use super::engine::SalesEngine;
use super::summary::{Action, Level, Timeline};
use crate::vocabulary::Segment;

impl SalesEngine {
    /// What to do with a lead, by when, and how important it is: the table behind a summary's
    /// `next_step`.
    pub fn next_step(
        &self,
        segment: Option<Segment>,
        potential: u8,
        urgency: Level,
    ) -> (Action, Timeline, Level) {
        let step = decide::next_step(segment, potential, urgency, &self.parts.figures.next_step);
        (step.action, step.timeline, step.priority)
    }
}
