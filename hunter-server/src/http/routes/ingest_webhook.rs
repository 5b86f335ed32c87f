//! `POST /ingest/webhook`: companies as other systems send them; and what became of calls that failed.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use hunter_core::Domain;
use hunter_core::contacts::choose_domain;
use hunter_store::Timestamp;
use hunter_store::webhooks::{WebhookRetries as _, WebhookRetry};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::limit;
use crate::http::App;
use crate::http::extract::{Query, Whole};
use crate::http::idempotency::IdempotencyKey;
use crate::http::layers::identify::{Caller, key_missing};
use crate::http::problem::{Problem, ProblemBody};
use crate::services::webhooks::{Call, Named, Refused, Taken, contacts};

/// The most contacts of one call.
const MOST_CONTACTS: usize = 200;
/// The most calls that are listed at once.
const MOST_CALLS: u32 = 200;

/// A company, as another system sends it. Fields beyond these are kept as they came.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct WebhookCall {
    /// The domain, a web address or an e-mail address. A valid one wins over the other fields.
    #[schema(example = "ornek.com.tr", max_length = 2048)]
    domain: String,
    /// The company's name.
    #[serde(default)]
    #[schema(max_length = 500)]
    company_name: Option<String>,
    /// Its web site.
    #[serde(default)]
    #[schema(max_length = 2048)]
    website: Option<String>,
    /// Addresses of people there.
    #[serde(default)]
    #[schema(max_items = 200)]
    contact_emails: Option<Vec<String>>,
}

/// What became of a call.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct WebhookAnswer {
    /// `done`, or `waiting` for one that failed and is tried again.
    #[schema(example = "done")]
    status: &'static str,
    domain: Domain,
    /// Whether the company was taken in.
    ingested: bool,
    /// Whether contacts came with it that were taken in.
    enriched: bool,
    message: String,
    /// The call, where it waits: `GET /ingest/webhook/calls` lists it.
    #[serde(skip_serializing_if = "Option::is_none")]
    call_id: Option<Uuid>,
    /// The contacts that are no addresses.
    rejected_emails: Vec<String>,
}

/// Takes a company in. A key with the scope `ingest` is needed, whatever the settings say.
///
/// Where the service has secrets for webhooks, a call must be signed as Standard Webhooks has it:
/// `webhook-id`, `webhook-timestamp` in seconds and `webhook-signature`, which is `v1,` and the base64 of
/// HMAC-SHA-256 over `{id}.{timestamp}.{body}`. The id then names the call, so that one that is sent again is
/// not done again; without signatures `Idempotency-Key` does that, for each API key apart. Names are known
/// for a day. A call that fails here is kept, tried again three times, later each time, and then given up.
#[utoipa::path(post, path = "/ingest/webhook", tag = "ingest", request_body = WebhookCall, params(
    ("Idempotency-Key" = Option<String>, Header, description = "A name of your own for the call."),
    ("webhook-id" = Option<String>, Header, description = "The name of a signed call."),
    ("webhook-timestamp" = Option<String>, Header, description = "When it was signed, in seconds since 1970."),
    ("webhook-signature" = Option<String>, Header, description = "Signatures, with blanks between them."),
), responses(
    (status = 201, description = "It is done, now or before: `Idempotency-Replayed` says so.", body = WebhookAnswer),
    (status = 202, description = "It failed, is kept, and is tried again.", body = WebhookAnswer),
    (status = 400, description = "The body is no JSON.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 409, description = "The owner opted out, or the call was given up before.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 415, description = "The body is not `application/json`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "A field is wrong, or the name was used for another body.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 503, description = "It failed and cannot be kept: send it again.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn ingest_webhook(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    key: IdempotencyKey,
    headers: HeaderMap,
    body: Whole,
) -> Result<Response, Problem> {
    let Caller::Key(owner) = &caller else { return Err(key_missing()) };
    let now = OffsetDateTime::now_utc();
    let name = match app.verifier() {
        None => key.of("webhook"),
        Some(verifier) => {
            let id = verifier.verify(&headers, &body.0, now);
            let id = id.map_err(|fault| Problem::new("signature_invalid", fault.to_string()))?;
            // The sender's, whatever key it comes with: what was listened to may be sent with another.
            Some(format!("webhook-id:{id}"))
        }
    };
    let asked: WebhookCall = body.read()?;
    let (call, rejected_emails) = read(asked, body.read()?, now)?;
    let domain = call.domain.clone();
    let named = name.map(|name| Named::new(name, &body.0));
    let taken = app.webhooks().take(call, named, owner).await?;
    let (status, ingested, enriched, message, call_id) = match taken {
        Taken::Done { enriched, .. } => {
            ("done", true, enriched, format!("`{domain}` was taken in"), None)
        }
        Taken::Kept(id) => {
            let message = "it could not be done now: it is kept and tried again".to_owned();
            ("waiting", false, false, message, Some(id))
        }
        Taken::GivenUp(id) => {
            let detail = format!("the call `{id}` of this name was tried again and given up");
            return Err(Problem::new("call_given_up", detail));
        }
    };
    let answer =
        WebhookAnswer { status, domain, ingested, enriched, message, call_id, rejected_emails };
    let status = if ingested { StatusCode::CREATED } else { StatusCode::ACCEPTED };
    let mut response = (status, Json(answer)).into_response();
    if matches!(taken, Taken::Done { before: true, .. }) {
        let header = HeaderName::from_static("idempotency-replayed");
        response.headers_mut().insert(header, HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// The call, and the contacts of it that are no addresses.
fn read(
    asked: WebhookCall,
    body: serde_json::Value,
    received_at: OffsetDateTime,
) -> Result<(Call, Vec<String>), Problem> {
    let WebhookCall { domain, company_name, website, contact_emails } = asked;
    let choice = choose_domain(Some(&domain), website.as_deref(), None).map_err(|none| {
        let problem = Problem::new("validation", "no field names a domain");
        none.rejected.iter().fold(problem, |problem, refused| {
            problem.and(format!("/{}", refused.field), refused.why.to_string())
        })
    })?;
    let given = contact_emails.unwrap_or_default();
    if given.len() > MOST_CONTACTS {
        let detail = format!("has {}: use at most {MOST_CONTACTS}", given.len());
        return Err(Problem::field("/contact_emails", detail));
    }
    let (contact_emails, rejected) = contacts(&given);
    let call = Call {
        domain: choice.domain,
        company_name: company_name.filter(|name| !name.trim().is_empty()),
        website: website.filter(|site| !site.trim().is_empty()),
        contact_emails,
        received_at,
        body,
    };
    Ok((call, rejected))
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::OptedOut(_) => Self::new("opted_out", refused.to_string()),
            Refused::OtherCall => Self::new("idempotency_conflict", refused.to_string()),
            Refused::Store(error) => Self::from(error),
        }
    }
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CallStatus {
    Waiting,
    Done,
    #[default]
    GivenUp,
}

/// Which calls.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Where they stand. Unless it is said: those that were given up.
    #[param(inline)]
    status: Option<CallStatus>,
    /// The most calls.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// A call that failed, or that has a name. What it said is no part of this.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallRow {
    call_id: Uuid,
    domain: Option<String>,
    /// `waiting`, `done` or `given_up`.
    status: String,
    /// How often it was tried again.
    attempts: i16,
    /// When it is tried again.
    due_at: Option<Timestamp>,
    /// The code of its last failure.
    last_error: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<WebhookRetry> for CallRow {
    fn from(call: WebhookRetry) -> Self {
        Self {
            call_id: call.retry_id,
            domain: call.domain,
            due_at: (call.status == "waiting").then_some(call.due_at),
            status: call.status,
            attempts: call.attempts,
            last_error: call.last_error,
            created_at: call.created_at,
            updated_at: call.updated_at,
        }
    }
}

/// Calls that were given up, or that wait or are done: the latest moved first. One that was given up is
/// shown for 30 days, one that was done for a day.
#[utoipa::path(get, path = "/ingest/webhook/calls", tag = "ingest", params(Which), responses(
    (status = 200, body = Vec<CallRow>),
    (status = 422, description = "A parameter is wrong.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn calls(
    State(app): State<App>,
    Query(which): Query<Which>,
) -> Result<Json<Vec<CallRow>>, Problem> {
    let limit = limit(which.limit, 50, MOST_CALLS)?;
    let status = match which.status.unwrap_or_default() {
        CallStatus::Waiting => "waiting",
        CallStatus::Done => "done",
        CallStatus::GivenUp => "given_up",
    };
    let calls = app.db.read().await?.kept_calls(status, limit).await?;
    Ok(Json(calls.into_iter().map(CallRow::from).collect()))
}
