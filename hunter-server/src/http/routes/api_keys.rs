//! `/admin/api-keys`: keys are made, listed, switched on and off.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hunter_store::Timestamp;
use hunter_store::api_keys::{ApiKey, ApiKeys as _, Scope, Scopes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ServerError;
use crate::http::App;
use crate::http::extract::{IdPath, Json as Body};
use crate::http::problem::{Problem, ProblemBody};
use crate::services::keys::{self, Actor, PER_MINUTE, Wanted};

/// What a key may do unless it is said: all but administer the service.
const USUAL: [Scope; 3] = [Scope::Read, Scope::Ingest, Scope::Scan];
const LONGEST_NAME: usize = 200;

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewKey {
    /// What people call it.
    #[schema(example = "web form", min_length = 1, max_length = 200)]
    name: String,
    /// How many requests a minute it may make.
    #[serde(default)]
    #[schema(minimum = 1, default = 60)]
    rate_limit_per_minute: Option<i32>,
    /// What it may do. Unless it is said: `read`, `ingest` and `scan`.
    #[serde(default)]
    scopes: Option<Vec<Scope>>,
    /// Who asked for it. Who made it stands in the audit log.
    #[serde(default)]
    #[schema(max_length = 200)]
    created_by: Option<String>,
}

/// A key. Neither its secret nor the hash of it is ever part of this.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyView {
    id: i64,
    name: String,
    /// The part of the key before the dot, by which it can be told from others.
    prefix: String,
    scopes: Vec<Scope>,
    rate_limit_per_minute: i32,
    is_active: bool,
    created_at: Timestamp,
    last_used_at: Option<Timestamp>,
    created_by: Option<String>,
}

/// A key that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeKey {
    id: i64,
    name: String,
    /// The whole key. It is shown this once.
    api_key: String,
    prefix: String,
    scopes: Vec<Scope>,
    rate_limit_per_minute: i32,
    is_active: bool,
    created_at: Timestamp,
    created_by: Option<String>,
    message: &'static str,
}

impl From<ApiKey> for KeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes.as_slice().to_vec(),
            rate_limit_per_minute: key.per_minute,
            is_active: key.active,
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            created_by: key.created_by,
        }
    }
}

/// Makes a key.
#[utoipa::path(post, path = "/admin/api-keys", tag = "admin", request_body = NewKey, responses(
    (status = 201, description = "The key, with its text this once.", body = MadeKey),
    (status = 400, description = "The body is no JSON.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 415, description = "The body is not `application/json`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "A field is wrong.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn create(
    State(app): State<App>,
    actor: Actor,
    Body(new): Body<NewKey>,
) -> Result<(StatusCode, Json<MadeKey>), Problem> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(Problem::field("/name", format!("use 1 to {LONGEST_NAME} letters")));
    }
    let per_minute = new.rate_limit_per_minute.unwrap_or(PER_MINUTE);
    if per_minute < 1 {
        return Err(Problem::field("/rate_limit_per_minute", "use 1 or more"));
    }
    if new.created_by.as_ref().is_some_and(|by| by.chars().count() > LONGEST_NAME) {
        return Err(Problem::field("/created_by", format!("use at most {LONGEST_NAME} letters")));
    }
    let scopes = new.scopes.unwrap_or_else(|| USUAL.to_vec());
    if scopes.is_empty() {
        return Err(Problem::field("/scopes", "name at least one"));
    }
    let wanted = Wanted {
        name: name.to_owned(),
        scopes: Scopes::new(scopes),
        per_minute,
        created_by: new.created_by,
    };
    let (key, text) = keys::create(&app.db, wanted, &actor).await.map_err(|error| match error {
        ServerError::Store(error) => Problem::from(error),
        other => {
            tracing::error!(error = %other, code = other.code(), "no key could be made");
            Problem::new("internal", "the request failed; the log has more under its id")
        }
    })?;
    let made = MadeKey {
        id: key.id,
        name: key.name,
        api_key: keys::shown_once(&text).to_owned(),
        prefix: key.prefix,
        scopes: key.scopes.as_slice().to_vec(),
        rate_limit_per_minute: key.per_minute,
        is_active: key.active,
        created_at: key.created_at,
        created_by: key.created_by,
        message: "keep the key now: it is not shown again",
    };
    Ok((StatusCode::CREATED, Json(made)))
}

/// Every key, active or not, the oldest first.
#[utoipa::path(get, path = "/admin/api-keys", tag = "admin", responses((status = 200, body = Vec<KeyView>)))]
pub(crate) async fn list(State(app): State<App>) -> Result<Json<Vec<KeyView>>, Problem> {
    let keys = app.db.read().await?.api_keys().await?;
    Ok(Json(keys.into_iter().map(KeyView::from).collect()))
}

/// Accepts a key again.
#[utoipa::path(patch, path = "/admin/api-keys/{id}/activate", tag = "admin", params(
    ("id" = i64, Path, description = "The number of the key."),
), responses(
    (status = 200, body = KeyView),
    (status = 404, description = "There is no such key.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no number.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn activate(
    State(app): State<App>,
    actor: Actor,
    IdPath(id): IdPath,
) -> Result<Json<KeyView>, Problem> {
    switch(&app, id, true, &actor).await
}

/// Accepts a key no longer: at once in this process, within a minute in others.
#[utoipa::path(patch, path = "/admin/api-keys/{id}/deactivate", tag = "admin", params(
    ("id" = i64, Path, description = "The number of the key."),
), responses(
    (status = 200, body = KeyView),
    (status = 404, description = "There is no such key.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no number.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn deactivate(
    State(app): State<App>,
    actor: Actor,
    IdPath(id): IdPath,
) -> Result<Json<KeyView>, Problem> {
    switch(&app, id, false, &actor).await
}

async fn switch(app: &App, id: i64, active: bool, actor: &Actor) -> Result<Json<KeyView>, Problem> {
    let key = keys::set_active(&app.db, id, active, actor).await;
    // Whatever came of it: a commit may have been done though its answer was lost.
    app.guard.forget(id);
    let none = || Problem::new("key_not_found", format!("there is no key {id}"));
    key?.map(|key| Json(key.into())).ok_or_else(none)
}
