//! `GET /admin/audit`: what administrators did.

use axum::Json;
use axum::extract::State;
use hunter_store::audit::{Audit as _, AuditEntry};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{before, limit};
use crate::http::App;
use crate::http::extract::Query;
use crate::http::problem::{Problem, ProblemBody};

const MOST: u32 = 200;

/// Which part of the log.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Part {
    /// Only entries before this moment, as RFC 3339 writes it.
    #[param(example = "2026-11-24T09:30:00Z")]
    before: Option<String>,
    /// The most entries.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// What administrators did, the latest first.
#[utoipa::path(get, path = "/admin/audit", tag = "admin", params(Part), responses(
    (status = 200, body = Vec<AuditEntry>),
    (status = 422, description = "That is no moment, or no limit.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn audit(
    State(app): State<App>,
    Query(part): Query<Part>,
) -> Result<Json<Vec<AuditEntry>>, Problem> {
    let limit = limit(part.limit, 50, MOST)?;
    let before = before(part.before.as_deref())?;
    Ok(Json(app.db.read().await?.audit_before(before, limit).await?))
}
