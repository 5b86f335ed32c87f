//! The worker, as `hunter worker` and `hunter serve` run it.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use hunter_store::bulk::{
    BulkScan, BulkSettings, LeadRecorder, Observer, Reassess, RescanDue, Rescans as _,
};
use hunter_store::ingest::Ingest;
use hunter_store::queue::{Handler, Worker, WorkerSettings};
use hunter_store::{Db, StoreError};

use crate::config::Config;

/// How long a domain may wait for its turn: the scanner itself bounds the time on the wire.
const TURN: Duration = Duration::from_mins(10);

/// Has leads scanned again as the settings ask for.
///
/// # Errors
/// What the database said.
pub async fn schedule(db: &Db, config: &Config) -> Result<(), StoreError> {
    let mut unit = db.begin().await?;
    unit.rescan_after(config.worker.rescan_after_days, config.scan.batch_size()).await?;
    unit.commit().await
}

/// A worker for all kinds of jobs.
pub fn worker(
    db: Db,
    observer: Arc<dyn Observer>,
    recorder: LeadRecorder,
    batches: NonZeroUsize,
    parallel: usize,
) -> Worker {
    let settings = BulkSettings { parallel, domain_timeout: TURN, ..BulkSettings::default() };
    let scan = BulkScan::new(observer, Arc::new(recorder.clone()), settings);
    let handlers: Vec<Arc<dyn Handler>> = vec![
        Arc::new(scan),
        Arc::new(Reassess::new(recorder)),
        Arc::new(RescanDue),
        Arc::new(Ingest),
    ];
    let settings = WorkerSettings { concurrency: batches.get(), ..WorkerSettings::default() };
    Worker::new(db, handlers, settings)
}
