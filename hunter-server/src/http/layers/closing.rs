//! A process that is about to end takes leave of those who would ask again over the same connection.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::App;

/// Asks clients to open another connection, which a balancer makes to another process.
pub async fn closing(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if *app.ending.borrow() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
