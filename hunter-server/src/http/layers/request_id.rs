//! An id for every request: the caller's, or a new one. It stands in the answer and in the log.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;
use tracing::field::Empty;
use uuid::Uuid;

use crate::http::metrics::route;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST: usize = 128;

/// The id of a request.
#[derive(Debug, Clone)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// The caller's id where it can stand in a log, else a new one.
    fn of(request: &Request) -> Self {
        let given = request.headers().get(HEADER).filter(|value| {
            let bytes = value.as_bytes();
            let is_safe = |b: &u8| b.is_ascii_alphanumeric() || b"-_.:".contains(b);
            (1..=LONGEST).contains(&bytes.len()) && bytes.iter().all(is_safe)
        });
        let new = || HeaderValue::try_from(Uuid::now_v7().to_string()).expect("letters and dashes");
        Self(given.cloned().unwrap_or_else(new))
    }
}

/// Gives the request its id, and everything logged meanwhile.
pub async fn request_id(mut request: Request, next: Next) -> Response {
    let id = RequestId::of(&request);
    let span = tracing::info_span!(
        "request",
        request_id = id.as_str(),
        method = %request.method(),
        // What is asked for may hold what people search for; the log has the router's pattern.
        route = route(&request),
        status = Empty,
        latency_ms = Empty,
    );
    request.extensions_mut().insert(id.clone());
    let begun = std::time::Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    span.record("status", response.status().as_u16());
    span.record("latency_ms", u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX));
    span.in_scope(|| tracing::info!("answered"));
    response.headers_mut().insert(HEADER, id.0);
    response
}
