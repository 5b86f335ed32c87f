//! Leads whose last scan is long ago, to be scanned again: by the command line, or each day by a schedule.

use std::time::Duration;

use async_trait::async_trait;
use hunter_core::Domain;
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;

use super::KIND;
use crate::db::{Db, Timestamp, Unit};
use crate::error::{Result, StoreError};
use crate::queue::{
    Claim, Enqueued, Failure, Handler, Jobs as _, NewJob, Schedule, Schedules as _,
};

/// The kind of jobs that look for leads to be scanned again.
pub const RESCAN_DUE: &str = "rescan_due";

/// The most leads of one job. What is left is due the next time, the oldest first.
pub const MOST_DUE: u32 = 100_000;

/// The name of the schedule.
const SCHEDULE: &str = "rescan_due";
const DAY: Duration = Duration::from_hours(24);

/// What [`RescanDue`] is told.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    days: u16,
    batch_size: u32,
}

/// Scans that are to be repeated.
#[async_trait]
pub trait Rescans: Send {
    /// The domains whose last scan was before a moment, the oldest first: without those that opted out,
    /// and those that wait to be scanned already.
    async fn due_domains(&mut self, before: Timestamp, limit: u32) -> Result<Vec<Domain>>;

    /// Enqueues a scan of [`MOST_DUE`] such domains; `None` where there is none.
    async fn enqueue_due_domains(
        &mut self,
        before: Timestamp,
        batch_size: u32,
    ) -> Result<Option<Enqueued>>;

    /// Has leads scanned again once their last scan is so many days ago, or no longer where that is 0. It
    /// is looked for them once a day.
    async fn rescan_after(&mut self, days: u16, batch_size: u32) -> Result<()>;
}

#[async_trait]
impl Rescans for Unit {
    async fn due_domains(&mut self, before: Timestamp, limit: u32) -> Result<Vec<Domain>> {
        let sql = "SELECT l.domain FROM leads l WHERE l.scanned_at < $1 \
                   AND NOT EXISTS (SELECT 1 FROM opt_outs o WHERE o.domain = l.domain) \
                   AND NOT EXISTS (SELECT 1 FROM batch_items i JOIN batches b \
                   ON b.job_id = i.job_id AND b.batch_no = i.batch_no \
                   WHERE i.domain = l.domain AND b.status IN ('waiting', 'running')) \
                   ORDER BY l.scanned_at, l.company_id LIMIT $2";
        let rows: Vec<(String,)> = self.fetch_all(sql, [before.into(), limit.into()]).await?;
        let domain = |(text,): (String,)| {
            let corrupt = |error: hunter_core::DomainError| StoreError::Corrupt {
                place: "leads.domain",
                problem: error.to_string(),
            };
            text.parse().map_err(corrupt)
        };
        rows.into_iter().map(domain).collect()
    }

    async fn enqueue_due_domains(
        &mut self,
        before: Timestamp,
        batch_size: u32,
    ) -> Result<Option<Enqueued>> {
        let domains = self.due_domains(before, MOST_DUE).await?;
        if domains.is_empty() {
            return Ok(None);
        }
        let job = NewJob { payload: json!({"is_rescan": true}), ..NewJob::new(KIND) };
        self.enqueue_domains(&job, &mut domains.into_iter(), batch_size).await.map(Some)
    }

    async fn rescan_after(&mut self, days: u16, batch_size: u32) -> Result<()> {
        if days == 0 {
            return self.end_schedule(SCHEDULE).await.map(|_| ());
        }
        let schedule = Schedule {
            name: SCHEDULE.to_owned(),
            kind: RESCAN_DUE.to_owned(),
            payload: json!(Told { days, batch_size }),
            every: DAY,
            first: OffsetDateTime::now_utc(),
        };
        self.set_schedule(&schedule).await
    }
}

/// Looks for leads to be scanned again, and enqueues the scan.
#[derive(Debug, Clone, Copy, Default)]
pub struct RescanDue;

#[async_trait]
impl Handler for RescanDue {
    fn kind(&self) -> &'static str {
        RESCAN_DUE
    }

    async fn run(&self, db: &Db, claim: &Claim) -> std::result::Result<(), Failure> {
        let told = serde_json::from_value(claim.payload.clone());
        let Told { days, batch_size } = told.map_err(|error| Failure::Park(error.to_string()))?;
        let before = OffsetDateTime::now_utc() - time::Duration::days(days.into());
        let mut unit = db.begin().await?;
        unit.enqueue_due_domains(before.into(), batch_size).await?;
        if !unit.finish(claim, 1, 0).await? {
            return Err(Failure::Lost);
        }
        Ok(unit.commit().await?)
    }
}
