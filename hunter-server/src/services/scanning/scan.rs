//! One domain now: observed or remembered, assessed, kept.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use hunter_core::changes::Change;
use hunter_core::{Domain, Observation};
use hunter_store::bulk::{Describe, LeadRecorder, Observer, SharedEngine, TRIES, Unobserved};
use hunter_store::cache::{Cache, CacheKey, Caches};
use hunter_store::companies::{Companies as _, Company};
use hunter_store::opt_outs::{OptOuts as _, Refusal};
use hunter_store::{Db, StoreError};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::observer::{CachedScanner, holds};
use super::{Alerted, Changed, Scanned};

/// `scan:{domain}`: the verdict by these rules.
struct Scan {
    domain: Domain,
    rules: String,
}

/// A verdict, and how long what it rests on still held when it was kept.
#[derive(Serialize, Deserialize)]
struct Verdict {
    scanned: Scanned,
    holds: Duration,
}

impl CacheKey for Scan {
    type Value = Verdict;
    type Failure = NotScanned;

    const NAME: &'static str = "scan";
    const SCHEMA: u32 = 1;
    const LIFETIME: Duration = Duration::from_hours(1);
    /// A verdict takes a few kilobytes; it is asked for again by people, who are few.
    const CAPACITY: u64 = 5_000;

    fn key(&self) -> String {
        format!("{}:{}", self.domain, self.rules)
    }

    fn lifetime(&self, verdict: &Verdict) -> Duration {
        verdict.holds
    }

    /// A database that failed may be back by the next request.
    fn failure_lifetime(&self, _: &NotScanned) -> Duration {
        Duration::ZERO
    }
}

/// Why a domain was not scanned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum NotScanned {
    /// Its owner does not want to be asked.
    #[error("the owner of `{0}` opted out")]
    OptedOut(Domain),
    /// The result could not be kept.
    #[error("{message}")]
    Store {
        /// The code of the store's error.
        code: String,
        /// Whether it is worth trying again.
        retryable: bool,
        /// What it said.
        message: String,
    },
}

impl From<StoreError> for NotScanned {
    fn from(error: StoreError) -> Self {
        Self::Store {
            code: error.code().to_owned(),
            retryable: error.is_retryable(),
            message: error.to_string(),
        }
    }
}

/// A domain that was scanned again.
#[derive(Debug, Clone, PartialEq)]
pub struct Rescanned {
    /// The verdict.
    pub scanned: Scanned,
    /// What changed against what was known before.
    pub changes: Vec<Changed>,
    /// The alerts that were raised.
    pub alerts: Vec<Alerted>,
}

/// Scans one domain at a time, and keeps what comes out. Cheap to clone.
#[derive(Clone)]
pub struct ScanService {
    db: Db,
    observer: CachedScanner,
    recorder: LeadRecorder,
    words: Arc<dyn Describe>,
    cache: Cache<Scan>,
}

impl ScanService {
    /// Joins its parts.
    pub fn new(
        db: Db,
        observer: CachedScanner,
        engine: impl Into<SharedEngine>,
        words: Arc<dyn Describe>,
        caches: &Caches,
    ) -> Self {
        Self {
            db,
            observer,
            recorder: LeadRecorder::new(engine, Arc::clone(&words)),
            words,
            cache: caches.cache(),
        }
    }

    /// What assesses and keeps.
    pub const fn recorder(&self) -> &LeadRecorder {
        &self.recorder
    }

    /// The scanner with its memory.
    pub const fn observer(&self) -> &CachedScanner {
        &self.observer
    }

    /// The verdict on a domain: that of the last hour, or a new one.
    ///
    /// # Errors
    /// Why it was not scanned.
    pub async fn scan(&self, domain: &Domain) -> Result<Scanned, NotScanned> {
        let known = self.known(domain).await?;
        let key = self.key(domain);
        if known.is_none() {
            // Where its lead was erased, a remembered verdict would be all that is left of it.
            self.cache.invalidate(&key).await;
        }
        let load = async {
            let seen = self.observer.observe(domain).await;
            let (scanned, _) = self.keep(&seen).await?;
            Ok(Verdict { scanned, holds: holds(&seen) })
        };
        let verdict = self.cache.get_or_load(&key, load).await;
        verdict.map(|verdict| verdict.scanned.clone()).map_err(|error| NotScanned::clone(&error))
    }

    /// A new verdict, whatever is remembered in any process, and what changed.
    ///
    /// # Errors
    /// Why it was not scanned.
    pub async fn rescan(&self, domain: &Domain) -> Result<Rescanned, NotScanned> {
        self.known(domain).await?;
        self.forget(domain).await;
        let seen = self.observer.observe(domain).await;
        let (scanned, changes) = self.keep(&seen).await?;
        Ok(Rescanned {
            scanned,
            changes: changes.iter().map(Changed::of).collect(),
            alerts: Alerted::all(&changes),
        })
    }

    /// What is observed of a domain, or remembered, without a verdict.
    ///
    /// # Errors
    /// Why it was not asked.
    pub async fn look(&self, domain: &Domain) -> Result<Observation, NotScanned> {
        self.known(domain).await?;
        Ok(self.observer.observe(domain).await)
    }

    /// Forgets what is remembered of a domain, in every process.
    pub async fn forget(&self, domain: &Domain) {
        self.observer.forget(domain).await;
        self.cache.invalidate(&self.key(domain)).await;
    }

    /// The company, where it is known; whoever opted out is refused, and that is written down.
    async fn known(&self, domain: &Domain) -> Result<Option<Company>, NotScanned> {
        let mut unit = self.db.read().await?;
        let opted_out = unit.opted_out(std::slice::from_ref(domain)).await?;
        if opted_out.is_empty() {
            return Ok(unit.company(domain).await?);
        }
        drop(unit);
        let refusal = Refusal {
            domain: domain.as_str().to_owned(),
            action: "scan".to_owned(),
            refused_at: OffsetDateTime::now_utc(),
        };
        let mut unit = self.db.begin().await?;
        unit.refuse(vec![refusal]).await?;
        unit.commit().await?;
        Err(NotScanned::OptedOut(domain.clone()))
    }

    async fn keep(&self, seen: &Observation) -> Result<(Scanned, Vec<Change>), NotScanned> {
        let mut tries = 1;
        loop {
            match self.keep_once(seen).await {
                // Another unit of work was in the way.
                Err(NotScanned::Store { retryable: true, code, .. }) if tries < TRIES => {
                    tracing::warn!(code, tries, domain = %seen.domain, "the result is written once more");
                    tokio::time::sleep(Duration::from_millis(50) * tries).await;
                    tries += 1;
                }
                kept => return kept,
            }
        }
    }

    async fn keep_once(&self, seen: &Observation) -> Result<(Scanned, Vec<Change>), NotScanned> {
        let mut unit = self.db.begin().await?;
        let saved = self.recorder.keep(&mut unit, std::slice::from_ref(seen)).await?;
        let company = unit.company(&seen.domain).await?;
        // Without a company its owner opted out since the scan began.
        let (Some(saved), Some(company)) = (saved.into_iter().flatten().next(), company) else {
            unit.roll_back().await?;
            return Err(NotScanned::OptedOut(seen.domain.clone()));
        };
        unit.commit().await?;
        let assessment = self.recorder.engine().get().assess(seen, &company.told());
        let reason = self.words.reason(&assessment);
        Ok((Scanned::of(&assessment, reason), saved.changes))
    }

    /// By the rules in force: a verdict by others is not found any more.
    fn key(&self, domain: &Domain) -> Scan {
        let engine = self.recorder.engine().get();
        let hashes =
            [engine.rules().hash(), engine.fingerprints().hash(), engine.confidence().hash()];
        let short = hashes.map(|hash| hash.chars().take(12).collect::<String>());
        Scan { domain: domain.clone(), rules: short.join("-") }
    }
}

/// As jobs use it: they keep what was observed themselves.
#[async_trait]
impl Observer for ScanService {
    async fn observe(&self, domain: &Domain, anew: bool) -> Result<Observation, Unobserved> {
        if anew {
            self.forget(domain).await;
        }
        Ok(self.observer.observe(domain).await)
    }
}
