//! Batches as workers take them: claimed for a time, held by heartbeats, ended by their owner alone.

use std::time::Duration;

use uuid::Uuid;

use super::clock::micros;
use crate::db::{Db, Unit, Value};
use crate::error::Result;

/// A batch that a worker has taken.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Claim {
    /// The job.
    pub job_id: Uuid,
    /// The number of the batch in its job, from 1 on.
    pub batch_no: i32,
    /// How many batches the job has.
    pub total_batches: i32,
    /// Which time this is, from 1 on; orderly returns are not counted.
    pub attempt: i16,
    /// Which handler does it.
    pub kind: String,
    /// What the handler is told.
    pub payload: serde_json::Value,
    pub(super) owner: String,
}

#[derive(sqlx::FromRow)]
struct Taken {
    job_id: Uuid,
    batch_no: i32,
    attempts: i16,
}

#[derive(sqlx::FromRow)]
struct OfJob {
    kind: String,
    batches: i32,
    #[sqlx(json)]
    payload: serde_json::Value,
}

/// Takes the next batch that waits, or whose worker has not been heard of for the length of its lease.
pub(super) async fn claim(
    db: &Db,
    kinds: &[&str],
    owner: &str,
    lease: Duration,
) -> Result<Option<Claim>> {
    let mut unit = db.begin().await?;
    let backend = unit.backend();
    let (now, until, kinds_in) =
        (backend.now(), backend.later(backend.now(), "$2"), backend.texts("$3"));
    let sql = format!(
        "WITH next AS MATERIALIZED (SELECT job_id, batch_no FROM batches \
            WHERE status IN ('waiting', 'running') AND (lease_until IS NULL OR lease_until <= {now}) \
            AND kind IN ({kinds_in}) \
            ORDER BY priority DESC, job_id, batch_no LIMIT 1{skip}) \
         UPDATE batches SET status = 'running', owner = $1, lease_until = {until}, \
            attempts = attempts + 1, updated_at = {now} \
         FROM next WHERE batches.job_id = next.job_id AND batches.batch_no = next.batch_no \
         RETURNING batches.job_id, batches.batch_no, batches.attempts",
        skip = backend.for_update_of_free("batches"),
    );
    let values = [owner.into(), micros(lease), Value::json(&kinds)];
    let Some(taken): Option<Taken> = unit.fetch_optional(sql, values).await? else {
        unit.roll_back().await?;
        return Ok(None);
    };
    let sql = format!(
        "UPDATE jobs SET status = 'running', updated_at = {now} WHERE job_id = $1 AND status = 'queued'"
    );
    unit.execute(sql, [taken.job_id.into()]).await?;
    let sql = "SELECT kind, batches, payload FROM jobs WHERE job_id = $1";
    let job: Option<OfJob> = unit.fetch_optional(sql, [taken.job_id.into()]).await?;
    unit.commit().await?;
    Ok(job.map(|job| Claim {
        job_id: taken.job_id,
        batch_no: taken.batch_no,
        total_batches: job.batches,
        attempt: taken.attempts,
        kind: job.kind,
        payload: job.payload,
        owner: owner.to_owned(),
    }))
}

/// What tells a claim from every other, for a condition whose parameters begin with `$1`.
const OWN: &str =
    "job_id = $1 AND batch_no = $2 AND owner = $3 AND attempts = $4 AND status = 'running'";

impl Claim {
    fn own<const N: usize>(&self, more: [Value; N]) -> Vec<Value> {
        let own = [
            self.job_id.into(),
            self.batch_no.into(),
            self.owner.as_str().into(),
            self.attempt.into(),
        ];
        own.into_iter().chain(more).collect()
    }
}

/// Says that the worker lives. False when the batch is not its own any more.
pub(super) async fn beat(db: &Db, claim: &Claim, lease: Duration) -> Result<bool> {
    let mut unit = db.begin().await?;
    let backend = unit.backend();
    let until = backend.later(backend.now(), "$5");
    let sql = format!("UPDATE batches SET lease_until = {until} WHERE {OWN}");
    let own = unit.execute(sql, claim.own([micros(lease)])).await? == 1;
    unit.commit().await?;
    Ok(own)
}

/// Gives a batch back, to be taken again after a pause. `counted` says whether this was an attempt.
pub(super) async fn give_back(
    db: &Db,
    claim: &Claim,
    counted: bool,
    pause: Duration,
    why: Option<&str>,
) -> Result<()> {
    let mut unit = db.begin().await?;
    let backend = unit.backend();
    let (now, due) = (backend.now(), backend.later(backend.now(), "$5"));
    let sql = format!(
        "UPDATE batches SET status = 'waiting', owner = NULL, lease_until = {due}, \
         attempts = attempts - $6, last_error = COALESCE($7, last_error), updated_at = {now} WHERE {OWN}"
    );
    let values = claim.own([micros(pause), i64::from(!counted).into(), why.into()]);
    unit.execute(sql, values).await?;
    unit.commit().await
}

/// Ends a batch in a state, counts its results, and ends the job with its last one.
pub(crate) async fn end(
    unit: &mut Unit,
    claim: &Claim,
    status: &str,
    why: Option<&str>,
    succeeded: u32,
    failed: u32,
) -> Result<bool> {
    let now = unit.backend().now();
    let sql = format!(
        "UPDATE batches SET status = $5, owner = NULL, lease_until = NULL, \
         last_error = COALESCE($6, last_error), updated_at = {now} WHERE {OWN}"
    );
    if unit.execute(sql, claim.own([status.into(), why.into()])).await? != 1 {
        return Ok(false);
    }
    count(unit, claim, succeeded, failed).await
}

/// Checks within a unit of work that the batch is still the worker's own, and counts results. The row
/// stays locked until the unit ends.
pub(crate) async fn advance(
    unit: &mut Unit,
    claim: &Claim,
    succeeded: u32,
    failed: u32,
) -> Result<bool> {
    let now = unit.backend().now();
    let sql = format!("UPDATE batches SET updated_at = {now} WHERE {OWN}");
    if unit.execute(sql, claim.own([])).await? != 1 {
        return Ok(false);
    }
    count(unit, claim, succeeded, failed).await
}

/// The counts decide when a job is done: unlike the state of its other batches, they are read from the
/// row that this unit has locked, so that of two last batches one sees the other.
async fn count(unit: &mut Unit, claim: &Claim, succeeded: u32, failed: u32) -> Result<bool> {
    let now = unit.backend().now();
    let done = "succeeded + $2 + failed + $3 >= total";
    let sql = format!(
        "UPDATE jobs SET succeeded = succeeded + $2, failed = failed + $3, updated_at = {now}, \
         status = CASE WHEN {done} THEN 'done' ELSE status END, \
         finished_at = CASE WHEN {done} THEN {now} ELSE finished_at END \
         WHERE job_id = $1 AND status IN ('queued', 'running', 'done')"
    );
    let values = [claim.job_id.into(), succeeded.into(), failed.into()];
    Ok(unit.execute(sql, values).await? == 1)
}
