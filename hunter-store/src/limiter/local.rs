//! The buckets of one process.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Limit;
use super::gcra::{Answer, micros, take};

/// Buckets by key, on this process's monotonic clock.
pub(super) struct Local {
    buckets: Mutex<Buckets>,
}

struct Buckets {
    epoch: Instant,
    /// Buckets count as empty at this moment, in microseconds after `epoch`; `None`: as full.
    emptied_at: Option<u64>,
    full_at: HashMap<String, u64>,
}

/// Buckets that are full again are dropped when there are as many as this.
const MANY: usize = 1024;

impl Local {
    /// For a process that shares with nobody: buckets start full.
    pub(super) fn alone() -> Self {
        let epoch = Instant::now();
        Self { buckets: Mutex::new(Buckets { epoch, emptied_at: None, full_at: HashMap::new() }) }
    }

    /// Empties every bucket, for a process that takes over from Redis.
    pub(super) fn empty(&self) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.emptied_at = Some(micros(buckets.epoch.elapsed()));
        buckets.full_at.clear();
    }

    /// The next permit of a key, by one of `shares` equal shares of the limit.
    pub(super) fn reserve(
        &self,
        key: &str,
        limit: Limit,
        shares: u32,
        patience: Duration,
    ) -> Answer {
        let interval = micros(limit.interval) * u64::from(shares);
        let burst = u64::from((limit.burst.get() / shares).max(1));
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let now = micros(buckets.epoch.elapsed());
        let full_at = buckets.full_at.get(key).copied();
        let full_at = full_at
            // One below empty: a permit that Redis gave for a moment to come may still be waited for.
            .or_else(|| {
                buckets
                    .emptied_at
                    .filter(|_| !limit.forgives)
                    .map(|emptied_at| emptied_at + (burst + 1) * interval)
            })
            .unwrap_or(now);
        let (taken, answer) = take(full_at, now, interval, burst, micros(patience));
        if let Some(full_at) = taken {
            if let Some(bucket) = buckets.full_at.get_mut(key) {
                *bucket = full_at;
            } else {
                if buckets.full_at.len() >= MANY && buckets.full_at.len().is_power_of_two() {
                    // Those are as good as new, once the emptying is long enough ago for all.
                    buckets.full_at.retain(|_, full_at| *full_at > now);
                }
                buckets.full_at.insert(key.to_owned(), full_at);
            }
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    #[test]
    fn after_a_loss_only_a_forgiving_limit_starts_full() {
        let ten = NonZeroU32::new(10).expect("not zero");
        let strict = Limit::new(ten, Duration::from_hours(1), ten);
        let leave = |local: &Local, key: &str, limit: Limit, shares: u32| {
            (0..20)
                .filter(|_| {
                    let answer = local.reserve(key, limit, shares, Duration::ZERO);
                    matches!(answer, Answer::Leave { .. })
                })
                .count()
        };
        let local = Local::alone();
        assert_eq!(
            (leave(&local, "a", strict, 1), leave(&local, "b", strict.forgiving(), 1)),
            (10, 10)
        );
        local.empty();
        assert_eq!(
            (leave(&local, "a", strict, 2), leave(&local, "b", strict.forgiving(), 2)),
            (0, 5)
        );
    }
}
