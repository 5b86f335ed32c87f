//! `hunter worker`: does the jobs in the database until it is told to stop.

use std::io::{self, Write};
use std::sync::Arc;

use async_trait::async_trait;
use clap::Args;
use hunter_core::{Domain, Engine, Observation};
use hunter_scan::Scanner;
use hunter_store::bulk::{
    BulkScan, BulkSettings, LeadRecorder, NoWords, Observer, Reassess, Unobserved,
};
use hunter_store::queue::{Handler, Worker, WorkerSettings};
use tokio::sync::watch;

use super::{StoreArgs, runtime};
use crate::cli::{DataArgs, Outcome, ScanOptions};
use crate::error::ServerError;

/// Arguments of `hunter worker`.
#[derive(Debug, Args)]
pub(crate) struct WorkerArgs {
    /// How many batches are done at the same time.
    #[arg(long, value_name = "N", default_value_t = 2)]
    batches: usize,
    /// End when there is nothing to do.
    #[arg(long)]
    until_idle: bool,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    options: ScanOptions,
    #[command(flatten)]
    data: DataArgs,
}

/// The scanner as the store's port.
struct Scanning(Scanner);

#[async_trait]
impl Observer for Scanning {
    async fn observe(&self, domain: &Domain, _anew: bool) -> Result<Observation, Unobserved> {
        Ok(self.0.observe(domain).await)
    }
}

pub(crate) fn run(args: &WorkerArgs) -> Result<Outcome, ServerError> {
    let engine: Engine = args.data.engine()?;
    let scanner = args.options.scanner(&engine)?;
    runtime()?.block_on(async {
        args.options.check(&scanner).await?;
        let db = args.store.ready().await?;
        let settings =
            BulkSettings { parallel: args.options.concurrency, ..BulkSettings::default() };
        let recorder = LeadRecorder::new(engine, Arc::new(NoWords));
        let scan = BulkScan::new(Arc::new(Scanning(scanner)), Arc::new(recorder.clone()), settings);
        let handlers: Vec<Arc<dyn Handler>> =
            vec![Arc::new(scan), Arc::new(Reassess::new(recorder))];
        let settings =
            WorkerSettings { concurrency: args.batches.max(1), ..WorkerSettings::default() };
        let worker = Worker::new(db.clone(), handlers, settings);
        let (stop, stopped) = watch::channel(false);
        let until = async {
            if args.until_idle {
                idle(&db).await
            } else {
                told().await;
                Ok(())
            }
        };
        let (ended, ()) = tokio::join!(
            async {
                let ended = until.await;
                // The worker listens until it ends.
                let _ = stop.send(true);
                ended
            },
            worker.run(stopped)
        );
        ended?;
        let metrics = worker.metrics();
        let said = writeln!(
            io::stderr(),
            "hunter worker: {} batches done, {} tried again, {} parked",
            metrics.done,
            metrics.failed,
            metrics.parked
        );
        said.map_err(ServerError::Output)?;
        db.close().await;
        Ok(Outcome::Complete)
    })
}

/// Resolves when no job waits or runs.
async fn idle(db: &hunter_store::Db) -> Result<(), ServerError> {
    use hunter_store::queue::Jobs as _;
    loop {
        if db.read().await?.open_jobs().await? == 0 {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

/// Resolves when the process is asked to end: by a key, or by whoever runs it.
pub(crate) async fn told() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
                .expect("a handler for SIGTERM");
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        // Without a handler the key ends the process by itself.
        let _ = interrupt.await;
    }
}
