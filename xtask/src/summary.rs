//! How many tests passed and failed, read from what the test runners print at their end.

use std::ops::AddAssign;

/// Tests that passed and tests that failed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Which runner printed a closing line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runner {
    Libtest,
    Nextest,
    Vitest,
    Pytest,
    Node,
}

/// The closing lines of one run, added up.
///
/// A run of libtest has one for each program, so they are summed. nextest has one for all, and
/// around it shows the output of each failed test, in which libtest closes as well: those lines
/// say again what the summary says.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    sum: Option<Counts>,
    nextest: Option<Counts>,
}

impl Tally {
    /// Takes note of a line of output.
    pub(crate) fn read(&mut self, line: &str) {
        match closing_line(line) {
            Some((Runner::Nextest, counts)) => self.nextest = Some(counts),
            Some((Runner::Libtest | Runner::Vitest | Runner::Pytest | Runner::Node, counts)) => {
                *self.sum.get_or_insert_default() += counts;
            }
            None => {}
        }
    }

    /// What the run counted; `None` when no runner came to its closing line.
    pub(crate) fn counts(&self) -> Option<Counts> {
        self.nextest.or(self.sum)
    }
}

/// Reads one line; only the closing line of a runner counts, and it counts for all its tests.
fn closing_line(line: &str) -> Option<(Runner, Counts)> {
    let line = plain(line);
    let line = line.trim();
    // libtest: `test result: ok. 5 passed; 0 failed; 1 ignored; …`
    if let Some(rest) = line.strip_prefix("test result: ") {
        let rest = rest.split_once(". ")?.1;
        let passed = number_before(rest, "passed", ';')?;
        let failed = number_before(rest, "failed", ';')?;
        return Some((Runner::Libtest, Counts { passed, failed }));
    }
    // nextest: `Summary [ 0.1s] 7 tests run: 5 passed (1 slow), 1 failed, 1 timed out, 2 skipped`
    if line.starts_with("Summary [") {
        let rest = line.split_once("run: ")?.1;
        let count = |word| number_before(rest, word, ',').unwrap_or(0);
        let failed = count("failed") + count("exec failed") + count("timed out");
        return Some((Runner::Nextest, Counts { passed: count("passed"), failed }));
    }
    // Vitest: `Tests  1 failed | 5 passed (6)`
    if let Some(rest) = line.strip_prefix("Tests  ") {
        let count = |word| number_before(rest, word, '|').unwrap_or(0);
        let counts = Counts { passed: count("passed"), failed: count("failed") };
        return Some((Runner::Vitest, counts));
    }
    // node:test has a line for each count: `ℹ pass 5`
    if let Some(rest) = line.strip_prefix("ℹ ") {
        let (word, number) = rest.split_once(' ')?;
        let number = number.parse().ok()?;
        let counts = match word {
            "pass" => Counts { passed: number, failed: 0 },
            "fail" | "cancelled" => Counts { passed: 0, failed: number },
            _ => return None,
        };
        return Some((Runner::Node, counts));
    }
    // pytest: `1 failed, 5 passed, 1 error in 0.12s`, between signs of equality unless it is quiet
    let (counted, time) = line.trim_matches(['=', ' ']).rsplit_once(" in ")?;
    if time.split(' ').next()?.strip_suffix('s')?.parse::<f64>().is_ok() {
        let count = |word| number_before(counted, word, ',');
        let failed = [count("failed"), count("error"), count("errors")];
        if count("passed").is_some() || failed.iter().any(Option::is_some) {
            let counts = Counts {
                passed: count("passed").unwrap_or(0),
                failed: failed.into_iter().flatten().sum(),
            };
            return Some((Runner::Pytest, counts));
        }
    }
    None
}

/// The number in the item `<number> <word>` of a list.
fn number_before(text: &str, word: &str, separator: char) -> Option<u64> {
    text.split(separator).find_map(|item| {
        let (number, rest) = item.trim().split_once(' ')?;
        let rest = rest.strip_prefix(word)?;
        // `failed` must not take the number of `failed to run` or the like.
        (rest.is_empty() || rest.starts_with(" (")).then(|| number.parse().ok())?
    })
}

/// How often a fuzz target ran, from libFuzzer's closing line: `Done 123 runs in 61 second(s)`.
pub(crate) fn executions_in(line: &str) -> Option<u64> {
    let line = plain(line);
    let (number, _) = line.trim().strip_prefix("Done ")?.split_once(" runs in ")?;
    number.parse().ok()
}

/// The line without the colours of a terminal.
fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            // A colour is ESC [ … letter.
            for c in chars.by_ref() {
                if c.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts_in(line: &str) -> Option<Counts> {
        closing_line(line).map(|(_, counts)| counts)
    }

    fn tally(output: &str) -> Option<Counts> {
        let mut tally = Tally::default();
        output.lines().for_each(|line| tally.read(line));
        tally.counts()
    }

    fn both(passed: u64, failed: u64) -> Counts {
        Counts { passed, failed }
    }

    #[test]
    fn libtest_is_read() {
        let line = "test result: ok. 51 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; \
                    finished in 0.10s";
        assert_eq!(counts_in(line), Some(both(51, 0)));
        let line = "test result: \u{1b}[31mFAILED\u{1b}[m. 4 passed; 2 failed; 0 ignored; 0 \
                    measured; 0 filtered out; finished in 0.00s";
        assert_eq!(counts_in(line), Some(both(4, 2)));
    }

    #[test]
    fn nextest_is_read() {
        let line = "     Summary [   0.123s] 51 tests run: 50 passed (1 slow), 1 failed, 2 skipped";
        assert_eq!(counts_in(line), Some(both(50, 1)));
        let line = "     Summary [  60.020s] 9/12 tests run: 5 passed, 2 failed, 1 exec failed, \
                    1 timed out, 0 skipped";
        assert_eq!(counts_in(line), Some(both(5, 4)));
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.002s] \u{1b}[1m1\u{1b}[0m test run: \
                    \u{1b}[1m1\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m skipped";
        assert_eq!(counts_in(line), Some(both(1, 0)));
    }

    #[test]
    fn vitest_is_read() {
        assert_eq!(counts_in("      Tests  1 failed | 5 passed (6)"), Some(both(5, 1)));
        assert_eq!(counts_in("      Tests  6 passed (6)"), Some(both(6, 0)));
    }

    #[test]
    fn node_is_read() {
        let output = "ℹ tests 9\nℹ suites 0\nℹ pass 5\nℹ fail 2\nℹ cancelled 1\nℹ skipped 0\n\
                      ℹ todo 0\nℹ duration_ms 36044.888768\n";
        assert_eq!(tally(output), Some(both(5, 3)));
        assert_eq!(counts_in("ℹ pass"), None);
    }

    #[test]
    fn pytest_is_read() {
        assert_eq!(counts_in("33 passed in 2.31s"), Some(both(33, 0)));
        assert_eq!(counts_in("==== 1 failed, 5 passed in 61.20s (0:01:01) ===="), Some(both(5, 1)));
        assert_eq!(counts_in("2 failed, 1 error in 0.50s"), Some(both(0, 3)));
        assert_eq!(counts_in("no tests ran in 0.01s"), None);
        assert_eq!(counts_in("3 passed in total"), None);
    }

    #[test]
    fn other_lines_do_not_count() {
        for line in [
            "test domain::tests::passed ... ok",
            "running 5 tests",
            "5 passed; 0 failed",
            "Test Files  2 passed (2)",
            "",
        ] {
            assert_eq!(counts_in(line), None, "{line}");
        }
    }

    #[test]
    fn each_program_under_libtest_counts() {
        let output = "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured\n\
                      test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured\n";
        assert_eq!(tally(output), Some(both(5, 1)));
        assert_eq!(tally("error: could not compile `x`"), None);
    }

    #[test]
    fn the_output_that_nextest_shows_of_a_failed_test_does_not_count_again() {
        let shown = "\
  stdout ---

    running 1 test
    test a ... FAILED

    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 4 filtered out
";
        let summary = "     Summary [   0.010s] 5 tests run: 4 passed, 1 failed, 0 skipped\n";
        assert_eq!(tally(&format!("{shown}{summary}{shown}")), Some(both(4, 1)));
    }

    #[test]
    fn executions_of_a_fuzz_target_are_read() {
        assert_eq!(executions_in("Done 12345678 runs in 61 second(s)"), Some(12_345_678));
        assert_eq!(executions_in("#2048 pulse  cov: 30"), None);
    }
}
