//! `hunter rescan`: domains are observed again, and what changed is listed.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::sync::Arc;

use clap::Args;
use hunter_core::Domain;
use hunter_core::operations::Hunter;
use hunter_store::Db;
use hunter_store::bulk::{KIND, LeadRecorder, MOST_DUE, Rescans as _, ScanResults as _};
use hunter_store::cache::Caches;
use hunter_store::queue::{Job, JobStatus, Jobs as _, NewJob};
use serde_json::json;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{StoreArgs, job, runtime};
use crate::cli::{DataArgs, LanguageArgs, Outcome, SalesArgs, ScanOptions};
use crate::error::ServerError;
use crate::services::jobs;
use crate::services::scanning::{CachedScanner, SalesWords};

/// How many domains a batch has: ten seconds' work at the usual pace of registries.
const BATCH: u32 = 50;
/// Before jobs that nobody waits for.
const AT_ONCE: i16 = 1;
/// How many results are read at once.
const PAGE: u32 = 1_000;

/// Arguments of `hunter rescan`.
#[derive(Debug, Args)]
pub(crate) struct RescanArgs {
    /// Domains, web addresses or e-mail addresses.
    #[arg(required_unless_present = "due", value_name = "DOMAIN")]
    domains: Vec<String>,
    /// The leads whose last scan is at least this many days ago, the oldest first; 0 for all. At most
    /// 100,000 at a time.
    #[arg(long, value_name = "DAYS", conflicts_with = "domains")]
    due: Option<u32>,
    /// Leave it to the workers, and print the number of the job.
    #[arg(long)]
    enqueue: bool,
    /// How many batches are done at the same time.
    #[arg(long, value_name = "N", default_value = "2")]
    batches: NonZeroUsize,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    options: ScanOptions,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    language: LanguageArgs,
}

pub(crate) fn run(args: &RescanArgs) -> Result<Outcome, ServerError> {
    runtime()?.block_on(async {
        let db = args.store.ready().await?;
        let (domains, read) = match args.due {
            Some(days) => (due(&db, days).await?, Outcome::Complete),
            None => named(&args.domains)?,
        };
        if domains.is_empty() {
            say("hunter rescan: there is nothing to be scanned again")?;
            db.close().await;
            return Ok(read);
        }
        let outcome = if args.enqueue {
            let job_id = enqueue(&db, domains, 0).await?;
            writeln!(io::stdout(), "{job_id}").map_err(ServerError::Output)?;
            Outcome::Complete
        } else {
            at_once(args, &db, domains).await?
        };
        db.close().await;
        Ok(if read == Outcome::Partial { read } else { outcome })
    })
}

/// The domains of the command line; what is none is told and left out.
fn named(texts: &[String]) -> Result<(Vec<Domain>, Outcome), ServerError> {
    let (mut domains, mut outcome) = (Vec::new(), Outcome::Complete);
    for text in texts {
        match Domain::from_cell(text) {
            Ok(reading) => domains.push(reading.domain),
            Err(error) => {
                let error = hunter_core::Error::from(error);
                say(&format!("hunter rescan: {error} [{}]", error.code()))?;
                outcome = Outcome::Partial;
            }
        }
    }
    Ok((domains, outcome))
}

/// The leads whose last scan is so many days ago.
async fn due(db: &Db, days: u32) -> Result<Vec<Domain>, ServerError> {
    let before = OffsetDateTime::now_utc() - Duration::days(days.into());
    Ok(db.read().await?.due_domains(before.into(), MOST_DUE).await?)
}

async fn enqueue(db: &Db, domains: Vec<Domain>, priority: i16) -> Result<Uuid, ServerError> {
    let job = NewJob { payload: json!({"is_rescan": true}), priority, ..NewJob::new(KIND) };
    let mut unit = db.begin().await?;
    let enqueued = unit.enqueue_domains(&job, &mut domains.into_iter(), BATCH).await?;
    unit.commit().await?;
    Ok(enqueued.job_id)
}

/// Does the job in this process, beside whoever else works, and lists what changed.
async fn at_once(args: &RescanArgs, db: &Db, domains: Vec<Domain>) -> Result<Outcome, ServerError> {
    let engine = args.data.engine()?;
    let scanner = args.options.scanner(&engine)?;
    args.options.check(&scanner).await?;
    let hunter = Hunter::new(engine.clone(), args.data.sales(&SalesArgs::default())?);
    let words = SalesWords::new(hunter, &args.language.lang)?;
    let recorder = LeadRecorder::new(engine, Arc::new(words));
    let observer = Arc::new(CachedScanner::new(scanner, &Caches::in_memory()));
    let worker =
        jobs::worker(db.clone(), observer, recorder, args.batches, args.options.concurrency);
    let job_id = enqueue(db, domains, AT_ONCE).await?;
    let job = job::done_by(&worker, db, job_id).await?;
    let news = list(db, &job).await?;
    say(&format!(
        "hunter rescan: job {job_id}: {} of {} domains scanned, {} failed, {news} changes and alerts",
        job.succeeded, job.total, job.failed
    ))?;
    let complete = job.status == JobStatus::Done && job.failed == 0;
    Ok(if complete { Outcome::Complete } else { Outcome::Partial })
}

/// Writes what changed and which alerts were raised, and gives how many they are; who failed is told.
async fn list(db: &Db, job: &Job) -> Result<u64, ServerError> {
    let mut out = csv::Writer::from_writer(io::stdout().lock());
    let failed = |error: csv::Error| ServerError::Output(error.into());
    out.write_record(["domain", "event", "kind", "before", "after", "message"]).map_err(failed)?;
    let (mut count, mut after) = (0, None);
    loop {
        let mut unit = db.read().await?;
        let page = unit.job_results(job.job_id, false, after.as_deref(), PAGE).await?;
        let Some(last) = page.last().map(|result| result.domain.clone()) else { break };
        let news = unit.scan_news(job, after.as_deref(), &last).await?;
        drop(unit);
        for result in &page {
            if let Some(code) = &result.error {
                say(&format!("hunter rescan: `{}` was not scanned [{code}]", result.domain))?;
            }
        }
        for one in &news {
            let event = if one.message.is_some() { "alert" } else { "change" };
            let [before, after, message] =
                [&one.before, &one.after, &one.message].map(|text| text.as_deref().unwrap_or(""));
            let row = [one.domain.as_str(), event, one.kind.as_str(), before, after, message];
            out.write_record(row).map_err(failed)?;
        }
        count += news.len() as u64;
        after = Some(last);
    }
    out.flush().map_err(ServerError::Output)?;
    Ok(count)
}

fn say(text: &str) -> Result<(), ServerError> {
    writeln!(io::stderr(), "{text}").map_err(ServerError::Output)
}
