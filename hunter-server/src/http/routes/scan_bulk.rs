//! `POST /scan/bulk`, and `GET` and `DELETE /scan/bulk/{job_id}`: many domains, as a job.

use std::fmt::Write as _;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use hunter_core::Domain;
use hunter_store::bulk::{KIND, batch_size};
use hunter_store::opt_outs::{OptOuts as _, Refusal};
use hunter_store::queue::{JobStatus, Jobs as _, NewJob};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::jobs::{JobPath, JobView, no_job, view};
use crate::http::App;
use crate::http::extract::Json as Body;
use crate::http::problem::{Problem, ProblemBody};

/// The most refused domains that are named where none is left to scan.
const MOST_ERRORS: usize = 100;
/// The longest key of idempotency.
const LONGEST_KEY: usize = 200;

/// What to scan.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct ScanBulk {
    /// Domains, web addresses or e-mail addresses. One that comes more than once is scanned once.
    #[schema(min_items = 1)]
    domain_list: Vec<String>,
    /// Whether what is remembered is asked again.
    #[serde(default)]
    is_rescan: bool,
}

/// A job that was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkStarted {
    job_id: Uuid,
    message: String,
    /// How many domains it has.
    total: i64,
    /// Entries of the list that are not scanned.
    refused: Vec<Refused>,
}

/// An entry that is not scanned.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Refused {
    /// Its place in the list, from 0.
    index: usize,
    /// What stood there.
    input: String,
    code: &'static str,
    reason: String,
}

/// Scans many domains, as a job.
#[utoipa::path(post, path = "/scan/bulk", tag = "scan", request_body = ScanBulk, params(
    ("Idempotency-Key" = Option<String>, Header, description = "The job of an earlier request with this key is meant."),
), responses(
    (status = 200, body = BulkStarted),
    (status = 400, description = "The body is no JSON.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 415, description = "The body is not `application/json`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "No domain can be scanned, or the key was used for another request.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn scan_bulk(
    State(app): State<App>,
    headers: HeaderMap,
    Body(asked): Body<ScanBulk>,
) -> Result<Json<BulkStarted>, Problem> {
    start(&app, &headers, &asked.domain_list, asked.is_rescan).await.map(Json)
}

/// Enqueues what can be scanned of a list.
pub(super) async fn start(
    app: &App,
    headers: &HeaderMap,
    list: &[String],
    is_rescan: bool,
) -> Result<BulkStarted, Problem> {
    let key = idempotency_key(headers)?;
    let (mut domains, mut refused) = (Vec::new(), Vec::new());
    for (index, input) in list.iter().enumerate() {
        match Domain::from_cell(input) {
            Ok(reading) => domains.push((index, reading.domain)),
            Err(error) => {
                let error = hunter_core::Error::from(error);
                let (code, reason) = (error.code(), error.to_string());
                refused.push(Refused { index, input: input.clone(), code, reason });
            }
        }
    }
    let mut unit = app.db.begin().await?;
    let named: Vec<_> = domains.iter().map(|(_, domain)| domain.clone()).collect();
    let opted_out = unit.opted_out(&named).await?;
    if !opted_out.is_empty() {
        let refused_at = OffsetDateTime::now_utc();
        let action = || "scan".to_owned();
        let refusals = opted_out.iter().cloned();
        let refusals = refusals.map(|domain| Refusal { domain, action: action(), refused_at });
        unit.refuse(refusals.collect()).await?;
        domains.retain(|(index, domain)| {
            let stays = !opted_out.contains(domain.as_str());
            if !stays {
                let reason = format!("the owner of `{domain}` opted out");
                let input = list[*index].clone();
                refused.push(Refused { index: *index, input, code: "opted_out", reason });
            }
            stays
        });
        refused.sort_by_key(|refused| refused.index);
    }
    if domains.is_empty() {
        unit.commit().await?;
        let problem = Problem::new("validation", "the list has no domain that can be scanned");
        return Err(refused.into_iter().take(MOST_ERRORS).fold(problem, |problem, refused| {
            problem.and(format!("/domain_list/{}", refused.index), refused.reason)
        }));
    }
    let request = fingerprint(list, is_rescan);
    let job = NewJob {
        payload: json!({"is_rescan": is_rescan, "request": request}),
        idempotency_key: key.map(|key| format!("scan:{key}")),
        ..NewJob::new(KIND)
    };
    let size = batch_size(slowest(app));
    let mut domains = domains.into_iter().map(|(_, domain)| domain);
    let enqueued = unit.enqueue_domains(&job, &mut domains, size).await?;
    let job = unit.job(enqueued.job_id).await?.ok_or_else(|| no_job(enqueued.job_id))?;
    if !enqueued.is_new && job.payload["request"] != request {
        let detail = "the `Idempotency-Key` was used for another list";
        return Err(Problem::new("idempotency_conflict", detail));
    }
    unit.commit().await?;
    let message = if enqueued.is_new {
        format!("{} domains wait to be scanned", job.total)
    } else {
        "the job of the earlier request with this key".to_owned()
    };
    Ok(BulkStarted { job_id: job.job_id, message, total: job.total, refused })
}

/// What is asked for of the slowest limit that each domain needs, in whole turns a second.
pub(super) fn slowest(app: &App) -> u32 {
    let scan = &app.config.scan;
    let registry = if scan.registration { scan.registry_queries_per_second } else { f64::INFINITY };
    let rate = scan.domains_per_second.min(registry);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and the size of batches is bounded"
    )]
    let whole = rate.ceil() as u32;
    whole
}

/// The key of the request, where it has one.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
    let wrong = || {
        let detail = format!("must be 1 to {LONGEST_KEY} visible ASCII characters");
        Problem::field("Idempotency-Key", detail)
    };
    key.map(|key| Some(key.to_owned())).ok_or_else(wrong)
}

/// What tells one request from another under the same key.
fn fingerprint(list: &[String], is_rescan: bool) -> String {
    let mut hash = Sha256::new();
    hash.update([u8::from(is_rescan)]);
    for input in list {
        hash.update(input.len().to_be_bytes());
        hash.update(input);
    }
    hash.finalize().iter().take(16).fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// How far a scan of many domains is.
#[utoipa::path(get, path = "/scan/bulk/{job_id}", tag = "scan", params(
    ("job_id" = String, Path, description = "The job."),
), responses(
    (status = 200, body = JobView),
    (status = 404, description = "There is no such job.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn status(
    State(app): State<App>,
    JobPath(job_id): JobPath,
) -> Result<Json<JobView>, Problem> {
    let mut unit = app.db.read().await?;
    let job = unit.job(job_id).await?.filter(|job| job.kind == KIND);
    Ok(Json(view(&mut unit, job.ok_or_else(|| no_job(job_id))?).await?))
}

/// Cancels a scan of many domains. What was done by then stays.
#[utoipa::path(delete, path = "/scan/bulk/{job_id}", tag = "scan", params(
    ("job_id" = String, Path, description = "The job."),
), responses(
    (status = 200, description = "It is cancelled, now or before.", body = JobView),
    (status = 404, description = "There is no such job.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 409, description = "It is done.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn cancel(
    State(app): State<App>,
    JobPath(job_id): JobPath,
) -> Result<Json<JobView>, Problem> {
    let mut unit = app.db.begin().await?;
    let job = unit.job(job_id).await?.filter(|job| job.kind == KIND);
    job.ok_or_else(|| no_job(job_id))?;
    unit.cancel(job_id).await?;
    let job = unit.job(job_id).await?.ok_or_else(|| no_job(job_id))?;
    if job.status != JobStatus::Cancelled {
        let detail = format!("the job `{job_id}` is done: its results are there to be read");
        return Err(Problem::new("job_ended", detail));
    }
    let view = view(&mut unit, job).await?;
    unit.commit().await?;
    Ok(Json(view))
}
