//! What the rate limiter promises: in one process, over Redis, and while Redis is away.

mod contract;
mod outage;
mod processes;
#[path = "../support/mod.rs"]
mod support;

use std::num::NonZeroU32;
use std::time::Duration;

use hunter_store::limiter::Limit;

/// A permit may be used so many seconds after its moment, on a machine with much to do: in a stretch
/// of time that begins later, those permits come on top. From the begin on they never do.
const LATE: f64 = 0.25;

/// A limit of so many a second.
fn per_second(permits: u32, burst: u32) -> Limit {
    let number = |n| NonZeroU32::new(n).expect("not zero");
    Limit::new(number(permits), Duration::from_secs(1), number(burst))
}

/// How many permits a limit allows in a time.
fn allowed(rate: u32, burst: u32, time: Duration) -> f64 {
    f64::from(burst) + f64::from(rate) * time.as_secs_f64()
}

/// The largest excess over `burst + rate × t` between any two permits given; zero or below when the
/// limit was kept.
fn excess(permits: &[Duration], rate: u32, burst: u32) -> f64 {
    // For a permit i and a later one j: j - i + 1 permits in t(j) - t(i). The worst i for each j is
    // the one with the largest `rate × t(i) - i`.
    let mut worst = f64::MIN;
    let mut most = f64::MIN;
    for (index, at) in permits.iter().enumerate() {
        let (index, filled) = (f64::from(u32::try_from(index).expect("few")), at.as_secs_f64());
        most = most.max(f64::from(rate) * filled - index);
        let within = index + 1.0 - f64::from(rate) * filled + most;
        worst = worst.max(within - f64::from(burst));
    }
    worst
}

#[test]
fn an_excess_is_seen() {
    let at =
        |millis: &[u64]| -> Vec<_> { millis.iter().map(|&m| Duration::from_millis(m)).collect() };
    assert!(excess(&at(&[0, 0, 100, 200]), 10, 2) <= 0.0);
    assert!(excess(&at(&[0, 0, 0]), 10, 2) >= 1.0);
    assert!(excess(&at(&[0, 1000, 1000, 1000, 1000]), 10, 3) >= 1.0);
}
