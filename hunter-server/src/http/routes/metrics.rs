//! Counts of this process, for Prometheus and as JSON.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

use crate::http::App;
use crate::http::metrics::{CONTENT_TYPE as EXPOSITION, Metrics, Snapshot};

/// Counts of this process since its start, in the text format of Prometheus (0.0.4). Open to this machine
/// without a key.
#[utoipa::path(get, path = "/metrics", tag = "health", responses(
    (status = 200, description = "The metrics.", body = String, content_type = "text/plain"),
))]
pub(crate) async fn prometheus(State(app): State<App>) -> impl IntoResponse {
    let text = Snapshot::of(&app).await.exposition(&app.measures);
    ([(CONTENT_TYPE, EXPOSITION), (CACHE_CONTROL, "no-store")], text)
}

/// Counts of this process since its start, as JSON. Open to this machine without a key.
#[utoipa::path(get, path = "/healthz/metrics", tag = "health", responses(
    (status = 200, description = "The metrics.", body = Metrics),
))]
pub(crate) async fn summary(State(app): State<App>) -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], Json(Snapshot::of(&app).await.summary()))
}
