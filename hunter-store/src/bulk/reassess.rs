//! All leads assessed again from stored observations, after a change of the rules: without one packet.
//!
//! It is a job like any other: it goes on after any crash where it was, many workers share it, and its
//! progress can be watched. What it changed is listed by [`Reassessments::segment_changes`].

use async_trait::async_trait;
use hunter_core::Engine;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::leads::LeadRecorder;
use crate::companies::Told;
use crate::db::{Db, Insert, Kind, Unit};
use crate::error::{Result, StoreError};
use crate::leads::{AssessedLead, Leads as _};
use crate::observations::Reader;
use crate::queue::{Claim, Enqueued, Failure, Handler, Jobs as _, NewJob, enqueue_batches};

/// The kind of jobs that assess leads again.
pub const REASSESS: &str = "reassess";

/// So many company numbers a batch: a transaction of a second or less.
const WIDTH: i64 = 1_000;

/// A lead whose segment a reassessment changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct SegmentChange {
    /// The domain.
    pub domain: String,
    /// The segment before; `None` for no verdict.
    pub before: Option<String>,
    /// The segment now; `None` for no verdict.
    pub after: Option<String>,
}

/// Reassessments.
#[async_trait]
pub trait Reassessments: Send {
    /// Enqueues a reassessment of all leads by the rules of an engine. Where one by the same rules is
    /// known that did not end yet, that one is meant; those by other rules are cancelled, since this one
    /// replaces all that they would write. Its progress counts batches of company numbers.
    async fn enqueue_reassessment(&mut self, engine: &Engine) -> Result<Enqueued>;

    /// The leads whose segment a reassessment changed, in the order of domains, after one of them.
    async fn segment_changes(
        &mut self,
        job_id: Uuid,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<SegmentChange>>;
}

#[async_trait]
impl Reassessments for Unit {
    async fn enqueue_reassessment(&mut self, engine: &Engine) -> Result<Enqueued> {
        let rules = stamp(engine);
        let sql = "SELECT job_id FROM jobs WHERE kind = $1 AND message = $2 \
                   AND status IN ('queued', 'running') ORDER BY created_at DESC LIMIT 1";
        let known: Option<(Uuid,)> =
            self.fetch_optional(sql, [REASSESS.into(), rules.as_str().into()]).await?;
        if let Some((job_id,)) = known {
            return Ok(Enqueued { job_id, is_new: false });
        }
        let sql = "SELECT job_id FROM jobs WHERE kind = $1 AND status IN ('queued', 'running')";
        let others: Vec<(Uuid,)> = self.fetch_all(sql, [REASSESS.into()]).await?;
        for (other,) in others {
            self.cancel(other).await?;
        }
        let sql = "SELECT COALESCE(MIN(company_id), 1), COALESCE(MAX(company_id), 0) FROM leads";
        let ends: Option<(i64, i64)> = self.fetch_optional(sql, []).await?;
        let (first, last) = ends.unwrap_or((1, 0));
        let batches = u32::try_from((last - first + WIDTH) / WIDTH).unwrap_or(0);
        let payload = json!({"first": first, "width": WIDTH, "rules": rules});
        let job = NewJob { payload, ..NewJob::new(REASSESS) };
        let enqueued = enqueue_batches(self, &job, batches).await?;
        let sql = "UPDATE jobs SET message = $2 WHERE job_id = $1";
        self.execute(sql, [enqueued.job_id.into(), rules.into()]).await?;
        Ok(enqueued)
    }

    async fn segment_changes(
        &mut self,
        job_id: Uuid,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<SegmentChange>> {
        let sql = "SELECT domain, before, after FROM segment_changes \
                   WHERE job_id = $1 AND domain > $2 ORDER BY domain LIMIT $3";
        let after = after.unwrap_or_default();
        self.fetch_all(sql, [job_id.into(), after.into(), limit.into()]).await
    }
}

/// What tells the rules of one engine from those of another.
fn stamp(engine: &Engine) -> String {
    let (rules, table) = (engine.rules().hash(), engine.fingerprints().hash());
    format!("{rules} {table} {}", engine.confidence().hash())
}

/// Assesses leads again.
pub struct Reassess {
    recorder: LeadRecorder,
}

impl Reassess {
    /// By the rules of a recorder.
    pub fn new(recorder: LeadRecorder) -> Self {
        Self { recorder }
    }

    /// Assesses a range of companies, on a thread that may be busy for a while.
    async fn assess(&self, db: &Db, first: i64, width: i64) -> Result<Vec<AssessedLead>, Failure> {
        let sql = format!(
            "SELECT {}, o.body FROM leads l JOIN observations o ON o.observation_id = l.observation_id \
             JOIN companies c ON c.company_id = l.company_id \
             WHERE l.company_id >= $1 AND l.company_id < $2 ORDER BY l.company_id",
            Told::COLUMNS
        );
        let mut unit = db.read().await?;
        let rows: Vec<Stored> = unit.fetch_all(sql, [first.into(), (first + width).into()]).await?;
        drop(unit);
        let recorder = self.recorder.clone();
        let assessing = tokio::task::spawn_blocking(move || {
            let mut reader = Reader::new()?;
            rows.into_iter()
                .map(|row| Ok(recorder.assess(row.told, reader.read(&row.body)?)))
                .collect::<Result<_>>()
        });
        let assessed = assessing.await.map_err(|panicked| Failure::Again(panicked.to_string()))?;
        Ok(assessed?)
    }
}

/// A company and what was observed of it.
#[derive(sqlx::FromRow)]
struct Stored {
    #[sqlx(flatten)]
    told: Told,
    body: Vec<u8>,
}

#[async_trait]
impl Handler for Reassess {
    fn kind(&self) -> &'static str {
        REASSESS
    }

    async fn run(&self, db: &Db, claim: &Claim) -> Result<(), Failure> {
        let rules = claim.payload.get("rules").and_then(serde_json::Value::as_str);
        if rules != Some(&stamp(&self.recorder.engine().get())) {
            let why = "the job is for other rules than this worker has: enqueue it anew";
            return Err(Failure::Again(why.to_owned()));
        }
        let number = |name: &str| claim.payload.get(name).and_then(serde_json::Value::as_i64);
        let (Some(first), Some(width)) = (number("first"), number("width")) else {
            return Err(Failure::Park("the payload has no range".to_owned()));
        };
        let first = first + width * i64::from(claim.batch_no - 1);
        let leads = self.assess(db, first, width).await?;
        let mut unit = db.begin().await?;
        let saved = unit.save_leads(&leads).await?;
        let mut rows = Vec::new();
        for (lead, saved) in leads.iter().zip(saved) {
            // Erased meanwhile.
            let Some(saved) = saved else { continue };
            let verdict = lead.assessment.verdict.as_ref();
            let after = verdict.map(|verdict| verdict.segment.as_str());
            if saved.segment_before.as_deref() != after {
                rows.push(vec![
                    claim.job_id.into(),
                    lead.assessment.domain.as_str().into(),
                    saved.segment_before.into(),
                    after.into(),
                ]);
            }
        }
        let columns = &[
            ("job_id", Kind::Uuid),
            ("domain", Kind::Text),
            ("before", Kind::Text),
            ("after", Kind::Text),
        ];
        let suffix = "ON CONFLICT DO NOTHING";
        unit.insert(Insert { table: "segment_changes", columns, suffix, rows }).await?;
        if !unit.finish(claim, 1, 0).await? {
            return Err(Failure::Lost);
        }
        unit.commit().await.map_err(StoreError::into)
    }
}
