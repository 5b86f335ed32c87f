//! Jobs as those see them who enqueue and watch them.

use async_trait::async_trait;
use hunter_core::Domain;
use serde::Serialize;
use uuid::Uuid;

use super::claims::{self, Claim};
use crate::db::{Insert, Kind, Timestamp, Unit, Value};
use crate::error::{Result, StoreError};

/// A job to come.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Which handler does it, such as `scan`.
    pub kind: String,
    /// Higher goes first; 0 is usual.
    pub priority: i16,
    /// What the handler needs to know.
    pub payload: serde_json::Value,
    /// Where it was given before, the job of that time is meant.
    pub idempotency_key: Option<String>,
}

impl NewJob {
    /// A job of a kind, with nothing else to say.
    pub fn new(kind: impl Into<String>) -> Self {
        let payload = serde_json::Value::Null;
        Self { kind: kind.into(), priority: 0, payload, idempotency_key: None }
    }
}

/// A job that was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enqueued {
    /// Its identifier.
    pub job_id: Uuid,
    /// False where the idempotency key was known, and nothing was added.
    pub is_new: bool,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// No worker has taken it.
    Queued,
    /// A worker has taken part of it.
    Running,
    /// All of it is done, which does not say that all of it succeeded.
    Done,
    /// It was stopped by whoever wanted it; what was done by then stays.
    Cancelled,
}

impl TryFrom<String> for JobStatus {
    type Error = StoreError;

    fn try_from(text: String) -> Result<Self> {
        Ok(match text.as_str() {
            "queued" => Self::Queued,
            "running" => Self::Running,
            "done" => Self::Done,
            "cancelled" => Self::Cancelled,
            _ => {
                let problem = format!("`{text}` is no status");
                return Err(StoreError::Corrupt { place: "jobs.status", problem });
            }
        })
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq, Serialize, sqlx::FromRow)]
pub struct Job {
    /// Its identifier.
    pub job_id: Uuid,
    /// Which handler does it.
    pub kind: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: JobStatus,
    /// Higher goes first.
    pub priority: i16,
    /// What the handler was told.
    #[sqlx(json)]
    pub payload: serde_json::Value,
    /// How many items it has.
    pub total: i64,
    /// How many of them succeeded.
    pub succeeded: i64,
    /// How many of them failed.
    pub failed: i64,
    /// What there is to say of it as a whole.
    pub message: Option<String>,
    /// When it was enqueued.
    pub created_at: Timestamp,
    /// When something last happened to it.
    pub updated_at: Timestamp,
    /// When it was done or cancelled.
    pub finished_at: Option<Timestamp>,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Progress {
    /// Where it stands.
    pub status: JobStatus,
    /// How many items it has.
    pub total: i64,
    /// How many of them succeeded or failed.
    pub processed: i64,
    /// How many succeeded.
    pub succeeded: i64,
    /// How many failed.
    pub failed: i64,
    /// How many are still to be done.
    pub remaining: i64,
    /// The processed ones in percent of all; 100 for a job without items.
    pub progress_percent: f64,
}

impl Job {
    /// How far it is. The counts are written in the same transaction as the results, so that they say
    /// neither more nor less than is there.
    pub fn progress(&self) -> Progress {
        let Self { status, total, succeeded, failed, .. } = *self;
        let processed = succeeded + failed;
        #[expect(clippy::cast_precision_loss, reason = "no job has 2^52 items")]
        let progress_percent =
            if total == 0 { 100.0 } else { 100.0 * processed as f64 / total as f64 };
        let remaining = total - processed;
        Progress { status, total, processed, succeeded, failed, remaining, progress_percent }
    }
}

/// What became of a domain in a job, from the commit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct DomainResult {
    /// The domain.
    pub domain: String,
    /// The batch it was in.
    pub batch_no: i32,
    /// The code of the failure; `None` for a domain that was committed.
    pub error: Option<String>,
    /// When.
    pub committed_at: Timestamp,
}

/// The open batches of one kind of job.
#[derive(Debug, Clone, PartialEq, Serialize, sqlx::FromRow)]
pub struct Waiting {
    /// The kind of job.
    pub kind: String,
    /// Batches that wait for a worker.
    pub waiting: i64,
    /// Batches that a worker has taken.
    pub running: i64,
    /// For how long the oldest job of those that wait has been waiting, in microseconds.
    pub oldest_micros: i64,
}

/// Jobs.
#[async_trait]
pub trait Jobs: Send {
    /// Enqueues a job of one piece. It is there once the unit of work is committed.
    async fn enqueue(&mut self, job: &NewJob) -> Result<Enqueued>;

    /// Enqueues a job over domains, in batches of at most `batch_size`. A domain that comes more than
    /// once is done once. The domains are read as they are written: their number costs no memory.
    async fn enqueue_domains(
        &mut self,
        job: &NewJob,
        domains: &mut (dyn Iterator<Item = Domain> + Send),
        batch_size: u32,
    ) -> Result<Enqueued>;

    /// A job; `None` when there is none of that identifier.
    async fn job(&mut self, job_id: Uuid) -> Result<Option<Job>>;

    /// What became of the domains of a job, in the order of domains, after one of them; those that
    /// failed, where that is asked for.
    async fn job_results(
        &mut self,
        job_id: Uuid,
        only_failed: bool,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DomainResult>>;

    /// How many jobs wait or run.
    async fn open_jobs(&mut self) -> Result<u64>;

    /// The batches that wait or run, by kind of job; a kind without any is not listed.
    async fn waiting(&mut self) -> Result<Vec<Waiting>>;

    /// Stops a job. False when it was done, cancelled or unknown.
    async fn cancel(&mut self, job_id: Uuid) -> Result<bool>;

    /// Ends a batch within the unit of work that writes its results, and counts them.
    ///
    /// False when the batch is not the worker's own any more: then nothing of the unit may be
    /// committed.
    async fn finish(&mut self, claim: &Claim, succeeded: u32, failed: u32) -> Result<bool>;
}

/// Domains that are written at once.
const CHUNK: usize = 5_000;

#[async_trait]
impl Jobs for Unit {
    async fn enqueue(&mut self, job: &NewJob) -> Result<Enqueued> {
        enqueue_batches(self, job, 1).await
    }

    async fn enqueue_domains(
        &mut self,
        job: &NewJob,
        domains: &mut (dyn Iterator<Item = Domain> + Send),
        batch_size: u32,
    ) -> Result<Enqueued> {
        if batch_size == 0 {
            let problem = "is 0: use 1 or more";
            return Err(StoreError::request("store_request", "batch_size", problem));
        }
        let enqueued = insert_job(self, job).await?;
        if !enqueued.is_new {
            return Ok(enqueued);
        }
        let job_id = enqueued.job_id;
        let size = usize::try_from(batch_size).expect("32 bits");
        let chunk_size = CHUNK.next_multiple_of(size);
        let (mut batches, mut total) = (0_u32, 0_u64);
        loop {
            let chunk: Vec<_> = domains.take(chunk_size).collect();
            if chunk.is_empty() {
                break;
            }
            let first = batches + 1;
            batches += u32::try_from(chunk.len().div_ceil(size)).expect("a chunk is small");
            insert_batches(self, job_id, job, first..batches + 1).await?;
            total += insert_items(self, job_id, first, &chunk, size).await?;
        }
        set_size(self, job_id, total, batches).await?;
        Ok(enqueued)
    }

    async fn job(&mut self, job_id: Uuid) -> Result<Option<Job>> {
        let sql = "SELECT job_id, kind, status, priority, payload, total, succeeded, failed, message, \
                   created_at, updated_at, finished_at FROM jobs WHERE job_id = $1";
        self.fetch_optional(sql, [job_id.into()]).await
    }

    async fn job_results(
        &mut self,
        job_id: Uuid,
        only_failed: bool,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DomainResult>> {
        let failed = if only_failed { "AND error IS NOT NULL" } else { "" };
        let sql = format!(
            "SELECT domain, batch_no, error, committed_at FROM commit_log \
             WHERE job_id = $1 AND domain > $2 {failed} ORDER BY domain LIMIT $3"
        );
        let after = after.unwrap_or_default();
        self.fetch_all(sql, [job_id.into(), after.into(), limit.into()]).await
    }

    async fn open_jobs(&mut self) -> Result<u64> {
        let sql = "SELECT COUNT(*) FROM jobs WHERE status IN ('queued', 'running')";
        let count: Option<(i64,)> = self.fetch_optional(sql, []).await?;
        Ok(count.and_then(|(count,)| u64::try_from(count).ok()).unwrap_or(0))
    }

    async fn waiting(&mut self) -> Result<Vec<Waiting>> {
        let backend = self.backend();
        let age = backend.micros_between(
            "MIN(CASE b.status WHEN 'waiting' THEN j.created_at END)",
            backend.now(),
        );
        let sql = format!(
            "SELECT j.kind AS kind, \
             COALESCE(SUM(CASE b.status WHEN 'waiting' THEN 1 ELSE 0 END), 0) AS waiting, \
             COALESCE(SUM(CASE b.status WHEN 'running' THEN 1 ELSE 0 END), 0) AS running, \
             COALESCE({age}, 0) AS oldest_micros \
             FROM batches b JOIN jobs j ON j.job_id = b.job_id \
             WHERE b.status IN ('waiting', 'running') GROUP BY j.kind ORDER BY j.kind"
        );
        self.fetch_all(&sql, []).await
    }

    async fn cancel(&mut self, job_id: Uuid) -> Result<bool> {
        let now = self.backend().now();
        // Batches first, as a worker takes them: two who take the same rows in another order would
        // wait for each other.
        let sql = format!(
            "UPDATE batches SET status = 'cancelled', owner = NULL, lease_until = NULL, \
             updated_at = {now} WHERE job_id = $1 AND status IN ('waiting', 'running')"
        );
        self.execute(sql, [job_id.into()]).await?;
        // Rows that nobody takes in any more hold people's data.
        self.execute("DELETE FROM ingest_batches WHERE job_id = $1", [job_id.into()]).await?;
        let sql = format!(
            "UPDATE jobs SET status = 'cancelled', updated_at = {now}, finished_at = {now} \
             WHERE job_id = $1 AND status IN ('queued', 'running')"
        );
        Ok(self.execute(sql, [job_id.into()]).await? == 1)
    }

    async fn finish(&mut self, claim: &Claim, succeeded: u32, failed: u32) -> Result<bool> {
        claims::end(self, claim, "done", None, succeeded, failed).await
    }
}

/// Enqueues a job of so many batches, each of which counts as one item.
pub(crate) async fn enqueue_batches(
    unit: &mut Unit,
    job: &NewJob,
    batches: u32,
) -> Result<Enqueued> {
    let enqueued = insert_job(unit, job).await?;
    if enqueued.is_new {
        insert_batches(unit, enqueued.job_id, job, 1..batches + 1).await?;
        set_size(unit, enqueued.job_id, batches.into(), batches).await?;
    }
    Ok(enqueued)
}

/// Says how much there is to do; a job without anything is done.
pub(crate) async fn set_size(
    unit: &mut Unit,
    job_id: Uuid,
    total: u64,
    batches: u32,
) -> Result<()> {
    let now = unit.backend().now();
    let sql = format!(
        "UPDATE jobs SET total = $2, batches = $3, \
         status = CASE WHEN $2 = 0 THEN 'done' ELSE status END, \
         finished_at = CASE WHEN $2 = 0 THEN {now} END WHERE job_id = $1"
    );
    let total = i64::try_from(total).expect("counted");
    unit.execute(sql, [job_id.into(), total.into(), batches.into()]).await.map(|_| ())
}

pub(crate) async fn insert_job(unit: &mut Unit, job: &NewJob) -> Result<Enqueued> {
    let (now, payload) = (unit.backend().now(), unit.backend().json("$4"));
    let sql = format!(
        "INSERT INTO jobs (job_id, kind, status, priority, payload, idempotency_key, total, succeeded, \
         failed, created_at, updated_at) \
         VALUES ($1, $2, 'queued', $3, {payload}, $5, 0, 0, 0, {now}, {now}) \
         ON CONFLICT (idempotency_key) DO NOTHING"
    );
    let job_id = Uuid::now_v7();
    let values = [
        job_id.into(),
        job.kind.as_str().into(),
        job.priority.into(),
        Value::json(&job.payload),
        job.idempotency_key.clone().into(),
    ];
    if unit.execute(sql, values).await? == 1 {
        return Ok(Enqueued { job_id, is_new: true });
    }
    let sql = "SELECT job_id FROM jobs WHERE idempotency_key = $1";
    let known: Option<(Uuid,)> =
        unit.fetch_optional(sql, [job.idempotency_key.clone().into()]).await?;
    let (job_id,) = known.ok_or_else(|| {
        StoreError::request(
            "store_request",
            "idempotency_key",
            "was given up in between: try again",
        )
    })?;
    Ok(Enqueued { job_id, is_new: false })
}

pub(crate) async fn insert_batches(
    unit: &mut Unit,
    job_id: Uuid,
    job: &NewJob,
    numbers: std::ops::Range<u32>,
) -> Result<()> {
    let now = Timestamp::from(time::OffsetDateTime::now_utc());
    let row = |number: u32| {
        vec![
            job_id.into(),
            number.into(),
            "waiting".into(),
            Value::Int(Some(0)),
            job.kind.as_str().into(),
            job.priority.into(),
            now.into(),
        ]
    };
    let columns = &[
        ("job_id", Kind::Uuid),
        ("batch_no", Kind::Int),
        ("status", Kind::Text),
        ("attempts", Kind::Int),
        ("kind", Kind::Text),
        ("priority", Kind::Int),
        ("updated_at", Kind::Time),
    ];
    let rows = numbers.map(row).collect();
    unit.insert(Insert { table: "batches", columns, suffix: "", rows }).await.map(|_| ())
}

async fn insert_items(
    unit: &mut Unit,
    job_id: Uuid,
    first_batch: u32,
    domains: &[Domain],
    batch_size: usize,
) -> Result<u64> {
    let mut rows = Vec::with_capacity(domains.len());
    for (batch_no, batch) in (first_batch..).zip(domains.chunks(batch_size)) {
        for (item_no, domain) in (1_u32..).zip(batch) {
            let domain = domain.as_str();
            rows.push(vec![job_id.into(), batch_no.into(), item_no.into(), domain.into()]);
        }
    }
    let columns = &[
        ("job_id", Kind::Uuid),
        ("batch_no", Kind::Int),
        ("item_no", Kind::Int),
        ("domain", Kind::Text),
    ];
    let suffix = "ON CONFLICT (job_id, domain) DO NOTHING";
    unit.insert(Insert { table: "batch_items", columns, suffix, rows }).await
}
