//! The table against a plain list of suffixes, each of which is compared label by label.

use std::cmp::Reverse;
use std::collections::HashSet;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// Few labels, so that suffixes share branches and hosts meet them.
fn labels(least: usize) -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(select(vec!["*", "a", "b", "a-b", "in", "com"]), least..5)
}

/// Any suffix that a data file may hold: two labels or more, the last of them no star.
fn suffixes() -> impl Strategy<Value = Vec<Suffix>> {
    let suffix = (labels(1), select(vec!["a", "com"]))
        .prop_map(|(front, last)| Suffix(format!("{}.{last}", front.join("."))));
    prop::collection::vec(suffix, 0..12)
}

/// Hosts of the same labels in any spelling, with the flaws of real ones.
fn host() -> impl Strategy<Value = String> {
    let label = select(vec!["a", "A", "b", "a-b", "in", "IN", "com", "Com", "x", "", "ab"]);
    prop::collection::vec(label, 0..7).prop_map(|labels| labels.join("."))
}

/// The longest suffix that covers a host; among equals the one that names its labels from the right.
fn naive<'a>(suffixes: &'a [Suffix], host: &str) -> Option<&'a str> {
    let host: Vec<String> = host.rsplit('.').map(str::to_ascii_lowercase).collect();
    let covers = |suffix: &&Suffix| {
        let own: Vec<&str> = suffix.as_str().rsplit('.').collect();
        own.len() <= host.len()
            && own
                .iter()
                .zip(&host)
                .all(|(own, label)| !label.is_empty() && (*own == "*" || own == label))
    };
    suffixes
        .iter()
        .filter(covers)
        .max_by_key(|suffix| {
            let stars: Vec<_> =
                suffix.as_str().rsplit('.').map(|label| Reverse(label == "*")).collect();
            (stars.len(), stars)
        })
        .map(Suffix::as_str)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

    #[test]
    fn the_table_finds_what_a_plain_list_finds(
        suffixes in suffixes(),
        hosts in prop::collection::vec(host(), 1..12),
    ) {
        let mut table = SuffixTable::new();
        let mut seen = HashSet::new();
        for (value, suffix) in suffixes.iter().enumerate() {
            let added = table.insert(suffix, value);
            let expected = if seen.insert(suffix) { Ok(()) } else { Err(Clash::Duplicate) };
            prop_assert_eq!(added, expected, "{:?}", suffix);
        }
        for host in hosts {
            let found = table.longest(&host);
            prop_assert_eq!(found.map(|(suffix, _)| suffix), naive(&suffixes, &host), "{}", host);
            if let Some((suffix, value)) = found {
                let first = suffixes.iter().position(|own| own.as_str() == suffix);
                prop_assert_eq!(first, Some(*value));
            }
            for suffix in &suffixes {
                let alone = naive(std::slice::from_ref(suffix), &host);
                prop_assert_eq!(suffix.covers(&host), alone.is_some(), "{:?} {}", suffix, host);
            }
        }
    }
}
