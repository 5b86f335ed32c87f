//! `/opt-outs`: whose domains are never scanned, exported or synced.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hunter_core::Domain;
use hunter_store::audit::Audit as _;
use hunter_store::opt_outs::{OptOut, OptOuts as _};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::limit;
use crate::http::App;
use crate::http::extract::{DomainPath, Json as Body, Query, domain_of};
use crate::http::problem::{Problem, ProblemBody};
use crate::services::keys::Actor;

const MOST: u32 = 1000;
const LONGEST_GROUND: usize = 1000;

/// Which part of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Part {
    /// Only domains after this one: `next` of the part before.
    after: Option<String>,
    /// The most domains.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// A part of the list, in the order of domains.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OptOutList {
    opt_outs: Vec<OptOut>,
    /// Where the next part begins; `null` at the end.
    next: Option<String>,
}

/// A domain that is not to be asked.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewOptOut {
    /// The domain, a web address or an e-mail address.
    #[schema(example = "ornek.com.tr", max_length = 2048)]
    domain: String,
    /// Why: a request of its owner, a decision of the seller's.
    #[serde(default = "asked")]
    #[schema(default = "request of the owner", max_length = 1000)]
    ground: String,
}

fn asked() -> String {
    "request of the owner".into()
}

/// The domain of an opt-out to be taken back.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// The domain.
    domain: String,
}

/// Who opted out, since when and why.
#[utoipa::path(get, path = "/opt-outs", tag = "opt-outs", params(Part), responses(
    (status = 200, body = OptOutList),
    (status = 422, description = "That is no limit.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn list(
    State(app): State<App>,
    Query(part): Query<Part>,
) -> Result<Json<OptOutList>, Problem> {
    let limit = limit(part.limit, 100, MOST)?;
    let mut opt_outs = app.db.read().await?.opt_outs(part.after.as_deref(), limit + 1).await?;
    let is_more = opt_outs.len() > limit as usize;
    opt_outs.truncate(limit as usize);
    let next = opt_outs.last().filter(|_| is_more).map(|last| last.domain.clone());
    Ok(Json(OptOutList { opt_outs, next }))
}

/// Writes an opt-out down. One that is there already keeps its time and ground.
#[utoipa::path(post, path = "/opt-outs", tag = "opt-outs", request_body = NewOptOut, responses(
    (status = 201, description = "As it stands there now.", body = OptOut),
    (status = 400, description = "The body is no JSON.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 415, description = "The body is not `application/json`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "A field is wrong.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn add(
    State(app): State<App>,
    actor: Actor,
    Body(new): Body<NewOptOut>,
) -> Result<(StatusCode, Json<OptOut>), Problem> {
    let domain = domain_of(&new.domain, "/domain")?;
    let ground = new.ground.trim();
    if ground.is_empty() || ground.chars().count() > LONGEST_GROUND {
        return Err(Problem::field("/ground", format!("use 1 to {LONGEST_GROUND} letters")));
    }
    let opt_out = OptOut {
        domain: domain.to_string(),
        ground: ground.to_owned(),
        recorded_by: Some(actor.name.clone()),
        recorded_at: OffsetDateTime::now_utc(),
    };
    let mut unit = app.db.begin().await?;
    unit.opt_out(opt_out.clone()).await?;
    let stands = unit.opt_out_of(&domain).await?.unwrap_or(opt_out);
    unit.audit(actor.entry("opt_out.record", &domain)).await?;
    unit.commit().await?;
    Ok((StatusCode::CREATED, Json(stands)))
}

/// Takes an opt-out back.
#[utoipa::path(delete, path = "/opt-outs", tag = "opt-outs", params(Which), responses(
    (status = 204, description = "The domain may be asked again."),
    (status = 404, description = "It did not opt out.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn remove(
    State(app): State<App>,
    actor: Actor,
    Query(which): Query<Which>,
) -> Result<StatusCode, Problem> {
    take_back(&app, &actor, &domain_of(&which.domain, "domain")?).await
}

/// Takes an opt-out back.
#[utoipa::path(delete, path = "/opt-outs/{domain}", tag = "opt-outs", params(
    ("domain" = String, Path, description = "The domain, a web address or an e-mail address."),
), responses(
    (status = 204, description = "The domain may be asked again."),
    (status = 404, description = "It did not opt out.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn remove_one(
    State(app): State<App>,
    actor: Actor,
    DomainPath(domain): DomainPath,
) -> Result<StatusCode, Problem> {
    take_back(&app, &actor, &domain).await
}

async fn take_back(app: &App, actor: &Actor, domain: &Domain) -> Result<StatusCode, Problem> {
    let mut unit = app.db.begin().await?;
    if !unit.opt_in(domain).await? {
        let detail = format!("`{domain}` did not opt out");
        return Err(Problem::new("opt_out_not_found", detail));
    }
    unit.audit(actor.entry("opt_out.take_back", domain)).await?;
    unit.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
