//! Scans against a local name server, side by side with what others do of the same work.
//!
//! Each run is a process of its own, so that memory and processor time are its own too. [`observe`]
//! is a run of ours, [`outside`] starts the programs of others, [`delay`] makes a near server a far
//! one, and [`report`] prints what came of it.

pub mod delay;
pub mod observe;
pub mod outside;
pub mod report;
pub mod usage;

use serde::{Deserialize, Serialize};

use crate::report::precise;

/// What one run came to, as it says itself on its last line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Domains finished.
    pub domains: u64,
    /// Questions sent, each try counted.
    pub queries: u64,
    /// Questions without an answer; none where the program does not tell.
    pub unknown: Option<u64>,
    /// Time from the first question to the last answer.
    pub seconds: f64,
    /// Processor time meanwhile, of the program and not of the name server.
    pub cpu_seconds: f64,
    /// The most memory that it ever held; none where it was not seen.
    pub peak_kib: Option<u64>,
}

impl Run {
    /// Domains a second.
    pub fn domains_per_second(&self) -> f64 {
        precise(self.domains) / self.seconds
    }

    /// Questions a second.
    pub fn queries_per_second(&self) -> f64 {
        precise(self.queries) / self.seconds
    }

    /// Milliseconds of processor time for a thousand questions.
    pub fn cpu_per_thousand(&self) -> f64 {
        self.cpu_seconds * 1e6 / precise(self.queries)
    }
}

/// So many items, evenly spread over all.
pub fn sample<T: Clone>(items: &[T], count: usize) -> Vec<T> {
    let step = (items.len() / count.max(1)).max(1);
    items.iter().step_by(step).take(count).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_spread_and_never_larger_than_asked_for() {
        let items: Vec<u32> = (0..45).collect();
        assert_eq!(sample(&items, 5), [0, 9, 18, 27, 36]);
        assert_eq!(sample(&items, 44).len(), 44);
        assert_eq!(sample(&items, 100), items);
    }

    #[test]
    fn rates_are_of_the_time_that_the_run_states() {
        let run = Run {
            domains: 50,
            queries: 2_000,
            unknown: Some(0),
            seconds: 0.5,
            cpu_seconds: 0.2,
            peak_kib: None,
        };
        assert!((run.domains_per_second() - 100.0).abs() < 1e-9);
        assert!((run.queries_per_second() - 4_000.0).abs() < 1e-9);
        assert!((run.cpu_per_thousand() - 100.0).abs() < 1e-9);
    }
}
