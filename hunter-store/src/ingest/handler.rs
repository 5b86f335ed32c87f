//! One batch of rows: taken in and ended in one transaction.

use std::collections::HashSet;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::rows::{SheetRow, Sorted, sort, unpack};
use super::take::{TakenIn, take_in};
use super::{KIND, Order, scan};
use crate::db::{Db, Unit};
use crate::error::StoreError;
use crate::queue::{Claim, Failure, Handler, JobStatus, Jobs as _, advance, end};
use crate::raw_leads::Rejected;

/// From this attempt on, a batch is done row by row.
const SINGLY: i16 = 3;

/// Takes in the rows of files.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ingest;

/// Rows that are written in one transaction.
struct Write<'a> {
    claim: &'a Claim,
    order: &'a Order,
    at: OffsetDateTime,
}

impl Write<'_> {
    /// Writes rows; `last` ends the batch with them.
    async fn write(&self, db: &Db, rows: &[SheetRow], last: bool) -> Result<(), Failure> {
        let Order { layout, source, .. } = self.order;
        let mut sorted = Sorted::default();
        for row in rows {
            sort(&mut sorted, row.clone(), layout, source, self.claim.job_id, self.at);
        }
        self.commit(db, sorted, last).await
    }

    /// Writes down that a row was refused, and nothing of what it holds.
    async fn refuse(&self, db: &Db, line: i64, code: &str) -> Result<(), Failure> {
        let rejected = Rejected {
            source: self.order.source.name.clone(),
            import_id: self.claim.job_id,
            line,
            payload: serde_json::Value::Null,
            code: code.to_owned(),
            received_at: self.at.into(),
        };
        self.commit(db, Sorted { arrivals: Vec::new(), rejected: vec![rejected] }, false).await
    }

    async fn commit(&self, db: &Db, sorted: Sorted, last: bool) -> Result<(), Failure> {
        let mut unit = db.begin().await?;
        let TakenIn { taken, rejected } = take_in(&mut unit, sorted).await?;
        let failed = u32::try_from(rejected.len()).expect("a batch is small");
        let own = if last {
            self.end(&mut unit, taken, failed).await?
        } else {
            advance(&mut unit, self.claim, taken, failed).await?
        };
        if !own {
            unit.roll_back().await?;
            return Err(Failure::Lost);
        }
        unit.commit().await?;
        Ok(())
    }

    /// Ends the batch, forgets its rows, and with the last of all enqueues the scan.
    async fn end(&self, unit: &mut Unit, succeeded: u32, failed: u32) -> Result<bool, StoreError> {
        if !end(unit, self.claim, "done", None, succeeded, failed).await? {
            return Ok(false);
        }
        let (job_id, batch_no) = (self.claim.job_id, self.claim.batch_no);
        let sql = "DELETE FROM ingest_batches WHERE job_id = $1 AND batch_no = $2";
        unit.execute(sql, [job_id.into(), batch_no.into()]).await?;
        if let Some(size) = self.order.scan {
            // The row of the job is locked by its counts: of two last batches one sees the other.
            let job = unit.job(job_id).await?;
            if job.is_some_and(|job| job.status == JobStatus::Done) {
                scan::enqueue(unit, &scan::job(job_id), job_id, size.max(1)).await?;
            }
        }
        Ok(true)
    }

    /// Does a batch row by row. Where this was tried before, the worker died of the first that is left.
    async fn singly(&self, db: &Db, rows: Vec<SheetRow>) -> Result<(), Failure> {
        let mut rows = rows.into_iter();
        if self.claim.attempt > SINGLY
            && let Some((line, _)) = rows.next()
        {
            tracing::error!(job_id = %self.claim.job_id, line, "workers died of this row: it is left out");
            self.refuse(db, line, "bulk_poisoned").await?;
        }
        for row in rows {
            let line = row.0;
            match self.write(db, &[row], false).await {
                Err(Failure::Store(error)) if !error.is_retryable() => {
                    tracing::warn!(job_id = %self.claim.job_id, line, %error, code = error.code(), "the row cannot be kept");
                    self.refuse(db, line, error.code()).await?;
                }
                written => written?,
            }
        }
        self.write(db, &[], true).await
    }
}

#[async_trait]
impl Handler for Ingest {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn survives_poison(&self) -> bool {
        true
    }

    async fn run(&self, db: &Db, claim: &Claim) -> Result<(), Failure> {
        let order: Order = serde_json::from_value(claim.payload.clone())
            .map_err(|error| Failure::Park(format!("the payload is no order: {error}")))?;
        let rows = remaining(db, claim).await?;
        let write = Write { claim, order: &order, at: OffsetDateTime::now_utc() };
        if claim.attempt >= SINGLY {
            return write.singly(db, rows).await;
        }
        match write.write(db, &rows, true).await {
            Err(Failure::Store(error)) if !error.is_retryable() => {
                tracing::warn!(job_id = %claim.job_id, batch_no = claim.batch_no, %error, code = error.code(), "the batch is taken in row by row");
                write.singly(db, rows).await
            }
            written => written,
        }
    }
}

/// The rows of a batch that were not written yet.
async fn remaining(db: &Db, claim: &Claim) -> Result<Vec<SheetRow>, Failure> {
    let mut unit = db.read().await?;
    let sql = "SELECT body FROM ingest_batches WHERE job_id = $1 AND batch_no = $2";
    let values = [claim.job_id.into(), claim.batch_no.into()];
    let body: Option<(Vec<u8>,)> = unit.fetch_optional(sql, values).await?;
    let Some((body,)) = body else {
        // Ended by another worker in between: ending it again finds that out.
        return Ok(Vec::new());
    };
    let mut rows = unpack(&body)?;
    if claim.attempt > 1
        && let (Some(first), Some(last)) = (rows.first(), rows.last())
    {
        let sql = "SELECT line FROM raw_leads WHERE import_id = $1 AND line >= $2 AND line <= $3";
        let values = [claim.job_id.into(), first.0.into(), last.0.into()];
        let written: Vec<(i64,)> = unit.fetch_all(sql, values).await?;
        let written: HashSet<i64> = written.into_iter().map(|(line,)| line).collect();
        rows.retain(|(line, _)| !written.contains(line));
    }
    Ok(rows)
}
