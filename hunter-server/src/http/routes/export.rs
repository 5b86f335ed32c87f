//! `GET /leads/export`: leads as a file for a spreadsheet.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures::{StreamExt as _, stream};
use hunter_store::leads::LeadExport;
use serde::Deserialize;
use time::OffsetDateTime;
use utoipa::IntoParams;

use super::leads::Wanted;
use crate::http::App;
use crate::http::extract::Queries;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::export::{self, ExportError, FileFormat};

/// What the file is like.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Shape {
    /// `csv` or `xlsx`.
    #[param(inline)]
    format: FileFormat,
    /// What is told of each lead: names of the lead row with commas between them, or `all`. Without it a
    /// CSV file has the 17 columns that existing clients read, and a workbook has all.
    columns: Option<String>,
}

/// Leads as a file for a spreadsheet, with the filters and the order of the list. Domains whose owner opted
/// out are left out. A file that cannot be finished ends with a broken connection.
#[utoipa::path(get, path = "/leads/export", tag = "leads", params(Wanted, Shape), responses(
    (status = 200, description = "The file.", content(
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )),
    (status = 422, description = "A parameter is wrong, or a workbook has no place for so many: `export_too_large`.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn export(
    State(app): State<App>,
    Queries(wanted, shape): Queries<Wanted, Shape>,
) -> Result<Response, Problem> {
    let columns = match (&shape.columns, shape.format) {
        (Some(names), _) => {
            export::named(names).map_err(|error| Problem::field("columns", error.to_string()))?
        }
        (None, FileFormat::Csv) => export::recorded(),
        (None, FileFormat::Xlsx) => export::all(),
    };
    let (filter, sort, order) = (wanted.filter()?, wanted.sort(), wanted.order());
    let leads = LeadExport { filter, sort, order, columns };
    let parts = export::export(&app.db, shape.format, leads).await?;
    // Fused: compression looks once more after the end.
    let body =
        stream::unfold(parts, |mut parts| async { Some((parts.recv().await?, parts)) }).fuse();
    let name = format!(
        "attachment; filename=\"leads-{}.{}\"",
        OffsetDateTime::now_utc().date(),
        shape.format.ending()
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(shape.format.media_type())),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(name).map_err(|_| internal())?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

fn internal() -> Problem {
    Problem::new("internal", "the request failed; the log has more under its id")
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Store(error) => error.into(),
            ExportError::TooManyRows => Self::new("export_too_large", error.to_string()),
            ExportError::File(error) => {
                tracing::error!(%error, "a file could not be made");
                internal()
            }
        }
    }
}
