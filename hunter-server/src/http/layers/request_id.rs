//! An id for every request: the caller's, or a new one. It stands in the answer and in the log.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;
use uuid::Uuid;

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
        // Queries may hold what people search for.
        path = request.uri().path(),
    );
    request.extensions_mut().insert(id.clone());
    let begun = std::time::Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    span.in_scope(|| tracing::debug!(status, elapsed_ms = begun.elapsed().as_millis(), "answered"));
    response.headers_mut().insert(HEADER, id.0);
    response
}
