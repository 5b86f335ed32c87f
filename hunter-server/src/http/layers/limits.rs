//! How many requests are worked on at a time, and how long.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::config::Config;
use crate::http::problem::Problem;
use crate::http::routes::ingest_csv;

/// The bounds on requests.
#[derive(Debug, Clone)]
pub struct Limits {
    places: Arc<Semaphore>,
    longest: Duration,
    /// For files, which take long to be sent.
    longest_file: Duration,
}

impl Limits {
    /// The bounds that the settings ask for.
    pub fn new(config: &Config) -> Self {
        let seconds = |seconds: u64| Duration::from_secs(seconds.max(1));
        Self {
            places: Arc::new(Semaphore::new(config.server.concurrent_requests.get())),
            longest: seconds(config.server.request_timeout_seconds),
            longest_file: seconds(config.ingest.timeout_seconds),
        }
    }
}

/// Waits for a place, and gives up on a request that takes too long to begin its answer; a body that
/// is streamed after that is not cut off.
pub async fn limits(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let is_file = request.uri().path().ends_with(ingest_csv::PATH);
    let longest = if is_file { limits.longest_file } else { limits.longest };
    let work = async {
        let _place = limits.places.acquire().await;
        next.run(request).await
    };
    timeout(longest, work).await.unwrap_or_else(|_| {
        let detail = format!("the answer took longer than {} s", longest.as_secs());
        Problem::new("request_timeout", detail).retry_after(5).into_response()
    })
}
