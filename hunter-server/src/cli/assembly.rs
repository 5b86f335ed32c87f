//! The parts of a process that works over the database, as the settings ask for them: the same for
//! `hunter serve` and `hunter worker`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use hunter_core::operations::Hunter;
use hunter_scan::ip_data::{IpData, IpDataConfig};
use hunter_store::bulk::SharedEngine;
use hunter_store::cache::Caches;
use hunter_store::limiter::{self, Limiter};
use hunter_store::queue::Worker;
use hunter_store::{Db, RedisLink, StoreConfig, migrate};
use secrecy::ExposeSecret as _;
use tokio::sync::watch;

use super::store::default_url;
use super::{DataArgs, SalesArgs};
use crate::config::{Config, Environment, Layers};
use crate::error::ServerError;
use crate::http::{App, Parts};
use crate::services::assigned;
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
    pub(super) config: Option<PathBuf>,
}

impl ConfigArgs {
    /// The settings but for the flags of a command.
    pub(super) fn layers(&self) -> Result<Layers, ServerError> {
        Layers::load(self.config.as_deref(), std::env::vars())
    }
}

/// Where state is kept, on the command line.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct StateArgs {
    /// `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// `redis://HOST:PORT`.
    #[arg(long, value_name = "URL")]
    redis: Option<String>,
}

impl StateArgs {
    /// Lays the flags over the settings.
    pub(super) fn over(&self, layers: &mut Layers) -> Result<(), ServerError> {
        set(layers, self.database.as_ref(), "database", "url", "--database")?;
        set(layers, self.redis.as_ref(), "redis", "url", "--redis")
    }
}

/// Lays a flag over a setting, where it was given.
pub(super) fn set(
    layers: &mut Layers,
    value: Option<&impl ToString>,
    section: &str,
    name: &str,
    flag: &'static str,
) -> Result<(), ServerError> {
    value.map_or(Ok(()), |value| layers.flag(section, name, &value.to_string(), flag))
}

/// How the database is opened.
pub(super) fn store_config(config: &Config) -> Result<StoreConfig, ServerError> {
    let url = match config.database.url.expose_secret() {
        "" => default_url()?,
        url => url.to_owned(),
    };
    let store = match config.database.environment {
        Environment::Development => StoreConfig::development(url),
        Environment::Production => StoreConfig::production(url),
    };
    Ok(StoreConfig { max_connections: config.database.max_connections, ..store })
}

/// The database with the schema of this program.
pub(super) async fn database(config: &Config) -> Result<Db, ServerError> {
    let db = Db::open(store_config(config)?).await?;
    migrate::ensure(&db).await?;
    Ok(db)
}

/// Redis, where it is set up; it need not be there yet.
pub(super) fn redis(config: &Config) -> Result<Option<RedisLink>, ServerError> {
    match config.redis.url.expose_secret() {
        "" => Ok(None),
        url => {
            let link = RedisLink::open(url);
            link.map(Some).map_err(|error| ServerError::Redis(error.to_string()))
        }
    }
}

/// The data files of the settings, unless a flag names others.
pub(super) fn hunter(config: &Config, data: &DataArgs) -> Result<Hunter, ServerError> {
    let folder = Some(&config.data.folder).filter(|folder| !folder.is_empty());
    let data_dir = data.data_dir.clone().or_else(|| folder.map(PathBuf::from));
    let data = DataArgs { data_dir, ..data.clone() };
    Ok(Hunter::new(data.engine()?, data.sales(&SalesArgs::default())?))
}

/// Joins the parts over a database.
pub(super) async fn app(
    config: Config,
    data: &DataArgs,
    db: Db,
    ending: watch::Receiver<bool>,
) -> Result<App, ServerError> {
    let redis = redis(&config)?;
    let (caches, limiter) = match &redis {
        Some(link) => (
            Caches::with_redis(link.clone(), NAMESPACE).await,
            Limiter::with_redis(link.clone(), NAMESPACE, limiter::Settings::default()).await,
        ),
        None => (Caches::in_memory(), Limiter::in_process()),
    };
    let hunter = hunter(&config, data)?;
    let files = config.scan.ip_data.clone();
    let (ip_data, problems) = IpData::open(IpDataConfig { files, ..IpDataConfig::default() });
    for problem in problems {
        tracing::warn!(%problem, code = problem.code(), "a database of IP data cannot be used");
    }
    let guard = Guard::new(limiter.clone());
    let files = Files::new(&config.ingest);
    let engine = SharedEngine::from(&hunter);
    let scanner = scanning::scanner(&config.scan, &engine, limiter, &ip_data)?;
    check(&config, &scanner).await?;
    let words = SalesWords::new(hunter.clone(), &config.data.language)?;
    let observer = CachedScanner::new(scanner, &caches);
    let scans = ScanService::new(db.clone(), observer, engine, Arc::new(words), &caches);
    assigned::follow(&db, scans.recorder().engine(), ending.clone()).await?;
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
        measures: crate::http::metrics::Measures::default(),
    }))
}

/// Resolvers that invent names are refused; silent ones may come back.
async fn check(config: &Config, scanner: &hunter_scan::Scanner) -> Result<(), ServerError> {
    if config.scan.check_resolvers
        && let Err(error) = scanner.check().await
    {
        if error.code() != "scan_resolvers_silent" {
            return Err(error.into());
        }
        tracing::warn!(%error, code = error.code(), "scans will fail until a resolver answers");
    }
    Ok(())
}

/// The worker of the process, which its metrics tell of.
pub(super) fn worker(app: &App) -> Worker {
    let (batches, parallel) = (app.config.worker.batches, app.config.scan.concurrency);
    let recorder = app.scans.recorder().clone();
    let observer = Arc::new(app.scans.clone());
    let worker = jobs::worker(app.db.clone(), observer, recorder, batches, parallel);
    app.measures.watch(worker.clone());
    worker
}
