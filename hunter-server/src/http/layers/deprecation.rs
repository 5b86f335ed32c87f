//! The unversioned paths: they answer as ever, say that they have successors, and are counted.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::App;

/// When the unversioned paths were deprecated: 2026-01-01, as RFC 9745 writes it.
const DEPRECATED: &str = "@1767225600";
/// When they may end (RFC 8594).
const SUNSET: &str = "Fri, 31 Dec 2027 23:59:59 GMT";

/// Counts calls by path, as the router knows it: the number of paths is bounded.
#[derive(Debug, Default)]
pub struct LegacyCalls(Mutex<BTreeMap<String, u64>>);

impl LegacyCalls {
    fn count(&self, path: &str) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.entry(path.to_owned()).or_default() += 1;
    }

    /// The calls of each path.
    pub fn by_path(&self) -> BTreeMap<String, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Marks an answer of an unversioned path.
pub async fn deprecated(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(path) = request.extensions().get::<MatchedPath>() {
        app.legacy.count(path.as_str());
    }
    let path = request.uri().path().trim_start_matches("/api").to_owned();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("deprecation"), HeaderValue::from_static(DEPRECATED));
    headers.insert(HeaderName::from_static("sunset"), HeaderValue::from_static(SUNSET));
    let link = format!("</api/v1{path}>; rel=\"successor-version\"");
    if let Ok(link) = HeaderValue::try_from(link) {
        headers.append(header::LINK, link);
    }
    response
}
