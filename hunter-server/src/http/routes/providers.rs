//! `/providers`: whom the table knows, and mail hosts that the operator assigned.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use hunter_core::Domain;
use hunter_core::provider::Provider;
use hunter_core::vocabulary::ProviderClass;
use hunter_store::audit::Audit as _;
use hunter_store::overrides::{ProviderOverride, ProviderOverrides as _};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::http::App;
use crate::http::extract::{Json as Body, domain_of};
use crate::http::problem::{Problem, ProblemBody};
use crate::services::assigned::refresh;
use crate::services::keys::Actor;

const LONGEST_NOTE: usize = 500;
const REASSESS: &str = "New scans follow it within seconds. Leads that are there keep their verdict until \
                        `hunter reassess` is run.";

/// Whom the table knows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProviderList {
    /// The version of the table.
    version: String,
    /// Its hash, with what is assigned: leads carry it as `fingerprints_hash`.
    hash: String,
    providers: Vec<ProviderView>,
    /// Mail hosts that the operator assigned, which come before the table.
    overrides: Vec<ProviderOverride>,
}

/// A provider of the table.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProviderView {
    /// The identifier, by which mail hosts are assigned.
    id: String,
    name: String,
    short_name: String,
    /// What it does.
    kind: &'static str,
    /// How its domains are scored.
    class: ProviderClass,
    /// ISO 3166-1 alpha-2 code of its home.
    country: Option<String>,
    /// Its mail hosts; `*` stands for one label.
    mx_suffixes: Vec<String>,
}

impl ProviderView {
    fn of(provider: &Provider) -> Self {
        Self {
            id: provider.id.clone(),
            name: provider.name.clone(),
            short_name: provider.short_name().to_owned(),
            kind: provider.kind.as_str(),
            class: provider.class(),
            country: provider.country.clone(),
            mx_suffixes: provider.mx_suffix.iter().map(|s| s.value.as_str().to_owned()).collect(),
        }
    }
}

/// An assignment.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewOverride {
    /// The identifier of a provider, as `GET /providers` lists it.
    #[schema(example = "natro")]
    provider: String,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// An assignment as it stands now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Assigned {
    #[serde(flatten)]
    assignment: ProviderOverride,
    /// How many leads have their mail there.
    leads_affected: u64,
    message: &'static str,
}

/// An assignment that was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TakenBack {
    mx_root: String,
    /// How many leads have their mail there.
    leads_affected: u64,
    message: &'static str,
}

/// Whom the table knows, and what the operator assigned.
#[utoipa::path(get, path = "/providers", tag = "providers", responses(
    (status = 200, body = ProviderList),
))]
pub(crate) async fn list(State(app): State<App>) -> Result<Json<ProviderList>, Problem> {
    let overrides = app.db.read().await?.overrides().await?;
    let hunter = app.hunter();
    let table = hunter.engine().fingerprints();
    Ok(Json(ProviderList {
        version: table.version().to_owned(),
        hash: table.hash().to_owned(),
        providers: table.providers().iter().map(ProviderView::of).collect(),
        overrides,
    }))
}

/// Assigns the mail hosts of a domain to a provider, over whatever the table says of them.
#[utoipa::path(put, path = "/providers/overrides/{mx_root}", tag = "providers", params(
    ("mx_root" = String, Path, description = "The registrable domain of the mail hosts, as `mx_root` of leads has it."),
), request_body = NewOverride, responses(
    (status = 200, body = Assigned),
    (status = 400, description = "The body is no JSON.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 415, description = "The body is not `application/json`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no registrable domain, or no provider of the table.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn assign(
    State(app): State<App>,
    actor: Actor,
    Path(mx_root): Path<String>,
    Body(new): Body<NewOverride>,
) -> Result<Json<Assigned>, Problem> {
    let root = root_of(&mx_root)?;
    if app.hunter().engine().fingerprints().provider(&new.provider).is_none() {
        let detail = format!("`{}` is no provider: `GET /providers` lists them", new.provider);
        return Err(Problem::field("/provider", detail));
    }
    let note = new.note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    if note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        return Err(Problem::field("/note", format!("use {LONGEST_NOTE} letters at most")));
    }
    let now = OffsetDateTime::now_utc().into();
    let assignment = ProviderOverride {
        mx_root: root.to_string(),
        provider: new.provider,
        note,
        created_at: now,
        updated_at: now,
    };
    let mut unit = app.db.begin().await?;
    unit.set_override(assignment.clone()).await?;
    let stands = unit.overrides().await?.into_iter().find(|one| one.mx_root == assignment.mx_root);
    let leads_affected = unit.leads_of_mx_root(root.as_str()).await?;
    let target = format!("{root} → {}", assignment.provider);
    unit.audit(actor.entry("provider_override.set", &target)).await?;
    unit.commit().await?;
    refresh(&app.db, app.scans.recorder().engine()).await?;
    let assignment = stands.unwrap_or(assignment);
    Ok(Json(Assigned { assignment, leads_affected, message: REASSESS }))
}

/// Takes an assignment back: the table decides again.
#[utoipa::path(delete, path = "/providers/overrides/{mx_root}", tag = "providers", params(
    ("mx_root" = String, Path, description = "The domain that was assigned."),
), responses(
    (status = 200, body = TakenBack),
    (status = 404, description = "It is not assigned.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no registrable domain.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn take_back(
    State(app): State<App>,
    actor: Actor,
    Path(mx_root): Path<String>,
) -> Result<(StatusCode, Json<TakenBack>), Problem> {
    let root = root_of(&mx_root)?;
    let mut unit = app.db.begin().await?;
    if !unit.remove_override(root.as_str()).await? {
        let detail = format!("`{root}` is not assigned: `GET /providers` lists what is");
        return Err(Problem::new("override_not_found", detail));
    }
    let leads_affected = unit.leads_of_mx_root(root.as_str()).await?;
    unit.audit(actor.entry("provider_override.remove", &root)).await?;
    unit.commit().await?;
    refresh(&app.db, app.scans.recorder().engine()).await?;
    let mx_root = root.to_string();
    Ok((StatusCode::OK, Json(TakenBack { mx_root, leads_affected, message: REASSESS })))
}

/// The domain that mail hosts are registered under. A name below it would not be what leads have as
/// `mx_root`, and a public suffix would assign half a country.
fn root_of(text: &str) -> Result<Domain, Problem> {
    let domain = domain_of(text, "mx_root")?;
    match domain.registrable() {
        Some(root) if root == domain.as_str() => Ok(domain),
        Some(root) => {
            let detail = format!("`{domain}` lies below `{root}`, which is what can be assigned");
            Err(Problem::field("mx_root", detail))
        }
        None => {
            let detail =
                format!("everybody can register below `{domain}`: use a domain of one owner");
            Err(Problem::field("mx_root", detail))
        }
    }
}
