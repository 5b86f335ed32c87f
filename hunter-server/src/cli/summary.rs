//! What a scan says of itself when it is done: beside the output, on standard error.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use hunter_core::Observation;
use hunter_core::observation::Outcome;

/// Counts over all domains of a scan.
#[derive(Debug)]
pub(super) struct Summary {
    started: Instant,
    domains: usize,
    /// Those taken over from an earlier scan.
    resumed: usize,
    refused: usize,
    found: usize,
    absent: usize,
    not_asked: usize,
    /// Questions without an answer, by the reason that stands in the observation.
    unknown: BTreeMap<String, usize>,
}

impl Summary {
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            domains: 0,
            resumed: 0,
            refused: 0,
            found: 0,
            absent: 0,
            not_asked: 0,
            unknown: BTreeMap::new(),
        }
    }

    pub(super) fn refuse(&mut self) {
        self.refused += 1;
    }

    pub(super) fn resume(&mut self) {
        self.resumed += 1;
    }

    pub(super) fn take(&mut self, seen: &Observation) {
        self.domains += 1;
        for answer in &seen.answers {
            match &answer.outcome {
                Outcome::Found(_) => self.found += 1,
                Outcome::Absent { .. } => self.absent += 1,
                Outcome::NotAsked { .. } => self.not_asked += 1,
                Outcome::TempFail { reason } | Outcome::PermFail { reason } => {
                    *self.unknown.entry(reason.clone()).or_default() += 1;
                }
            }
        }
    }

    fn write(&self, f: &mut impl fmt::Write, taken: Duration) -> fmt::Result {
        let seconds = taken.as_secs_f64().max(0.001);
        let scanned = self.domains - self.resumed;
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = scanned as f64 / seconds;
        writeln!(f, "{} domains in {seconds:.1} s ({rate:.1}/s)", self.domains)?;
        if self.resumed > 0 {
            writeln!(f, "  {} of them from the earlier scan", self.resumed)?;
        }
        if self.refused > 0 {
            writeln!(f, "  {} lines refused", self.refused)?;
        }
        let unknown: usize = self.unknown.values().sum();
        let asked = self.found + self.absent + unknown;
        writeln!(f, "  {asked} questions: {} found, {} absent", self.found, self.absent)?;
        #[expect(clippy::cast_precision_loss, reason = "a share for people")]
        let share = 100.0 * unknown as f64 / asked.max(1) as f64;
        write!(f, "  {unknown} unknown ({share:.2} %)")?;
        let mut before = ": ";
        for (reason, count) in &self.unknown {
            write!(f, "{before}{count} {reason}")?;
            before = ", ";
        }
        Ok(())
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, self.started.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_much_is_unknown_and_why() {
        let mut summary = Summary::new();
        let seen = Observation::from_json(
            r#"{"v":1,"domain":"ornek.com.tr","observed_at":"2026-11-24T09:30:00Z","answers":[
              {"name":"ornek.com.tr","type":"MX","state":"found","records":["10 mx.ornek.com.tr"]},
              {"name":"ornek.com.tr","type":"A","state":"absent","rcode":"NOERROR"},
              {"name":"ornek.com.tr","type":"TXT","state":"temp_fail","reason":"timeout"},
              {"name":"ornek.com.tr","type":"NS","state":"temp_fail","reason":"servfail"},
              {"name":"x.ornek.com.tr","type":"A","state":"not_asked","reason":"profile"}]}"#,
        )
        .expect("well-formed");
        summary.take(&seen);
        summary.take(&seen);
        summary.resume();
        summary.refuse();
        let mut text = String::new();
        summary.write(&mut text, Duration::from_millis(500)).expect("room");
        assert_eq!(
            text,
            "2 domains in 0.5 s (2.0/s)\n  1 of them from the earlier scan\n  1 lines refused\n  \
             8 questions: 2 found, 2 absent\n  4 unknown (50.00 %): 2 servfail, 2 timeout"
        );
    }
}
