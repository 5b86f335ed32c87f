//! How many requests are worked on at a time, and how long.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::config::ServerConfig;
use crate::http::problem::Problem;

/// The bounds on requests.
#[derive(Debug, Clone)]
pub struct Limits {
    places: Arc<Semaphore>,
    longest: Duration,
}

impl Limits {
    /// The bounds that the settings ask for.
    pub fn new(config: &ServerConfig) -> Self {
        Self {
            places: Arc::new(Semaphore::new(config.concurrent_requests.get())),
            longest: Duration::from_secs(config.request_timeout_seconds.max(1)),
        }
    }
}

/// Waits for a place, and gives up on a request that takes too long to begin its answer; a body that
/// is streamed after that is not cut off.
pub async fn limits(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let work = async {
        let _place = limits.places.acquire().await;
        next.run(request).await
    };
    timeout(limits.longest, work).await.unwrap_or_else(|_| {
        let detail = format!("the answer took longer than {} s", limits.longest.as_secs());
        Problem::new("request_timeout", detail).retry_after(5).into_response()
    })
}
