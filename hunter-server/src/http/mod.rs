//! The HTTP interface: every route on one page.
//!
//! One endpoint a file under [`routes`], with its request, answer and errors; handlers are thin and
//! leave the work to the store, the engine and the [services](crate::services).

mod app;
mod extract;
pub mod layers;
mod openapi;
pub mod problem;
mod routes;
pub mod serve;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use app::{App, Parts};

use layers::deprecation::deprecated;
use layers::{etag, limits, panicked, problems, request_id};

/// What lives under `/api/v1`, and at the unversioned paths of old.
fn versioned() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        // Ingest.
        .routes(routes!(routes::ingest_domain::ingest_domain))
        // Scan and jobs.
        .routes(routes!(routes::scan_domain::scan_domain))
        .routes(routes!(routes::scan_bulk::scan_bulk))
        .routes(routes!(routes::rescan::rescan_bulk))
        .routes(routes!(routes::scan_bulk::status, routes::scan_bulk::cancel))
        .routes(routes!(routes::scan_results::results))
        .routes(routes!(routes::rescan::rescan_domain))
        .routes(routes!(routes::jobs::job))
        .routes(routes!(routes::job_events::events))
        // Leads.
        .routes(routes!(routes::leads::list))
        .routes(routes!(routes::lead::read, routes::lead::erase))
        .routes(routes!(routes::score_breakdown::score_breakdown))
        .routes(routes!(routes::sales_summary::sales_summary))
        .routes(routes!(routes::history::history))
        // Alerts.
        .routes(routes!(routes::alerts::list))
        .routes(routes!(routes::alerts::configs, routes::alerts::set_config))
        .routes(routes!(routes::alerts::schedule, routes::alerts::set_schedule))
        // CRM-lite: still readable; the writes moved.
        .routes(routes!(routes::crm_lite::notes, routes::crm_lite::add_note))
        .routes(routes!(routes::crm_lite::change_note, routes::crm_lite::delete_note))
        .routes(routes!(routes::crm_lite::tags, routes::crm_lite::add_tag))
        .routes(routes!(routes::crm_lite::delete_tag))
        .routes(routes!(routes::crm_lite::add_favourite, routes::crm_lite::delete_favourite))
}

/// What has no version: it is asked by machines that run the service.
fn unversioned() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::health::live))
        .routes(routes!(routes::health::ready))
        .routes(routes!(routes::health::startup))
        .routes(routes!(routes::health::summary))
}

/// The document that describes the interface.
pub fn openapi() -> OpenApi {
    described().1
}

fn described() -> (Router<App>, OpenApi) {
    OpenApiRouter::with_openapi(openapi::base())
        .nest("/api/v1", versioned())
        .merge(unversioned())
        .split_for_parts()
}

/// The whole interface.
pub fn router(app: &App) -> Router {
    let (current, document) = described();
    let (legacy, _) = versioned().split_for_parts();
    let legacy = legacy.route_layer(from_fn_with_state(app.clone(), deprecated));
    let server = &app.config.server;
    current
        .merge(legacy)
        .merge(openapi::pages(&document))
        .layer(from_fn(etag))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(limits::Limits::new(server), limits::limits))
        .layer(from_fn(problems))
        .layer(CompressionLayer::new())
        .layer(from_fn(request_id))
        .layer(DefaultBodyLimit::max(server.body_limit_bytes))
        .with_state(app.clone())
}
