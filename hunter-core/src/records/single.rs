//! Records of which exactly one may stand at a name: MTA-STS, TLS-RPT, BIMI.

use super::finding::{Finding, FindingKind};

/// How such a record is known among the texts at its name, and what is found about it from outside.
pub(super) struct Single<K> {
    /// Whether a text is such a record.
    pub(super) is_record: fn(&str) -> bool,
    /// Whether a text that is none was meant to be one.
    pub(super) is_near_miss: fn(&str) -> bool,
    /// The kind of finding about each of several records.
    pub(super) several: K,
    /// The kind of finding about a text that was meant to be one.
    pub(super) near_miss: K,
}

impl<K: FindingKind> Single<K> {
    /// The only record; `None` where there is none, or more than one.
    pub(super) fn only<'a, S: AsRef<str>>(&self, texts: &'a [S]) -> Option<&'a str> {
        let mut records = texts.iter().map(AsRef::as_ref).filter(|text| (self.is_record)(text));
        match (records.next(), records.next()) {
            (Some(record), None) => Some(record),
            _ => None,
        }
    }

    /// Everything about the texts at one name, sorted, so that the order received does not matter.
    /// `inspect` adds what is found within one record.
    pub(super) fn findings<'a, S: AsRef<str>>(
        &self,
        texts: &'a [S],
        mut inspect: impl FnMut(&'a str, &mut Vec<Finding<'a, K>>),
    ) -> Vec<Finding<'a, K>> {
        let mut found = Vec::new();
        let mut records = Vec::new();
        for text in texts.iter().map(AsRef::as_ref) {
            if (self.is_record)(text) {
                records.push(text);
                inspect(text, &mut found);
            } else if (self.is_near_miss)(text) {
                found.push(Finding::new(self.near_miss, text));
            }
        }
        if records.len() > 1 {
            found.extend(records.iter().map(|text| Finding::new(self.several, text)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Whether a text begins like `start`, without regard to case, blanks and a quotation mark.
pub(super) fn begins_like(text: &str, start: &str) -> bool {
    let begin: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '"').take(start.len()).collect();
    begin.eq_ignore_ascii_case(start)
}
