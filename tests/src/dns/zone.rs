//! A zone as a table: written as a master file for a name server, and asked by the test what the
//! server has to answer (RFC 1034 §4.3.2, RFC 4592). It shares no code with the scanner.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;

/// The longest string of a text record.
const MAX_STRING: usize = 255;

/// Records by name and type. Names are in lower case without trailing dot; the root is empty.
#[derive(Debug, Default, Clone)]
pub struct Zone {
    records: BTreeMap<String, BTreeMap<&'static str, BTreeSet<String>>>,
    /// Every name that exists, with those that exist only because of a name below.
    names: HashSet<String>,
}

/// What a server has to answer to one question about exactly one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// These records.
    Records(BTreeSet<String>),
    /// An alias to this name.
    Alias(String),
    /// The name exists, the type does not.
    NoData,
    /// There is no such name.
    NxDomain,
}

impl Zone {
    /// Adds one record, its data as an observation shows it. A record that an alias forbids, or
    /// that cannot be written, is left out; the result says whether it was added.
    pub fn add(&mut self, name: &str, of_type: &'static str, data: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let is_host = !matches!(of_type, "TXT" | "A" | "AAAA");
        let host = data.rsplit(' ').next().unwrap_or_default();
        if !is_name(&name) || (is_host && host != "." && !is_name(host)) || data.len() > 30_000 {
            return false;
        }
        let data = if is_host { data.to_ascii_lowercase() } else { data.to_owned() };
        let own = self.records.entry(name.clone()).or_default();
        let is_alias = of_type == "CNAME";
        // An alias stands alone (RFC 2181 §10.1).
        if own.contains_key("CNAME") || (is_alias && !own.is_empty()) {
            return false;
        }
        own.entry(of_type).or_default().insert(data);
        let mut above = name.as_str();
        while self.names.insert(above.to_owned()) && !above.is_empty() {
            above = above.split_once('.').map_or("", |(_, rest)| rest);
        }
        true
    }

    /// What the zone says of one name and type.
    pub fn ask(&self, name: &str, of_type: &str) -> Truth {
        let name = if name == "." { "" } else { name };
        let own = if self.names.contains(name) {
            self.records.get(name)
        } else {
            let mut encloser = name;
            while !self.names.contains(encloser) {
                encloser = encloser.split_once('.').map_or("", |(_, rest)| rest);
            }
            let wildcard = if encloser.is_empty() { "*".into() } else { format!("*.{encloser}") };
            match self.records.get(&wildcard) {
                None => return Truth::NxDomain,
                wild => wild,
            }
        };
        let Some(own) = own else { return Truth::NoData };
        if let Some(records) = own.get(of_type) {
            return Truth::Records(records.clone());
        }
        let alias = own.get("CNAME").and_then(BTreeSet::first);
        alias.map_or(Truth::NoData, |target| Truth::Alias(target.clone()))
    }

    /// How many names have records.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The zone as a master file (RFC 1035 §5).
    pub fn to_text(&self, apex: &str) -> String {
        let mut text = format!("$TTL 300\n$ORIGIN {}\n", dotted(apex));
        for (name, sets) in &self.records {
            for (of_type, records) in sets {
                for data in records {
                    let data = match *of_type {
                        "TXT" => quoted(data),
                        "SOA" => soa(data),
                        "A" | "AAAA" => data.clone(),
                        _ => dotted(data),
                    };
                    writeln!(text, "{} IN {of_type} {data}", dotted(name)).expect("a string");
                }
            }
        }
        text
    }
}

/// A name, or data that ends in one, made absolute.
fn dotted(name: &str) -> String {
    if name.is_empty() || name.ends_with('.') {
        format!("{}.", name.trim_end_matches('.'))
    } else {
        format!("{name}.")
    }
}

fn soa(data: &str) -> String {
    let mut words = data.split(' ');
    let names: Vec<String> = words.by_ref().take(2).map(dotted).collect();
    let numbers: Vec<&str> = words.collect();
    format!("{} {}", names.join(" "), numbers.join(" "))
}

/// The strings of a text record; what is no plain ASCII as `\DDD`.
fn quoted(text: &str) -> String {
    let strings = text.as_bytes().chunks(MAX_STRING).map(|string| {
        let mut quoted = String::from("\"");
        for byte in string {
            match byte {
                b'"' | b'\\' => quoted.extend(['\\', char::from(*byte)]),
                b' '..=b'~' => quoted.push(char::from(*byte)),
                _ => write!(quoted, "\\{byte:03}").expect("a string"),
            }
        }
        quoted.push('"');
        quoted
    });
    let strings: Vec<String> = strings.collect();
    if strings.is_empty() { "\"\"".to_owned() } else { strings.join(" ") }
}

/// Whether a name can be asked for and written without escapes.
fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_*/".contains(&byte);
    let is_label = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(is_plain);
    name.is_empty() || (name.len() <= 253 && name.split('.').all(is_label))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> Zone {
        let mut zone = Zone::default();
        assert!(zone.add("ornek.com.tr", "MX", "10 MX.ornek.com.tr"));
        assert!(zone.add("a.b.ornek.com.tr", "TXT", "x\"\\ç"));
        assert!(zone.add("*.w.ornek.com.tr", "CNAME", "ornek.com.tr"));
        zone
    }

    #[test]
    fn names_aliases_and_wildcards_answer_as_the_rules_say() {
        let zone = zone();
        let records = BTreeSet::from(["10 mx.ornek.com.tr".to_owned()]);
        assert_eq!(zone.ask("ornek.com.tr", "MX"), Truth::Records(records));
        assert_eq!(zone.ask("ornek.com.tr", "TXT"), Truth::NoData);
        assert_eq!(zone.ask("b.ornek.com.tr", "TXT"), Truth::NoData, "there is a name below");
        assert_eq!(zone.ask("c.ornek.com.tr", "TXT"), Truth::NxDomain);
        assert_eq!(zone.ask("a.b.c.w.ornek.com.tr", "TXT"), Truth::Alias("ornek.com.tr".into()));
        assert_eq!(zone.ask("w.ornek.com.tr", "TXT"), Truth::NoData);
        assert_eq!(zone.ask(".", "NS"), Truth::NoData);
    }

    #[test]
    fn what_no_zone_may_hold_is_left_out() {
        let mut zone = zone();
        assert!(!zone.add("ornek.com.tr", "CNAME", "example.net"), "beside other records");
        assert!(!zone.add("ornek.com.tr", "MX", "20 a@b"));
        assert!(!zone.add(&"a".repeat(64), "A", "192.0.2.7"));
        let text = zone.to_text("");
        assert!(text.contains("a.b.ornek.com.tr. IN TXT \"x\\\"\\\\\\195\\167\"\n"), "{text}");
        assert!(text.contains("ornek.com.tr. IN MX 10 mx.ornek.com.tr.\n"), "{text}");
    }
}
