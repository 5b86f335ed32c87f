//! `POST /scan/domain`: one domain, now.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::App;
use crate::http::extract::{Json as Body, domain_of};
use crate::http::problem::{Problem, ProblemBody};
use crate::services::scanning::Scanned;

/// What to scan.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct ScanDomain {
    /// The domain, a web address or an e-mail address.
    #[schema(example = "ornek.com.tr", max_length = 2048)]
    domain: String,
}

/// Scans a domain and keeps the result as a lead. What was found out within the last hour is not asked
/// again; `POST /scan/{domain}/rescan` does.
#[utoipa::path(post, path = "/scan/domain", tag = "scan", request_body = ScanDomain, responses(
    (status = 200, body = Scanned),
    (status = 400, description = "The body is no JSON.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 409, description = "Its owner opted out.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 415, description = "The body is not `application/json`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 503, description = "It took too long, or cannot be kept.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn scan_domain(
    State(app): State<App>,
    Body(asked): Body<ScanDomain>,
) -> Result<Json<Scanned>, Problem> {
    let domain = domain_of(&asked.domain, "/domain")?;
    Ok(Json(app.scans.scan(&domain).await?))
}
