//! `GET /leads/{domain}/summary.pdf`: a lead on one page.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use hunter_store::opt_outs::{OptOuts as _, Refusal};
use time::OffsetDateTime;

use super::no_lead;
use super::sales_summary::Language;
use crate::http::App;
use crate::http::extract::{DomainPath, Query};
use crate::http::problem::{Problem, ProblemBody};
use crate::services::lead_view::LeadView;
use crate::services::summary_page::render;

/// A lead on one page, to be printed or sent.
#[utoipa::path(get, path = "/leads/{domain}/summary.pdf", tag = "leads", params(
    ("domain" = String, Path, description = "The domain, a web address or an e-mail address."),
    Language,
), responses(
    (status = 200, description = "The page.", body = Vec<u8>, content_type = "application/pdf"),
    (status = 404, description = "It was not scanned yet.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 409, description = "Its owner opted out.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain, or no language.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn summary_pdf(
    State(app): State<App>,
    DomainPath(domain): DomainPath,
    Query(language): Query<Language>,
) -> Result<Response, Problem> {
    let hunter = app.hunter();
    let locale = language.locale.unwrap_or_else(|| app.config.data.language.clone());
    // A language that is not there is told before anything is looked up.
    hunter.sales().page_words(&locale)?;
    if app.db.read().await?.opt_out_of(&domain).await?.is_some() {
        let refusal = Refusal {
            domain: domain.to_string(),
            action: "export".into(),
            refused_at: OffsetDateTime::now_utc(),
        };
        let mut unit = app.db.begin().await?;
        unit.refuse(vec![refusal]).await?;
        unit.commit().await?;
        return Err(Problem::new("opted_out", format!("the owner of `{domain}` opted out")));
    }
    let lead = LeadView::read(&app.db, &hunter, &domain).await?;
    let lead = lead.ok_or_else(|| no_lead(&domain))?;
    let now = OffsetDateTime::now_utc();
    let name = format!("inline; filename=\"{domain}.pdf\"");
    let drawing = tokio::task::spawn_blocking(move || {
        let summary = hunter.sales_summary_of(&lead.assessment, &lead.told, &locale, None, now)?;
        let words = hunter.sales().page_words(&locale)?;
        let table = hunter.engine().fingerprints();
        render(&lead, &summary, words, table).map_err(|error| {
            tracing::error!(%error, "a page could not be made");
            internal()
        })
    });
    let page = drawing.await.map_err(|_| internal())??;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(name).map_err(|_| internal())?),
    ];
    Ok((headers, page).into_response())
}

fn internal() -> Problem {
    Problem::new("internal", "the request failed; the log has more under its id")
}
