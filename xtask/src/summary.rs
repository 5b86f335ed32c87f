//! How many tests passed and failed, read from what the test runners print at their end.

use std::iter::Sum;
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

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |mut all, part| {
            all += part;
            all
        })
    }
}

/// Reads one line; only the closing line of a runner counts, and it counts for all its tests.
pub(crate) fn counts_in(line: &str) -> Option<Counts> {
    let line = plain(line);
    let line = line.trim();
    // libtest: `test result: ok. 5 passed; 0 failed; 1 ignored; …`
    if let Some(rest) = line.strip_prefix("test result: ") {
        let rest = rest.split_once(". ")?.1;
        return Some(Counts {
            passed: number_before(rest, "passed", ';')?,
            failed: number_before(rest, "failed", ';')?,
        });
    }
    // nextest: `Summary [ 0.1s] 7 tests run: 5 passed (1 slow), 1 failed, 1 timed out, 2 skipped`
    if line.starts_with("Summary [") {
        let rest = line.split_once("run: ")?.1;
        let count = |word| number_before(rest, word, ',').unwrap_or(0);
        let failed = count("failed") + count("exec failed") + count("timed out");
        return Some(Counts { passed: count("passed"), failed });
    }
    // Vitest: `Tests  1 failed | 5 passed (6)`
    if let Some(rest) = line.strip_prefix("Tests  ") {
        let count = |word| number_before(rest, word, '|').unwrap_or(0);
        return Some(Counts { passed: count("passed"), failed: count("failed") });
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
    fn counts_add_up() {
        let parts = [Counts { passed: 2, failed: 1 }, Counts { passed: 3, failed: 0 }];
        assert_eq!(parts.into_iter().sum::<Counts>(), Counts { passed: 5, failed: 1 });
    }

    #[test]
    fn executions_of_a_fuzz_target_are_read() {
        assert_eq!(executions_in("Done 12345678 runs in 61 second(s)"), Some(12_345_678));
        assert_eq!(executions_in("#2048 pulse  cov: 30"), None);
    }
}
