//! What was measured, as lines of Markdown.

use std::time::{Duration, Instant};

use hunter_benches::manifest::Workload;

/// On what it was measured.
pub(crate) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?").to_owned();
    format!("{cores} cores, load {load} at the start")
}

pub(crate) fn heading(cells: &[&str]) {
    println!("| {} |", cells.join(" | "));
    println!("|{}", " --- |".repeat(cells.len()));
}

/// One rate beside its aim.
pub(crate) fn rate(workload: &Workload, size: usize, took: Duration, peak: Option<u64>) {
    let per_second = per_second(size, took);
    let aim = workload.aim.map_or_else(String::new, |aim| format!(", aim {aim}"));
    let peak = peak.map_or_else(String::new, |peak| format!(", peak {peak} MiB"));
    println!(
        "{} {size} {}: {:.1} s, {per_second:.0} a second{aim}{peak}",
        workload.name,
        workload.unit,
        took.as_secs_f64(),
    );
}

/// One rate without an aim.
pub(crate) fn plain(what: &str, size: usize, took: Duration) {
    println!("{what}: {:.0} a second", per_second(size, took));
}

fn per_second(size: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(size).unwrap_or(u32::MAX)) / took.as_secs_f64()
}

/// Times of single calls.
#[derive(Default)]
pub(crate) struct Latencies(Vec<Duration>);

impl Latencies {
    pub(crate) fn add<T>(&mut self, call: impl FnOnce() -> T) {
        let begun = Instant::now();
        let result = call();
        self.push(begun.elapsed());
        drop(result);
    }

    pub(crate) fn push(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// The time that so many in a hundred calls do not pass.
    pub(crate) fn percentile(&mut self, percent: usize) -> Duration {
        self.0.sort_unstable();
        let at = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0.get(at).copied().unwrap_or_default()
    }

    pub(crate) fn row(mut self, what: &str) {
        println!("| {what} | {} | {} |", time(self.percentile(50)), time(self.percentile(95)));
    }
}

/// A time in the unit that suits it.
pub(crate) fn time(took: Duration) -> String {
    let nanos = took.as_secs_f64() * 1e9;
    match nanos {
        ..1e3 => format!("{nanos:.0} ns"),
        ..1e6 => format!("{:.1} µs", nanos / 1e3),
        _ => format!("{:.2} ms", nanos / 1e6),
    }
}
