//! Writes the body of every error.

use std::any::Any;

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::RequestId;
use crate::http::problem::Problem;

/// Writes the body of a [`Problem`], and makes one of the framework's own refusals.
pub async fn problems(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.as_str().to_owned());
    // What was nested has lost its prefix, and the extension the framework keeps has not.
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        // A handler that answers with JSON has said what it means: a probe that is not ready, say.
        None if is_error(status) && !is_json(&response) => own_words(status, &path),
        None => return response,
    };
    let body = problem.body(path, id.unwrap_or_default());
    let mut rendered = (problem.status, Json(body)).into_response();
    let kept = response
        .headers()
        .iter()
        .filter(|(name, _)| **name != header::CONTENT_TYPE && **name != header::CONTENT_LENGTH);
    for (name, value) in kept {
        rendered.headers_mut().append(name.clone(), value.clone());
    }
    rendered
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    rendered.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    rendered
}

fn is_error(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

fn is_json(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

/// What the framework refused by itself.
fn own_words(status: StatusCode, path: &str) -> Problem {
    match status {
        StatusCode::NOT_FOUND => {
            Problem::new("path_not_found", format!("there is nothing under `{path}`"))
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new("method_not_allowed", "this path does not take that method")
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new("body_too_large", "the body is larger than this path takes")
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Problem::new("media_type", "the body is of a kind that this path does not take")
        }
        status if status.is_client_error() => {
            let mut problem = Problem::new("validation", "the request cannot be read");
            problem.status = status;
            problem
        }
        _ => Problem::new("internal", "the request failed; the log has more under its id"),
    }
}

/// The answer where a handler panicked. What it said is for the log, which the panic hook writes.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::new("internal", "the request failed; the log has more under its id").into_response()
}
