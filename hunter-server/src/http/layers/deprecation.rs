//! The unversioned paths: they answer as ever, say that they have successors, and are counted.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use hunter_core::Domain;
use time::OffsetDateTime;

use crate::http::App;
use crate::telemetry::calendar::Calendar;

/// When the unversioned paths were deprecated: 2026-01-01, as RFC 9745 writes it.
const DEPRECATED: &str = "@1767225600";
/// When they may end (RFC 8594).
const SUNSET: &str = "Fri, 31 Dec 2027 23:59:59 GMT";

/// The domains that are counted apart; further ones are counted together, as `other`.
const DOMAINS: usize = 100;

/// Counts calls of what has a successor: the unversioned paths, and what is gone.
#[derive(Debug, Default)]
pub struct LegacyCalls(Mutex<LegacyCounts>);

/// What was counted so far.
#[derive(Debug, Clone, Default)]
pub struct LegacyCounts {
    /// By method and path, as the router knows it: their number is bounded.
    pub by_endpoint: BTreeMap<String, u64>,
    /// By the domain in the path.
    pub by_domain: BTreeMap<String, u64>,
    /// By day and week.
    pub calendar: Calendar,
}

impl LegacyCalls {
    fn count(&self, method: &Method, matched: &str, path: &str) {
        let mut counts = self.lock();
        *counts.by_endpoint.entry(format!("{method} {matched}")).or_default() += 1;
        if let Some(domain) = domain_in(matched, path) {
            let known = counts.by_domain.contains_key(domain);
            let name = if known || counts.by_domain.len() < DOMAINS { domain } else { "other" };
            *counts.by_domain.entry(name.to_owned()).or_default() += 1;
        }
        counts.calendar.count(OffsetDateTime::now_utc());
    }

    /// What was counted so far.
    pub fn counts(&self) -> LegacyCounts {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, LegacyCounts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What stands in a path where the router has `{domain}`. Only what is a domain is given back: people
/// write e-mail addresses there too.
fn domain_in<'a>(matched: &str, path: &'a str) -> Option<&'a str> {
    let position = matched.split('/').position(|part| part == "{domain}")?;
    let domain = path.split('/').nth(position)?;
    domain.parse::<Domain>().is_ok().then_some(domain)
}

/// Counts calls of what is gone. Those of unversioned paths are counted by [`deprecated`].
pub async fn count_gone(State(app): State<App>, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    if response.status() == StatusCode::GONE
        && let Some(matched) = matched
        && matched.as_str().starts_with("/api/v1/")
    {
        app.legacy.count(&method, matched.as_str(), &path);
    }
    response
}

/// Marks an answer of an unversioned path.
pub async fn deprecated(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(path) = request.extensions().get::<MatchedPath>() {
        app.legacy.count(request.method(), path.as_str(), request.uri().path());
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
