//! `POST /scan/{domain}/rescan` and `POST /scan/bulk/rescan`: what is remembered is asked again.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::scan_bulk::{BulkStarted, start};
use crate::http::App;
use crate::http::extract::{DomainPath, Json as Body};
use crate::http::idempotency::IdempotencyKey;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::scanning::{Alerted, Changed, Scanned};

/// The verdict, and what changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RescanAnswer {
    #[serde(flatten)]
    scanned: Scanned,
    /// What changed against what was known before.
    changes: Vec<Changed>,
    /// The alerts that were raised.
    alerts: Vec<Alerted>,
}

/// Scans a domain again, whatever is remembered of it, and says what changed.
#[utoipa::path(post, path = "/scan/{domain}/rescan", tag = "scan", params(
    ("domain" = String, Path, description = "The domain, a web address or an e-mail address."),
), responses(
    (status = 200, body = RescanAnswer),
    (status = 409, description = "Its owner opted out.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 503, description = "It took too long, or cannot be kept.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn rescan_domain(
    State(app): State<App>,
    DomainPath(domain): DomainPath,
) -> Result<Json<RescanAnswer>, Problem> {
    let again = app.scans.rescan(&domain).await?;
    let (scanned, changes, alerts) = (again.scanned, again.changes, again.alerts);
    Ok(Json(RescanAnswer { scanned, changes, alerts }))
}

/// Which domains to scan again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct RescanBulk {
    /// Domains, web addresses or e-mail addresses.
    #[schema(min_items = 1)]
    domain_list: Vec<String>,
}

/// Scans many domains again, as a job. Its results list the changes and alerts of each domain.
#[utoipa::path(post, path = "/scan/bulk/rescan", tag = "scan", request_body = RescanBulk, params(
    ("Idempotency-Key" = Option<String>, Header, description = "A name of your own for the request: sent again by the same API key, its first job is meant."),
), responses(
    (status = 200, body = BulkStarted),
    (status = 400, description = "The body is no JSON.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 415, description = "The body is not `application/json`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "No domain can be scanned, or the key was used for another request.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn rescan_bulk(
    State(app): State<App>,
    key: IdempotencyKey,
    Body(asked): Body<RescanBulk>,
) -> Result<Json<BulkStarted>, Problem> {
    start(&app, key, &asked.domain_list, true).await.map(Json)
}
