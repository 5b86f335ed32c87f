//! Whether an answer says registered, free, refused or nothing at all.

use super::lines::Line;
use super::phrases::{
    DENIED, FREE, FREE_BEGINNINGS, FREE_STATES, INVALID, RATE_LIMITED, RESERVED, RESERVED_STATES,
    UNAVAILABLE,
};
use super::reader::Reading;

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Registered,
    Free,
    /// Nobody holds it and nobody can register it.
    Reserved,
    /// The server did not want to answer, with the reason in one word.
    Refused(&'static str),
    /// The server did not take the question.
    Invalid,
    /// Nothing in the answer says what it is.
    Unclear,
}

pub(super) fn verdict(lines: &[Line<'_>], reading: &Reading) -> Verdict {
    let has_facts = reading.registrar.is_some()
        || reading.created.is_some()
        || reading.expires.is_some()
        || !reading.nameservers.is_empty();
    let by_status = reading.status.iter().find_map(|status| of_status(status));
    if has_facts {
        return match by_status {
            Some(Verdict::Free) if reading.expires.is_none() && reading.nameservers.is_empty() => {
                Verdict::Free
            }
            _ => Verdict::Registered,
        };
    }
    let said: Vec<String> =
        lines.iter().filter(|line| !line.is_blank()).map(|line| plain(line.text)).collect();
    if said.is_empty() {
        return Verdict::Refused("empty_answer");
    }
    // A refusal is asked for first: some servers write "no entries found" below it.
    if let Some(reason) = said.iter().find_map(|line| refusal(line)) {
        return Verdict::Refused(reason);
    }
    // One word is the whole answer, or the line above the domain.
    let bare = said
        .iter()
        .any(|line| matches!(line.as_str(), "available" | "free" | "not found" | "available."));
    let any = |phrases: &[&str]| said.iter().any(|line| says(line, phrases));
    if let Some(verdict) = by_status {
        return verdict;
    }
    // Terms of use speak of restrictions: what an answer begins with counts more.
    let begins =
        said.iter().any(|line| FREE_BEGINNINGS.iter().any(|begin| line.starts_with(begin)));
    if begins {
        Verdict::Free
    } else if any(RESERVED) {
        Verdict::Reserved
    } else if bare || any(FREE) {
        Verdict::Free
    } else if any(INVALID) {
        Verdict::Invalid
    } else if says_something(reading, &said) {
        Verdict::Registered
    } else {
        Verdict::Unclear
    }
}

/// Whether an answer without registrar, date or name server still describes the domain. One that only
/// repeats the question, perhaps with an error, does not.
fn says_something(reading: &Reading, said: &[String]) -> bool {
    const FEWEST_LABELS: usize = 2;
    let fails = said.iter().any(|line| line.starts_with("error") || line.contains(" error"));
    let described = reading.domain.is_some() && reading.labels >= FEWEST_LABELS;
    !fails && (reading.updated.is_some() || !reading.status.is_empty() || described)
}

/// What a status word says on its own.
fn of_status(status: &str) -> Option<Verdict> {
    let status = plain(status);
    if let Some(reason) = refusal(&status) {
        return Some(Verdict::Refused(reason));
    }
    let is = |words: &[&str]| {
        words.iter().any(|word| status == *word || status.starts_with(&format!("{word} ")))
    };
    if is(RESERVED_STATES) {
        return Some(Verdict::Reserved);
    }
    let free = is(FREE_STATES);
    (free || status.ends_with(" available") && status.starts_with('2')).then_some(Verdict::Free)
}

fn refusal(line: &str) -> Option<&'static str> {
    // registro.br answers with less rather than not at all.
    if line.contains("reduced information") {
        return None;
    }
    let has = |phrases: &[&str]| says(line, phrases);
    if has(RATE_LIMITED) {
        Some("rate_limited")
    } else if has(DENIED) {
        Some("access_denied")
    } else if has(UNAVAILABLE) {
        Some("unavailable")
    } else {
        None
    }
}

/// Whether a line holds one of the phrases. Long lines are terms of use: they speak of everything.
fn says(line: &str, phrases: &[&str]) -> bool {
    line.len() <= LONGEST_SENTENCE && phrases.iter().any(|phrase| line.contains(phrase))
}

const LONGEST_SENTENCE: usize = 200;

/// Lower case, one blank between words.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
