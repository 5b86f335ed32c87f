//! `/debug/ip-enrichment`: what the databases of IP data say, and which they are.

use std::net::IpAddr;

use axum::Json;
use axum::extract::{Path, State};
use hunter_scan::ip_data::{AddressSource, IpDataProblem};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::http::App;
use crate::http::problem::{Problem, ProblemBody};

/// What is known of an address.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Enrichment {
    /// The address.
    ip: String,
    /// Whether any database is named in the settings.
    enabled: bool,
    /// What a lead would get: the first database that knows a thing says it.
    facts: Value,
    /// The record of each database that has one.
    records: Vec<Record>,
}

/// The record of one database.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Record {
    file: String,
    record: Value,
}

/// The databases of IP data.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EnrichmentConfig {
    /// Whether any database is named in the settings.
    enabled: bool,
    /// Those in use, the most trusted first.
    databases: Vec<DatabaseView>,
    /// Those that cannot be used.
    problems: Vec<ProblemView>,
}

/// A database in use.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DatabaseView {
    file: String,
    database_type: String,
    /// The day it was made, where it says so.
    built: Option<String>,
}

/// A database that cannot be used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemView {
    file: String,
    code: &'static str,
    problem: String,
}

impl From<IpDataProblem> for ProblemView {
    fn from(problem: IpDataProblem) -> Self {
        Self {
            file: problem.path.display().to_string(),
            code: problem.code(),
            problem: problem.problem,
        }
    }
}

/// What is known of an address.
#[utoipa::path(get, path = "/debug/ip-enrichment/{ip}", tag = "debug", params(
    ("ip" = String, Path, description = "An address of IPv4 or IPv6."),
), responses(
    (status = 200, body = Enrichment),
    (status = 422, description = "That is no address.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 503, description = "A database is corrupt.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn lookup(
    State(app): State<App>,
    Path(text): Path<String>,
) -> Result<Json<Enrichment>, Problem> {
    let ip: IpAddr =
        text.parse().map_err(|_| Problem::field("ip", format!("`{text}` is no IP address")))?;
    let records = app.ip_data.records(ip).map_err(|problem| {
        tracing::warn!(%problem, code = problem.code(), "a database of IP data is corrupt");
        Problem::new("unavailable", problem.problem)
    })?;
    let records = records
        .into_iter()
        .map(|(path, record)| Record { file: path.display().to_string(), record });
    let facts = app.ip_data.lookup(ip, AddressSource::MxIp);
    Ok(Json(Enrichment {
        ip: ip.to_string(),
        enabled: !app.ip_data.is_off(),
        facts: serde_json::to_value(facts).unwrap_or_default(),
        records: records.collect(),
    }))
}

/// The databases of IP data, and what is wrong with them.
#[utoipa::path(get, path = "/debug/ip-enrichment/config", tag = "debug", responses((status = 200, body = EnrichmentConfig)))]
pub(crate) async fn config(State(app): State<App>) -> Json<EnrichmentConfig> {
    let databases = app.ip_data.databases().into_iter().map(|(path, info)| DatabaseView {
        file: path.display().to_string(),
        database_type: info.database_type,
        built: info.built.map(|day| day.to_string()),
    });
    Json(EnrichmentConfig {
        enabled: !app.ip_data.is_off(),
        databases: databases.collect(),
        problems: app.ip_data.problems().into_iter().map(ProblemView::from).collect(),
    })
}
