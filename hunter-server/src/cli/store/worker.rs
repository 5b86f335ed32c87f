//! `hunter worker`: does the jobs in the database until it is told to stop.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;
use hunter_scan::Profile;
use hunter_scan::probes::ProbeKind;
use tokio::sync::watch;

use super::runtime;
use crate::cli::assembly::{self, ConfigArgs, StateArgs, set};
use crate::cli::{DataArgs, Outcome};
use crate::config::{Config, Layers};
use crate::error::ServerError;
use crate::http::serve::Listening;
use crate::telemetry;

/// Arguments of `hunter worker`: each goes before the setting that it names.
#[derive(Debug, Args)]
pub(crate) struct WorkerArgs {
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    state: StateArgs,
    /// Do not bring the schema up to date at the start: many processes share this database.
    #[arg(long)]
    production: bool,
    /// How many batches are done at the same time.
    #[arg(long, value_name = "N")]
    batches: Option<NonZeroUsize>,
    /// End when there is nothing to do.
    #[arg(long)]
    until_idle: bool,
    /// Where to answer probes and metrics, such as `127.0.0.1:9090`.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    #[command(flatten)]
    scan: ScanArgs,
    #[command(flatten)]
    data: DataArgs,
    /// Language of the sales texts: `tr`, `en`, or one of your own data files.
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

/// How domains are observed, where it is not as the settings say.
#[derive(Debug, Args)]
#[command(next_help_heading = "Scanning")]
struct ScanArgs {
    /// Resolver to ask: HOST:PORT, `tls://ADDRESS#NAME` or `https://ADDRESS/dns-query#NAME`; may be given
    /// several times.
    #[arg(long, value_name = "RESOLVER")]
    resolver: Vec<String>,
    /// Do not find out first whether the resolvers can be believed.
    #[arg(long)]
    no_check: bool,
    /// How long one try of a question may take, in milliseconds.
    #[arg(long, value_name = "MS")]
    timeout: Option<u64>,
    /// How often a question is put before it counts as failed.
    #[arg(long, value_name = "N")]
    attempts: Option<u32>,
    /// How long all questions about one domain may take, in milliseconds.
    #[arg(long, value_name = "MS")]
    deadline: Option<u64>,
    /// How many domains are in flight at once.
    #[arg(long, value_name = "N")]
    concurrency: Option<usize>,
    /// How many domains are begun in a second, by all processes together.
    #[arg(long, value_name = "N")]
    rate: Option<f64>,
    /// Which questions are put: `light`, `standard` or `full`.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<Profile>,
    /// Whether to look up who registered the domain and until when.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    registration: Option<bool>,
    /// How many questions registries are asked in a second, by all processes together.
    #[arg(long, value_name = "N")]
    registry_rate: Option<f64>,
    /// Also probe over HTTPS: `openid`, `user_realm` or `mta_sts`; may be given several times.
    #[arg(long = "probe", value_name = "PROBE")]
    probes: Vec<ProbeKind>,
    /// Also say what an IP database knows of the addresses; may be given several times.
    #[arg(long = "ip-data", value_name = "FILE")]
    ip_data: Vec<PathBuf>,
}

impl WorkerArgs {
    /// The settings with these arguments over them.
    fn layers(&self) -> Result<Layers, ServerError> {
        let mut layers = self.config.layers()?;
        let to = &mut layers;
        self.state.over(to)?;
        let production = self.production.then_some("production");
        set(to, production.as_ref(), "database", "environment", "--production")?;
        set(to, self.batches.as_ref(), "worker", "batches", "--batches")?;
        set(to, self.listen.as_ref(), "worker", "listen", "--listen")?;
        set(to, self.lang.as_ref(), "data", "language", "--lang")?;
        self.scan.over(to)?;
        Ok(layers)
    }
}

impl ScanArgs {
    fn over(&self, to: &mut Layers) -> Result<(), ServerError> {
        set(to, list(&self.resolver, String::clone).as_ref(), "scan", "resolvers", "--resolver")?;
        let check = self.no_check.then_some(false);
        set(to, check.as_ref(), "scan", "check_resolvers", "--no-check")?;
        set(to, self.timeout.as_ref(), "scan", "timeout_milliseconds", "--timeout")?;
        set(to, self.attempts.as_ref(), "scan", "attempts", "--attempts")?;
        set(to, self.deadline.as_ref(), "scan", "deadline_milliseconds", "--deadline")?;
        set(to, self.concurrency.as_ref(), "scan", "concurrency", "--concurrency")?;
        set(to, self.rate.as_ref(), "scan", "domains_per_second", "--rate")?;
        let profile = self.profile.map(Profile::as_str);
        set(to, profile.as_ref(), "scan", "profile", "--profile")?;
        set(to, self.registration.as_ref(), "scan", "registration", "--registration")?;
        let rate = self.registry_rate.as_ref();
        set(to, rate, "scan", "registry_queries_per_second", "--registry-rate")?;
        let probes = list(&self.probes, |probe| probe.as_str().to_owned());
        set(to, probes.as_ref(), "scan", "probes", "--probe")?;
        let files = list(&self.ip_data, |path| path.display().to_string());
        set(to, files.as_ref(), "scan", "ip_data", "--ip-data")
    }
}

/// What was given several times, as a setting takes it.
fn list<T>(given: &[T], text: impl Fn(&T) -> String) -> Option<String> {
    (!given.is_empty()).then(|| given.iter().map(text).collect::<Vec<_>>().join(","))
}

pub(crate) fn run(args: &WorkerArgs) -> Result<Outcome, ServerError> {
    let config = args.layers()?.config()?;
    let _log = telemetry::start(&config)?;
    runtime()?.block_on(work(args, config))
}

async fn work(args: &WorkerArgs, mut config: Config) -> Result<Outcome, ServerError> {
    let probes = config.worker.listen;
    if let Some(address) = probes {
        // Whether keys are asked for follows from where this process listens.
        config.server.listen = address;
    }
    let (stop, stopped) = watch::channel(false);
    let db = assembly::database(&config).await?;
    let app = assembly::app(config, &args.data, db, stopped.clone()).await?;
    let worker = assembly::worker(&app);
    let listening = match probes {
        None => None,
        Some(address) => Some(Listening::at(address).await?),
    };
    let until = async {
        let ended = if args.until_idle {
            idle(&app.db).await
        } else {
            told().await;
            Ok(())
        };
        // The worker listens until it ends.
        let _ = stop.send(true);
        ended
    };
    let answering = async {
        if let Some(listening) = listening {
            let mut ending = stopped.clone();
            let end = async move { _ = ending.wait_for(|ending| *ending).await };
            listening.serve_probes(app.clone(), end).await;
        }
    };
    let (ended, (), (), ()) = tokio::join!(
        until,
        worker.run(stopped.clone()),
        app.webhooks().retry(stopped.clone()),
        answering
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
    app.guard.limiter().close().await;
    app.db.close().await;
    Ok(Outcome::Complete)
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
