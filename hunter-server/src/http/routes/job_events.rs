//! `GET /jobs/{job_id}/events`: the progress of a job, as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::stream::{self, Stream};
use hunter_store::Timestamp;
use hunter_store::queue::Jobs as _;
use utoipa::ToSchema;
use uuid::Uuid;

use super::jobs::{JobPath, JobView, no_job, view};
use crate::http::App;
use crate::http::layers::identify::Caller;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::streams::Place;

/// How often the database is asked.
const PERIOD: Duration = Duration::from_millis(500);
/// How often a silent connection is kept alive.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// After so many failures in a row the client is left to come back, perhaps to another process.
const FAILURES: u32 = 10;

/// Where a stream is.
struct Watch {
    app: App,
    job_id: Uuid,
    /// The event that the client has.
    seen: Option<String>,
    /// Held until the stream ends.
    _place: Place,
    failures: u32,
    over: bool,
}

/// One event of a job (HTML standard, server-sent events).
#[derive(ToSchema)]
#[expect(dead_code, reason = "only describes what `Event` writes")]
pub(crate) struct JobEvent {
    /// `progress`, or `end` for the last one.
    event: String,
    /// To be sent back as `Last-Event-ID`.
    id: String,
    /// The job, as `GET /jobs/{job_id}` tells it, as JSON.
    data: String,
}

/// The progress of a job: an event `progress` whenever something happened to it, and `end` as the last
/// one. The data of each is the job as `GET /jobs/{job_id}` shows it. Any process answers for any job;
/// with `Last-Event-ID` only what is new is sent.
#[utoipa::path(get, path = "/jobs/{job_id}/events", tag = "jobs", params(
    ("job_id" = String, Path, description = "The job."),
    ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that the client has."),
), responses(
    (status = 200, description = "Events until the job ends.", body = JobEvent, content_type = "text/event-stream"),
    (status = 204, description = "The job ended, and the client knows: browsers stop asking."),
    (status = 404, description = "There is no such job.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 429, description = "The key has as many streams open as it may, or made too many requests.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 503, description = "As many streams are open as this process takes.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn events(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    JobPath(job_id): JobPath,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (now, id) = read(&app, job_id).await?.ok_or_else(|| no_job(job_id))?;
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    if now.is_over() && seen.as_ref() == Some(&id) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let place = app.streams().open(&caller)?;
    let watch = Watch { app, job_id, seen, _place: place, failures: 0, over: false };
    let heartbeat = KeepAlive::new().interval(HEARTBEAT);
    Ok(Sse::new(watch.events()).keep_alive(heartbeat).into_response())
}

/// A job and the id of the event that tells of it.
async fn read(app: &App, job_id: Uuid) -> Result<Option<(JobView, String)>, Problem> {
    let mut unit = app.db.read().await?;
    let Some(job) = unit.job(job_id).await? else { return Ok(None) };
    let id = Timestamp::as_micros(job.updated_at).to_string();
    Ok(Some((view(&mut unit, job).await?, id)))
}

impl Watch {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut watch| async move {
            let event = watch.next().await?;
            Some((Ok(event), watch))
        })
    }

    /// The next event; `None` at the end of the job, or of this process.
    async fn next(&mut self) -> Option<Event> {
        while !self.over {
            match read(&self.app, self.job_id).await {
                Ok(Some((now, id))) => {
                    self.failures = 0;
                    self.over = now.is_over();
                    if self.over || self.seen.as_ref() != Some(&id) {
                        let name = if self.over { "end" } else { "progress" };
                        let event = Event::default().event(name).id(id.clone()).json_data(&now);
                        self.seen = Some(id);
                        return event.ok();
                    }
                }
                Ok(None) => return None,
                Err(_) => {
                    self.failures += 1;
                    if self.failures >= FAILURES {
                        return None;
                    }
                }
            }
            let mut ending = self.app.ending.clone();
            tokio::select! {
                () = tokio::time::sleep(PERIOD) => {}
                // Also where whoever would tell is gone.
                _ = ending.wait_for(|ending| *ending) => return None,
            }
        }
        None
    }
}
