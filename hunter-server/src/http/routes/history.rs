//! `GET /leads/{domain}/history`: what changed, and how the verdict moved.

use axum::Json;
use axum::extract::State;
use hunter_store::changes::{Changes as _, StoredChange};
use hunter_store::leads::{Leads as _, Score};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{company, limit};
use crate::http::App;
use crate::http::extract::{DomainPath, Query};
use crate::http::problem::{Problem, ProblemBody};

/// The most entries of each kind.
const MOST: u32 = 200;

/// How much of it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HowMuch {
    /// The most entries of each kind.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// The history of a lead, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct History {
    domain: String,
    /// Changes of what was observed.
    changes: Vec<StoredChange>,
    /// Every verdict that differed from the one before.
    scores: Vec<Score>,
}

/// What changed, and how the verdict moved.
#[utoipa::path(get, path = "/leads/{domain}/history", tag = "leads", params(
    ("domain" = String, Path, description = "The domain, a web address or an e-mail address."),
    HowMuch,
), responses(
    (status = 200, body = History),
    (status = 404, description = "Nothing is known of it.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain, or no limit.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn history(
    State(app): State<App>,
    DomainPath(domain): DomainPath,
    Query(asked): Query<HowMuch>,
) -> Result<Json<History>, Problem> {
    let limit = limit(asked.limit, 50, MOST)?;
    let mut unit = app.db.read().await?;
    let company = company(&mut unit, &domain).await?;
    let changes = unit.changes_of(company.company_id, limit).await?;
    let scores = unit.scores(company.company_id, limit).await?;
    Ok(Json(History { domain: company.domain, changes, scores }))
}
