//! `GET /dashboard`, `/dashboard/kpis` and `/dashboard/activity`: what it all comes to.
//!
//! The totals are at most a minute old, so that a look at them costs the same with a thousand leads and
//! with a million.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use hunter_core::vocabulary::Segment;
use hunter_store::Timestamp;
use hunter_store::dashboard::{self, Activity, Counted, MAX_AGE, Totals};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{before, limit};
use crate::http::App;
use crate::http::extract::Query;
use crate::http::problem::{Problem, ProblemBody};

/// The most entries of the latest activity.
const MOST: u32 = 200;

/// Totals over all leads, and how they are spread.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Dashboard {
    total_leads: u64,
    migration: u64,
    existing: u64,
    cold: u64,
    skip: u64,
    /// Leads without a verdict: their domains did not answer.
    without_segment: u64,
    /// The mean of the scores; `null` where there is none.
    avg_score: Option<f64>,
    /// The highest score; `null` where there is none.
    max_score: Option<u8>,
    /// Those of the categories P1 and P2.
    high_priority: u64,
    /// Those that can be migrated as they stand.
    migration_ready: u64,
    by_provider: BTreeMap<String, u64>,
    by_priority_category: BTreeMap<String, u64>,
    by_commercial_segment: BTreeMap<String, u64>,
    /// By the lowest score of each ten; 100 stands alone.
    by_score: BTreeMap<String, u64>,
    counted_at: Timestamp,
}

/// What is shown first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Kpis {
    total_leads: u64,
    migration_leads: u64,
    high_priority: u64,
    /// The highest score; `null` where there is none.
    max_score: Option<u8>,
    migration_ready: u64,
    /// The mean of the scores; `null` where there is none.
    avg_score: Option<f64>,
    counted_at: Timestamp,
}

fn of_segment(totals: &Totals, segment: Segment) -> u64 {
    totals.by_segment.get(segment.as_str()).copied().unwrap_or(0)
}

/// To a hundredth: what is shown is not more exact.
fn rounded(mean: Option<f64>) -> Option<f64> {
    mean.map(|mean| (mean * 100.0).round() / 100.0)
}

/// Totals over all leads, and how they are spread.
#[utoipa::path(get, path = "/dashboard", tag = "dashboard", responses((status = 200, body = Dashboard)))]
pub(crate) async fn summary(State(app): State<App>) -> Result<Json<Dashboard>, Problem> {
    let Counted { totals, counted_at } = dashboard::totals(&app.db, MAX_AGE).await?;
    let [migration, existing, cold, skip] =
        [Segment::Migration, Segment::Existing, Segment::Cold, Segment::Skip]
            .map(|segment| of_segment(&totals, segment));
    Ok(Json(Dashboard {
        total_leads: totals.leads,
        migration,
        existing,
        cold,
        skip,
        without_segment: totals.leads.saturating_sub(totals.by_segment.values().sum()),
        avg_score: rounded(totals.average_score),
        max_score: totals.max_score,
        high_priority: totals.high_priority,
        migration_ready: totals.migration_ready,
        by_provider: totals.by_provider,
        by_priority_category: totals.by_priority_category,
        by_commercial_segment: totals.by_commercial_segment,
        by_score: totals.by_score.iter().map(|(tens, leads)| (tens.to_string(), *leads)).collect(),
        counted_at,
    }))
}

/// The figures that are shown first.
#[utoipa::path(get, path = "/dashboard/kpis", tag = "dashboard", responses((status = 200, body = Kpis)))]
pub(crate) async fn kpis(State(app): State<App>) -> Result<Json<Kpis>, Problem> {
    let Counted { totals, counted_at } = dashboard::totals(&app.db, MAX_AGE).await?;
    Ok(Json(Kpis {
        total_leads: totals.leads,
        migration_leads: of_segment(&totals, Segment::Migration),
        high_priority: totals.high_priority,
        max_score: totals.max_score,
        migration_ready: totals.migration_ready,
        avg_score: rounded(totals.average_score),
        counted_at,
    }))
}

/// Which part of it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Part {
    /// Only what was before this moment (RFC 3339).
    #[param(example = "2026-11-24T09:30:00Z")]
    before: Option<String>,
    /// The most entries.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// What happened lately.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Activities {
    activity: Vec<ActivityRow>,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActivityRow {
    /// When: for a job, when it was enqueued.
    at: Timestamp,
    /// `change` or `job`.
    #[serde(rename = "type")]
    what: &'static str,
    /// What changed, such as `mx_changed`, or the kind of the job.
    kind: String,
    /// The company's domain; `null` for a job.
    domain: Option<String>,
    before: Option<String>,
    after: Option<String>,
    /// The job; `null` for a change.
    job_id: Option<Uuid>,
    /// Where the job stands.
    status: Option<String>,
    total: Option<i64>,
    succeeded: Option<i64>,
    failed: Option<i64>,
}

impl From<Activity> for ActivityRow {
    fn from(one: Activity) -> Self {
        Self {
            at: one.at,
            what: if one.job_id.is_some() { "job" } else { "change" },
            kind: one.kind,
            domain: one.domain,
            before: one.before,
            after: one.after,
            job_id: one.job_id,
            status: one.status,
            total: one.total,
            succeeded: one.succeeded,
            failed: one.failed,
        }
    }
}

/// Changes of companies, and jobs, the latest first.
#[utoipa::path(get, path = "/dashboard/activity", tag = "dashboard", params(Part), responses(
    (status = 200, body = Activities),
    (status = 422, description = "A parameter is wrong.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn activity(
    State(app): State<App>,
    Query(part): Query<Part>,
) -> Result<Json<Activities>, Problem> {
    let limit = limit(part.limit, 50, MOST)?;
    let before = before(part.before.as_deref())?;
    let activity = dashboard::activity(&app.db, before, limit).await?;
    Ok(Json(Activities { activity: activity.into_iter().map(ActivityRow::from).collect() }))
}
