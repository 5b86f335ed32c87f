//! A job that a command waits for, and does itself.

use std::time::Duration;

use hunter_store::Db;
use hunter_store::queue::{Job, JobStatus, Jobs as _, Worker};
use tokio::sync::watch;
use uuid::Uuid;

use crate::cli::progress;
use crate::error::ServerError;

/// Has a worker work until a job is over, whoever does its last batch; gives the job as it ended.
pub(super) async fn done_by(worker: &Worker, db: &Db, job_id: Uuid) -> Result<Job, ServerError> {
    let (stop, stopped) = watch::channel(false);
    let (ended, ()) = tokio::join!(
        async {
            let ended = ended(db, job_id).await;
            // The worker listens until it ends.
            let _ = stop.send(true);
            ended
        },
        worker.run(stopped)
    );
    ended
}

/// The job, once it is over.
async fn ended(db: &Db, job_id: Uuid) -> Result<Job, ServerError> {
    let mut bar = None;
    loop {
        let job = db.read().await?.job(job_id).await?;
        let gone = ServerError::NothingToDo("the job was removed while it was done");
        let job = job.ok_or(gone)?;
        let bar = bar.get_or_insert_with(|| progress::bar(|| usize::try_from(job.total).ok()));
        bar.set_position(u64::try_from(job.succeeded + job.failed).unwrap_or(0));
        if matches!(job.status, JobStatus::Done | JobStatus::Cancelled) {
            bar.finish_and_clear();
            return Ok(job);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
