//! `POST /ingest/csv`: a file of companies, taken in by a job.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::extract::{FromRequest as _, Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hunter_store::companies::Source;
use hunter_store::ingest::{Ingests as _, KIND, Order};
use hunter_store::queue::{Jobs as _, NewJob};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::jobs::no_job;
use crate::http::App;
use crate::http::idempotency::IdempotencyKey;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::ingest::{self, FileView, Preview, PreviewRow, Upload, Wanted};

/// The path, which may take longer than others.
pub(crate) const PATH: &str = "/ingest/csv";
/// What a form holds beside its file.
const FORM: u64 = 65_536;
/// The longest text of a field.
const LONGEST: usize = 1_024;

/// A form with a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described: the form is read as it comes")]
pub(crate) struct FileForm {
    /// CSV of any delimiter, in UTF-8, UTF-16 or Windows-1254; XLSX; or XLS.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// Whether the heading is looked for below titles, and columns also by what stands in them. Else the
    /// first row is the heading, and columns go by their names.
    #[schema(default = true)]
    auto_detect_columns: Option<bool>,
    /// Whether the companies are scanned once they are taken in.
    #[schema(default = false)]
    auto_scan: Option<bool>,
    /// Whether the file is only read, and what it would bring is told. Nothing is kept.
    #[schema(default = false)]
    dry_run: Option<bool>,
    /// The sheet to read, of a workbook: by itself the first one that leads to domains.
    #[schema(max_length = 1024)]
    sheet: Option<String>,
}

/// A file that was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IngestStarted {
    job_id: Uuid,
    message: String,
    /// How many rows it has.
    total: i64,
    /// What was understood of it.
    file: FileView,
}

/// What a file would bring.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IngestPreview {
    message: String,
    /// What was understood of it.
    file: FileView,
    /// Rows that name a company.
    accepted: u64,
    /// Why others would be rejected, and how many, by code.
    rejected: BTreeMap<&'static str, u64>,
    /// The first rows as they would be read.
    first_rows: Vec<PreviewRow>,
}

impl From<Preview> for IngestPreview {
    fn from(preview: Preview) -> Self {
        let refused: u64 = preview.rejected.values().sum();
        Self {
            message: format!(
                "{} of {} rows name a company, {refused} would be rejected; nothing was kept",
                preview.accepted, preview.summary.rows
            ),
            file: FileView::from(&preview.summary),
            accepted: preview.accepted,
            rejected: preview.rejected,
            first_rows: preview.first,
        }
    }
}

/// Takes in a file of companies. It is read to its end before the answer, so that what is wrong with it
/// as a whole is told at once; a job then takes in its rows. Those that name no company are listed by
/// `GET /ingest/csv/{job_id}/rejects`.
#[utoipa::path(post, path = "/ingest/csv", tag = "ingest",
    request_body(content = FileForm, content_type = "multipart/form-data"), params(
    ("Idempotency-Key" = Option<String>, Header, description = "The job of an earlier request with this key is meant."),
), responses(
    (status = 200, description = "What the file would bring; for `dry_run`.", body = IngestPreview),
    (status = 202, description = "A job takes it in.", body = IngestStarted),
    (status = 400, description = "The body is no form.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 413, description = "The file is too large, as it is or unpacked.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 415, description = "The body is not `multipart/form-data`, or the file is of another kind.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "The file cannot be taken in, or the key was used for another one.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn ingest_csv(
    State(app): State<App>,
    key: IdempotencyKey,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let form = form(&app, &headers, request).await?;
    let Some(received) = form.file else {
        return Err(Problem::field("/file", "the form has no file"));
    };
    let wanted = Wanted { detect: form.detect, sheet: form.sheet };
    if form.dry_run {
        let preview = app.files.preview(received.file, &wanted).await?;
        return Ok(Json(IngestPreview::from(preview)).into_response());
    }
    let request = fingerprint(&received.digest, &wanted, form.scan);
    let mut prepared = app.files.prepare(received.file, &wanted).await?;
    let order = Order {
        source: Source { name: ingest::SOURCE.into(), rank: ingest::RANK },
        layout: prepared.summary.head.layout.clone(),
        scan: form.scan.then(|| app.config.scan.batch_size()),
        about: ingest::about(&prepared.summary, &request),
    };
    let payload = serde_json::to_value(order).map_err(|error| {
        tracing::error!(%error, "an order cannot be written");
        Problem::new("internal", "the request failed; the log has more under its id")
    })?;
    let job = NewJob { payload, idempotency_key: key.of(KIND), ..NewJob::new(KIND) };
    let mut unit = app.db.begin().await?;
    let enqueued = unit.enqueue_rows(&job, &mut prepared.batches).await?;
    prepared.batches.ended().map_err(hunter_sheets::SheetError::from)?;
    let job = unit.job(enqueued.job_id).await?.ok_or_else(|| no_job(enqueued.job_id))?;
    if !enqueued.is_new && job.payload["about"]["request"] != request.as_str() {
        let detail = "the `Idempotency-Key` was used for another file";
        return Err(Problem::new("idempotency_conflict", detail));
    }
    unit.commit().await?;
    let message = if enqueued.is_new {
        format!("{} rows wait to be taken in", job.total)
    } else {
        "the job of the earlier request with this key".to_owned()
    };
    let file = FileView::from(&prepared.summary);
    let started = IngestStarted { job_id: job.job_id, message, total: job.total, file };
    Ok((StatusCode::ACCEPTED, Json(started)).into_response())
}

/// A form as it came.
struct Form {
    file: Option<ingest::Received>,
    detect: bool,
    scan: bool,
    dry_run: bool,
    sheet: Option<String>,
}

async fn form(app: &App, headers: &HeaderMap, request: Request) -> Result<Form, Problem> {
    let most = app.config.server.upload_limit_bytes;
    let stated = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if stated.is_some_and(|stated: u64| stated > most.saturating_add(FORM)) {
        return Err(too_large(most));
    }
    let mut parts =
        Multipart::from_request(request, app).await.map_err(|rejection| match rejection {
            MultipartRejection::InvalidBoundary(_) => {
                Problem::new("media_type", "the body must be `multipart/form-data` with a boundary")
            }
            _ => Problem::new("form_syntax", "the body is no form"),
        })?;
    let mut form = Form { file: None, detect: true, scan: false, dry_run: false, sheet: None };
    while let Some(mut field) = parts.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            if form.file.is_some() {
                return Err(Problem::field("/file", "the form has more than one file"));
            }
            let (upload, mut size) = (Upload::new(), 0_u64);
            while let Some(piece) = field.chunk().await.map_err(broken)? {
                size += piece.len() as u64;
                if size > most {
                    return Err(too_large(most));
                }
                upload.add(piece).await;
            }
            form.file = Some(upload.end().await.map_err(hunter_sheets::SheetError::from)?);
            continue;
        }
        let mut bytes = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(broken)? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > LONGEST {
                return Err(Problem::field(format!("/{name}"), "is too long"));
            }
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| Problem::field(format!("/{name}"), "is no UTF-8"))?;
        let text = text.trim();
        match name.as_str() {
            // An empty field is one that was left out, as forms send it.
            _ if text.is_empty() => {}
            "auto_detect_columns" => form.detect = yes_or_no(&name, text)?,
            "auto_scan" => form.scan = yes_or_no(&name, text)?,
            "dry_run" => form.dry_run = yes_or_no(&name, text)?,
            "sheet" => form.sheet = Some(text.to_owned()),
            _ => return Err(Problem::field(format!("/{name}"), "is no field of this form")),
        }
    }
    Ok(form)
}

fn yes_or_no(name: &str, text: &str) -> Result<bool, Problem> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "on" => Ok(true),
        "false" | "0" | "off" => Ok(false),
        _ => Err(Problem::field(format!("/{name}"), format!("`{text}` is no `true` or `false`"))),
    }
}

fn too_large(most: u64) -> Problem {
    Problem::new(
        "body_too_large",
        format!("the file is larger than {most} bytes: send it in parts"),
    )
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn broken(error: MultipartError) -> Problem {
    Problem::new("form_syntax", error.body_text())
}

/// What tells one request from another under the same key.
fn fingerprint(digest: &[u8], wanted: &Wanted, scan: bool) -> String {
    use std::fmt::Write as _;
    let mut hash = Sha256::new();
    hash.update([u8::from(wanted.detect), u8::from(scan)]);
    hash.update(wanted.sheet.as_deref().unwrap_or_default());
    hash.update(digest);
    hash.finalize().iter().take(16).fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
