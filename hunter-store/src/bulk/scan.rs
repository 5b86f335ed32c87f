//! One batch: observe its domains, then write all of it in one transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures::{StreamExt as _, stream};
use hunter_core::{Domain, Observation};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep, timeout};
use tracing::Instrument as _;

use super::{BulkSettings, KIND, Observer, Recorder, TRIES, Unobserved};
use crate::db::{Db, Insert, Kind, Unit};
use crate::error::StoreError;
use crate::opt_outs::{OptOuts as _, Refusal};
use crate::queue::{Claim, Failure, Handler, ItemMetrics, advance, end, jittered};

/// From this attempt on, a batch is done domain by domain.
const SINGLY: i16 = 3;
/// The first pause before a batch is written once more.
const PAUSE: Duration = Duration::from_millis(100);
/// The longest pause while the database is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Scans the domains of jobs.
pub struct BulkScan {
    observer: Arc<dyn Observer>,
    recorder: Arc<dyn Recorder>,
    settings: BulkSettings,
    counters: Counters,
}

#[derive(Default)]
struct Counters {
    succeeded: AtomicU64,
    failed: AtomicU64,
    deadlocks: AtomicU64,
    recoveries: AtomicU64,
}

/// What became of one domain.
struct Done {
    domain: Domain,
    outcome: Result<Observation, Unobserved>,
}

/// The code of a domain whose owner opted out.
const OPTED_OUT: &str = "opted_out";

impl Done {
    fn refusal(&self) -> Option<Refusal> {
        self.outcome.as_ref().err().filter(|error| error.code == OPTED_OUT).map(|_| Refusal {
            domain: self.domain.as_str().to_owned(),
            action: "scan".to_owned(),
            refused_at: OffsetDateTime::now_utc(),
        })
    }
}

impl BulkScan {
    /// Joins the two ports.
    pub fn new(
        observer: Arc<dyn Observer>,
        recorder: Arc<dyn Recorder>,
        settings: BulkSettings,
    ) -> Self {
        Self { observer, recorder, settings, counters: Counters::default() }
    }

    async fn batch(&self, db: &Db, claim: &Claim, domains: Vec<Domain>) -> Result<(), Failure> {
        let anew = claim.payload.get("is_rescan").and_then(serde_json::Value::as_bool);
        let anew = anew.unwrap_or(false);
        let domains = self.without_opted_out(db, claim, domains).await?;
        if claim.attempt >= SINGLY {
            return self.singly(db, claim, domains, anew).await;
        }
        let observing = domains.into_iter().map(|domain| self.observe(domain, anew));
        let mut done: Vec<_> =
            stream::iter(observing).buffer_unordered(self.settings.parallel.max(1)).collect().await;
        // In the order of domains, so that two batches lock what they share in the same order.
        done.sort_by(|one, two| one.domain.as_str().cmp(two.domain.as_str()));
        match self.write(db, claim, &done, true).await {
            Err(Failure::Store(error)) if !error.is_retryable() => {
                self.counters.recoveries.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(%error, code = error.code(), "the batch is written domain by domain");
            }
            written => return written,
        }
        for done in done {
            self.write_one(db, claim, done).await?;
        }
        self.write(db, claim, &[], true).await
    }

    /// Writes down what may not be scanned, and gives the rest.
    async fn without_opted_out(
        &self,
        db: &Db,
        claim: &Claim,
        domains: Vec<Domain>,
    ) -> Result<Vec<Domain>, Failure> {
        let opted_out = db.read().await?.opted_out(&domains).await?;
        if opted_out.is_empty() {
            return Ok(domains);
        }
        let (refused, rest): (Vec<_>, Vec<_>) =
            domains.into_iter().partition(|domain| opted_out.contains(domain.as_str()));
        for domain in refused {
            let message = "its owner opted out".to_owned();
            let outcome = Err(Unobserved { code: OPTED_OUT, message });
            self.write(db, claim, &[Done { domain, outcome }], false).await?;
        }
        Ok(rest)
    }

    /// Does a batch that was left unfinished, one domain after the other. Where this was tried before,
    /// the worker died of the first that is left.
    async fn singly(
        &self,
        db: &Db,
        claim: &Claim,
        domains: Vec<Domain>,
        anew: bool,
    ) -> Result<(), Failure> {
        let mut domains = domains.into_iter();
        if claim.attempt > SINGLY
            && let Some(domain) = domains.next()
        {
            tracing::error!(%domain, "workers died of this domain: it is left out");
            let message = "workers died of it".to_owned();
            let outcome = Err(Unobserved { code: "bulk_poisoned", message });
            self.write(db, claim, &[Done { domain, outcome }], false).await?;
        }
        for domain in domains {
            let done = self.observe(domain, anew).await;
            self.write_one(db, claim, done).await?;
        }
        self.write(db, claim, &[], true).await
    }

    /// Writes one result; what the database refuses is that domain's failure.
    async fn write_one(&self, db: &Db, claim: &Claim, done: Done) -> Result<(), Failure> {
        let domain = done.domain.clone();
        match self.write(db, claim, &[done], false).await {
            Err(Failure::Store(error)) if !error.is_retryable() => {
                tracing::warn!(%domain, %error, code = error.code(), "the result cannot be kept");
                let outcome = Err(Unobserved { code: error.code(), message: error.to_string() });
                self.write(db, claim, &[Done { domain, outcome }], false).await
            }
            written => written,
        }
    }

    async fn observe(&self, domain: Domain, anew: bool) -> Done {
        let observed = timeout(self.settings.domain_timeout, self.observer.observe(&domain, anew));
        let outcome = observed.await.unwrap_or_else(|_| {
            let message = format!("took longer than {:?}", self.settings.domain_timeout);
            Err(Unobserved { code: "bulk_timeout", message })
        });
        if let Err(error) = &outcome {
            tracing::info!(%domain, code = error.code, %error, "the domain was not observed");
        }
        Done { domain, outcome }
    }

    /// Writes results in one transaction, as often as it takes; `last` ends the batch with it.
    async fn write(
        &self,
        db: &Db,
        claim: &Claim,
        done: &[Done],
        last: bool,
    ) -> Result<(), Failure> {
        let begun = Instant::now();
        let (mut tries, mut pause) = (0, PAUSE);
        loop {
            let error = match self.write_once(db, claim, done, last).await {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(Failure::Lost),
                Err(error) => error,
            };
            let away = matches!(error.code(), "store_unreachable" | "store_full" | "store_busy");
            tries += u32::from(!away);
            let met = u64::from(error.code() == "store_serialization");
            self.counters.deadlocks.fetch_add(met, Ordering::Relaxed);
            let over =
                if away { begun.elapsed() >= self.settings.patience } else { tries >= TRIES };
            if over || !error.is_retryable() {
                return Err(error.into());
            }
            tracing::warn!(%error, code = error.code(), tries, "the batch is written once more");
            sleep(jittered(pause)).await;
            pause = LONGEST_PAUSE.min(pause * 2);
        }
    }

    async fn write_once(
        &self,
        db: &Db,
        claim: &Claim,
        done: &[Done],
        last: bool,
    ) -> Result<bool, StoreError> {
        let mut unit = db.begin().await?;
        let seen: Vec<_> = done.iter().filter_map(|done| done.outcome.clone().ok()).collect();
        if !seen.is_empty() {
            self.recorder.record(&mut unit, &seen).await?;
        }
        let refused: Vec<_> = done.iter().filter_map(Done::refusal).collect();
        if !refused.is_empty() {
            unit.refuse(refused).await?;
        }
        log(&mut unit, claim, done).await?;
        let succeeded = u32::try_from(seen.len()).expect("a batch is small");
        let failed = u32::try_from(done.len() - seen.len()).expect("a batch is small");
        let own = if last {
            end(&mut unit, claim, "done", None, succeeded, failed).await?
        } else {
            advance(&mut unit, claim, succeeded, failed).await?
        };
        if own {
            unit.commit().await?;
            self.counters.succeeded.fetch_add(succeeded.into(), Ordering::Relaxed);
            self.counters.failed.fetch_add(failed.into(), Ordering::Relaxed);
        } else {
            unit.roll_back().await?;
        }
        Ok(own)
    }
}

#[async_trait]
impl Handler for BulkScan {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn survives_poison(&self) -> bool {
        true
    }

    fn items(&self) -> ItemMetrics {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let Counters { succeeded, failed, deadlocks, recoveries } = &self.counters;
        ItemMetrics {
            succeeded: read(succeeded),
            failed: read(failed),
            deadlocks: read(deadlocks),
            recoveries: read(recoveries),
        }
    }

    async fn run(&self, db: &Db, claim: &Claim) -> Result<(), Failure> {
        let domains = remaining(db, claim).await?;
        let span = tracing::error_span!(
            "bulk",
            bulk_id = %claim.job_id,
            batch_no = claim.batch_no,
            total_batches = claim.total_batches,
            batch_size = domains.len(),
        );
        self.batch(db, claim, domains).instrument(span).await
    }
}

/// The domains of a batch that are not in the commit log.
async fn remaining(db: &Db, claim: &Claim) -> Result<Vec<Domain>, StoreError> {
    let mut unit = db.read().await?;
    let sql = "SELECT i.domain FROM batch_items i WHERE i.job_id = $1 AND i.batch_no = $2 \
               AND NOT EXISTS (SELECT 1 FROM commit_log c WHERE c.job_id = i.job_id \
               AND c.domain = i.domain) ORDER BY i.item_no";
    let rows: Vec<(String,)> =
        unit.fetch_all(sql, [claim.job_id.into(), claim.batch_no.into()]).await?;
    rows.into_iter()
        .map(|(domain,)| {
            domain.parse::<Domain>().map_err(|error| StoreError::Corrupt {
                place: "batch_items.domain",
                problem: error.to_string(),
            })
        })
        .collect()
}

async fn log(unit: &mut Unit, claim: &Claim, done: &[Done]) -> Result<(), StoreError> {
    if done.is_empty() {
        return Ok(());
    }
    let now = OffsetDateTime::now_utc();
    let row = |done: &Done| {
        let error = done.outcome.as_ref().err().map(|error| error.code);
        vec![
            claim.job_id.into(),
            claim.batch_no.into(),
            done.domain.as_str().into(),
            error.into(),
            now.into(),
        ]
    };
    let columns = &[
        ("job_id", Kind::Uuid),
        ("batch_no", Kind::Int),
        ("domain", Kind::Text),
        ("error", Kind::Text),
        ("committed_at", Kind::Time),
    ];
    let rows = done.iter().map(row).collect();
    unit.insert(Insert { table: "commit_log", columns, suffix: "", rows }).await.map(|_| ())
}
