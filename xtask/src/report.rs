//! Parts of a run, their times, and the table that closes it.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::summary::Counts;

/// What became of a part.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    NotThereYet(String),
    NotRun,
}

#[derive(Debug)]
struct Row {
    name: String,
    outcome: Outcome,
    time: Duration,
    /// The runner's count, or a figure such as the executions of a fuzz target.
    note: String,
}

/// What a part found out, when it passed or failed.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) counts: Counts,
    pub(crate) note: String,
    pub(crate) failure: Option<String>,
}

impl Findings {
    /// The findings of a part that runs no tests.
    pub(crate) fn of(result: Result<(), String>) -> Self {
        Self { failure: result.err(), ..Self::default() }
    }

    /// The findings of a check that lists what is wrong.
    pub(crate) fn of_faults(faults: Result<Vec<String>, String>) -> Self {
        Self::of(faults.and_then(
            |faults| {
                if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
            },
        ))
    }
}

/// A run of named parts.
#[derive(Debug)]
pub(crate) struct Report {
    keep_going: bool,
    rows: Vec<Row>,
    counts: Counts,
}

#[expect(clippy::print_stdout, reason = "the run speaks to the person who started it")]
impl Report {
    pub(crate) fn new(keep_going: bool) -> Self {
        Self { keep_going, rows: Vec::new(), counts: Counts::default() }
    }

    /// Runs a part, unless an earlier one failed and the run is to stop there.
    pub(crate) fn part(&mut self, name: &str, work: impl FnOnce() -> Findings) {
        if !self.keep_going && self.failed().next().is_some() {
            self.push(name, Outcome::NotRun, Duration::ZERO, String::new());
            return;
        }
        println!("== {name}");
        let start = Instant::now();
        let found = work();
        let time = start.elapsed();
        let mut counts = found.counts;
        let outcome = match found.failure {
            None => Outcome::Passed,
            Some(failure) => {
                println!("{name} failed: {failure}");
                // A part can fail without a failing test; it still is one failure.
                counts.failed = counts.failed.max(1);
                Outcome::Failed
            }
        };
        self.counts += counts;
        let note = match found.counts {
            _ if !found.note.is_empty() => found.note,
            Counts { passed: 0, failed: 0 } => String::new(),
            Counts { passed, failed } => format!("{passed} passed, {failed} failed"),
        };
        self.push(name, outcome, time, note);
    }

    /// Notes a part that has nothing to run yet.
    pub(crate) fn not_there_yet(&mut self, name: &str, why: String) {
        self.push(name, Outcome::NotThereYet(why), Duration::ZERO, String::new());
    }

    fn push(&mut self, name: &str, outcome: Outcome, time: Duration, note: String) {
        self.rows.push(Row { name: name.to_owned(), outcome, time, note });
    }

    fn failed(&self) -> impl Iterator<Item = &str> {
        self.rows
            .iter()
            .filter(|row| matches!(row.outcome, Outcome::Failed))
            .map(|row| row.name.as_str())
    }

    /// Prints the table, the parts that failed and, for a run of tests, their sum as the last
    /// line. True when nothing failed.
    pub(crate) fn close(self, with_counts: bool) -> bool {
        print!("\n{}", self.table());
        let failed: Vec<&str> = self.failed().collect();
        if !failed.is_empty() {
            println!("failed: {}", failed.join(", "));
        }
        if with_counts {
            println!("{} passed, {} failed", self.counts.passed, self.counts.failed);
        }
        failed.is_empty()
    }

    fn table(&self) -> String {
        let width = self.rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).max(4);
        let mut text = format!("{:width$}  {:13}  {:>9}\n", "part", "result", "time");
        for row in &self.rows {
            let (result, note) = match &row.outcome {
                Outcome::Passed => ("ok", row.note.as_str()),
                Outcome::Failed => ("FAILED", row.note.as_str()),
                Outcome::NotThereYet(why) => ("not there yet", why.as_str()),
                Outcome::NotRun => ("not run", ""),
            };
            let time = match row.outcome {
                Outcome::Passed | Outcome::Failed => {
                    format!("{:.1} s", row.time.as_secs_f64())
                }
                Outcome::NotThereYet(_) | Outcome::NotRun => String::new(),
            };
            let line = format!("{:width$}  {result:13}  {time:>9}  {note}", row.name);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tests(passed: u64, failed: u64) -> Findings {
        let failure = (failed > 0).then(|| "tests failed".to_owned());
        Findings { counts: Counts { passed, failed }, failure, ..Findings::default() }
    }

    #[test]
    fn the_first_failure_stops_the_run() {
        let mut report = Report::new(false);
        report.part("one", Findings::default);
        report.part("two", || Findings::of(Err("broken".into())));
        report.part("three", || panic!("must not run"));
        let table = report.table();
        assert!(table.contains("\none    ok "), "{table}");
        assert!(table.contains("\ntwo    FAILED "), "{table}");
        assert!(table.contains("\nthree  not run\n"), "{table}");
        assert!(!report.close(true));
    }

    #[test]
    fn keep_going_runs_the_rest_and_the_sum_is_of_all() {
        let mut report = Report::new(true);
        report.part("rust", || tests(5, 2));
        report.part("fmt", || Findings::of(Err("differs".into())));
        report.part("doc-tests", || tests(3, 0));
        report.not_there_yet("store", "hunter-store is not in the workspace".into());
        // Two tests, and the part that failed without one.
        assert_eq!(report.counts, Counts { passed: 8, failed: 3 });
        let table = report.table();
        assert!(table.contains("5 passed, 2 failed\n"), "{table}");
        assert!(
            table.ends_with("not there yet             hunter-store is not in the workspace\n")
        );
        assert_eq!(report.failed().collect::<Vec<_>>(), ["rust", "fmt"]);
    }

    #[test]
    fn what_is_not_there_yet_is_no_failure() {
        let mut report = Report::new(false);
        report.not_there_yet("ui", "hunter-server/ui/package.json does not exist".into());
        report.part("fmt", Findings::default);
        assert!(report.close(true));
    }
}
