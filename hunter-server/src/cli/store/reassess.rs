//! `hunter reassess`: all leads in the database by other rules, from what was observed before.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use hunter_core::Engine;
use hunter_store::Db;
use hunter_store::bulk::{LeadRecorder, NoWords, Reassess, Reassessments};
use hunter_store::queue::{Job, JobStatus, Worker, WorkerSettings};
use uuid::Uuid;

use super::{StoreArgs, job, runtime};
use crate::cli::{DataArgs, Outcome};
use crate::error::ServerError;
use crate::services::assigned;

/// A batch takes a second or less; what a process that was killed had taken is free again soon.
const LEASE: Duration = Duration::from_secs(5);
/// How many changes are read at once.
const PAGE: u32 = 5_000;

/// Arguments of `hunter reassess`.
#[derive(Debug, Args)]
pub(crate) struct ReassessArgs {
    /// How many batches are done at the same time. Default: one for each processor.
    #[arg(long, value_name = "N")]
    batches: Option<usize>,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    data: DataArgs,
}

pub(crate) fn run(args: &ReassessArgs) -> Result<Outcome, ServerError> {
    let engine = args.data.engine()?;
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    let concurrency = args.batches.unwrap_or_else(processors).max(1);
    runtime()?.block_on(async {
        let db = args.store.ready().await?;
        let engine = assigned::engine(&db, engine).await?;
        let job = all(&db, engine, concurrency).await?;
        let changed = list(&db, job.job_id).await?;
        let said = writeln!(
            io::stderr(),
            "hunter reassess: job {}: {} of {} batches done, {changed} leads changed their segment",
            job.job_id,
            job.succeeded,
            job.total,
        );
        said.map_err(ServerError::Output)?;
        db.close().await;
        let complete = job.status == JobStatus::Done && job.failed == 0;
        Ok(if complete { Outcome::Complete } else { Outcome::Partial })
    })
}

/// Enqueues the job, or finds the one that was begun by the same rules, and does it.
async fn all(db: &Db, engine: Engine, concurrency: usize) -> Result<Job, ServerError> {
    let mut unit = db.begin().await?;
    let id = unit.enqueue_reassessment(&engine).await?.job_id;
    unit.commit().await?;
    let recorder = LeadRecorder::new(engine, Arc::new(NoWords));
    let settings = WorkerSettings { concurrency, lease: LEASE, ..WorkerSettings::default() };
    let worker = Worker::new(db.clone(), vec![Arc::new(Reassess::new(recorder))], settings);
    job::done_by(&worker, db, id).await
}

/// Writes the leads whose segment changed, and gives how many they are.
async fn list(db: &Db, id: Uuid) -> Result<u64, ServerError> {
    let mut out = csv::Writer::from_writer(io::stdout().lock());
    let failed = |error: csv::Error| ServerError::Output(error.into());
    out.write_record(["domain", "before", "after"]).map_err(failed)?;
    let (mut count, mut last) = (0, None);
    loop {
        let page = db.read().await?.segment_changes(id, last.as_deref(), PAGE).await?;
        for change in &page {
            let [before, after] =
                [&change.before, &change.after].map(|segment| segment.as_deref().unwrap_or(""));
            out.write_record([change.domain.as_str(), before, after]).map_err(failed)?;
        }
        count += page.len() as u64;
        match page.into_iter().next_back() {
            Some(change) => last = Some(change.domain),
            None => break,
        }
    }
    out.flush().map_err(ServerError::Output)?;
    Ok(count)
}
