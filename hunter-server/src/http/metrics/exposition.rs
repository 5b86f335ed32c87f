//! The Prometheus text format, version 0.0.4, of everything that is known.

use std::collections::BTreeMap;

use prometheus::proto::{Counter, Gauge, LabelPair, Metric, MetricFamily, MetricType};
use prometheus::{Encoder as _, TextEncoder};

use super::{Measures, Snapshot};
use crate::telemetry::errors;

/// What the text is.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Families of metrics, as they are put together.
struct Families(Vec<MetricFamily>);

/// The labels of one value, and the value.
type Labelled<'a, const N: usize> = ([(&'static str, &'a str); N], f64);

impl Families {
    fn add<const N: usize>(
        &mut self,
        kind: MetricType,
        name: &str,
        help: &str,
        values: &[Labelled<'_, N>],
    ) {
        // A family without values is no family in this format.
        if values.is_empty() {
            return;
        }
        let metrics = values.iter().map(|(labels, value)| metric(kind, labels, *value)).collect();
        let mut family = MetricFamily::default();
        family.set_name(name.to_owned());
        family.set_help(help.to_owned());
        family.set_field_type(kind);
        family.set_metric(metrics);
        self.0.push(family);
    }

    fn counters<const N: usize>(&mut self, name: &str, help: &str, values: &[Labelled<'_, N>]) {
        self.add(MetricType::COUNTER, name, help, values);
    }

    fn gauges<const N: usize>(&mut self, name: &str, help: &str, values: &[Labelled<'_, N>]) {
        self.add(MetricType::GAUGE, name, help, values);
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.counters(name, help, &[([], number(value))]);
    }

    fn gauge(&mut self, name: &str, help: &str, value: f64) {
        self.gauges(name, help, &[([], value)]);
    }
}

fn metric(kind: MetricType, labels: &[(&'static str, &str)], value: f64) -> Metric {
    let pair = |(name, value): &(&'static str, &str)| {
        let mut pair = LabelPair::default();
        pair.set_name((*name).to_owned());
        pair.set_value((*value).to_owned());
        pair
    };
    let mut metric = Metric::default();
    metric.set_label(labels.iter().map(pair).collect());
    if kind == MetricType::COUNTER {
        let mut counter = Counter::default();
        counter.set_value(value);
        metric.set_counter(counter);
    } else {
        let mut gauge = Gauge::default();
        gauge.set_value(value);
        metric.set_gauge(gauge);
    }
    metric
}

#[expect(clippy::cast_precision_loss, reason = "no process counts to 2^52")]
const fn number(count: u64) -> f64 {
    count as f64
}

const fn flag(is: bool) -> f64 {
    if is { 1.0 } else { 0.0 }
}

impl Snapshot {
    /// All of it as text.
    pub(crate) fn exposition(&self, measures: &Measures) -> String {
        let mut families = Families(measures.requests.collect());
        self.process(&mut families);
        self.caches(&mut families);
        self.limits(&mut families);
        self.work(&mut families);
        self.scans(&mut families);
        self.database(&mut families);
        self.trouble(&mut families);
        let mut text = Vec::new();
        // Families without requests yet have no values, which the encoder refuses.
        families.0.retain(|family| !family.get_metric().is_empty());
        let encoded = TextEncoder::new().encode(&families.0, &mut text);
        encoded.expect("families with values can be written");
        String::from_utf8(text).expect("the format is text")
    }

    fn process(&self, to: &mut Families) {
        let build =
            [("version", env!("CARGO_PKG_VERSION")), ("rules_version", &self.rules_version)];
        to.gauges("hunter_build_info", "What this process is; always 1.", &[(build, 1.0)]);
        let uptime = self.uptime.as_secs_f64();
        to.gauge("hunter_process_uptime_seconds", "Time since the process started.", uptime);
        if let Some(memory) = self.memory {
            let help = "Memory that the process has in use.";
            to.gauge("process_resident_memory_bytes", help, number(memory));
        }
    }

    fn caches(&self, to: &mut Families) {
        let calls: Vec<_> = self
            .caches
            .iter()
            .flat_map(|cache| {
                [
                    ("hit", cache.hits),
                    ("failure_hit", cache.failure_hits),
                    ("shared_hit", cache.shared_hits),
                    ("miss", cache.misses),
                ]
                .map(|(result, count)| ([("cache", cache.name), ("result", result)], number(count)))
            })
            .collect();
        let help = "Calls by what they found: in memory, a failure in memory, in Redis after a miss, \
                    or nothing in memory.";
        to.counters("hunter_cache_requests_total", help, &calls);
        for (name, help, count) in [
            (
                "hunter_cache_loads_total",
                "Values that were got from their source.",
                self.caches.iter().map(|c| (c.name, c.loads)).collect::<Vec<_>>(),
            ),
            (
                "hunter_cache_load_failures_total",
                "Values that their source did not give.",
                self.caches.iter().map(|c| (c.name, c.failures)).collect(),
            ),
            (
                "hunter_cache_evictions_total",
                "Values dropped for want of room.",
                self.caches.iter().map(|c| (c.name, c.evictions)).collect(),
            ),
            (
                "hunter_cache_expirations_total",
                "Values dropped because their time was over.",
                self.caches.iter().map(|c| (c.name, c.expirations)).collect(),
            ),
            (
                "hunter_cache_invalidations_total",
                "Keys that this process invalidated.",
                self.caches.iter().map(|c| (c.name, c.invalidations)).collect(),
            ),
        ] {
            let values: Vec<_> =
                count.into_iter().map(|(name, count)| ([("cache", name)], number(count))).collect();
            to.counters(name, help, &values);
        }
    }

    fn limits(&self, to: &mut Families) {
        let limiter = &self.limiter;
        let permits = [
            ([("result", "acquired_shared")], number(limiter.admitted_shared)),
            ([("result", "acquired_local")], number(limiter.admitted_local)),
            ([("result", "refused")], number(limiter.refused)),
        ];
        let help = "Permits by how they were given: by all processes together, by this process's share \
                    while Redis is away, or not at all.";
        to.counters("hunter_rate_limit_permits_total", help, &permits);
        let keys: Vec<_> = self
            .by_key
            .iter()
            .flat_map(|(key, counts)| {
                [("acquired", counts.acquired), ("refused", counts.refused)].map(
                    |(result, count)| ([("key", key.as_str()), ("result", result)], number(count)),
                )
            })
            .collect();
        to.counters("hunter_rate_limit_key_permits_total", "The same by key.", &keys);
        let help = "Calls to Redis that failed.";
        to.counter("hunter_rate_limit_redis_failures_total", help, limiter.redis_failures);
        let help = "Times that the limiter fell back to this process's share.";
        to.counter("hunter_rate_limit_fallbacks_total", help, limiter.fallbacks);
        let help = "Whether this process keeps limits alone, since Redis is away.";
        to.gauge("hunter_rate_limit_breaker_open", help, flag(!limiter.shared));
    }

    fn work(&self, to: &mut Families) {
        if let Some((_, waiting)) = &self.database {
            let batches: Vec<_> = waiting
                .iter()
                .flat_map(|kind| {
                    let label = |state| [("kind", kind.kind.as_str()), ("state", state)];
                    [("waiting", kind.waiting), ("running", kind.running)]
                        .map(|(state, count)| (label(state), number(count.unsigned_abs())))
                })
                .collect();
            let help = "Open batches in the database, the same in every process.";
            to.gauges("hunter_queue_batches", help, &batches);
            let oldest = waiting.iter().map(|kind| kind.oldest_micros.max(0)).max().unwrap_or(0);
            let help = "For how long the oldest job has been waiting of which a batch waits.";
            let seconds = number(oldest.unsigned_abs()) / 1e6;
            to.gauge("hunter_queue_oldest_seconds", help, seconds);
        }
        let Some(worker) = &self.worker else { return };
        let batches = [
            ([("result", "done")], number(worker.done)),
            ([("result", "failed")], number(worker.failed)),
            ([("result", "parked")], number(worker.parked)),
            ([("result", "lost")], number(worker.lost)),
        ];
        let help =
            "Batches by how they ended: done, given back after a failure, given up, or taken over.";
        to.counters("hunter_batches_total", help, &batches);
        let seconds = [([], worker.busy.as_secs_f64())];
        to.counters("hunter_batch_seconds_total", "Time that batches took.", &seconds);
        let under_way = number(worker.under_way);
        to.gauge("hunter_batches_under_way", "Batches that are under way.", under_way);
        let items = [
            ([("result", "succeeded")], number(worker.items.succeeded)),
            ([("result", "failed")], number(worker.items.failed)),
        ];
        to.counters("hunter_batch_domains_total", "Domains of batches by how they ended.", &items);
        let help = "Times that a batch met another unit of work and was written once more.";
        to.counter("hunter_batch_deadlocks_total", help, worker.items.deadlocks);
        let help = "Batches that were written domain by domain after they were refused as a whole.";
        to.counter("hunter_batch_recoveries_total", help, worker.items.recoveries);
    }

    fn scans(&self, to: &mut Families) {
        let scans = &self.scans;
        to.counter("hunter_scans_total", "Domains that were observed.", scans.domains);
        let help = "Domains of which a question was not answered.";
        to.counter("hunter_scans_partial_total", help, scans.partial);
        let help = "Time that observations took, with the time that they waited for leave.";
        to.counters("hunter_scan_seconds_total", help, &[([], scans.busy.as_secs_f64())]);
        let under_way = number(scans.under_way);
        to.gauge("hunter_scans_under_way", "Domains that are being observed.", under_way);
        for (name, help, counts) in [
            ("hunter_dns_answers_total", "Answers of the DNS by how they ended.", &scans.dns),
            (
                "hunter_registration_lookups_total",
                "Look-ups of registrations by how they ended.",
                &scans.registration,
            ),
            ("hunter_probes_total", "Probes over HTTPS by how they ended.", &scans.probes),
        ] {
            let values: Vec<_> =
                counts.iter().map(|(kind, count)| ([("outcome", *kind)], number(*count))).collect();
            to.counters(name, help, &values);
        }
        let ip = &self.ip_data;
        let lookups = [
            ([("result", "found")], number(ip.found)),
            ([("result", "empty")], number(ip.empty)),
            ([("result", "error")], number(ip.errors)),
            ([("result", "remembered")], number(ip.remembered)),
        ];
        to.counters("hunter_ip_data_lookups_total", "Look-ups of IP data by result.", &lookups);
        let help = "Files of IP data that cannot be used as they are.";
        to.gauge("hunter_ip_data_problems", help, number(self.ip_data_problems as u64));
    }

    fn database(&self, to: &mut Families) {
        let help = "Whether the database answers.";
        to.gauge("hunter_database_up", help, flag(self.database.is_some()));
        if let Some(redis) = self.redis {
            to.gauge("hunter_redis_up", "Whether Redis answers; it is set up.", flag(redis));
        }
        let Some((health, _)) = &self.database else { return };
        let pools: Vec<_> = health
            .pools
            .iter()
            .flat_map(|pool| {
                let idle = pool.idle as u64;
                let size = u64::from(pool.size);
                [("idle", idle), ("used", size.saturating_sub(idle)), ("most", pool.max.into())]
                    .map(|(state, count)| ([("pool", pool.name), ("state", state)], number(count)))
            })
            .collect();
        let help = "Connections: idle, in use, and the most there may be.";
        to.gauges("hunter_database_connections", help, &pools);
        let help = "Time to get a connection.";
        to.gauge("hunter_database_acquire_seconds", help, health.acquire.as_secs_f64());
        let help = "Time that the database took to answer.";
        to.gauge("hunter_database_ping_seconds", help, health.ping.as_secs_f64());
        let help = "Units of work that hold a connection for too long.";
        to.gauge("hunter_database_held_too_long", help, number(health.held_too_long.len() as u64));
        let help = "Units of work that were begun.";
        to.counter("hunter_database_units_total", help, health.units);
        let help = "Units of work that were reported for holding a connection for too long.";
        to.counter("hunter_database_holds_reported_total", help, health.holds_reported);
    }

    fn trouble(&self, to: &mut Families) {
        let mut by_kind: BTreeMap<_, _> = errors::kinds().map(|kind| (kind, 0)).collect();
        by_kind.extend(self.errors.by_kind.iter().map(|(kind, count)| (*kind, *count)));
        let errors: Vec<_> = by_kind
            .iter()
            .map(|((component, severity), count)| {
                ([("component", *component), ("severity", *severity)], number(*count))
            })
            .collect();
        to.counters("hunter_errors_total", "Warnings, errors and panics by component.", &errors);
        let calls: Vec<_> = self
            .legacy
            .by_endpoint
            .iter()
            .map(|(endpoint, count)| ([("endpoint", endpoint.as_str())], number(*count)))
            .collect();
        let help = "Calls of unversioned paths, and of what is gone (410).";
        to.counters("hunter_deprecated_calls_total", help, &calls);
    }
}
