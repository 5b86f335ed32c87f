//! `GET /leads/{domain}/sales-summary`: what to say and do.

use axum::Json;
use axum::extract::State;
use hunter_core::sales::SalesSummary;
use serde::Deserialize;
use time::OffsetDateTime;
use utoipa::IntoParams;

use super::no_lead;
use crate::http::App;
use crate::http::extract::{DomainPath, Query};
use crate::http::problem::{Problem, ProblemBody};
use crate::services::lead_view::LeadView;

/// In which language.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Language {
    /// `tr`, `en`, or a language of the operator's own data files. Without it: the one of the settings.
    pub(super) locale: Option<String>,
}

/// What to say and do with a lead.
#[utoipa::path(get, path = "/leads/{domain}/sales-summary", tag = "leads", params(
    ("domain" = String, Path, description = "The domain, a web address or an e-mail address."),
    Language,
), responses(
    (status = 200, body = SalesSummary),
    (status = 404, description = "It was not scanned yet.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain, or no language.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn sales_summary(
    State(app): State<App>,
    DomainPath(domain): DomainPath,
    Query(language): Query<Language>,
) -> Result<Json<SalesSummary>, Problem> {
    let lead = LeadView::read(&app.db, &app.hunter(), &domain).await?;
    let lead = lead.ok_or_else(|| no_lead(&domain))?;
    let locale = language.locale.as_deref().unwrap_or(&app.config.data.language);
    let now = OffsetDateTime::now_utc();
    let summary = app.hunter().sales_summary_of(&lead.assessment, &lead.told, locale, None, now)?;
    Ok(Json(summary))
}
