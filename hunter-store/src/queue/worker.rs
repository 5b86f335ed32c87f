//! The worker: takes batches, hands them to their handlers, and never stops by itself.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval_at, sleep, timeout};
use tracing::Instrument as _;
use uuid::Uuid;

use super::claims::{self, Claim};
use super::clock::jittered;
use super::schedules::Schedules;
use crate::db::Db;
use crate::error::StoreError;

/// Does the batches of one kind.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// The kind of jobs.
    fn kind(&self) -> &'static str;

    /// Whether the handler itself sees to batches under which workers die, however often they are taken.
    /// Others are parked after [`WorkerSettings::attempts`] times.
    fn survives_poison(&self) -> bool {
        false
    }

    /// Does a batch, and ends it by [`Jobs::finish`](super::Jobs::finish) in the unit of work that
    /// writes its results. It may be dropped at any await, and may be started again.
    ///
    /// # Errors
    /// What is to be done about the batch.
    async fn run(&self, db: &Db, claim: &Claim) -> Result<(), Failure>;

    /// What it did so far, where it counts the items of batches; nothing where it does not.
    fn items(&self) -> ItemMetrics {
        ItemMetrics::default()
    }
}

/// What handlers did with the items of batches, since they were made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ItemMetrics {
    /// Items that were committed as successes.
    pub succeeded: u64,
    /// Items that were committed as failures.
    pub failed: u64,
    /// Times that a batch met another unit of work and was written once more.
    pub deadlocks: u64,
    /// Batches that the database refused as a whole, and that were written item by item.
    pub recoveries: u64,
}

/// Why a batch was not done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Try again later; after [`WorkerSettings::attempts`] times, park it.
    #[error("{0}")]
    Again(String),
    /// Park it at once: no further try could succeed.
    #[error("{0}")]
    Park(String),
    /// The batch is not this worker's any more: another one has it, or the job was cancelled.
    #[error("the batch is not this worker's any more")]
    Lost,
    /// The store failed. Where it is only away or full, that is no attempt.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How a worker works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerSettings {
    /// How many batches at a time.
    pub concurrency: usize,
    /// How long a batch stays with a worker that is not heard of.
    pub lease: Duration,
    /// How often an idle worker looks for work.
    pub poll: Duration,
    /// How often a batch may fail.
    pub attempts: i16,
    /// The pause after the first failure; it doubles with each further one.
    pub pause: Duration,
    /// How long batches may go on after a stop.
    pub grace: Duration,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            concurrency: 4,
            lease: Duration::from_secs(30),
            poll: Duration::from_millis(500),
            attempts: 5,
            pause: Duration::from_secs(1),
            grace: Duration::from_secs(20),
        }
    }
}

/// What a worker did, since it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WorkerMetrics {
    /// Batches that were done.
    pub done: u64,
    /// Batches that failed and were given back.
    pub failed: u64,
    /// Batches that were parked.
    pub parked: u64,
    /// Batches that another worker took over, or that were cancelled.
    pub lost: u64,
    /// How long the handlers took, all batches together.
    pub busy: Duration,
    /// Batches that are under way.
    pub under_way: u64,
    /// What became of the items.
    pub items: ItemMetrics,
}

#[derive(Default)]
struct Counters {
    done: AtomicU64,
    failed: AtomicU64,
    parked: AtomicU64,
    lost: AtomicU64,
    busy_micros: AtomicU64,
    under_way: AtomicU64,
}

/// Counts a batch while it is under way, and the time that it took; also where it is given up.
struct Timed<'a> {
    counters: &'a Counters,
    begun: Instant,
}

impl<'a> Timed<'a> {
    fn begin(counters: &'a Counters) -> Self {
        counters.under_way.fetch_add(1, Ordering::Relaxed);
        Self { counters, begun: Instant::now() }
    }
}

impl Drop for Timed<'_> {
    fn drop(&mut self) {
        let micros = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.counters.busy_micros.fetch_add(micros, Ordering::Relaxed);
        self.counters.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Takes batches and has them done. Cheap to clone.
#[derive(Clone)]
pub struct Worker {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    /// Another one for each start: a name that comes again would be taken for the one that died.
    name: String,
    handlers: HashMap<&'static str, Arc<dyn Handler>>,
    settings: WorkerSettings,
    counters: Counters,
    away: AtomicBool,
}

impl Worker {
    /// A worker with its handlers, one for each kind.
    pub fn new(db: Db, handlers: Vec<Arc<dyn Handler>>, settings: WorkerSettings) -> Self {
        let name = format!("{}-{}", std::process::id(), Uuid::now_v7().as_simple());
        let handlers = handlers.into_iter().map(|handler| (handler.kind(), handler)).collect();
        let (counters, away) = Default::default();
        Self { inner: Arc::new(Inner { db, name, handlers, settings, counters, away }) }
    }

    /// What it did so far.
    pub fn metrics(&self) -> WorkerMetrics {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let Counters { done, failed, parked, lost, busy_micros, under_way } = &self.inner.counters;
        let mut items = ItemMetrics::default();
        for handler in self.inner.handlers.values() {
            let own = handler.items();
            items.succeeded += own.succeeded;
            items.failed += own.failed;
            items.deadlocks += own.deadlocks;
            items.recoveries += own.recoveries;
        }
        WorkerMetrics {
            done: read(done),
            failed: read(failed),
            parked: read(parked),
            lost: read(lost),
            busy: Duration::from_micros(read(busy_micros)),
            under_way: read(under_way),
            items,
        }
    }

    /// Works until `stop` becomes true. A database that is away is waited for.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        let kinds: Vec<_> = self.inner.handlers.keys().copied().collect();
        let settings = self.inner.settings;
        while !*stop.borrow() {
            if running.len() >= settings.concurrency {
                tokio::select! {
                    _ = running.join_next() => {}
                    _ = stop.wait_for(|stop| *stop) => break,
                }
                continue;
            }
            let pause = match self.inner.next(&kinds).await {
                Ok(Some(claim)) => {
                    let inner = Arc::clone(&self.inner);
                    let span = tracing::error_span!(
                        "batch",
                        bulk_id = %claim.job_id,
                        batch_no = claim.batch_no,
                        total_batches = claim.total_batches,
                        kind = claim.kind,
                    );
                    running.spawn(async move { inner.work(claim).await }.instrument(span));
                    continue;
                }
                Ok(None) => settings.poll,
                Err(error) => {
                    self.inner.away(&error);
                    settings.poll * 4
                }
            };
            tokio::select! {
                () = sleep(jittered(pause)) => {}
                Some(_) = running.join_next() => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        }
        let all = async { while running.join_next().await.is_some() {} };
        if timeout(settings.grace, all).await.is_err() {
            self.inner.give_back_own().await;
            running.abort_all();
        }
    }
}

impl Inner {
    async fn next(&self, kinds: &[&str]) -> Result<Option<Claim>, StoreError> {
        let mut unit = self.db.begin().await?;
        if unit.enqueue_due().await? > 0 {
            unit.commit().await?;
        } else {
            unit.roll_back().await?;
        }
        let claim = claims::claim(&self.db, kinds, &self.name, self.settings.lease).await?;
        if self.away.swap(false, Ordering::SeqCst) {
            tracing::info!("the database is back: the worker goes on");
        }
        Ok(claim)
    }

    fn away(&self, error: &StoreError) {
        if !self.away.swap(true, Ordering::SeqCst) {
            tracing::warn!(%error, code = error.code(), "the worker cannot take work and keeps trying");
        }
    }

    async fn work(self: Arc<Self>, claim: Claim) {
        let Some(handler) = self.handlers.get(claim.kind.as_str()).cloned() else { return };
        if claim.attempt > self.settings.attempts && !handler.survives_poison() {
            let died = Failure::Park(format!("{} workers died of it", claim.attempt - 1));
            if let Err(error) = self.conclude(&claim, Err(died)).await {
                self.away(&error);
            }
            return;
        }
        // A task of its own: a handler that blocks its thread does not keep the heart from beating. A
        // set ends its task when it is dropped.
        let mut task = JoinSet::new();
        let timed = Timed::begin(&self.counters);
        let (db, own) = (self.db.clone(), claim.clone());
        task.spawn(async move { handler.run(&db, &own).await }.in_current_span());
        let outcome = tokio::select! {
            Some(ended) = task.join_next() => ended.unwrap_or_else(|panicked| {
                Err(Failure::Again(format!("the handler panicked: {panicked}")))
            }),
            () = self.beat(&claim) => Err(Failure::Lost),
        };
        drop((task, timed));
        if let Err(error) = self.conclude(&claim, outcome).await {
            // The lease runs out, and the batch is taken again.
            self.away(&error);
        }
    }

    /// Renews the lease until the batch is lost.
    async fn beat(&self, claim: &Claim) {
        let period = self.settings.lease / 3;
        let mut ticks = interval_at(tokio::time::Instant::now() + period, period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match claims::beat(&self.db, claim, self.settings.lease).await {
                Ok(true) => {}
                Ok(false) => return,
                // Whether it is lost shows when it is ended.
                Err(error) => self.away(&error),
            }
        }
    }

    async fn conclude(
        &self,
        claim: &Claim,
        outcome: Result<(), Failure>,
    ) -> Result<(), StoreError> {
        let Claim { attempt, .. } = claim;
        let counters = &self.counters;
        let doubled = 1_u32 << u32::try_from(attempt - 1).unwrap_or(0).min(6);
        let pause = jittered(self.settings.pause * doubled * 2);
        match outcome {
            Ok(()) => {
                counters.done.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            Err(Failure::Lost) => {
                counters.lost.fetch_add(1, Ordering::Relaxed);
                tracing::info!("the batch was taken over or cancelled");
                Ok(())
            }
            Err(Failure::Store(error)) if error.is_retryable() => {
                self.away(&error);
                claims::give_back(&self.db, claim, false, pause, Some(error.code())).await
            }
            Err(failure) => {
                let often = *attempt >= self.settings.attempts
                    && self.handlers.get(claim.kind.as_str()).is_none_or(|h| !h.survives_poison());
                let park = often || matches!(failure, Failure::Park(_));
                let (counter, what) = if park {
                    (&counters.parked, "the batch failed and is parked")
                } else {
                    (&counters.failed, "the batch failed and is tried again")
                };
                counter.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(attempt, error = %failure, "{what}");
                let why = failure.to_string();
                if !park {
                    return claims::give_back(&self.db, claim, true, pause, Some(&why)).await;
                }
                let mut unit = self.db.begin().await?;
                if claims::end(&mut unit, claim, "parked", Some(&why), 0, 1).await? {
                    unit.commit().await?;
                }
                Ok(())
            }
        }
    }

    /// Gives back what is still under way at the end.
    async fn give_back_own(&self) {
        let sql = "UPDATE batches SET status = 'waiting', owner = NULL, lease_until = NULL, \
                   attempts = attempts - 1 WHERE owner = $1 AND status = 'running'";
        let given = async {
            let mut unit = self.db.begin().await?;
            unit.execute(sql, [self.name.as_str().into()]).await?;
            unit.commit().await
        };
        if let Err(error) = given.await {
            tracing::warn!(%error, "batches under way are taken over when their leases run out");
        }
    }
}
