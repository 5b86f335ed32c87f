//! `GET /ingest/csv/{job_id}/rejects`: the rows of a file that name no company, as a file.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures::stream;
use hunter_core::sheet::Layout;
use hunter_store::ingest::{KIND, OPTED_OUT, Order};
use hunter_store::queue::Jobs as _;
use hunter_store::raw_leads::{RawLead, RawLeads as _};
use serde_json::Value;
use uuid::Uuid;

use super::jobs::{JobPath, no_job};
use crate::http::App;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::ingest::heading_of;
use crate::services::spreadsheet::neutral;

/// Rows that are read at once.
const PAGE: u32 = 1_000;

/// The rows of a file that name no company: their line, why, and their cells as they stood. Formulas are
/// neutralised. While the job runs, these are the rows by now.
#[utoipa::path(get, path = "/ingest/csv/{job_id}/rejects", tag = "ingest", params(
    ("job_id" = String, Path, description = "The job."),
), responses(
    (status = 200, description = "CSV in UTF-8 with a byte order mark: `line`, `code`, `reason`, and the columns of the file.", body = String, content_type = "text/csv"),
    (status = 404, description = "There is no such job.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn rejects(
    State(app): State<App>,
    JobPath(job_id): JobPath,
) -> Result<Response, Problem> {
    let job = app.db.read().await?.job(job_id).await?.filter(|job| job.kind == KIND);
    let job = job.ok_or_else(|| no_job(job_id))?;
    let order: Order = serde_json::from_value(job.payload).map_err(|error| {
        tracing::error!(%error, %job_id, "the order of a job cannot be read");
        Problem::new("internal", "the request failed; the log has more under its id")
    })?;
    let first = Page { app, job_id, layout: order.layout, after: Some(-1) };
    let mut heading = ["line", "code", "reason"].map(str::to_owned).to_vec();
    heading.extend(heading_of(&order.about));
    let mark = [b"\xef\xbb\xbf", &record(&heading)[..]].concat();
    // The first page is read before the answer begins, so that a database that is away is a 503.
    let (text, page) = first.next().await?;
    let begin = Bytes::from([mark, text].concat());
    let rest = stream::try_unfold(page, |page: Page| async move {
        if page.after.is_none() {
            return Ok(None);
        }
        let (text, page) =
            page.next().await.map_err(|problem| std::io::Error::other(problem.detail))?;
        Ok::<_, std::io::Error>(Some((Bytes::from(text), page)))
    });
    let body = futures::StreamExt::chain(stream::iter([Ok(begin)]), rest);
    let name = format!("attachment; filename=\"rejects-{job_id}.csv\"");
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// Where the list is.
struct Page {
    app: App,
    job_id: Uuid,
    layout: Layout,
    /// The last line that was given; `None` at the end.
    after: Option<i64>,
}

impl Page {
    async fn next(mut self) -> Result<(Vec<u8>, Self), Problem> {
        let mut unit = self.app.db.read().await?;
        let rows = unit.rejected(self.job_id, self.after.unwrap_or(0), PAGE).await?;
        drop(unit);
        let is_full = rows.len() == PAGE as usize;
        self.after = rows.last().and_then(|row| row.line).filter(|_| is_full);
        let mut text = Vec::new();
        for row in rows {
            text.extend(record(&fields(&self.layout, row)));
        }
        Ok((text, self))
    }
}

fn fields(layout: &Layout, row: RawLead) -> Vec<String> {
    let cells: Vec<String> = match row.payload {
        Value::Array(cells) => {
            cells.into_iter().map(|cell| cell.as_str().unwrap_or_default().to_owned()).collect()
        }
        _ => Vec::new(),
    };
    let code = row.rejected.unwrap_or_default();
    let reason = reason(layout, &code, &cells);
    let line = row.line.map(|line| line.to_string()).unwrap_or_default();
    [line, code, reason].into_iter().chain(cells).collect()
}

/// The reason in words. It is found again from the cells, where they are kept.
fn reason(layout: &Layout, code: &str, cells: &[String]) -> String {
    match layout.read(cells).choose() {
        Err(none) if none.code() == code && !cells.is_empty() => none.to_string(),
        _ if code == OPTED_OUT => {
            "the owner of the domain opted out; nothing of the row is kept".to_owned()
        }
        _ => {
            let all = hunter_store::CODES.iter().chain(hunter_core::error::CODES);
            let meaning = all.into_iter().find(|row| row.code == code).map(|row| row.meaning);
            meaning.unwrap_or_default().to_owned()
        }
    }
}

fn record(fields: &[String]) -> Vec<u8> {
    let mut out = csv::Writer::from_writer(Vec::new());
    // A vector takes every record.
    let _ = out.write_record(fields.iter().map(|field| neutral(field).into_owned()));
    out.into_inner().unwrap_or_default()
}
