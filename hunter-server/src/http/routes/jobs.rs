//! `GET /jobs/{job_id}`: how far a job is, whichever process does it.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use hunter_store::Unit;
use hunter_store::ingest::{self, Ingests as _};
use hunter_store::queue::{Job, JobStatus, Jobs as _};
use hunter_store::raw_leads::RawLeads as _;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::App;
use crate::http::problem::{Problem, ProblemBody};

/// The most failures that are listed; the results have all.
const MOST_ERRORS: u32 = 100;

/// How far a job is. The counts are written with the results, so that they say neither more nor less
/// than is there.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct JobView {
    job_id: Uuid,
    /// What is done: `scan`, `ingest`, `reassess`.
    kind: String,
    /// `queued`, `running`, `done` or `cancelled`.
    #[schema(value_type = String, example = "running")]
    pub(super) status: JobStatus,
    /// The processed ones in whole percent.
    progress: i64,
    progress_percent: f64,
    total: i64,
    processed: i64,
    succeeded: i64,
    failed: i64,
    remaining: i64,
    /// The first hundred that failed.
    errors: Vec<JobError>,
    message: String,
    /// What became of the rows, of a file that was taken in to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<IngestView>,
}

/// A domain that failed, or a row of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct JobError {
    /// The domain; empty for a row.
    domain: String,
    code: String,
    /// The line of a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<i64>,
}

/// What became of the rows of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct IngestView {
    /// Rows that name a company.
    taken_in: i64,
    /// Why others were rejected, and how many, by code. `GET /ingest/csv/{job_id}/rejects` lists them.
    rejected: BTreeMap<String, i64>,
    /// The job that scans the companies.
    scan_job_id: Option<Uuid>,
}

impl From<ingest::IngestResult> for IngestView {
    fn from(result: ingest::IngestResult) -> Self {
        let ingest::IngestResult { taken_in, rejected, scan_job } = result;
        Self { taken_in, rejected: rejected.into_iter().collect(), scan_job_id: scan_job }
    }
}

impl JobView {
    /// Whether nothing more happens to it.
    pub(super) const fn is_over(&self) -> bool {
        matches!(self.status, JobStatus::Done | JobStatus::Cancelled)
    }
}

/// A job as it is shown.
pub(super) async fn view(unit: &mut Unit, job: Job) -> Result<JobView, Problem> {
    let is_ingest = job.kind == ingest::KIND;
    let errors = if job.failed == 0 {
        Vec::new()
    } else if is_ingest {
        let rows = unit.rejected(job.job_id, -1, MOST_ERRORS).await?;
        let error = |row: hunter_store::raw_leads::RawLead| JobError {
            domain: String::new(),
            code: row.rejected.unwrap_or_default(),
            line: row.line,
        };
        rows.into_iter().map(error).collect()
    } else {
        let rows = unit.job_results(job.job_id, true, None, MOST_ERRORS).await?;
        let error = |row: hunter_store::queue::DomainResult| JobError {
            domain: row.domain,
            code: row.error.unwrap_or_default(),
            line: None,
        };
        rows.into_iter().map(error).collect()
    };
    let is_over = matches!(job.status, JobStatus::Done | JobStatus::Cancelled);
    let result = if is_ingest && is_over {
        Some(unit.ingest_result(job.job_id).await?.into())
    } else {
        None
    };
    let now = job.progress();
    let ended = match now.status {
        JobStatus::Queued => "no worker has taken it yet",
        JobStatus::Running => "under way",
        JobStatus::Done => "done",
        JobStatus::Cancelled => "cancelled",
    };
    let message =
        format!("{ended}: {} of {}, {} of which failed", now.processed, now.total, now.failed);
    #[expect(clippy::cast_possible_truncation, reason = "it is 0 to 100")]
    let progress = now.progress_percent as i64;
    Ok(JobView {
        job_id: job.job_id,
        kind: job.kind,
        status: now.status,
        progress,
        progress_percent: now.progress_percent,
        total: now.total,
        processed: now.processed,
        succeeded: now.succeeded,
        failed: now.failed,
        remaining: now.remaining,
        errors,
        message,
        result,
    })
}

/// The answer for an id without a job.
pub(super) fn no_job(job_id: impl std::fmt::Display) -> Problem {
    Problem::new("job_not_found", format!("there is no such job as `{job_id}`"))
}

/// The job in a path. What is no id is no job's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JobPath(pub(super) Uuid);

impl<S: Send + Sync> FromRequestParts<S> for JobPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|rejection| Problem::new("path_not_found", rejection.body_text()))?;
        text.parse().map(Self).map_err(|_| no_job(text))
    }
}

/// How far a job is, whichever process does it.
#[utoipa::path(get, path = "/jobs/{job_id}", tag = "jobs", params(
    ("job_id" = String, Path, description = "The job."),
), responses(
    (status = 200, body = JobView),
    (status = 404, description = "There is no such job.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn job(
    State(app): State<App>,
    JobPath(job_id): JobPath,
) -> Result<Json<JobView>, Problem> {
    let mut unit = app.db.read().await?;
    let job = unit.job(job_id).await?.ok_or_else(|| no_job(job_id))?;
    Ok(Json(view(&mut unit, job).await?))
}
