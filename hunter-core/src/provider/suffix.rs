//! Matching host names by whole labels from the right: never substrings.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use serde::Deserialize;

/// A host-name suffix: lower-case labels, of which `*` stands for exactly one of any spelling.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Suffix(String);

impl Suffix {
    /// The suffix as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a host equals the suffix or lies below it, label by label, without case.
    pub fn covers(&self, host: &str) -> bool {
        let mut labels = host.rsplit('.');
        self.0.rsplit('.').all(|own| {
            labels.next().is_some_and(|label| {
                own == "*" && !label.is_empty() || own.eq_ignore_ascii_case(label)
            })
        })
    }
}

impl Suffix {
    /// Reads a suffix: two labels or more, of which the last is a name.
    pub(super) fn read(text: &str) -> Option<Self> {
        let is_label = |label: &str| {
            label == "*"
                || !label.is_empty()
                    && label.bytes().all(|b| {
                        b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_')
                    })
        };
        let is_suffix = text.contains('.') && text.split('.').all(is_label) && !text.ends_with('*');
        is_suffix.then(|| Self(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Suffix {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text).ok_or_else(|| {
            serde::de::Error::custom(format_args!(
                "`{text}` must be two or more lower-case labels, such as `mail.example.net`"
            ))
        })
    }
}

/// Values keyed by suffix; a look-up finds the longest suffix of a host in one pass from the right.
#[derive(Debug)]
pub(crate) struct SuffixTable<V> {
    nodes: Vec<Node<V>>,
    /// A child by its parent and the hash of its label.
    children: HashMap<(u32, u64), u32, FixedState>,
}

/// Why a suffix cannot be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clash {
    /// It is there already.
    Duplicate,
    /// One of its labels has the hash of another label, which it would hide. Chance does not do that
    /// within 64 bits; a crafted table can.
    Hash,
}

#[derive(Debug)]
struct Node<V> {
    label: Box<str>,
    /// The child that stands for any label.
    any: Option<u32>,
    value: Option<(Box<str>, V)>,
}

const ROOT: u32 = 0;

impl<V> Node<V> {
    fn new(label: &str) -> Self {
        Self { label: label.into(), any: None, value: None }
    }
}

/// FNV-1a over a label read from the right, folded to lower case.
struct LabelHash(u64);

impl LabelHash {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    #[inline]
    const fn push(&mut self, byte: u8) {
        self.0 = (self.0 ^ byte.to_ascii_lowercase() as u64).wrapping_mul(0x0100_0000_01b3);
    }

    fn of(label: &str) -> u64 {
        let mut hash = Self::new();
        label.bytes().rev().for_each(|byte| hash.push(byte));
        hash.0
    }
}

impl<V> SuffixTable<V> {
    pub(crate) fn new() -> Self {
        Self { nodes: vec![Node::new("")], children: HashMap::default() }
    }

    /// Adds a suffix.
    pub(crate) fn insert(&mut self, suffix: &Suffix, value: V) -> Result<(), Clash> {
        let mut at = ROOT;
        for label in suffix.0.rsplit('.') {
            let next = u32::try_from(self.nodes.len()).expect("far fewer suffixes");
            let key = (at, LabelHash::of(label));
            let known =
                if label == "*" { self.node(at).any } else { self.children.get(&key).copied() };
            at = match known {
                Some(child) => child,
                None if label == "*" => {
                    self.nodes[at as usize].any = Some(next);
                    self.nodes.push(Node::new(label));
                    next
                }
                None => {
                    self.children.insert(key, next);
                    self.nodes.push(Node::new(label));
                    next
                }
            };
            if &*self.node(at).label != label {
                return Err(Clash::Hash);
            }
        }
        let node = &mut self.nodes[at as usize];
        if node.value.is_some() {
            return Err(Clash::Duplicate);
        }
        node.value = Some((suffix.as_str().into(), value));
        Ok(())
    }

    fn node(&self, at: u32) -> &Node<V> {
        &self.nodes[at as usize]
    }

    /// The longest suffix of a host, and its value.
    #[inline]
    pub(crate) fn longest(&self, host: &str) -> Option<(&str, &V)> {
        self.walk(ROOT, host.as_bytes()).map(|(suffix, value)| (&**suffix, value))
    }

    /// `rest` ends at a label boundary; matches its last label, then what lies left of it.
    fn walk(&self, at: u32, rest: &[u8]) -> Option<&(Box<str>, V)> {
        let mut hash = LabelHash::new();
        let mut start = rest.len();
        while start > 0 && rest[start - 1] != b'.' {
            start -= 1;
            hash.push(rest[start]);
        }
        let label = &rest[start..];
        if label.is_empty() {
            return None;
        }
        let left = &rest[..start.saturating_sub(1)];
        let named = self
            .children
            .get(&(at, hash.0))
            .filter(|child| self.node(**child).label.as_bytes().eq_ignore_ascii_case(label));
        let deeper = |child: u32| {
            let found = if left.is_empty() { None } else { self.walk(child, left) };
            found.or(self.node(child).value.as_ref())
        };
        let named = named.and_then(|child| deeper(*child));
        let any = self.node(at).any.and_then(deeper);
        let labels = |found: &(Box<str>, V)| found.0.matches('.').count();
        match (named, any) {
            (Some(named), Some(any)) if labels(any) > labels(named) => Some(any),
            (None, any) => any,
            (named, _) => named,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(suffixes: &[&str]) -> SuffixTable<usize> {
        let mut table = SuffixTable::new();
        for (value, text) in suffixes.iter().enumerate() {
            assert_eq!(table.insert(&Suffix((*text).to_owned()), value), Ok(()));
        }
        table
    }

    #[test]
    fn the_longest_suffix_wins_whatever_the_case() {
        let table = table(&["outlook.com", "protection.outlook.com", "olc.protection.outlook.com"]);
        let found = |host| table.longest(host).map(|(suffix, _)| suffix);
        assert_eq!(found("A.MAIL.Protection.OUTLOOK.com"), Some("protection.outlook.com"));
        assert_eq!(found("x.olc.protection.outlook.com"), Some("olc.protection.outlook.com"));
        assert_eq!(found("outlook.com"), Some("outlook.com"));
        assert_eq!(found("com"), None);
        assert_eq!(found(""), None);
    }

    #[test]
    fn d4_only_whole_labels_match() {
        let table = table(&["google.com", "mx.microsoft"]);
        for host in
            ["evilgoogle.com", "google.com.attacker.example", "google.comx", "xmx.microsoft"]
        {
            assert!(table.longest(host).is_none(), "{host}");
        }
    }

    #[test]
    fn a_star_is_one_label_and_the_longer_suffix_still_wins() {
        let table = table(&["in.*.example.com", "eu.example.com"]);
        let found = |host| table.longest(host).map(|(suffix, _)| suffix);
        assert_eq!(found("in.us.example.com"), Some("in.*.example.com"));
        assert_eq!(found("a.in.us.example.com"), Some("in.*.example.com"));
        assert_eq!(found("in.example.com"), None);
        assert_eq!(found("mx.eu.example.com"), Some("eu.example.com"));
        assert_eq!(found("in.eu.example.com"), Some("in.*.example.com"));
    }

    #[test]
    fn empty_labels_match_nothing() {
        let table = table(&["google.com"]);
        assert!(table.longest("google.com.").is_none());
        assert!(table.longest(".").is_none());
        assert_eq!(table.longest(".google.com").map(|(_, v)| *v), Some(0));
    }
}

#[cfg(test)]
mod properties;
