//! `hunter serve`: the API, and jobs in the same process.

use std::io::{self, Write};
use std::time::Duration;

use clap::Args;
use hunter_store::api_keys::ApiKeys as _;
use tokio::sync::watch;

use super::assembly::{self, ConfigArgs, StateArgs, set};
use super::store::told;
use super::{DataArgs, Outcome};
use crate::config::Config;
use crate::error::ServerError;
use crate::http::serve::Listening;
use crate::services::jobs;
use crate::telemetry;

/// Arguments of `hunter serve`.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Where to listen, such as `127.0.0.1:8080`; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    #[command(flatten)]
    state: StateArgs,
    /// Leave jobs to `hunter worker`.
    #[arg(long)]
    no_worker: bool,
}

pub(super) fn run(args: &ServeArgs) -> Result<Outcome, ServerError> {
    let mut layers = args.config.layers()?;
    set(&mut layers, args.listen.as_ref(), "server", "listen", "--listen")?;
    args.state.over(&mut layers)?;
    if args.no_worker {
        layers.flag("worker", "in_process", "false", "--no-worker")?;
    }
    let config = layers.config()?;
    let _log = telemetry::start(&config)?;
    tokio::runtime::Runtime::new().map_err(ServerError::Start)?.block_on(serve(config))
}

async fn serve(config: Config) -> Result<Outcome, ServerError> {
    let listen = config.server.listen;
    let drain = Duration::from_secs(config.server.drain_seconds);
    let (end, ending) = watch::channel(false);
    let db = assembly::database(&config).await?;
    // Others can connect: then keys are asked for, which somebody must be able to give and take.
    if !listen.ip().is_loopback() && !db.read().await?.has_active_admin().await? {
        return Err(ServerError::NoAdmin);
    }
    let app = assembly::app(config, &DataArgs::default(), db, ending.clone()).await?;
    let listening = Listening::at(listen).await?;
    writeln!(io::stderr(), "hunter: listening on http://{}", listening.address())
        .map_err(ServerError::Output)?;
    jobs::schedule(&app.db, &app.config).await?;
    let worker = app.config.worker.in_process.then(|| assembly::worker(&app));
    let webhooks = app.webhooks().clone();
    let working = async {
        if let Some(worker) = &worker {
            tokio::join!(worker.run(ending.clone()), webhooks.retry(ending));
        }
    };
    let told = {
        let end = end.clone();
        async move {
            told().await;
            // From now on the process is not ready; balancers are given the time to see that.
            end.send_replace(true);
            tracing::info!(?drain, "told to end: requests are still taken for a while");
            tokio::time::sleep(drain).await;
        }
    };
    let serving = async {
        listening.serve(app.clone(), told).await;
        // Where it ended by itself, nobody was told to end.
        end.send_replace(true);
    };
    tokio::join!(serving, working);
    app.guard.limiter().close().await;
    app.db.close().await;
    Ok(Outcome::Complete)
}

/// Prints the settings in force.
pub(super) fn print(args: &ConfigArgs) -> Result<Outcome, ServerError> {
    let layers = args.layers()?;
    // What is printed is what a start would take.
    layers.config()?;
    io::stdout().write_all(layers.print().as_bytes()).map_err(ServerError::Output)?;
    Ok(Outcome::Complete)
}
