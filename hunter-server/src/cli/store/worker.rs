//! `hunter worker`: does the jobs in the database until it is told to stop.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::sync::Arc;

use clap::Args;
use hunter_core::operations::Hunter;
use hunter_core::{Engine, Observation};
use hunter_scan::SelectorPlan as _;
use hunter_store::bulk::{LeadRecorder, SharedEngine};
use hunter_store::cache::Caches;
use tokio::sync::watch;

use super::{StoreArgs, runtime};
use crate::cli::{DataArgs, LanguageArgs, Outcome, SalesArgs, ScanOptions};
use crate::error::ServerError;
use crate::services::assigned;
use crate::services::jobs;
use crate::services::scanning::{CachedScanner, SalesWords};
use crate::services::webhooks::Webhooks;

/// Arguments of `hunter worker`.
#[derive(Debug, Args)]
pub(crate) struct WorkerArgs {
    /// How many batches are done at the same time.
    #[arg(long, value_name = "N", default_value = "2")]
    batches: NonZeroUsize,
    /// End when there is nothing to do.
    #[arg(long)]
    until_idle: bool,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    options: ScanOptions,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    language: LanguageArgs,
}

pub(crate) fn run(args: &WorkerArgs) -> Result<Outcome, ServerError> {
    let engine: Engine = args.data.engine()?;
    let shared = SharedEngine::from(engine.clone());
    let plan = shared.clone();
    let scanner = args.options.scanner_by(move |seen: &Observation| plan.get().selectors(seen))?;
    let hunter = Hunter::new(engine, args.data.sales(&SalesArgs::default())?);
    let words = SalesWords::new(hunter, &args.language.lang)?;
    runtime()?.block_on(async {
        args.options.check(&scanner).await?;
        let db = args.store.ready().await?;
        let (stop, stopped) = watch::channel(false);
        assigned::follow(&db, &shared, stopped.clone()).await?;
        let recorder = LeadRecorder::new(&shared, Arc::new(words));
        let observer = Arc::new(CachedScanner::new(scanner, &Caches::in_memory()));
        let parallel = args.options.concurrency;
        let webhooks = Webhooks::new(db.clone(), recorder.clone());
        let worker = jobs::worker(db.clone(), observer, recorder, args.batches, parallel);
        let until = async {
            if args.until_idle {
                idle(&db).await
            } else {
                told().await;
                Ok(())
            }
        };
        let (ended, (), ()) = tokio::join!(
            async {
                let ended = until.await;
                // The worker listens until it ends.
                let _ = stop.send(true);
                ended
            },
            worker.run(stopped.clone()),
            webhooks.retry(stopped)
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
