//! A worker as the crash tests kill it: the real scanner, engine, cache and store, without throttles.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use hunter_core::{Domain, Engine, Observation};
use hunter_scan::{CommonSelectors, Profile, ScanConfig, Scanner};
use hunter_store::bulk::{
    BulkScan, BulkSettings, LeadRecorder, NoWords, Observer, Recorder, Unobserved,
};
use hunter_store::cache::{Cache, CacheKey, Caches};
use hunter_store::queue::{Worker, WorkerSettings};
use hunter_store::{Db, Executor, RedisLink, StoreConfig, StoreError, Unit};
use serde::{Deserialize, Serialize};

/// What the tests tell a worker, by environment variables.
struct Told {
    database: String,
    resolver: String,
    redis: Option<String>,
    /// Take rows in the order of domains, or against it; so that two workers meet.
    order: Option<Order>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Ascending,
    Descending,
}

impl Told {
    fn read() -> Self {
        let read = |name: &str| std::env::var(format!("CRASH_{name}")).ok();
        let order = read("ORDER")
            .map(|order| if order == "descending" { Order::Descending } else { Order::Ascending });
        Self {
            database: read("DATABASE").expect("CRASH_DATABASE is set by the test"),
            resolver: read("RESOLVER").expect("CRASH_RESOLVER is set by the test"),
            redis: read("REDIS"),
            order,
        }
    }
}

/// The key of observations in the cache.
struct Scanned(Domain);

#[derive(Debug, Serialize, Deserialize)]
struct Never;

impl CacheKey for Scanned {
    type Value = Observation;
    type Failure = Never;
    const NAME: &'static str = "dns";
    const SCHEMA: u32 = 1;
    const LIFETIME: Duration = Duration::from_hours(1);
    fn key(&self) -> String {
        self.0.to_string()
    }
}

struct CachingObserver {
    scanner: Scanner,
    cache: Cache<Scanned>,
}

#[async_trait]
impl Observer for CachingObserver {
    async fn observe(&self, domain: &Domain, _: bool) -> Result<Observation, Unobserved> {
        let key = Scanned(domain.clone());
        let load = async { Ok::<_, Never>(self.scanner.observe(domain).await) };
        match self.cache.get_or_load(&key, load).await {
            Ok(observation) => Ok((*observation).clone()),
            Err(_) => unreachable!("a scan always gives an observation"),
        }
    }
}

/// Locks two rows in an order of its own before it writes, with time for another to do the reverse.
struct Ordered {
    leads: LeadRecorder,
    order: Order,
}

#[async_trait]
impl Recorder for Ordered {
    async fn record(&self, unit: &mut Unit, seen: &[Observation]) -> Result<(), StoreError> {
        let mut ends = vec!["first.lock", "second.lock"];
        if self.order == Order::Descending {
            ends.reverse();
        }
        for end in ends {
            if let Executor::Postgres(connection) = unit.executor() {
                let sql = "UPDATE opt_outs SET recorded_by = 'x' WHERE domain = $1";
                sqlx_execute(connection, sql, end).await?;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        self.leads.record(unit, seen).await
    }
}

async fn sqlx_execute(
    connection: &mut sqlx::PgConnection,
    sql: &'static str,
    value: &str,
) -> Result<(), StoreError> {
    Ok(sqlx::query(sql).bind(value).execute(connection).await.map(|_| ())?)
}

#[tokio::main]
async fn main() {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::WARN)
        .init();
    let told = Told::read();
    let db = Db::open(StoreConfig::production(told.database)).await.expect("the database");
    let config = ScanConfig {
        resolvers: vec![told.resolver.parse().expect("a resolver")],
        profile: Profile::Light,
        ..ScanConfig::default()
    };
    let scanner = Scanner::new(config, CommonSelectors).expect("a scanner");
    let caches = match told.redis {
        Some(url) => Caches::with_redis(RedisLink::open(&url).expect("a URL"), "crash").await,
        None => Caches::in_memory(),
    };
    let observer = Arc::new(CachingObserver { scanner, cache: caches.cache() });
    let leads = LeadRecorder::new(Engine::builtin(), Arc::new(NoWords));
    let recorder: Arc<dyn Recorder> = match told.order {
        Some(order) => Arc::new(Ordered { leads, order }),
        None => Arc::new(leads),
    };
    let bulk = BulkSettings { patience: Duration::from_secs(90), ..BulkSettings::default() };
    let scan = Arc::new(BulkScan::new(observer, recorder, bulk));
    let settings = WorkerSettings {
        concurrency: 2,
        lease: Duration::from_secs(6),
        ..WorkerSettings::default()
    };
    let worker = Worker::new(db, vec![scan], settings);
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    worker.run(stopped).await;
}
