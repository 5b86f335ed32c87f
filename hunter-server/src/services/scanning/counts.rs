//! What scans found, in numbers: each observation that was made passes here once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hunter_core::Observation;
use hunter_core::observation::Outcome;
use serde::Serialize;

/// How answers can end, in the words of observations.
const KINDS: [&str; 5] = ["found", "absent", "temp_fail", "perm_fail", "not_asked"];

type ByKind = [AtomicU64; KINDS.len()];

/// What scans of this process found.
#[derive(Debug, Default)]
pub(super) struct ScanCounts {
    domains: AtomicU64,
    partial: AtomicU64,
    micros: AtomicU64,
    under_way: AtomicU64,
    dns: ByKind,
    registration: ByKind,
    probes: ByKind,
}

/// What scans of this process found so far. What came from a cache is not counted again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ScanMetrics {
    /// Domains that were observed.
    pub domains: u64,
    /// Those of them in which a question was not answered.
    pub partial: u64,
    /// How long they took, all together, with the time that they waited for leave.
    pub busy: Duration,
    /// Domains that are being observed.
    pub under_way: u64,
    /// Answers of the DNS by how they ended.
    pub dns: Vec<(&'static str, u64)>,
    /// Registrations by how the look-up ended.
    pub registration: Vec<(&'static str, u64)>,
    /// Probes by how they ended.
    pub probes: Vec<(&'static str, u64)>,
}

fn kind<T, S>(outcome: &Outcome<T, S>) -> usize {
    match outcome {
        Outcome::Found(_) => 0,
        Outcome::Absent { .. } => 1,
        Outcome::TempFail { .. } => 2,
        Outcome::PermFail { .. } => 3,
        Outcome::NotAsked { .. } => 4,
    }
}

impl ScanCounts {
    /// An observation that begins.
    pub(super) fn begin(&self) -> Begun<'_> {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        Begun { counts: self, since: Instant::now() }
    }

    pub(super) fn metrics(&self) -> ScanMetrics {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let by_kind = |counts: &ByKind| KINDS.into_iter().zip(counts.iter().map(read)).collect();
        ScanMetrics {
            domains: read(&self.domains),
            partial: read(&self.partial),
            busy: Duration::from_micros(read(&self.micros)),
            under_way: read(&self.under_way),
            dns: by_kind(&self.dns),
            registration: by_kind(&self.registration),
            probes: by_kind(&self.probes),
        }
    }
}

/// An observation under way; one that is given up is none.
pub(super) struct Begun<'a> {
    counts: &'a ScanCounts,
    since: Instant,
}

impl Begun<'_> {
    /// Counts what was seen.
    pub(super) fn end(self, seen: &Observation) {
        let counts = self.counts;
        let add = |counter: &AtomicU64| counter.fetch_add(1, Ordering::Relaxed);
        add(&counts.domains);
        let failed = |outcome: usize| outcome == 2;
        let dns = seen.answers.iter().map(|answer| kind(&answer.outcome));
        if dns.clone().any(failed) {
            add(&counts.partial);
        }
        dns.for_each(|kind| _ = add(&counts.dns[kind]));
        if let Some(registration) = &seen.registration {
            add(&counts.registration[kind(&registration.outcome)]);
        }
        for probe in seen.probes.values() {
            add(&counts.probes[kind(&probe.0)]);
        }
        let micros = u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX);
        counts.micros.fetch_add(micros, Ordering::Relaxed);
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        self.counts.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}
