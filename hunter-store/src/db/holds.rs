//! Who holds a connection, and for how long: a unit of work that is forgotten is found by name.

use std::collections::HashMap;
use std::panic::Location;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// A unit of work that holds a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Where in the code it was begun.
    pub holder: &'static Location<'static>,
    /// For how long it has been holding its connection.
    pub held_for: Duration,
    /// Whether that is longer than `hold_warning`.
    pub too_long: bool,
}

/// All holds of one database handle.
#[derive(Debug)]
pub(super) struct Holds {
    limit: Duration,
    next: AtomicU64,
    held: Mutex<HashMap<u64, Entry>>,
    reported: AtomicU64,
}

#[derive(Debug)]
struct Entry {
    holder: &'static Location<'static>,
    since: Instant,
    reported: bool,
}

/// Lives as long as the connection is held.
#[derive(Debug)]
pub(super) struct Hold {
    id: u64,
    holds: Arc<Holds>,
}

impl Holds {
    pub(super) fn new(limit: Duration) -> Self {
        Self {
            limit,
            next: AtomicU64::new(0),
            held: Mutex::new(HashMap::new()),
            reported: AtomicU64::new(0),
        }
    }

    pub(super) fn begin(self: &Arc<Self>, holder: &'static Location<'static>) -> Hold {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.entries().insert(id, Entry { holder, since: Instant::now(), reported: false });
        Hold { id, holds: Arc::clone(self) }
    }

    pub(super) fn all(&self) -> Vec<Held> {
        let mut all: Vec<Held> = self
            .entries()
            .values()
            .map(|entry| {
                let held_for = entry.since.elapsed();
                Held { holder: entry.holder, held_for, too_long: held_for > self.limit }
            })
            .collect();
        all.sort_by_key(|held| std::cmp::Reverse(held.held_for));
        all
    }

    /// How many were reported since the start.
    pub(super) fn reported(&self) -> u64 {
        self.reported.load(Ordering::Relaxed)
    }

    /// Reports each hold that lasts too long, once.
    fn report(&self) {
        for entry in self.entries().values_mut().filter(|entry| !entry.reported) {
            let held_for = entry.since.elapsed();
            if held_for > self.limit {
                entry.reported = true;
                self.reported.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(
                    holder = %entry.holder,
                    held_ms = u64::try_from(held_for.as_millis()).unwrap_or(u64::MAX),
                    "a unit of work holds its connection for too long"
                );
            }
        }
    }

    /// Nothing panics while the lock is held, so that a poisoned map is whole.
    fn entries(&self) -> MutexGuard<'_, HashMap<u64, Entry>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.holds.entries().remove(&self.id);
    }
}

/// Looks at the holds until their database handle is gone.
pub(super) fn watch(holds: &Arc<Holds>) {
    let watched: Weak<Holds> = Arc::downgrade(holds);
    let pause = (holds.limit / 4).clamp(Duration::from_millis(10), Duration::from_secs(1));
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(pause).await;
            match watched.upgrade() {
                Some(holds) => holds.report(),
                None => return,
            }
        }
    });
}
