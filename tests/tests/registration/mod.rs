//! WHOIS answers that others collected, with what they expect of them.

mod json_suites;
pub(crate) mod reviewed;
mod rspec;

use std::fs;
use std::path::{Path, PathBuf};

use time::{Date, OffsetDateTime, UtcOffset};

/// What an expectation states of one field. A field it does not mention is not compared.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stated<T> {
    /// Nothing.
    No,
    /// That there is none.
    None,
    /// A value.
    Some(T),
}

/// What others expect of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    pub(crate) registered: Stated<bool>,
    pub(crate) refused: bool,
    pub(crate) registrar: Stated<Vec<String>>,
    pub(crate) created: Stated<Date>,
    pub(crate) updated: Stated<Date>,
    pub(crate) expires: Stated<Date>,
    pub(crate) nameservers: Stated<Vec<String>>,
}

impl Expected {
    fn nothing() -> Self {
        Self {
            registered: Stated::No,
            refused: false,
            registrar: Stated::No,
            created: Stated::No,
            updated: Stated::No,
            expires: Stated::No,
            nameservers: Stated::No,
        }
    }
}

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The suite and the path in it.
    pub(crate) name: String,
    /// The top level, `tr`; empty for the answer of a registrar's own server.
    pub(crate) tld: String,
    /// The domain, where the suite tells it; else a name under the top level.
    pub(crate) domain: String,
    pub(crate) answer: Vec<u8>,
    pub(crate) expected: Expected,
}

impl Case {
    /// Whether the top level is generic: two letters are a country's.
    pub(crate) fn is_generic(&self) -> bool {
        self.tld.len() != 2 && !self.tld.starts_with("xn--")
    }
}

/// Every answer of every suite below a folder.
pub(crate) fn cases(root: &Path) -> Vec<Case> {
    let mut cases = rspec::cases(&root.join("weppos"));
    cases.extend(json_suites::likexian(&root.join("likexian")));
    cases.extend(json_suites::richardpenman(&root.join("richardpenman")));
    cases.extend(json_suites::io_developer(&root.join("io-developer")));
    cases.extend(json_suites::without_expectation(&root.join("go-whois"), "go-whois"));
    cases.extend(json_suites::asyncwhois(&root.join("asyncwhois")));
    cases
}

/// All files below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.expect("a folder can be read").path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned()
}

/// A time as the suites write it, at UTC where it names an offset. Not the code under test.
fn day(text: &str) -> Option<Date> {
    let text = text.trim().trim_matches('"');
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i32>().ok();
    let small = |from, to| number(from, to).and_then(|n| u8::try_from(n).ok());
    if text.get(4..5)? != "-" || text.get(7..8)? != "-" {
        return None;
    }
    let month = time::Month::try_from(small(5, 7)?).ok()?;
    let date = Date::from_calendar_date(number(0, 4)?, month, small(8, 10)?).ok()?;
    let (Some(hour), Some(minute)) = (small(11, 13), small(14, 16)) else { return Some(date) };
    let at = time::Time::from_hms(hour, minute, 0).ok()?;
    let zone = text
        .get(19..)
        .unwrap_or_default()
        .trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let minutes = match (zone.trim().chars().next(), digits.len()) {
        (Some('+' | '-'), 2) => digits.parse::<i32>().ok()? * 60,
        (Some('+' | '-'), 4) => {
            digits[..2].parse::<i32>().ok()? * 60 + digits[2..].parse::<i32>().ok()?
        }
        _ => 0,
    };
    let sign = if zone.trim().starts_with('-') { -1 } else { 1 };
    let offset = UtcOffset::from_whole_seconds(sign * minutes * 60).ok()?;
    Some(OffsetDateTime::new_in_offset(date, at, offset).to_offset(UtcOffset::UTC).date())
}
