//! `hunter serve`: the API, and jobs in the same process.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use hunter_core::operations::Hunter;
use hunter_scan::ip_data::{IpData, IpDataConfig};
use hunter_store::api_keys::ApiKeys as _;
use hunter_store::cache::Caches;
use hunter_store::limiter::{self, Limiter};
use hunter_store::{Db, RedisLink, StoreConfig, migrate};
use secrecy::ExposeSecret as _;
use tokio::sync::watch;

use super::store::{default_url, told};
use super::{DataArgs, Outcome, SalesArgs};
use crate::config::{Config, Environment, Layers};
use crate::error::ServerError;
use crate::http::serve::Listening;
use crate::http::{App, Parts};
use crate::services::guard::Guard;
use crate::services::ingest::Files;
use crate::services::jobs;
use crate::services::scanning::{self, CachedScanner, SalesWords, ScanService};

/// What keeps installations on one Redis apart.
const NAMESPACE: &str = "hunter";

/// Where settings come from.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct ConfigArgs {
    /// The file of settings. Default: `HUNTER_CONFIG`, else `hunter.toml` in this folder, else none.
    #[arg(long, value_name = "TOML")]
    config: Option<PathBuf>,
}

impl ConfigArgs {
    /// The settings but for the flags of a command.
    pub(super) fn layers(&self) -> Result<Layers, ServerError> {
        Layers::load(self.config.as_deref(), std::env::vars())
    }
}

/// Arguments of `hunter serve`.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Where to listen, such as `127.0.0.1:8080`; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// `redis://HOST:PORT`.
    #[arg(long, value_name = "URL")]
    redis: Option<String>,
    /// Leave jobs to `hunter worker`.
    #[arg(long)]
    no_worker: bool,
}

pub(super) fn run(args: &ServeArgs) -> Result<Outcome, ServerError> {
    let mut layers = args.config.layers()?;
    for (value, section, name, flag) in [
        (&args.listen, "server", "listen", "--listen"),
        (&args.database, "database", "url", "--database"),
        (&args.redis, "redis", "url", "--redis"),
    ] {
        if let Some(text) = value {
            layers.flag(section, name, text, flag)?;
        }
    }
    if args.no_worker {
        layers.flag("worker", "in_process", "false", "--no-worker")?;
    }
    let config = layers.config()?;
    tokio::runtime::Runtime::new().map_err(ServerError::Start)?.block_on(serve(config))
}

async fn serve(config: Config) -> Result<Outcome, ServerError> {
    let listen = config.server.listen;
    let (end, ending) = watch::channel(false);
    let app = app(config, ending.clone()).await?;
    let listening = Listening::at(listen).await?;
    let db = app.db.clone();
    writeln!(io::stderr(), "hunter: listening on http://{}", listening.address())
        .map_err(ServerError::Output)?;
    let worker = app.config.worker.in_process.then(|| {
        let (batches, parallel) = (app.config.worker.batches, app.config.scan.concurrency);
        let recorder = app.scans.recorder().clone();
        let observer = Arc::new(app.scans.clone());
        jobs::worker(db.clone(), observer, recorder, batches, parallel)
    });
    let working = async {
        if let Some(worker) = &worker {
            worker.run(ending).await;
        }
    };
    let told = {
        let end = end.clone();
        async move {
            told().await;
            end.send_replace(true);
        }
    };
    let serving = async {
        listening.serve(app, told).await;
        // Where it ended by itself, nobody was told to end.
        end.send_replace(true);
    };
    tokio::join!(serving, working);
    db.close().await;
    Ok(Outcome::Complete)
}

async fn app(config: Config, ending: watch::Receiver<bool>) -> Result<App, ServerError> {
    let url = match config.database.url.expose_secret() {
        "" => default_url()?,
        url => url.to_owned(),
    };
    let store = match config.database.environment {
        Environment::Development => StoreConfig::development(url),
        Environment::Production => StoreConfig::production(url),
    };
    let db =
        Db::open(StoreConfig { max_connections: config.database.max_connections, ..store }).await?;
    migrate::ensure(&db).await?;
    // Others can connect: then keys are asked for, which somebody must be able to give and take.
    let is_public = !config.server.listen.ip().is_loopback();
    if is_public && !db.read().await?.has_active_admin().await? {
        return Err(ServerError::NoAdmin);
    }
    let redis = match config.redis.url.expose_secret() {
        "" => None,
        url => Some(RedisLink::open(url).map_err(|error| ServerError::Redis(error.to_string()))?),
    };
    let (caches, limiter) = match &redis {
        Some(link) => (
            Caches::with_redis(link.clone(), NAMESPACE).await,
            Limiter::with_redis(link.clone(), NAMESPACE, limiter::Settings::default()).await,
        ),
        None => (Caches::in_memory(), Limiter::in_process()),
    };
    let folder = Some(&config.data.folder).filter(|folder| !folder.is_empty());
    let data = DataArgs { data_dir: folder.map(PathBuf::from), ..DataArgs::default() };
    let hunter = Hunter::new(data.engine()?, data.sales(&SalesArgs::default())?);
    let files = config.scan.ip_data.clone();
    let (ip_data, problems) = IpData::open(IpDataConfig { files, ..IpDataConfig::default() });
    for problem in problems {
        tracing::warn!(%problem, code = problem.code(), "a database of IP data cannot be used");
    }
    let guard = Guard::new(limiter.clone());
    let scans = scans(&config, &db, &hunter, &caches, limiter).await?;
    let files = Files::new(&config.ingest);
    Ok(App::new(Parts {
        config,
        db,
        redis,
        caches,
        hunter,
        ip_data,
        guard,
        files,
        scans,
        ending,
        legacy: crate::http::layers::deprecation::LegacyCalls::default(),
    }))
}

/// The scans of the settings. Resolvers that invent names are refused; silent ones may come back.
async fn scans(
    config: &Config,
    db: &Db,
    hunter: &Hunter,
    caches: &Caches,
    limiter: Limiter,
) -> Result<ScanService, ServerError> {
    let scanner = scanning::scanner(&config.scan, hunter, limiter)?;
    if config.scan.check_resolvers
        && let Err(error) = scanner.check().await
    {
        if error.code() != "scan_resolvers_silent" {
            return Err(error.into());
        }
        tracing::warn!(%error, code = error.code(), "scans will fail until a resolver answers");
    }
    let words = SalesWords::new(hunter.clone(), &config.data.language)?;
    let observer = CachedScanner::new(scanner, caches);
    let engine = hunter.engine().clone();
    Ok(ScanService::new(db.clone(), observer, engine, Arc::new(words), caches))
}

/// Prints the settings in force.
pub(super) fn print(args: &ConfigArgs) -> Result<Outcome, ServerError> {
    let layers = args.layers()?;
    // What is printed is what a start would take.
    layers.config()?;
    io::stdout().write_all(layers.print().as_bytes()).map_err(ServerError::Output)?;
    Ok(Outcome::Complete)
}
