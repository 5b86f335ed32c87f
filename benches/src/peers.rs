//! The same work by other means, to measure against.

use std::collections::HashMap;

use hunter_core::provider::Fingerprints;
use sha2::{Digest, Sha256};

/// Every MX suffix of a table in a list.
#[derive(Debug)]
pub struct EndsWith(Vec<(Vec<Label>, String)>);

/// A label of a suffix, with the dot in front of it.
#[derive(Debug)]
enum Label {
    Text(String),
    Any,
}

impl EndsWith {
    /// The suffixes of the table.
    pub fn new(table: &Fingerprints) -> Self {
        Self(suffixes(table).map(|suffix| (parts(&suffix), suffix)).collect())
    }

    /// The longest suffix of the host, found by trying all of them.
    pub fn longest(&self, host: &str) -> Option<&str> {
        let host = host.to_ascii_lowercase();
        let matching = self.0.iter().filter(|(parts, _)| ends_with(&host, parts));
        matching.map(|(_, suffix)| suffix.as_str()).max_by_key(|suffix| labels(suffix))
    }
}

/// A suffix as the texts between its stars.
fn parts(suffix: &str) -> Vec<Label> {
    let mut parts = Vec::new();
    for (nth, text) in suffix.split('*').enumerate() {
        if nth > 0 {
            parts.push(Label::Any);
        }
        if !text.is_empty() {
            parts.push(Label::Text(text.to_owned()));
        }
    }
    parts
}

fn ends_with(host: &str, parts: &[Label]) -> bool {
    let mut rest = host;
    for part in parts.iter().rev() {
        let shorter = match part {
            Label::Text(text) => rest.strip_suffix(text.as_str()),
            Label::Any => {
                let start = rest.rfind('.').map_or(0, |dot| dot + 1);
                (start < rest.len()).then(|| &rest[..start])
            }
        };
        let Some(shorter) = shorter else { return false };
        rest = shorter;
    }
    rest.is_empty() || rest.ends_with('.')
}

/// Every MX suffix of a table in a hash map of the standard library.
#[derive(Debug)]
pub struct LabelMap {
    plain: HashMap<String, String>,
    starred: EndsWith,
}

impl LabelMap {
    /// The suffixes of the table.
    pub fn new(table: &Fingerprints) -> Self {
        let (starred, plain): (Vec<_>, Vec<_>) =
            suffixes(table).partition(|suffix| suffix.contains('*'));
        Self {
            plain: plain.into_iter().map(|suffix| (suffix.clone(), suffix)).collect(),
            starred: EndsWith(starred.into_iter().map(|s| (parts(&s), s)).collect()),
        }
    }

    /// The longest suffix of the host, found by looking up its tails; the few suffixes with a star
    /// are tried one by one.
    pub fn longest(&self, host: &str) -> Option<&str> {
        let lower = host.to_ascii_lowercase();
        let mut tail = lower.as_str();
        let plain = loop {
            if let Some(suffix) = self.plain.get(tail) {
                break Some(suffix.as_str());
            }
            match tail.split_once('.') {
                Some((_, shorter)) => tail = shorter,
                None => break None,
            }
        };
        let starred = self.starred.longest(host);
        plain.into_iter().chain(starred).max_by_key(|suffix| labels(suffix))
    }
}

fn suffixes(table: &Fingerprints) -> impl Iterator<Item = String> {
    let signs = table.providers().iter().flat_map(|provider| &provider.mx_suffix);
    signs.map(|sign| sign.value.as_str().to_owned())
}

fn labels(suffix: &str) -> usize {
    suffix.matches('.').count()
}

/// A hash over what `serde_json` prints for a JSON text; its maps sort their keys.
pub fn sorted_hash(json: &str) -> [u8; 8] {
    let value: serde_json::Value = serde_json::from_str(json).expect("valid JSON");
    let digest = Sha256::digest(value.to_string());
    digest[..8].try_into().expect("a digest has 32 octets")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs;

    #[test]
    fn peers_and_the_table_agree_on_every_host() {
        let table = Fingerprints::builtin();
        let (ends_with, map) = (EndsWith::new(&table), LabelMap::new(&table));
        for host in inputs::hosts(4000, 2, &table) {
            let expected = table.match_mx(&host).map(|found| found.suffix);
            assert_eq!(ends_with.longest(&host), expected, "{host}");
            assert_eq!(map.longest(&host), expected, "{host}");
        }
    }

    #[test]
    fn a_sorted_hash_does_not_depend_on_the_order_of_keys() {
        assert_eq!(sorted_hash(r#"{"b":1,"a":[2]}"#), sorted_hash(r#"{"a":[2],"b":1}"#));
        assert_ne!(sorted_hash(r#"{"a":1}"#), sorted_hash(r#"{"a":2}"#));
    }
}
