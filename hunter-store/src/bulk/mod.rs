//! Many domains, observed and assessed in batches: nothing twice, nothing lost, in bounded memory.
//!
//! [`BulkScan`] is the [`Handler`](crate::queue::Handler) for jobs of the kind [`KIND`], enqueued by
//! [`enqueue_domains`](crate::queue::Jobs::enqueue_domains). It asks an [`Observer`] for each domain of
//! a batch, and has a [`Recorder`] assess and keep what was observed.
//!
//! # What holds
//!
//! * **One transaction a batch**: results, commit log, the batch's end and the job's counts are written
//!   together. A worker that dies before that has written nothing; one that dies after it has nothing
//!   to repeat; what was committed singly (below) is never observed again.
//! * **A deadlock or serialisation failure** is tried [`TRIES`] times, with pauses that double and
//!   vary. A database that is away or full is waited for, for [`BulkSettings::patience`]: observations
//!   are dear.
//! * **A domain that fails** is written in the commit log with its code; the others of its batch are
//!   committed. A result that the database refuses fails alone, since the batch is then written domain
//!   by domain.
//! * **A domain that kills workers** is found: from the third time on, the domains of a batch are done
//!   one after the other, and the one at which the worker died again fails as `bulk_poisoned`.
//! * **Whoever opted out** is not observed; it is a failure with the code `opted_out`, and the refusal is
//!   written down.
//! * **Batches never touch each other**: each locks its rows in the order of domains.
//! * Everything logged carries `bulk_id`, `batch_no`, `total_batches` and `batch_size`.

mod engine;
mod leads;
mod reassess;
mod rescan;
mod results;
mod scan;

use std::time::Duration;

use async_trait::async_trait;
use hunter_core::{Domain, Observation};

pub use engine::SharedEngine;
pub use leads::{Describe, LeadRecorder, NoWords};
pub use reassess::{REASSESS, Reassess, Reassessments, SegmentChange};
pub use rescan::{MOST_DUE, RESCAN_DUE, RescanDue, Rescans};
pub use results::{ScanNews, ScanResult, ScanResults};
pub use scan::BulkScan;

use crate::db::Unit;
use crate::error::StoreError;

/// The kind of jobs that scan domains.
pub const KIND: &str = "scan";

/// How often a batch is written that meets another unit of work.
pub const TRIES: u32 = 3;

/// Puts the questions about a domain; the server supplies the real one.
#[async_trait]
pub trait Observer: Send + Sync + 'static {
    /// Observes a domain. `anew` asks for facts that are not taken from a cache.
    ///
    /// # Errors
    /// Why there is no observation at all; a question that was not answered is part of one.
    async fn observe(&self, domain: &Domain, anew: bool) -> Result<Observation, Unobserved>;
}

/// Why a domain was not observed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Unobserved {
    /// The stable code, which the commit log keeps.
    pub code: &'static str,
    /// What happened.
    pub message: String,
}

/// Assesses observations and keeps the results.
#[async_trait]
pub trait Recorder: Send + Sync + 'static {
    /// Writes the results of observations, which come in the order of domains, as part of the unit.
    ///
    /// # Errors
    /// What the store said; the unit is then rolled back.
    async fn record(&self, unit: &mut Unit, observations: &[Observation])
    -> Result<(), StoreError>;
}

/// How a batch is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkSettings {
    /// How many domains of a batch are observed at a time.
    pub parallel: usize,
    /// How long one domain may take.
    pub domain_timeout: Duration,
    /// How long results are held for a database that is away or full.
    pub patience: Duration,
}

impl Default for BulkSettings {
    fn default() -> Self {
        Self {
            parallel: 50,
            domain_timeout: Duration::from_mins(1),
            patience: Duration::from_mins(2),
        }
    }
}

/// The size of batches for a number of permits a second, the slowest that each domain needs: ten
/// seconds' work, at most 100.
pub fn batch_size(per_second: u32) -> u32 {
    per_second.saturating_mul(10).clamp(1, 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_ten_seconds_of_the_slower_limit() {
        assert_eq!(batch_size(5), 50);
        assert_eq!(batch_size(1000), 100);
        assert_eq!(batch_size(0), 1);
    }
}
