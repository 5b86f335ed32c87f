//! Who asks: by key, or by sitting at the machine. Limits are kept here too, before any work is done.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use hunter_store::api_keys::ApiKey;

use super::{RequestId, client};
use crate::http::App;
use crate::http::problem::Problem;
use crate::services::guard::{Checked, Quota};
use crate::services::keys::Actor;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Somebody on this machine, where no keys are asked for.
    Local,
    /// Whoever has this key.
    Key(Arc<ApiKey>),
    /// Nobody known: only what is open to everybody may be asked.
    Nobody,
}

impl Caller {
    /// The caller's name for the audit log.
    pub fn actor(&self, request: Option<&RequestId>) -> Actor {
        let name = match self {
            Self::Key(key) => format!("key {} ({})", key.id, key.name),
            Self::Local | Self::Nobody => "this machine".to_owned(),
        };
        Actor { name, request_id: request.map(|id| id.as_str().to_owned()) }
    }
}

/// What is open to everybody: probes, which have no key, and the description of the interface.
fn is_public(path: &str) -> bool {
    const EXACT: [&str; 6] = [
        "/healthz",
        "/healthz/live",
        "/healthz/ready",
        "/healthz/startup",
        "/openapi.json",
        "/docs",
    ];
    EXACT.contains(&path) || path.starts_with("/docs/")
}

/// What is open to this machine without a key: those who collect metrics have none.
fn is_metrics(path: &str) -> bool {
    matches!(path, "/metrics" | "/healthz/metrics")
}

/// Finds out who asks, and refuses those who may not ask at all.
pub async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let server = &app.config.server;
    let address = client::address(&request, &server.trusted_proxies);
    let mut quota = None;
    if server.requests_per_minute > 0 {
        let by_address = app.guard.admit_address(address, server.requests_per_minute).await;
        if let Some(wait) = by_address.retry_after {
            return limited("the address", "address", by_address, wait).into_response();
        }
        quota = Some(("address", by_address));
    }
    let caller = match caller(&app, request.uri(), request.headers(), address).await {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    if let Caller::Key(key) = &caller {
        let by_key = app.guard.admit_key(key).await;
        if let Some(wait) = by_key.retry_after {
            return limited("the key", "key", by_key, wait).into_response();
        }
        quota = Some(("key", by_key));
    }
    request.extensions_mut().insert(caller);
    let mut response = next.run(request).await;
    if let Some((name, quota)) = quota {
        response.headers_mut().extend(headers(name, quota).map(|(n, value)| (Some(n), value)));
    }
    response
}

async fn caller(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    address: Option<IpAddr>,
) -> Result<Caller, Problem> {
    if let Some(text) = key_of(headers)? {
        return match app.guard.check(&app.db, text, address).await? {
            Checked::Right(key) => Ok(Caller::Key(key)),
            Checked::Wrong => {
                Err(challenge(Problem::new("key_invalid", "the key is not known, or not active")))
            }
            Checked::TooMany(wait) => {
                let detail = "too many keys were tried from this address";
                Err(Problem::new("rate_limited", detail).retry_after(seconds(wait)))
            }
        };
    }
    if app.config.is_open() {
        at_home(uri, headers)?;
        return Ok(Caller::Local);
    }
    // Whoever sits at the machine may read its metrics.
    if is_metrics(uri.path()) && address.is_some_and(|address| address.is_loopback()) {
        at_home(uri, headers)?;
        return Ok(Caller::Local);
    }
    if is_public(uri.path()) { Ok(Caller::Nobody) } else { Err(key_missing()) }
}

/// The key in `X-API-Key`, or in `Authorization` as a bearer token (RFC 6750 §2.1).
fn key_of(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let invalid =
        || challenge(Problem::new("key_invalid", "the key is not one that is given here"));
    if let Some(key) = headers.get("x-api-key") {
        return key.to_str().map(|key| Some(key.trim())).map_err(|_| invalid());
    }
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let value = value.to_str().map_err(|_| invalid())?;
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(invalid()),
    }
}

/// The refusal of a request without a key.
pub(crate) fn key_missing() -> Problem {
    let detail = "the request needs a key: send `X-API-Key`, or `Authorization: Bearer`";
    challenge(Problem::new("key_missing", detail))
}

/// A 401 says how to do better (RFC 9110 §11.6.1).
fn challenge(problem: Problem) -> Problem {
    let value = HeaderValue::from_static("Bearer realm=\"hunter\"");
    problem.with_header(header::WWW_AUTHENTICATE, value)
}

/// Without keys, whoever can connect may ask, and a browser on this machine can: a page from elsewhere
/// must not speak through it. Its name may have been pointed at this machine (DNS rebinding), which
/// `Host` shows; or it sends a form, which `Origin` shows.
fn at_home(uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host = uri.authority().map(Authority::as_str).or_else(|| text(header::HOST));
    let origin = text(header::ORIGIN).map(|origin| {
        origin
            .strip_prefix("http://")
            .or_else(|| origin.strip_prefix("https://"))
            .unwrap_or_default()
    });
    for (name, value) in [("Host", host), ("Origin", origin)] {
        // What sends neither is no browser.
        if value.is_some_and(|value| !is_loopback(value)) {
            let detail = format!("`{name}` does not name this machine: use `localhost`, or a key");
            return Err(Problem::new("host_refused", detail));
        }
    }
    Ok(())
}

/// Whether a host, with or without a port, is a name of the machine itself (RFC 6761 §6.3).
fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn limited(who: &str, name: &str, quota: Quota, wait: Duration) -> Problem {
    let detail = format!("{who} may make {} requests a minute", quota.per_minute);
    let problem = Problem::new("rate_limited", detail).retry_after(seconds(wait));
    headers(name, quota)
        .into_iter()
        .fold(problem, |problem, (name, value)| problem.with_header(name, value))
}

/// `RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers-10 has them: `q` requests in
/// `w` seconds; `r` are left, and all of them again in `t` seconds.
fn headers(name: &str, quota: Quota) -> [(HeaderName, HeaderValue); 2] {
    let Quota { per_minute, remaining, .. } = quota;
    let used = u64::from(per_minute.saturating_sub(remaining));
    let full = (used * 60).div_ceil(u64::from(per_minute.max(1)));
    let value = |text: String| HeaderValue::try_from(text).expect("letters, digits and signs");
    [
        (
            HeaderName::from_static("ratelimit-policy"),
            value(format!("\"{name}\";q={per_minute};w=60")),
        ),
        (HeaderName::from_static("ratelimit"), value(format!("\"{name}\";r={remaining};t={full}"))),
    ]
}

/// Whole seconds, none of them too few.
fn seconds(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_names_of_this_machine_are_at_home() {
        for host in
            ["localhost", "LOCALHOST:8080", "localhost.", "127.0.0.1:80", "127.8.8.8", "[::1]:1"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["", "example.com", "localhost.example.com", "127.0.0.1.nip.io", "192.0.2.1", "[::]"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn what_is_left_is_said_with_when_it_is_full_again() {
        let quota = Quota { per_minute: 60, remaining: 45, retry_after: None };
        let [(_, policy), (_, left)] = headers("key", quota);
        assert_eq!(policy, "\"key\";q=60;w=60");
        assert_eq!(left, "\"key\";r=45;t=15");
    }
}
