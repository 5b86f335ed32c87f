//! `GET` and `DELETE /leads/{domain}`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hunter_store::audit::Audit as _;
use hunter_store::erase::Erase as _;
use hunter_store::leads::{LeadRow, Leads as _};

use super::no_lead;
use crate::http::App;
use crate::http::extract::DomainPath;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::keys::Actor;

/// One lead.
#[utoipa::path(get, path = "/leads/{domain}", tag = "leads", params(
    ("domain" = String, Path, description = "The domain, a web address or an e-mail address."),
), responses(
    (status = 200, body = LeadRow),
    (status = 404, description = "It was not scanned yet.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn read(
    State(app): State<App>,
    DomainPath(domain): DomainPath,
) -> Result<Json<LeadRow>, Problem> {
    let row = app.db.read().await?.lead(&domain).await?;
    row.map(Json).ok_or_else(|| no_lead(&domain))
}

/// Erases a lead and everything about it. An opt-out of the domain stays.
#[utoipa::path(delete, path = "/leads/{domain}", tag = "leads", params(
    ("domain" = String, Path, description = "The domain, a web address or an e-mail address."),
), responses(
    (status = 204, description = "Nothing is known of it any more."),
    (status = 404, description = "Nothing was known of it.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn erase(
    State(app): State<App>,
    actor: Actor,
    DomainPath(domain): DomainPath,
) -> Result<StatusCode, Problem> {
    let mut unit = app.db.begin().await?;
    if !unit.erase(&domain).await? {
        return Err(no_lead(&domain));
    }
    unit.audit(actor.entry_about("lead.erase", &domain)).await?;
    unit.commit().await?;
    app.scans.forget(&domain).await;
    Ok(StatusCode::NO_CONTENT)
}
