//! Errors as RFC 9457 `application/problem+json`, from one matrix of codes and statuses.
//!
//! A handler returns a [`Problem`]. It travels as an extension of an empty response until
//! [`render`](super::layers::problems) writes its body, since only there are the request's id and path
//! at hand; answers of the framework, such as 404 for a path that is not there, take the same way.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hunter_core::error::CodeInfo;
use hunter_scan::ScanError;
use hunter_sheets::SheetError;
use hunter_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::services::scanning::NotScanned;

/// What went wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The status.
    pub status: StatusCode,
    /// The stable code.
    pub code: &'static str,
    /// What happened, for the person who reads it.
    pub detail: String,
    /// The fields that are wrong.
    pub errors: Vec<FieldError>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// One field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Where it stands: a JSON pointer into the body (RFC 6901), or the name of a parameter.
    pub pointer: String,
    /// What is wrong with it.
    pub detail: String,
}

/// The body of an error (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemBody {
    /// Where the code is explained.
    #[schema(example = "/docs/errors#lead_not_found")]
    pub r#type: String,
    /// The status in words.
    #[schema(example = "Not Found")]
    pub title: String,
    /// The status.
    #[schema(example = 404)]
    pub status: u16,
    /// What happened.
    pub detail: String,
    /// The path that was asked for.
    pub instance: String,
    /// The stable code.
    #[schema(example = "lead_not_found")]
    pub code: String,
    /// The id of the request, to be found in the log.
    pub request_id: String,
    /// The fields that are wrong.
    pub errors: Vec<FieldError>,
}

impl Problem {
    /// A problem of this interface, with the status that the matrix gives its code.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        let status = status_of(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, code, detail: detail.into(), errors: Vec::new(), headers: Vec::new() }
    }

    /// A field that is wrong.
    pub fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new("validation", "the request has fields that are wrong").and(pointer, detail)
    }

    /// With one more field that is wrong.
    #[must_use]
    pub fn and(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(FieldError { pointer: pointer.into(), detail: detail.into() });
        self
    }

    /// With a header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// With a word on when to try again.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with_header(header::RETRY_AFTER, seconds.max(1).into())
    }

    /// The body, once the request is known.
    pub fn body(&self, instance: String, request_id: String) -> ProblemBody {
        ProblemBody {
            r#type: format!("/docs/errors#{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            instance,
            code: self.code.to_owned(),
            request_id,
            errors: self.errors.clone(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let mut response = self.status.into_response();
        response.headers_mut().extend(
            std::mem::take(&mut self.headers).into_iter().map(|(name, value)| (Some(name), value)),
        );
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        use hunter_store::ErrorKind as Kind;
        let code = error.code();
        match error.kind() {
            Kind::Request | Kind::Conflict => Self::new(code, error.to_string()),
            Kind::Unavailable => {
                tracing::warn!(%error, code, "the database did not answer");
                Self::new("unavailable", "the database does not answer at the moment")
                    .retry_after(5)
            }
            // What the database says may hold its content.
            _ => {
                tracing::error!(%error, code, "a request failed in the database");
                Self::new("internal", "the request failed; the log has more under its id")
            }
        }
    }
}

impl From<hunter_core::Error> for Problem {
    fn from(error: hunter_core::Error) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl From<SheetError> for Problem {
    fn from(error: SheetError) -> Self {
        match &error {
            SheetError::Io(source) => {
                tracing::error!(%source, "a file that was sent could not be kept or read");
                Self::new("unavailable", "files cannot be taken in at the moment").retry_after(30)
            }
            SheetError::File { code, message } => Self::new(code, message.clone()),
        }
    }
}

impl From<NotScanned> for Problem {
    fn from(error: NotScanned) -> Self {
        match &error {
            NotScanned::OptedOut(_) => Self::new("opted_out", error.to_string()),
            NotScanned::Store { retryable: true, code, .. } => {
                tracing::warn!(%error, code, "a scan could not be kept");
                Self::new("unavailable", "the result cannot be kept at the moment").retry_after(5)
            }
            NotScanned::Store { code, .. } => {
                tracing::error!(%error, code, "a scan could not be kept");
                Self::new("internal", "the request failed; the log has more under its id")
            }
        }
    }
}

impl From<ScanError> for Problem {
    fn from(error: ScanError) -> Self {
        tracing::error!(%error, code = error.code(), "the scanner cannot work");
        Self::new("unavailable", "domains cannot be scanned at the moment").retry_after(30)
    }
}

const fn row(code: &'static str, meaning: &'static str, remedy: &'static str) -> CodeInfo {
    CodeInfo { code, meaning, remedy }
}

/// The codes of this interface, beside those of the crates below it.
pub const CODES: &[CodeInfo] = &[
    row("json_syntax", "the body is no JSON", "mend it where the message says"),
    row("form_syntax", "the body is no form", "send the file as `multipart/form-data`"),
    row(
        "media_type",
        "the body is of a kind that is not understood",
        "send the `Content-Type` of the documentation",
    ),
    row("validation", "the request has fields that are wrong", "mend the fields in `errors`"),
    row("path_not_found", "there is nothing under this path", "look at `/docs`"),
    row(
        "method_not_allowed",
        "the path does not take this method",
        "look at `/docs`; `Allow` lists those it takes",
    ),
    row("lead_not_found", "there is no lead of this domain", "scan the domain first"),
    row("job_not_found", "there is no job of this id", "use the id that the job was answered with"),
    row("key_not_found", "there is no key of this number", "`GET /admin/api-keys` lists them"),
    row(
        "opt_out_not_found",
        "the domain is not among those who opted out",
        "`GET /opt-outs` lists them",
    ),
    row(
        "override_not_found",
        "the mail host is not assigned to a provider",
        "`GET /providers` lists what is assigned",
    ),
    row("job_ended", "the job is done and cannot be cancelled", "read its results"),
    row(
        "idempotency_conflict",
        "the `Idempotency-Key` was used for another request",
        "use a new key for a new request",
    ),
    row("key_missing", "the request needs a key", "send `X-API-Key`, or `Authorization: Bearer`"),
    row(
        "key_invalid",
        "the key is not known, or not active",
        "ask whoever runs the service for a key",
    ),
    row(
        "scope_missing",
        "the key may not do this",
        "use a key with the scope that the message names",
    ),
    row(
        "host_refused",
        "a request without a key came under a name that is not this machine's",
        "use `localhost`, or a key",
    ),
    row(
        "signature_invalid",
        "a webhook call is not signed, or not under a secret that is known here, or at another time",
        "sign `{webhook-id}.{webhook-timestamp}.{body}` as Standard Webhooks has it, anew for each try",
    ),
    row(
        "call_given_up",
        "a webhook call of this name was tried again and given up",
        "mend what the log says, and send the call under a new name",
    ),
    row(
        "too_many_streams",
        "the key has as many streams of events open as it may",
        "close one, or ask `GET /jobs/{job_id}` instead",
    ),
    row("rate_limited", "there were too many requests", "wait as long as `Retry-After` says"),
    row("body_too_large", "the body is larger than is taken", "send less at a time"),
    row("request_timeout", "the request took too long", "ask for less, or try again later"),
    row("gone", "this is done elsewhere now", "use the replacement that the message names"),
    row("feature_disabled", "the service was set up without this", "ask whoever runs it"),
    row("unavailable", "something that the request needs is away", "try again after `Retry-After`"),
    row("internal", "the request failed by a fault of the service", "report the `request_id`"),
];

/// The status of every code that a request can be answered with.
pub const STATUSES: &[(&str, u16)] = &[
    ("json_syntax", 400),
    ("form_syntax", 400),
    ("use_cursor", 400),
    ("cursor_invalid", 400),
    ("feature_disabled", 400),
    ("key_missing", 401),
    ("key_invalid", 401),
    ("signature_invalid", 401),
    ("scope_missing", 403),
    ("host_refused", 403),
    ("path_not_found", 404),
    ("lead_not_found", 404),
    ("job_not_found", 404),
    ("key_not_found", 404),
    ("opt_out_not_found", 404),
    ("override_not_found", 404),
    ("method_not_allowed", 405),
    ("store_conflict", 409),
    ("opted_out", 409),
    ("job_ended", 409),
    ("call_given_up", 409),
    ("gone", 410),
    ("body_too_large", 413),
    ("file_too_many_rows", 413),
    ("file_unpacked_too_large", 413),
    ("file_compression_ratio", 413),
    ("file_too_many_parts", 413),
    ("media_type", 415),
    ("export_too_large", 422),
    ("file_kind", 415),
    ("file_empty", 422),
    ("file_encrypted", 422),
    ("file_corrupt", 422),
    ("file_no_columns", 422),
    ("file_no_sheet", 422),
    ("file_quote_open", 422),
    ("file_cell_too_large", 422),
    ("file_too_many_columns", 422),
    ("idempotency_conflict", 422),
    ("validation", 422),
    ("store_request", 422),
    ("rate_limited", 429),
    ("too_many_streams", 429),
    ("internal", 500),
    ("request_timeout", 503),
    ("unavailable", 503),
];

/// The status of a code; `None` for one that no request is answered with.
pub fn status_of(code: &str) -> Option<StatusCode> {
    let listed = STATUSES.iter().find(|(listed, _)| *listed == code).map(|(_, status)| *status);
    // What the engine refuses is the caller's text: a domain, a word, a number.
    let refused = || hunter_core::error::CODES.iter().any(|row| row.code == code).then_some(422);
    StatusCode::from_u16(listed.or_else(refused)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_this_interface_has_a_status() {
        for row in CODES {
            assert!(STATUSES.iter().any(|(code, _)| *code == row.code), "{}", row.code);
        }
        for (code, status) in STATUSES {
            let known = CODES
                .iter()
                .chain(hunter_store::CODES)
                .chain(crate::error::CODES)
                .chain(hunter_sheets::CODES)
                .chain(crate::error::CODES)
                .any(|row| row.code == *code);
            assert!(known, "{code}");
            assert!((400..600).contains(status), "{code}");
        }
    }

    #[test]
    fn what_the_database_says_stays_in_the_log() {
        let error = StoreError::Corrupt { place: "leads.domain", problem: "geheim".into() };
        let problem = Problem::from(error);
        assert_eq!(problem.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!problem.detail.contains("geheim"));
    }
}
