//! What was measured, as tables.

use std::fmt;
use std::time::Duration;

use crate::manifest::{Peer, Workload};

/// Times of one workload or peer, as the timer handed them over.
#[derive(Debug, Default)]
pub struct Times(Vec<(u64, Duration)>);

impl Times {
    /// Adds the time that a number of passes took.
    pub fn add(&mut self, passes: u64, took: Duration) {
        self.0.push((passes, took));
    }

    /// The time of one pass: the median over all passes, so that neither a pause of the machine nor
    /// the first passes count.
    pub fn median(&self) -> Option<Duration> {
        let mut each: Vec<(f64, u64)> = self
            .0
            .iter()
            .filter(|(passes, _)| *passes > 0)
            .map(|(passes, took)| (took.as_secs_f64() / precise(*passes), *passes))
            .collect();
        each.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all: u64 = each.iter().map(|(_, passes)| passes).sum();
        let mut before = 0;
        for (seconds, passes) in each {
            before += passes;
            if 2 * before >= all {
                return Some(Duration::from_secs_f64(seconds));
            }
        }
        None
    }
}

/// What one workload or one of its peers came to.
#[derive(Debug)]
pub struct Measured<'a> {
    /// The workload.
    pub workload: &'a Workload,
    /// The peer, unless it is the workload itself.
    pub peer: Option<&'a Peer>,
    /// Items a second.
    pub per_second: f64,
    /// Allocations for each item.
    pub allocations: f64,
}

impl<'a> Measured<'a> {
    /// Brings times and allocations of whole passes down to one item.
    pub fn new(
        workload: &'a Workload,
        peer: Option<&'a Peer>,
        pass: Duration,
        allocations: u64,
    ) -> Self {
        let items = precise(u64::try_from(workload.input.size).unwrap_or(u64::MAX));
        Self {
            workload,
            peer,
            per_second: items / pass.as_secs_f64(),
            allocations: precise(allocations) / items,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "rates are shown with three digits")]
pub(crate) fn precise(number: u64) -> f64 {
    number as f64
}

/// The tables of a run.
#[derive(Debug)]
pub struct Report<'a>(pub Vec<Measured<'a>>);

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<18} {:<12} {:>12} {:>12} {:>7} {:>12} {:>16}",
            "workload", "unit", "per second", "aim", "ratio", "before", "allocations each"
        )?;
        for row in self.0.iter().filter(|row| row.peer.is_none()) {
            let (aim, ratio) = match row.workload.aim {
                Some(aim) => (thousands(precise(aim)), ratio(row.per_second / precise(aim))),
                None => ("-".to_owned(), "-".to_owned()),
            };
            let before =
                row.workload.before.map_or("-".to_owned(), |rate| thousands(precise(rate)));
            let Workload { name, unit, .. } = row.workload;
            let rate = thousands(row.per_second);
            let allocations = row.allocations;
            writeln!(
                f,
                "{name:<18} {unit:<12} {rate:>12} {aim:>12} {ratio:>7} {before:>12} {allocations:>16.2}"
            )?;
        }
        let mut peers = self.0.iter().filter_map(|row| Some((row, row.peer?))).peekable();
        if peers.peek().is_none() {
            return Ok(());
        }
        writeln!(
            f,
            "\n{:<18} {:<18} {:>12} {:>15} {:>16}",
            "workload", "peer", "per second", "we are faster", "allocations each"
        )?;
        for (row, peer) in peers {
            let own = self
                .0
                .iter()
                .find(|own| own.peer.is_none() && own.workload.name == row.workload.name);
            let times = own.map_or("-".to_owned(), |own| ratio(own.per_second / row.per_second));
            writeln!(
                f,
                "{:<18} {:<18} {:>12} {times:>15} {:>16.2}",
                row.workload.name,
                peer.name,
                thousands(row.per_second),
                row.allocations
            )?;
        }
        Ok(())
    }
}

pub(crate) fn ratio(value: f64) -> String {
    format!("{value:.2}x")
}

/// A rate in whole numbers, three digits a group.
pub(crate) fn thousands(rate: f64) -> String {
    let digits = format!("{rate:.0}");
    let mut text = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Manifest;

    #[test]
    fn the_median_counts_passes_not_samples() {
        let mut times = Times::default();
        assert_eq!(times.median(), None);
        times.add(1, Duration::from_secs(9));
        times.add(1, Duration::from_secs(9));
        times.add(10, Duration::from_secs(20));
        assert_eq!(times.median(), Some(Duration::from_secs(2)));
    }

    #[test]
    fn rates_are_those_of_items() {
        let manifest = Manifest::read();
        let workload = manifest.group("core").find(|w| w.name == "mx_hosts").expect("listed");
        let items = u64::try_from(workload.input.size).expect("small");
        let own = Measured::new(workload, None, Duration::from_millis(1), items / 2);
        let slower =
            Measured::new(workload, workload.peers.first(), Duration::from_millis(4), items);
        assert!((own.allocations - 0.5).abs() < 1e-9);
        let text = Report(vec![own, slower]).to_string();
        assert!(text.contains("16,384,000") && text.contains("3.28x"), "{text}");
        assert!(text.contains("4.00x"), "{text}");
    }

    #[test]
    fn digits_are_grouped() {
        assert_eq!(thousands(999.4), "999");
        assert_eq!(thousands(1_234_567.0), "1,234,567");
    }
}
