//! `GET /scan/bulk/{job_id}/results`: what became of each domain.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use hunter_core::Domain;
use hunter_store::bulk::{KIND, ScanResult, ScanResults as _};
use hunter_store::queue::Jobs as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::jobs::{JobPath, no_job};
use crate::http::App;
use crate::http::extract::Query;
use crate::http::problem::{Problem, ProblemBody};

/// The most rows at once.
const MOST: u32 = 200;

/// Which results.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Where the page before ended, as its `next_cursor` says.
    cursor: Option<String>,
    /// How many rows a page has.
    #[param(minimum = 1, maximum = 200, default = 50)]
    page_size: Option<u32>,
    /// Only those that failed.
    only_failed: Option<bool>,
}

/// A page of results, in the order of domains.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Results {
    job_id: Uuid,
    /// How many domains the job has.
    total: i64,
    succeeded: i64,
    failed: i64,
    #[serde(rename = "results")]
    rows: Vec<ResultRow>,
    /// Where the next page begins; `null` on the last one.
    next_cursor: Option<String>,
}

/// What became of one domain.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultRow {
    #[serde(flatten)]
    result: ScanResult,
    /// What this job found changed.
    changes: Vec<ResultChange>,
    /// The alerts that it raised.
    alerts: Vec<ResultAlert>,
}

/// A change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultChange {
    kind: String,
    before: Option<String>,
    after: Option<String>,
}

/// An alert.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultAlert {
    alert_type: String,
    message: String,
}

/// What became of each domain of a job, as far as it is done.
#[utoipa::path(get, path = "/scan/bulk/{job_id}/results", tag = "scan", params(
    ("job_id" = String, Path, description = "The job."),
    Which,
), responses(
    (status = 200, body = Results),
    (status = 400, description = "`cursor_invalid`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 404, description = "There is no such job.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "A parameter is wrong.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn results(
    State(app): State<App>,
    JobPath(job_id): JobPath,
    Query(which): Query<Which>,
) -> Result<Json<Results>, Problem> {
    let size = which.page_size.unwrap_or(50);
    if !(1..=MOST).contains(&size) {
        return Err(Problem::field("page_size", format!("is {size}: use 1 to {MOST}")));
    }
    let after = which.cursor.as_deref();
    if after.is_some_and(|cursor| cursor.parse::<Domain>().is_err()) {
        return Err(Problem::new("cursor_invalid", "`cursor` is none that a page ended with"));
    }
    let mut unit = app.db.read().await?;
    let job = unit.job(job_id).await?.filter(|job| job.kind == KIND);
    let job = job.ok_or_else(|| no_job(job_id))?;
    let only_failed = which.only_failed.unwrap_or(false);
    let mut found = unit.scan_results(job_id, only_failed, after, size + 1).await?;
    let is_last = found.len() <= usize::try_from(size).expect("small");
    found.truncate(usize::try_from(size).expect("small"));
    let last = found.last().map(|row| row.domain.clone());
    let mut rows: Vec<ResultRow> = found.into_iter().map(ResultRow::of).collect();
    if let Some(last) = &last {
        let places: HashMap<String, usize> =
            rows.iter().enumerate().map(|(i, row)| (row.result.domain.clone(), i)).collect();
        for news in unit.scan_news(&job, after, last).await? {
            let Some(row) = places.get(&news.domain).and_then(|i| rows.get_mut(*i)) else {
                continue;
            };
            row.add(news);
        }
    }
    let next_cursor = last.filter(|_| !is_last);
    let (total, succeeded, failed) = (job.total, job.succeeded, job.failed);
    Ok(Json(Results { job_id, total, succeeded, failed, rows, next_cursor }))
}

impl ResultRow {
    const fn of(result: ScanResult) -> Self {
        Self { result, changes: Vec::new(), alerts: Vec::new() }
    }

    fn add(&mut self, news: hunter_store::bulk::ScanNews) {
        match news.message {
            Some(message) => self.alerts.push(ResultAlert { alert_type: news.kind, message }),
            None => self.changes.push(ResultChange {
                kind: news.kind,
                before: news.before,
                after: news.after,
            }),
        }
    }
}
