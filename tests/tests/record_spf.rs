//! The SPF reader against the conformance suites of others: what they call a permanent error is
//! flagged and nothing else is; limits are counted over the whole tree.
//!
//! The suites check messages, and a check stops at the first match; the reader looks at whole
//! records. Where the two must differ, the case stands in a reviewed list with its reason; an entry
//! that no longer differs fails the test.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hunter_core::observation::{Outcome, RecordType, Reply, Signal};
use hunter_core::records::spf::{SpfNode, SpfNodeState, SpfTree, findings};
use hunter_core::records::{Effect, FindingKind as _};
use serde::Deserialize;
use serde_json::Value;

/// The answers of one scenario; a name without the type is absent.
#[derive(Debug, Default)]
struct Zone {
    records: BTreeMap<(String, &'static str), Vec<String>>,
    names: BTreeSet<String>,
    timeouts: BTreeSet<String>,
}

impl Zone {
    fn add(&mut self, name: &str, record_type: &'static str, text: String) {
        let name = name.to_ascii_lowercase();
        self.names.insert(name.clone());
        self.records.entry((name, record_type)).or_default().push(text);
    }

    /// The YAML suites: an `SPF` entry is published as TXT too, unless the name has TXT of its own.
    fn read(data: &BTreeMap<String, Vec<Value>>) -> Self {
        let mut zone = Self::default();
        for (name, entries) in data {
            let has_txt = entries.iter().any(|entry| entry.get("TXT").is_some());
            for entry in entries {
                if entry == "TIMEOUT" {
                    zone.timeouts.insert(name.to_ascii_lowercase());
                    continue;
                }
                for (record_type, value) in entry.as_object().expect("a record") {
                    if record_type == "TIMEOUT" || record_type == "SERVFAIL" {
                        zone.timeouts.insert(name.to_ascii_lowercase());
                        continue;
                    }
                    let joined = match value {
                        Value::String(text) => text.clone(),
                        Value::Array(parts) if record_type == "MX" => {
                            format!("{} {}", parts[0], parts[1].as_str().expect("a host"))
                        }
                        Value::Array(parts) => {
                            parts.iter().map(|part| part.as_str().expect("text")).collect()
                        }
                        other => panic!("{name}: {other}"),
                    };
                    match record_type.as_str() {
                        "TXT" if joined == "NONE" => {}
                        "TXT" => zone.add(name, "TXT", joined),
                        "SPF" if !has_txt => zone.add(name, "TXT", joined),
                        "SPF" => {}
                        "A" => zone.add(name, "A", joined),
                        "AAAA" => zone.add(name, "AAAA", joined),
                        "MX" => zone.add(name, "MX", joined),
                        "CNAME" => zone.add(name, "CNAME", joined),
                        "PTR" => zone.add(name, "PTR", joined),
                        other => panic!("{name}: {other}"),
                    }
                }
            }
        }
        zone
    }

    fn ask(&self, name: &str, record_type: &RecordType) -> Reply<'_> {
        let mut name = name.to_ascii_lowercase();
        for _ in 0..8 {
            for kind in ["A", "AAAA", "MX", "TXT"] {
                if kind == record_type.as_str()
                    && let Some(found) = self.records.get(&(name.clone(), kind))
                {
                    return Outcome::Found(Cow::Borrowed(found));
                }
            }
            if self.timeouts.contains(&name) {
                return Outcome::TempFail { reason: "timeout" };
            }
            match self.records.get(&(name.clone(), "CNAME")) {
                Some(target) => name = target[0].trim_end_matches('.').to_ascii_lowercase(),
                None if self.names.contains(&name) => {
                    return Outcome::Absent { rcode: Some("NOERROR") };
                }
                None => return Outcome::Absent { rcode: Some("NXDOMAIN") },
            }
        }
        Outcome::PermFail { reason: "cname_loop" }
    }
}

#[derive(Deserialize)]
struct Scenario {
    #[serde(default)]
    tests: BTreeMap<String, Check>,
    #[serde(default)]
    zonedata: BTreeMap<String, Vec<Value>>,
}

#[derive(Deserialize)]
struct Check {
    mailfrom: Option<String>,
    helo: Option<String>,
    result: Value,
}

impl Check {
    fn domain(&self) -> &str {
        let sender = self.mailfrom.as_deref().filter(|sender| !sender.is_empty());
        match sender {
            Some(sender) => sender.rsplit_once('@').map_or(sender, |(_, domain)| domain),
            None => self.helo.as_deref().unwrap_or_default(),
        }
    }

    fn results(&self) -> Vec<&str> {
        match &self.result {
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            one => vec![one.as_str().expect("a result")],
        }
    }
}

/// What the reader says of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// The record at the domain itself breaks the grammar.
    Syntax,
    /// Something in the tree ends checks in a permanent error.
    Tree,
    Fine,
}

fn verdict(zone: &Zone, domain: &str) -> Verdict {
    let tree = SpfTree::walk(domain, &|name, kind| zone.ask(name, kind));
    let is_invalid = matches!(tree.nodes[0].state, SpfNodeState::Invalid(_));
    // The detailed findings and the cheap reading agree on what is valid.
    if let Some(texts) = zone.ask(domain, &RecordType::Txt).found() {
        let limit = |f: &&hunter_core::records::spf::SpfFinding<'_>| {
            f.code() != "spf_too_many_lookups"
                && f.code() != "spf_leading_blank"
                && f.code() != "spf_wrong_version"
        };
        let found = findings(texts);
        let void = found.iter().filter(limit).any(|f| f.effect() == Effect::Void);
        assert_eq!(void, is_invalid, "{domain}: {found:?}");
    }
    match (is_invalid, tree.permanent_error()) {
        (true, _) => Verdict::Syntax,
        (false, Signal::Present) => Verdict::Tree,
        (false, _) => Verdict::Fine,
    }
}

fn suite(file: &Path) -> Vec<Scenario> {
    serde_json::from_str(&std::fs::read_to_string(file).expect("readable")).expect("a suite")
}

/// Cases where a check of one message and a look at the whole record differ, with the reason.
const REVIEWED: &[(&str, &str, &str)] = &[
    ("rfc7208.json", "include-at-limit", AT_LIMIT),
    ("rfc7208-postalsys.json", "include-at-limit", AT_LIMIT),
    ("rfc4408.json", "include-at-limit", AT_LIMIT),
];

const AT_LIMIT: &str = "the sender of the test matches after ten terms; a sender that no term names \
                        goes on to an eleventh, and the tree is counted for that one";

#[test]
fn what_the_suites_call_a_permanent_error_is_flagged_and_nothing_else() {
    let Some(folder) = hunter_tests::shared("data/mailauth/spf-suites") else { return };
    let mut differing = BTreeSet::new();
    let (mut checks, mut errors) = (0, 0);
    for name in
        ["rfc7208.json", "rfc7208-postalsys.json", "rfc4408.json", "blitiri.json", "pyspf.json"]
    {
        for scenario in suite(&folder.join(name)) {
            let zone = Zone::read(&scenario.zonedata);
            for (test, check) in &scenario.tests {
                checks += 1;
                let results = check.results();
                let expects_error = |result: &&str| matches!(*result, "permerror" | "unknown");
                let flagged = verdict(&zone, check.domain()) != Verdict::Fine;
                let agrees = results.iter().any(|result| expects_error(result) == flagged);
                errors += usize::from(results.iter().all(expects_error));
                if !agrees {
                    differing.insert((name.to_owned(), test.clone()));
                }
            }
        }
    }
    assert!(checks > 400 && errors > 150, "{checks} checks, {errors} errors");
    let reviewed: BTreeSet<_> = REVIEWED
        .iter()
        .map(|(file, test, reason)| {
            assert!(!reason.is_empty());
            ((*file).to_owned(), (*test).to_owned())
        })
        .collect();
    let new: Vec<_> = differing.difference(&reviewed).collect();
    let stale: Vec<_> = reviewed.difference(&differing).collect();
    assert!(new.is_empty() && stale.is_empty(), "new: {new:#?}\nstale: {stale:#?}");
}

#[test]
fn limits_are_counted_over_the_whole_tree() {
    let Some(folder) = hunter_tests::shared("data/mailauth/spf-suites") else { return };
    let scenarios = suite(&folder.join("rfc7208.json"));
    let mut counts = BTreeMap::new();
    for scenario in &scenarios {
        let zone = Zone::read(&scenario.zonedata);
        let limits = ["redirect-loop", "mx-limit", "mech-at-limit", "mech-over-limit"];
        let more = ["include-at-limit", "include-over-limit", "void-over-limit"];
        for (name, check) in &scenario.tests {
            if limits.iter().chain(&more).any(|limit| limit == name) {
                let tree = SpfTree::walk(check.domain(), &|name, kind| zone.ask(name, kind));
                let codes: Vec<_> = tree.findings.iter().map(|f| f.kind.code()).collect();
                counts.insert(name.as_str(), (tree.lookups.known, tree.voids.known, codes));
            }
        }
    }
    let expected = BTreeMap::from([
        ("include-at-limit", (11, 1, vec!["spf_tree_too_many_lookups"])),
        ("include-over-limit", (11, 0, vec!["spf_tree_too_many_lookups"])),
        ("mech-at-limit", (10, 0, vec![])),
        // Five terms `mx` find nothing in that zone.
        (
            "mech-over-limit",
            (11, 4, vec!["spf_tree_too_many_lookups", "spf_tree_too_many_void_lookups"]),
        ),
        ("mx-limit", (1, 0, vec!["spf_tree_too_many_exchangers"])),
        ("redirect-loop", (1, 0, vec!["spf_tree_loop"])),
        ("void-over-limit", (3, 3, vec!["spf_tree_too_many_void_lookups"])),
    ]);
    assert_eq!(counts, expected);
}

/// The suites of mail-auth, which are lists of `records` and `tests` in a small part of YAML.
#[test]
fn the_cases_of_mail_auth_agree() {
    let Some(folder) = hunter_tests::shared("data/mailauth/spf-suites/mail-auth") else { return };
    let (mut checks, mut differing) = (0, 0);
    for name in ["a", "all", "examples", "exp", "include", "ip", "mx", "ptr"] {
        let text =
            std::fs::read_to_string(folder.join(name).with_extension("yml")).expect("a suite");
        for scenario in text.split("\n---") {
            let mut zone = Zone::default();
            let mut domain = String::new();
            for line in scenario.lines().map(|line| line.trim().trim_start_matches("- ")) {
                let Some((key, value)) = line.split_once(": ") else { continue };
                let value = value.trim();
                let entry = value.split_once(' ');
                match (key, entry) {
                    ("spf", Some((owner, text))) => {
                        // A test may bring another record for the same name.
                        zone.records.remove(&(owner.to_owned(), "TXT"));
                        zone.add(owner, "TXT", text.to_owned());
                    }
                    ("exp", Some((owner, text))) => zone.add(owner, "TXT", text.to_owned()),
                    ("a", Some((owner, addresses))) => {
                        addresses.split(", ").for_each(|ip| zone.add(owner, "A", ip.to_owned()));
                    }
                    ("aaaa", Some((owner, addresses))) => {
                        addresses.split(", ").for_each(|ip| zone.add(owner, "AAAA", ip.to_owned()));
                    }
                    // These suites give the addresses of exchangers, whose names nobody needs.
                    ("mx", Some((owner, hosts))) => {
                        hosts
                            .split(", ")
                            .for_each(|_| zone.add(owner, "MX", "10 m.test".to_owned()));
                    }
                    ("domain", _) => value.clone_into(&mut domain),
                    ("expect", _) => {
                        checks += 1;
                        // The name that mail-auth's test resolver fails at.
                        zone.timeouts.insert("_dns_error.test.org".to_owned());
                        let domain = if domain.is_empty() { "example.com" } else { &domain };
                        let flagged = verdict(&zone, domain) != Verdict::Fine;
                        let reviewed = MAIL_AUTH_REVIEWED
                            .iter()
                            .any(|(file, owner, _)| (*file, *owner) == (name, domain));
                        let differs = flagged != (value == "permerror");
                        assert_eq!(differs, reviewed, "{name}: {domain} expects {value}");
                        differing += usize::from(differs);
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(checks > 100, "{checks} checks");
    assert_eq!(differing, MAIL_AUTH_REVIEWED.len());
}

/// Cases of mail-auth that differ, by file and domain.
const MAIL_AUTH_REVIEWED: &[(&str, &str, &str)] = &[(
    "all",
    "test.org",
    "`ip:10.0.0.1` behind `-all` is no mechanism; mail-auth does not read on, RFC 7208 §4.6 has \
     syntax errors anywhere in the record end the check",
)];

/// Terms that ask the DNS, counted over plain words instead of the grammar.
fn naive_count(zone: &BTreeMap<String, String>, domain: &str, depth: usize) -> usize {
    let Some(text) = zone.get(&domain.to_ascii_lowercase()).filter(|_| depth < 20) else {
        return 0;
    };
    let text = text.to_ascii_lowercase();
    let words: Vec<&str> =
        text.split(' ').skip(1).map(|w| w.trim_start_matches(['+', '-', '~', '?'])).collect();
    let end = words.iter().position(|word| *word == "all");
    // What a macro stands for depends on the message.
    let below = |target: &str| {
        if target.contains('%') { 0 } else { naive_count(zone, target, depth + 1) }
    };
    let mut count = 0;
    for word in &words[..end.unwrap_or(words.len())] {
        let name = word.split([':', '/']).next().unwrap_or_default();
        count += match name {
            "include" => 1 + below(&word["include:".len()..]),
            "a" | "mx" | "ptr" | "exists" => 1,
            _ => 0,
        };
    }
    let redirect = words.iter().find_map(|word| word.strip_prefix("redirect="));
    count + redirect.filter(|_| end.is_none()).map_or(0, |target| 1 + below(target))
}

#[derive(Deserialize)]
struct Resolved {
    domain: String,
    spf_resolved: String,
}

/// Real records with all that they include. The data name no owners: the records stand in the order
/// in which includes are met, level by level.
#[test]
fn real_records_are_followed_at_depth() {
    let Some(path) = hunter_tests::shared("data/mx/spf_resolved_sample.jsonl") else { return };
    let text = std::fs::read_to_string(path).expect("readable");
    let (mut walked, mut over, mut invalid, mut unordered, mut deepest) = (0, 0, 0, 0, 0);
    for line in text.lines() {
        let row: Resolved = serde_json::from_str(line).expect("a row");
        let records: Vec<String> = row
            .spf_resolved
            .split("v=spf1")
            .skip(1)
            .map(|rest| format!("v=spf1 {}", rest.trim()))
            .collect();
        let mut zone = BTreeMap::from([(row.domain.to_ascii_lowercase(), records[0].clone())]);
        let mut queue = std::collections::VecDeque::from([records[0].clone()]);
        let mut rest = records[1..].iter();
        while let Some(record) = queue.pop_front() {
            for word in record.to_ascii_lowercase().split(' ') {
                let word = word.trim_start_matches(['+', '-', '~', '?']);
                let target =
                    word.strip_prefix("include:").or_else(|| word.strip_prefix("redirect="));
                if let Some(target) = target
                    && !zone.contains_key(target)
                    && let Some(next) = rest.next()
                {
                    zone.insert(target.to_owned(), next.clone());
                    queue.push_back(next.clone());
                }
            }
        }
        if rest.next().is_some() {
            unordered += 1;
            continue;
        }
        let ask = |name: &str, kind: &RecordType| -> Reply<'_> {
            match (kind, zone.get(&name.to_ascii_lowercase())) {
                (RecordType::Txt, Some(text)) => Outcome::Found(Cow::Owned(vec![text.clone()])),
                _ => Outcome::NotAsked { reason: "not_planned" },
            }
        };
        let tree = SpfTree::walk(&row.domain, &ask);
        walked += 1;
        deepest = deepest.max(tree.nodes.iter().map(|node| node.depth).max().unwrap_or(0));
        // A word count does not see what ends a walk.
        let plain =
            |node: &SpfNode| !matches!(node.state, SpfNodeState::Invalid(_) | SpfNodeState::Loop);
        if tree.nodes.iter().all(plain) {
            let naive = naive_count(&zone, &row.domain, 0);
            assert_eq!(tree.lookups.known, naive, "{}: {:?}", row.domain, zone);
        } else {
            invalid += 1;
        }
        over += usize::from(tree.lookups.exceeds(10) == Signal::Present);
    }
    assert_eq!((walked, unordered, invalid, over, deepest), (2267, 5, 11, 33, 10));
}
