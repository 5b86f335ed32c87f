//! Probes: whether the process lives, whether it can work, whether it has started.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::http::App;

/// How long a probe waits: those who ask give up after a few seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Live {
    /// Always `alive`.
    #[schema(example = "alive")]
    status: &'static str,
}

/// Whether the process can work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ready {
    /// `ready`, or `not_ready`.
    #[schema(example = "ready")]
    status: &'static str,
    checks: Checks,
}

/// What was looked at.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct Checks {
    /// Whether the database answers.
    database: bool,
    /// Whether Redis answers; true where none is set up, since nothing is missing then.
    redis: bool,
}

/// Everything at a glance.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Summary {
    /// `healthy`, or `unhealthy`.
    #[schema(example = "healthy")]
    status: &'static str,
    /// `connected`, or `disconnected`.
    #[schema(example = "connected")]
    database: &'static str,
    /// `connected`, `disconnected`, or `not_configured`.
    #[schema(example = "not_configured")]
    redis: &'static str,
    /// `development` or `production`.
    environment: &'static str,
    /// Whether IP data is looked up.
    enrichment_enabled: bool,
    /// The version of the program.
    version: &'static str,
    /// The version of the rule set.
    rules_version: String,
}

impl Checks {
    async fn of(app: &App) -> Self {
        let database = timeout(PATIENCE, app.db.health()).await.is_ok_and(|health| health.is_ok());
        let redis = match &app.redis {
            None => true,
            Some(link) => timeout(PATIENCE, link.ping()).await.is_ok_and(|ping| ping.is_ok()),
        };
        Self { database, redis }
    }

    const fn all(self) -> bool {
        self.database && self.redis
    }
}

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz/live", tag = "health", responses((status = 200, body = Live)))]
pub(crate) async fn live() -> Json<Live> {
    Json(Live { status: "alive" })
}

/// Whether the process can take requests: the database answers, and Redis where it is set up, and it was
/// not told to end.
#[utoipa::path(get, path = "/healthz/ready", tag = "health", responses(
    (status = 200, description = "It can.", body = Ready),
    (status = 503, description = "Something is away, as `checks` says, or the process is about to end.", body = Ready),
))]
pub(crate) async fn ready(State(app): State<App>) -> (StatusCode, Json<Ready>) {
    let checks = Checks::of(&app).await;
    // Who is about to end wants no more requests.
    if checks.all() && !*app.ending.borrow() {
        (StatusCode::OK, Json(Ready { status: "ready", checks }))
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, Json(Ready { status: "not_ready", checks }))
    }
}

/// Whether the process has started. It listens only once the schema is there, so that this asks the
/// same as `ready`.
#[utoipa::path(get, path = "/healthz/startup", tag = "health", responses(
    (status = 200, description = "It has.", body = Ready),
    (status = 503, description = "Something is away; `checks` says what.", body = Ready),
))]
pub(crate) async fn startup(state: State<App>) -> (StatusCode, Json<Ready>) {
    ready(state).await
}

/// Everything at a glance.
#[utoipa::path(get, path = "/healthz", tag = "health", responses(
    (status = 200, description = "All is well.", body = Summary),
    (status = 503, description = "Something is away.", body = Summary),
))]
pub(crate) async fn summary(State(app): State<App>) -> (StatusCode, Json<Summary>) {
    let checks = Checks::of(&app).await;
    let connected = |is: bool| if is { "connected" } else { "disconnected" };
    let summary = Summary {
        status: if checks.all() { "healthy" } else { "unhealthy" },
        database: connected(checks.database),
        redis: app.redis.as_ref().map_or("not_configured", |_| connected(checks.redis)),
        environment: app.config.database.environment.as_str(),
        enrichment_enabled: !app.config.scan.ip_data.is_empty(),
        version: env!("CARGO_PKG_VERSION"),
        rules_version: app.hunter().rules().version().to_owned(),
    };
    let status = if checks.all() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(summary))
}
