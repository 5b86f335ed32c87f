//! The HTTP interface: every route on one page.
//!
//! One endpoint a file under [`routes`], with its request, answer and errors; handlers are thin and
//! leave the work to the store, the engine and the [services](crate::services).

mod app;
mod error_page;
mod extract;
mod idempotency;
pub mod layers;
pub mod metrics;
mod openapi;
mod patience;
pub mod problem;
mod routes;
pub mod serve;
mod streams;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

pub use app::{App, Parts};

use crate::services::export::FileFormat;
use hunter_store::api_keys::Scope;
use layers::deprecation::{count_gone, deprecated};
use layers::identify::identify;
use metrics::measure;

use layers::{
    always_needs, closing, etag, limits, needs, open_to_this_machine, panicked, problems,
    request_id, secure,
};

/// What lives under `/api/v1`, and at the unversioned paths of old, each with the scope it needs. Where no
/// keys are asked for, [`needs`] lets this machine in and [`always_needs`] does not.
fn versioned() -> OpenApiRouter<App> {
    use Scope::{Admin, Ingest, Read, Scan};
    OpenApiRouter::new()
        // Ingest.
        .routes(needs(Ingest, routes!(routes::ingest_domain::ingest_domain)))
        .routes(always_needs(Ingest, routes!(routes::ingest_webhook::ingest_webhook)))
        .routes(needs(Admin, routes!(routes::ingest_webhook::calls)))
        .routes(
            needs(Ingest, routes!(routes::ingest_csv::ingest_csv))
                .layer(DefaultBodyLimit::disable()),
        )
        .routes(needs(Ingest, routes!(routes::ingest_rejects::rejects)))
        .routes(needs(Read, routes!(routes::opt_outs::list)))
        .routes(needs(Ingest, routes!(routes::opt_outs::add)))
        .routes(needs(Admin, routes!(routes::opt_outs::remove)))
        .routes(needs(Admin, routes!(routes::opt_outs::remove_one)))
        // Scan and jobs.
        .routes(needs(Scan, routes!(routes::scan_domain::scan_domain)))
        .routes(needs(Scan, routes!(routes::scan_bulk::scan_bulk)))
        .routes(needs(Scan, routes!(routes::rescan::rescan_bulk)))
        .routes(needs(Read, routes!(routes::scan_bulk::status)))
        .routes(needs(Scan, routes!(routes::scan_bulk::cancel)))
        .routes(needs(Read, routes!(routes::scan_results::results)))
        .routes(needs(Scan, routes!(routes::rescan::rescan_domain)))
        .routes(needs(Read, routes!(routes::jobs::job)))
        .routes(needs(Read, routes!(routes::job_events::events)))
        // Leads.
        .routes(needs(Read, routes!(routes::leads::list)))
        .routes(needs(Read, routes!(routes::export::export)))
        .routes(needs(Read, routes!(routes::lead::read)))
        .routes(needs(Admin, routes!(routes::lead::erase)))
        .routes(needs(Read, routes!(routes::score_breakdown::score_breakdown)))
        .routes(needs(Read, routes!(routes::sales_summary::sales_summary)))
        .routes(needs(Read, routes!(routes::summary_pdf::summary_pdf)))
        .routes(needs(Read, routes!(routes::history::history)))
        // Dashboard.
        .routes(needs(Read, routes!(routes::dashboard::summary)))
        .routes(needs(Read, routes!(routes::dashboard::kpis)))
        .routes(needs(Read, routes!(routes::dashboard::activity)))
        // E-mail.
        .routes(needs(Read, routes!(routes::email::generate)))
        .routes(needs(Scan, routes!(routes::email::generate_and_validate)))
        // Not built yet.
        .routes(needs(Admin, routes!(routes::switched_off::alerts_deliver)))
        .routes(needs(Scan, routes!(routes::switched_off::referrals_sync)))
        .routes(needs(Read, routes!(routes::switched_off::referrals)))
        .routes(needs(Scan, routes!(routes::switched_off::dynamics_sync)))
        .routes(needs(Scan, routes!(routes::switched_off::dynamics_bulk_sync)))
        .routes(needs(Read, routes!(routes::switched_off::dynamics_status)))
        .routes(needs(Ingest, routes!(routes::enrich::enrich)))
        // Alerts.
        .routes(needs(Read, routes!(routes::alerts::list)))
        .routes(needs(Read, routes!(routes::alerts::configs)))
        .routes(needs(Admin, routes!(routes::alerts::set_config)))
        .routes(needs(Read, routes!(routes::alerts::schedule)))
        .routes(needs(Admin, routes!(routes::alerts::set_schedule)))
        // CRM-lite: still readable; the writes moved.
        .routes(needs(Read, routes!(routes::crm_lite::notes, routes::crm_lite::add_note)))
        .routes(needs(Read, routes!(routes::crm_lite::change_note, routes::crm_lite::delete_note)))
        .routes(needs(Read, routes!(routes::crm_lite::tags, routes::crm_lite::add_tag)))
        .routes(needs(Read, routes!(routes::crm_lite::delete_tag)))
        .routes(needs(
            Read,
            routes!(routes::crm_lite::add_favourite, routes::crm_lite::delete_favourite),
        ))
        // Providers.
        .routes(needs(Read, routes!(routes::providers::list)))
        .routes(needs(Admin, routes!(routes::providers::assign)))
        .routes(needs(Admin, routes!(routes::providers::take_back)))
        // Administration.
        .routes(always_needs(Admin, routes!(routes::api_keys::list, routes::api_keys::create)))
        .routes(always_needs(Admin, routes!(routes::api_keys::activate)))
        .routes(always_needs(Admin, routes!(routes::api_keys::deactivate)))
        .routes(always_needs(Admin, routes!(routes::audit::audit)))
        .routes(always_needs(Admin, routes!(routes::ip_enrichment::config)))
        .routes(always_needs(Admin, routes!(routes::ip_enrichment::lookup)))
}

/// A path of old that is not that of its successor without its prefix.
fn of_old() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(needs(Scope::Scan, routes!(routes::switched_off::referrals_sync_of_old)))
}

/// What has no version: it is asked by machines that run the service.
fn unversioned() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::health::live))
        .routes(routes!(routes::health::ready))
        .routes(routes!(routes::health::startup))
        .routes(routes!(routes::health::summary))
        .routes(open_to_this_machine(needs(Scope::Read, routes!(routes::metrics::prometheus))))
        .routes(open_to_this_machine(needs(Scope::Read, routes!(routes::metrics::summary))))
}

/// The document that describes the interface.
pub fn openapi() -> OpenApi {
    described().1
}

fn described() -> (Router<App>, OpenApi) {
    let (router, mut document) = OpenApiRouter::with_openapi(openapi::base())
        .nest("/api/v1", versioned())
        .merge(unversioned())
        .split_for_parts();
    openapi::complete(&mut document);
    (router, document)
}

/// Only what machines ask that run the service: what `hunter worker` answers.
pub fn probes(app: &App) -> Router {
    let (unversioned, _) = unversioned().split_for_parts();
    around(app, unversioned)
}

/// Answers that become smaller: a workbook is compressed as it is.
fn compressible() -> impl Predicate {
    let workbook = NotForContentType::const_new(FileFormat::Xlsx.media_type());
    DefaultPredicate::new().and(workbook)
}

/// The whole interface.
pub fn router(app: &App) -> Router {
    let (current, document) = described();
    let (legacy, _) = versioned().merge(of_old()).split_for_parts();
    let legacy = legacy.route_layer(from_fn_with_state(app.clone(), deprecated));
    around(app, current.merge(legacy).merge(openapi::pages(&document)))
}

/// What happens around every handler.
fn around(app: &App, routes: Router<App>) -> Router {
    let server = &app.config.server;
    routes
        .layer(from_fn_with_state(app.clone(), count_gone))
        .layer(from_fn(etag))
        .layer(from_fn_with_state(app.clone(), identify))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(limits::Limits::new(&app.config), limits::limits))
        .layer(from_fn(problems))
        .layer(from_fn(secure))
        .layer(CompressionLayer::new().compress_when(compressible()))
        .layer(from_fn_with_state(app.clone(), measure))
        .layer(from_fn_with_state(app.clone(), closing))
        .layer(from_fn(request_id))
        .layer(DefaultBodyLimit::max(server.body_limit_bytes))
        .with_state(app.clone())
}
