//! Jobs that come again and again.

use std::time::Duration;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::jobs::{Jobs, NewJob};
use crate::db::{Timestamp, Unit, Value};
use crate::error::{Result, StoreError};

/// A job that comes at a fixed interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// Its name; setting it again changes it.
    pub name: String,
    /// Which handler does the job.
    pub kind: String,
    /// What the handler is told.
    pub payload: serde_json::Value,
    /// The interval, in whole seconds.
    pub every: Duration,
    /// When it comes first.
    pub first: OffsetDateTime,
}

/// Schedules.
#[async_trait]
pub trait Schedules: Send {
    /// Sets a schedule. One of the same name keeps its next time unless its interval changes.
    async fn set_schedule(&mut self, schedule: &Schedule) -> Result<()>;

    /// Ends a schedule; false when there was none of that name.
    async fn end_schedule(&mut self, name: &str) -> Result<bool>;

    /// Enqueues what is due, once however often its time passed meanwhile; gives how many. Workers do
    /// this by themselves.
    async fn enqueue_due(&mut self) -> Result<u32>;
}

#[derive(sqlx::FromRow)]
struct Due {
    name: String,
    kind: String,
    #[sqlx(json)]
    payload: serde_json::Value,
    next_at: Timestamp,
}

#[async_trait]
impl Schedules for Unit {
    async fn set_schedule(&mut self, schedule: &Schedule) -> Result<()> {
        let every = i64::try_from(schedule.every.as_secs()).unwrap_or(0);
        if every == 0 {
            let problem = "is shorter than a second or longer than time: use whole seconds";
            return Err(StoreError::request("store_request", "every", problem));
        }
        let payload = self.backend().json("$3");
        let sql = format!(
            "INSERT INTO schedules (name, kind, payload, every_seconds, next_at) \
             VALUES ($1, $2, {payload}, $4, $5) ON CONFLICT (name) DO UPDATE SET \
             kind = excluded.kind, payload = excluded.payload, \
             next_at = CASE WHEN schedules.every_seconds = excluded.every_seconds \
                THEN schedules.next_at ELSE excluded.next_at END, \
             every_seconds = excluded.every_seconds"
        );
        let values = [
            schedule.name.as_str().into(),
            schedule.kind.as_str().into(),
            Value::json(&schedule.payload),
            every.into(),
            schedule.first.into(),
        ];
        self.execute(sql, values).await.map(|_| ())
    }

    async fn end_schedule(&mut self, name: &str) -> Result<bool> {
        let sql = "DELETE FROM schedules WHERE name = $1";
        Ok(self.execute(sql, [name.into()]).await? == 1)
    }

    async fn enqueue_due(&mut self) -> Result<u32> {
        let backend = self.backend();
        let (now, lock) = (backend.now(), backend.for_update_of_free("schedules"));
        let sql = format!(
            "SELECT name, kind, payload, next_at FROM schedules WHERE next_at <= {now} ORDER BY name{lock}"
        );
        let due: Vec<Due> = self.fetch_all(sql, []).await?;
        let mut enqueued = 0;
        for due in due {
            // The times that passed unseen are skipped; the rhythm stays.
            let passed = backend.micros_between("next_at", now);
            let steps =
                format!("every_seconds * 1000000 * (1 + {passed} / (every_seconds * 1000000))");
            let next = backend.later("next_at", &steps);
            let sql = format!("UPDATE schedules SET next_at = {next} WHERE name = $1");
            self.execute(sql, [due.name.as_str().into()]).await?;
            let job = NewJob {
                payload: due.payload,
                idempotency_key: Some(format!("schedule:{}:{}", due.name, due.next_at.as_micros())),
                ..NewJob::new(due.kind)
            };
            enqueued += u32::from(self.enqueue(&job).await?.is_new);
        }
        Ok(enqueued)
    }
}
