//! The scanner, asked once an hour for each domain.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use hunter_core::observation::Outcome;
use hunter_core::{Domain, Observation};
use hunter_scan::Scanner;
use hunter_store::bulk::{Observer, Unobserved};
use hunter_store::cache::{Cache, CacheKey, Caches};
use time::OffsetDateTime;

use super::counts::{ScanCounts, ScanMetrics};

/// How long an observation holds.
const HOLDS: Duration = Duration::from_hours(1);
/// How long one holds in which a question failed.
const FAILED_HOLDS: Duration = Duration::from_mins(1);

/// `dns:{domain}`: what was observed. One in which a question failed is kept apart, and briefly.
pub(super) struct Dns {
    domain: Domain,
    profile: &'static str,
}

impl CacheKey for Dns {
    type Value = Observation;
    type Failure = Observation;

    const NAME: &'static str = "dns";
    const SCHEMA: u32 = hunter_core::observation::FORMAT;
    const LIFETIME: Duration = HOLDS;
    const FAILURE_LIFETIME: Duration = FAILED_HOLDS;
    /// An observation takes some 20 KB: these are 40 MB. Redis remembers more, where it is set up.
    const CAPACITY: u64 = 2_000;

    fn key(&self) -> String {
        format!("{}:{}", self.domain, self.profile)
    }

    fn lifetime(&self, seen: &Observation) -> Duration {
        holds(seen)
    }
}

/// For how long an observation still holds.
pub(super) fn holds(seen: &Observation) -> Duration {
    let whole = if failed(seen) { FAILED_HOLDS } else { HOLDS };
    let age = OffsetDateTime::now_utc() - seen.observed_at;
    whole.saturating_sub(age.try_into().unwrap_or_default())
}

/// Whether a question was not answered.
fn failed(seen: &Observation) -> bool {
    seen.answers.iter().any(|answer| matches!(answer.outcome, Outcome::TempFail { .. }))
}

/// A scanner that remembers. Cheap to clone.
#[derive(Clone)]
pub struct CachedScanner {
    scanner: Scanner,
    cache: Cache<Dns>,
    counts: Arc<ScanCounts>,
}

impl CachedScanner {
    /// A scanner over the caches of the process.
    pub fn new(scanner: Scanner, caches: &Caches) -> Self {
        Self { scanner, cache: caches.cache(), counts: Arc::default() }
    }

    /// The scanner itself.
    pub const fn scanner(&self) -> &Scanner {
        &self.scanner
    }

    /// What was observed so far, in numbers.
    pub fn counts(&self) -> ScanMetrics {
        self.counts.metrics()
    }

    /// What is known of a domain, or else is observed now.
    pub async fn observe(&self, domain: &Domain) -> Observation {
        let load = async {
            let begun = self.counts.begin();
            let seen = self.scanner.observe(domain).await;
            begun.end(&seen);
            if failed(&seen) { Err(seen) } else { Ok(seen) }
        };
        let seen = self.cache.get_or_load(&self.key(domain), load).await;
        seen.map_or_else(|seen| Observation::clone(&seen), |seen| Observation::clone(&seen))
    }

    /// Forgets what is known of a domain, in every process.
    pub async fn forget(&self, domain: &Domain) {
        self.cache.invalidate(&self.key(domain)).await;
    }

    fn key(&self, domain: &Domain) -> Dns {
        Dns { domain: domain.clone(), profile: self.scanner.config().profile.as_str() }
    }
}

#[async_trait]
impl Observer for CachedScanner {
    async fn observe(&self, domain: &Domain, anew: bool) -> Result<Observation, Unobserved> {
        if anew {
            self.forget(domain).await;
        }
        Ok(Self::observe(self, domain).await)
    }
}
