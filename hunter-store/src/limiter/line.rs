//! Those who wait for a key, in the order in which they came.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use super::Permit;

/// A permit for a moment to come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) at: Instant,
    pub(super) permit: Permit,
}

/// Tokio's mutex is first come, first served; it holds the moment of whoever was first and gave up.
type Line = tokio::sync::Mutex<Option<Moment>>;

/// A line for each key that somebody waits for.
#[derive(Default)]
pub(super) struct Lines {
    by_key: Mutex<HashMap<String, Arc<Line>>>,
}

/// Lines that nobody stands in are looked for when there are as many as this.
const MANY: usize = 1024;

impl Lines {
    pub(super) fn join(&self, key: &str) -> Arc<Line> {
        let mut by_key = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = by_key.get(key) {
            return Arc::clone(line);
        }
        if by_key.len() >= MANY && by_key.len().is_power_of_two() {
            by_key.retain(|_, line| Arc::strong_count(line) > 1);
        }
        Arc::clone(by_key.entry(key.to_owned()).or_default())
    }
}
