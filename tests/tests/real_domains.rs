//! 45,753 real domains through the engine: no panic, and twice the same bytes.
//!
//! A row of the shared data becomes an observation with what it carries and nothing more: the
//! preference of its MX hosts is not recorded, so all have one; whatever a row lacks was not asked.

use std::collections::BTreeMap;

use hunter_core::observation::{Answer, Observation, Outcome, RecordType};
use hunter_core::{Domain, Engine, Lead};
use serde::Deserialize;
use time::macros::datetime;

#[derive(Deserialize)]
struct Row {
    domain: String,
    mx: Option<Vec<String>>,
    spf: Option<String>,
    #[serde(default)]
    dkim: BTreeMap<String, String>,
    #[serde(default)]
    autodiscover: BTreeMap<String, serde_json::Value>,
}

/// An empty host is how these data write the null MX (RFC 7505).
fn exchanger(host: &str) -> String {
    if host.is_empty() { "0 .".to_owned() } else { format!("10 {host}") }
}

/// The answers in another order, the same one each time.
fn shuffle(answers: &mut [Answer], seed: usize) {
    for at in (1..answers.len()).rev() {
        answers.swap(at, seed.wrapping_mul(2_654_435_761).wrapping_add(at * 40_503) % (at + 1));
    }
}

fn observation(row: &Row, domain: Domain) -> Observation {
    let found = |name: String, record_type, records| {
        Answer::new(name, record_type, Outcome::Found(records))
    };
    let mut answers = Vec::new();
    if let Some(hosts) = &row.mx {
        let outcome = if hosts.is_empty() {
            Outcome::Absent { rcode: None }
        } else {
            Outcome::Found(hosts.iter().map(|host| exchanger(host)).collect())
        };
        answers.push(Answer::new(domain.as_str(), RecordType::Mx, outcome));
    }
    if let Some(spf) = &row.spf {
        answers.push(found(domain.to_string(), RecordType::Txt, vec![spf.clone()]));
    }
    for (selector, target) in &row.dkim {
        let name = format!("{selector}._domainkey.{domain}");
        answers.push(found(name, RecordType::Cname, vec![target.clone()]));
    }
    if let Some(target) = row.autodiscover.get("autodiscover_cname").and_then(|v| v.as_str()) {
        let name = format!("autodiscover.{domain}");
        answers.push(found(name, RecordType::Cname, vec![target.to_owned()]));
    }
    let mut seen = Observation::new(domain, datetime!(2026-11-24 09:30 UTC));
    seen.answers = answers;
    seen
}

#[test]
fn every_real_domain_is_assessed_and_every_byte_repeats() {
    let Some(path) = hunter_tests::shared("data/mx/domains_dns.jsonl") else { return };
    let engine = Engine::builtin();
    let lead = Lead::default();
    let lines = std::fs::read_to_string(path).expect("readable");
    let mut assessed = 0;
    let mut refused = Vec::new();
    for line in lines.lines() {
        let row: Row = serde_json::from_str(line).expect("a row");
        let domain: Domain = match row.domain.parse() {
            Ok(domain) => domain,
            Err(error) => {
                refused.push(error.to_string());
                continue;
            }
        };
        let seen = observation(&row, domain);
        let stored = seen.to_json();
        let read = Observation::from_json(&stored).expect("its own output");
        assert_eq!(read, seen, "{}", row.domain);
        let mut turned = read;
        shuffle(&mut turned.answers, assessed);
        let once = engine.assess(&seen, &lead);
        assert_eq!(once.to_json(), engine.assess(&turned, &lead).to_json(), "{}", row.domain);
        if let Some(verdict) = once.verdict {
            assert!(verdict.score_low <= verdict.score && verdict.score <= verdict.score_high);
        }
        assessed += 1;
    }
    assert_eq!(refused, [""; 0], "rows whose domain is refused");
    assert_eq!(assessed, 45_753);
}
