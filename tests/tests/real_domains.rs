//! 45,753 real domains through the engine: no panic, and twice the same bytes.
//!
//! `hunter_tests::domains` says how a row of the shared data becomes an observation.

use hunter_core::observation::{Answer, Observation};
use hunter_core::{Domain, Engine, Lead};
use hunter_tests::domains::{DOMAINS, Row};

/// The answers in another order, the same one each time.
fn shuffle(answers: &mut [Answer], seed: usize) {
    for at in (1..answers.len()).rev() {
        answers.swap(at, seed.wrapping_mul(2_654_435_761).wrapping_add(at * 40_503) % (at + 1));
    }
}

#[test]
fn every_real_domain_is_assessed_and_every_byte_repeats() {
    let Some(path) = hunter_tests::shared(DOMAINS) else { return };
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
        let seen = row.observation(&domain);
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
