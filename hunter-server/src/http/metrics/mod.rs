//! What this process did, gathered when somebody asks: the crates below count, this only collects.
//!
//! All counts are of one process and begin at its start. What stands in the database, such as the queue, is
//! the same whichever process is asked.

mod exposition;
mod requests;
mod summary;

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use hunter_scan::ip_data::IpDataStats;
use hunter_store::Health;
use hunter_store::cache::CacheMetrics;
use hunter_store::limiter::{KeyMetrics, LimiterMetrics};
use hunter_store::queue::{Jobs as _, Waiting, Worker, WorkerMetrics};
use tokio::time::timeout;

use super::App;
use super::layers::deprecation::LegacyCounts;
use crate::services::scanning::ScanMetrics;
use crate::telemetry::errors;

pub(crate) use exposition::CONTENT_TYPE;
pub use requests::measure;
pub(crate) use requests::route;
pub(crate) use summary::Metrics;

/// How long the database and Redis may take: those who ask for metrics give up after a few seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is measured as it happens, and whom to ask for the rest.
pub struct Measures {
    begun: Instant,
    requests: requests::Requests,
    worker: OnceLock<Worker>,
}

impl Default for Measures {
    fn default() -> Self {
        Self {
            begun: Instant::now(),
            requests: requests::Requests::default(),
            worker: OnceLock::new(),
        }
    }
}

impl Measures {
    /// Whom to ask for the batches of this process.
    pub fn watch(&self, worker: Worker) {
        // A process has one worker.
        let _ = self.worker.set(worker);
    }
}

/// Everything that is known at one moment.
pub(crate) struct Snapshot {
    caches: Vec<CacheMetrics>,
    limiter: LimiterMetrics,
    by_key: Vec<(String, KeyMetrics)>,
    worker: Option<WorkerMetrics>,
    /// `None` where the database does not answer.
    database: Option<(Health, Vec<Waiting>)>,
    /// `None` where none is set up.
    redis: Option<bool>,
    scans: ScanMetrics,
    ip_data: IpDataStats,
    ip_data_problems: usize,
    errors: errors::Counts,
    legacy: LegacyCounts,
    uptime: Duration,
    memory: Option<u64>,
    rules_version: String,
}

impl Snapshot {
    /// Gathers what there is.
    pub(crate) async fn of(app: &App) -> Self {
        let database = async {
            let waiting = app.db.read().await?.waiting().await?;
            Ok::<_, hunter_store::StoreError>((app.db.health().await?, waiting))
        };
        let redis = async {
            match &app.redis {
                None => None,
                Some(link) => {
                    Some(timeout(PATIENCE, link.ping()).await.is_ok_and(|ping| ping.is_ok()))
                }
            }
        };
        let (database, redis) = tokio::join!(timeout(PATIENCE, database), redis);
        let limiter = app.guard.limiter();
        Self {
            caches: app.caches.metrics(),
            limiter: limiter.metrics(),
            by_key: limiter.by_key().into_iter().collect(),
            worker: app.measures.worker.get().map(Worker::metrics),
            database: database.ok().and_then(Result::ok),
            redis,
            scans: app.scans.observer().counts(),
            ip_data: app.ip_data.stats(),
            ip_data_problems: app.ip_data.problems().len(),
            errors: errors::of_process().counts(),
            legacy: app.legacy.counts(),
            uptime: app.measures.begun.elapsed(),
            memory: resident_bytes(),
            rules_version: app.hunter().rules().version().to_owned(),
        }
    }
}

/// How much memory the process has; `None` on systems that do not tell it this way.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(1024 * line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?)
}

/// In percent; 0 of nothing.
#[expect(clippy::cast_precision_loss, reason = "no process counts to 2^52")]
fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (10_000.0 * part as f64 / whole as f64).round() / 100.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_nothing_is_nothing() {
        let shares = [percent(0, 0), percent(1, 3), percent(3, 3)].map(|share| share.to_string());
        assert_eq!(shares, ["0", "33.33", "100"]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_has_memory() {
        assert!(resident_bytes().is_some_and(|bytes| bytes > 1 << 20));
    }
}
