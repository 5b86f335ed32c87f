//! The same as JSON, in the shape that existing clients know, with a few sections more.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Snapshot, percent};

/// How many of the most called are named.
const TOP: usize = 10;

type Counts = BTreeMap<String, u64>;

/// What this process did since it started.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Metrics {
    cache: CacheSummary,
    rate_limit: RateLimitSummary,
    bulk_operations: BulkSummary,
    errors: ErrorSummary,
    deprecated_endpoints: DeprecatedSummary,
    scanner: ScannerSummary,
    /// Answers of the DNS by how they ended: found, absent, `temp_fail`, `perm_fail`, `not_asked`.
    dns: Counts,
    jobs: JobsSummary,
    database: DatabaseSummary,
    ip_enrichment: IpSummary,
}

/// All caches together.
#[derive(Debug, Serialize, ToSchema)]
struct CacheSummary {
    /// Calls that were answered from memory or from Redis.
    hits: u64,
    /// Calls that were answered from neither.
    misses: u64,
    total: u64,
    hit_rate_percent: f64,
    /// Values that were put in.
    sets: u64,
    /// Keys that were invalidated.
    deletes: u64,
    /// Values dropped because their time was over.
    ttl_expirations: u64,
}

/// The limits that processes keep together.
#[derive(Debug, Serialize, ToSchema)]
struct RateLimitSummary {
    /// Calls that got no permit.
    hits: u64,
    /// Permits that were given.
    acquired: u64,
    /// Permits by this process's own share, while Redis was away.
    fallback_used: u64,
    /// How often Redis was given up.
    circuit_breaker_open: u64,
    /// How often it came back.
    circuit_breaker_closed: u64,
    /// By key; at most some two hundred.
    per_key: BTreeMap<String, PerKey>,
}

/// One key of the limits.
#[derive(Debug, Serialize, ToSchema)]
struct PerKey {
    hits: u64,
    acquired: u64,
}

/// Batches of this process; those of `hunter worker` are counted there.
#[derive(Debug, Serialize, ToSchema)]
struct BulkSummary {
    batch_success: u64,
    batch_failure: u64,
    batch_success_rate_percent: f64,
    deadlock_occurrences: u64,
    partial_commit_recoveries: u64,
    average_batch_processing_time_seconds: f64,
    total_batches: u64,
    total_domains_processed: u64,
    total_domains_succeeded: u64,
    total_domains_failed: u64,
    domain_success_rate_percent: f64,
}

/// Warnings, errors and panics.
#[derive(Debug, Serialize, ToSchema)]
struct ErrorSummary {
    total_errors: u64,
    errors_by_component: Counts,
    /// `warning`, `error`, `critical`.
    errors_by_severity: Counts,
    daily_error_count: Counts,
    weekly_error_count: Counts,
}

/// Calls of unversioned paths, and of what is gone.
#[derive(Debug, Serialize, ToSchema)]
struct DeprecatedSummary {
    total_calls: u64,
    calls_by_endpoint: Counts,
    calls_by_domain: Counts,
    daily_call_count: Counts,
    weekly_call_count: Counts,
    top_endpoints: Counts,
    top_domains: Counts,
}

/// Observations of domains.
#[derive(Debug, Serialize, ToSchema)]
struct ScannerSummary {
    domains: u64,
    /// Those of which a question was not answered.
    partial: u64,
    under_way: u64,
    average_seconds: f64,
    registration: Counts,
    probes: Counts,
}

/// The queue in the database.
#[derive(Debug, Serialize, ToSchema)]
struct JobsSummary {
    /// Batches that wait for a worker; null while the database is away.
    waiting: Option<u64>,
    /// Batches that a worker has.
    running: Option<u64>,
    /// For how long the oldest job has been waiting of which a batch waits.
    oldest_waiting_seconds: Option<f64>,
    /// Waiting batches by kind of job.
    waiting_by_kind: Counts,
}

/// The database.
#[derive(Debug, Serialize, ToSchema)]
struct DatabaseSummary {
    connected: bool,
    /// `SQLite` or `PostgreSQL`.
    backend: Option<String>,
    version: Option<String>,
    acquire_milliseconds: Option<f64>,
    ping_milliseconds: Option<f64>,
    pools: BTreeMap<String, PoolSummary>,
    units: u64,
    held_too_long: usize,
    /// Whether Redis answers; null where none is set up.
    redis_connected: Option<bool>,
}

/// Connections.
#[derive(Debug, Serialize, ToSchema)]
struct PoolSummary {
    size: u32,
    idle: usize,
    max: u32,
}

/// Look-ups of addresses in files of IP data.
#[derive(Debug, Serialize, ToSchema)]
struct IpSummary {
    found: u64,
    empty: u64,
    errors: u64,
    remembered: u64,
    /// Files that cannot be used as they are.
    problems: usize,
}

fn owned(counts: &[(&'static str, u64)]) -> Counts {
    counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

fn top(counts: &Counts) -> Counts {
    let mut sorted: Vec<_> = counts.iter().collect();
    sorted.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
    sorted.into_iter().take(TOP).map(|(name, count)| (name.clone(), *count)).collect()
}

fn each(seconds: f64, count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no process counts to 2^52")]
    let count = count as f64;
    if count == 0.0 { 0.0 } else { (seconds / count * 1e6).round() / 1e6 }
}

impl Snapshot {
    /// All of it as JSON.
    pub(crate) fn summary(&self) -> Metrics {
        Metrics {
            cache: self.cache_summary(),
            rate_limit: self.rate_limit_summary(),
            bulk_operations: self.bulk_summary(),
            errors: self.error_summary(),
            deprecated_endpoints: self.deprecated_summary(),
            scanner: ScannerSummary {
                domains: self.scans.domains,
                partial: self.scans.partial,
                under_way: self.scans.under_way,
                average_seconds: each(self.scans.busy.as_secs_f64(), self.scans.domains),
                registration: owned(&self.scans.registration),
                probes: owned(&self.scans.probes),
            },
            dns: owned(&self.scans.dns),
            jobs: self.jobs_summary(),
            database: self.database_summary(),
            ip_enrichment: IpSummary {
                found: self.ip_data.found,
                empty: self.ip_data.empty,
                errors: self.ip_data.errors,
                remembered: self.ip_data.remembered,
                problems: self.ip_data_problems,
            },
        }
    }

    fn cache_summary(&self) -> CacheSummary {
        let sum = |of: fn(&hunter_store::cache::CacheMetrics) -> u64| -> u64 {
            self.caches.iter().map(of).sum()
        };
        // Callers who miss together share one hit in Redis, so that it is taken from the misses.
        let shared = sum(|cache| cache.shared_hits);
        let hits = sum(|cache| cache.hits + cache.failure_hits) + shared;
        let misses = sum(|cache| cache.misses).saturating_sub(shared);
        CacheSummary {
            hits,
            misses,
            total: hits + misses,
            hit_rate_percent: percent(hits, hits + misses),
            sets: sum(|cache| cache.loads),
            deletes: sum(|cache| cache.invalidations),
            ttl_expirations: sum(|cache| cache.expirations),
        }
    }

    fn rate_limit_summary(&self) -> RateLimitSummary {
        let limiter = &self.limiter;
        let per_key = self.by_key.iter().map(|(key, counts)| {
            (key.clone(), PerKey { hits: counts.refused, acquired: counts.acquired })
        });
        RateLimitSummary {
            hits: limiter.refused,
            acquired: limiter.admitted_shared + limiter.admitted_local,
            fallback_used: limiter.admitted_local,
            circuit_breaker_open: limiter.fallbacks,
            circuit_breaker_closed: limiter.fallbacks.saturating_sub(u64::from(!limiter.shared)),
            per_key: per_key.collect(),
        }
    }

    fn bulk_summary(&self) -> BulkSummary {
        let (done, parked, items, busy) = self.worker.map_or_else(Default::default, |worker| {
            (worker.done, worker.parked, worker.items, worker.busy)
        });
        let (total, domains) = (done + parked, items.succeeded + items.failed);
        BulkSummary {
            batch_success: done,
            batch_failure: parked,
            batch_success_rate_percent: percent(done, total),
            deadlock_occurrences: items.deadlocks,
            partial_commit_recoveries: items.recoveries,
            average_batch_processing_time_seconds: each(busy.as_secs_f64(), total),
            total_batches: total,
            total_domains_processed: domains,
            total_domains_succeeded: items.succeeded,
            total_domains_failed: items.failed,
            domain_success_rate_percent: percent(items.succeeded, domains),
        }
    }

    fn error_summary(&self) -> ErrorSummary {
        let (mut by_component, mut by_severity) = (Counts::new(), Counts::new());
        for ((component, severity), count) in &self.errors.by_kind {
            *by_component.entry((*component).to_owned()).or_default() += count;
            *by_severity.entry((*severity).to_owned()).or_default() += count;
        }
        ErrorSummary {
            total_errors: by_component.values().sum(),
            errors_by_component: by_component,
            errors_by_severity: by_severity,
            daily_error_count: self.errors.calendar.days().clone(),
            weekly_error_count: self.errors.calendar.weeks().clone(),
        }
    }

    fn deprecated_summary(&self) -> DeprecatedSummary {
        let legacy = &self.legacy;
        DeprecatedSummary {
            total_calls: legacy.by_endpoint.values().sum(),
            calls_by_endpoint: legacy.by_endpoint.clone(),
            calls_by_domain: legacy.by_domain.clone(),
            daily_call_count: legacy.calendar.days().clone(),
            weekly_call_count: legacy.calendar.weeks().clone(),
            top_endpoints: top(&legacy.by_endpoint),
            top_domains: top(&legacy.by_domain),
        }
    }

    fn jobs_summary(&self) -> JobsSummary {
        let queue = self.database.as_ref().map(|(_, waiting)| waiting);
        let sum = |of: fn(&hunter_store::queue::Waiting) -> i64| {
            queue.map(|queue| queue.iter().map(|kind| of(kind).unsigned_abs()).sum::<u64>())
        };
        let oldest = queue
            .map(|queue| queue.iter().map(|kind| kind.oldest_micros.max(0)).max().unwrap_or(0));
        JobsSummary {
            waiting: sum(|kind| kind.waiting),
            running: sum(|kind| kind.running),
            oldest_waiting_seconds: oldest.map(|micros| {
                std::time::Duration::from_micros(micros.unsigned_abs()).as_secs_f64()
            }),
            waiting_by_kind: queue
                .into_iter()
                .flatten()
                .map(|kind| (kind.kind.clone(), kind.waiting.unsigned_abs()))
                .collect(),
        }
    }

    fn database_summary(&self) -> DatabaseSummary {
        let health = self.database.as_ref().map(|(health, _)| health);
        let milliseconds = |time: std::time::Duration| time.as_secs_f64() * 1e3;
        let pools = health.into_iter().flat_map(|health| &health.pools).map(|pool| {
            let summary = PoolSummary { size: pool.size, idle: pool.idle, max: pool.max };
            (pool.name.to_owned(), summary)
        });
        DatabaseSummary {
            connected: health.is_some(),
            backend: health.map(|health| health.backend.to_string()),
            version: health.map(|health| health.version.clone()),
            acquire_milliseconds: health.map(|health| milliseconds(health.acquire)),
            ping_milliseconds: health.map(|health| milliseconds(health.ping)),
            pools: pools.collect(),
            units: health.map_or(0, |health| health.units),
            held_too_long: health.map_or(0, |health| health.held_too_long.len()),
            redis_connected: self.redis,
        }
    }
}
