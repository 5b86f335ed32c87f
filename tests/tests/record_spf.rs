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
use hunter_core::records::Effect;
use hunter_core::records::spf::{SpfNodeState, SpfTree, findings};
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
                let agrees = results.iter().any(|result| expects_error(&result) == flagged);
                errors += usize::from(results.iter().all(|result| expects_error(&result)));
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
