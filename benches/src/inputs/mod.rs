//! Inputs made from seeds: near to what scans of company domains see, equal on every machine.

mod cells;
mod hosts;
mod observations;
mod random;
mod score_rows;

use hunter_core::observation::{Observation, Signal};
use hunter_core::provider::Fingerprints;
use hunter_core::rules::{Mailbox, ScoreFacts};
use hunter_core::signals::{DmarcSignal, Signals};
use hunter_core::vocabulary::{DmarcPolicy, ProviderClass};

use self::random::Random;
pub use self::score_rows::{ScoreRow, score_rows};

/// Facts that scores rest on; one in eight is unknown.
pub fn facts(size: usize, seed: u64) -> Vec<ScoreFacts> {
    let mut random = Random::new(seed);
    let classes = ProviderClass::ALL;
    (0..size)
        .map(|_| ScoreFacts {
            mailbox: match random.below(32) {
                0 => Mailbox::None,
                1 | 2 => Mailbox::Undetermined,
                n => Mailbox::Class(classes[n % classes.len()]),
            },
            spf: signal(&mut random),
            dkim: signal(&mut random),
            dmarc: dmarc(&mut random),
            many_includes: signal(&mut random),
        })
        .collect()
}

fn signal(random: &mut Random) -> Signal {
    match random.below(8) {
        0 => Signal::Unknown,
        1..=3 => Signal::Missing,
        _ => Signal::Present,
    }
}

fn dmarc(random: &mut Random) -> DmarcSignal {
    match random.below(8) {
        0 => DmarcSignal::Unknown,
        1..=3 => DmarcSignal::Absent,
        4 | 5 => DmarcSignal::Policy(DmarcPolicy::None),
        6 => DmarcSignal::Policy(DmarcPolicy::Quarantine),
        _ => DmarcSignal::Policy(DmarcPolicy::Reject),
    }
}

/// MX hosts: as many that the table lists as such that it does not.
pub fn hosts(size: usize, seed: u64, table: &Fingerprints) -> Vec<String> {
    let mut random = Random::new(seed);
    let suffixes = hosts::suffixes(table);
    (0..size)
        .map(|_| {
            let company = hosts::company(&mut random);
            if random.one_in(2) {
                hosts::listed(&mut random, &suffixes, &company)
            } else {
                hosts::unlisted(&mut random, &company)
            }
        })
        .collect()
}

/// Signals as assessments hold them, most with an SPF text.
pub fn signals(size: usize, seed: u64) -> Vec<Signals> {
    let mut random = Random::new(seed);
    (0..size)
        .map(|_| {
            let spf = signal(&mut random);
            let spf_record =
                (spf == Signal::Present).then(|| observations::spf_record(&mut random, None));
            Signals { spf, dkim: signal(&mut random), dmarc: dmarc(&mut random), spf_record }
        })
        .collect()
}

/// SPF records as companies publish them.
pub fn spf_records(size: usize, seed: u64) -> Vec<String> {
    let mut random = Random::new(seed);
    (0..size).map(|_| observations::spf_record(&mut random, None)).collect()
}

/// The JSON object of the same signals, keys in the order in which clients send them.
pub fn signals_json(signals: &Signals) -> String {
    let known = |signal: Signal| match signal.as_option() {
        Some(known) => known.to_string(),
        None => "null".to_owned(),
    };
    let quoted = |text: Option<&str>| serde_json::json!(text).to_string();
    format!(
        r#"{{"spf":{},"dkim":{},"dmarc_policy":{},"spf_record":{}}}"#,
        known(signals.spf),
        known(signals.dkim),
        quoted(signals.dmarc.policy().map(DmarcPolicy::as_str)),
        quoted(signals.spf_record.as_deref()),
    )
}

/// Observations as a standard scan leaves them: about twenty answers each, most selectors absent,
/// one lookup in fifty failed.
pub fn observations(size: usize, seed: u64, table: &Fingerprints) -> Vec<Observation> {
    let mut random = Random::new(seed);
    let suffixes = hosts::suffixes(table);
    (0..size).map(|_| observations::observation(&mut random, &suffixes)).collect()
}

/// Spreadsheet cells: names, URLs, addresses, and one in ten that holds no domain.
pub fn cells(size: usize, seed: u64) -> Vec<String> {
    let mut random = Random::new(seed);
    (0..size).map(|_| cells::cell(&mut random)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hunter_core::assess::{Engine, Lead};
    use hunter_core::domain::Domain;

    #[test]
    fn a_seed_gives_the_same_input_and_another_seed_another() {
        let table = Fingerprints::builtin();
        assert_eq!(hosts(50, 7, &table), hosts(50, 7, &table));
        assert_ne!(hosts(50, 7, &table), hosts(50, 8, &table));
        assert_eq!(observations(20, 7, &table), observations(20, 7, &table));
        assert_ne!(observations(20, 7, &table), observations(20, 8, &table));
    }

    #[test]
    fn half_of_the_hosts_are_listed() {
        let table = Fingerprints::builtin();
        let hosts = hosts(1000, 7, &table);
        let listed = hosts.iter().filter(|host| table.match_mx(host).is_some()).count();
        assert!((400..600).contains(&listed), "{listed} of 1000");
    }

    #[test]
    fn observations_are_as_rich_as_those_of_a_standard_scan() {
        let engine = Engine::builtin();
        let seen = observations(500, 7, engine.fingerprints());
        let answers: usize = seen.iter().map(|o| o.answers.len()).sum();
        assert!((15..=25).contains(&(answers / seen.len())), "{answers} answers");
        let assessed: Vec<_> = seen.iter().map(|o| engine.assess(o, &Lead::default())).collect();
        let share = |holds: &dyn Fn(&hunter_core::Assessment) -> bool| {
            assessed.iter().filter(|assessment| holds(assessment)).count() * 100 / assessed.len()
        };
        let classes: std::collections::BTreeSet<_> = assessed.iter().map(|a| a.provider).collect();
        assert!(classes.len() > 6, "{classes:?}");
        assert!((20..70).contains(&share(&|a| a.authentication.signals.dkim == Signal::Present)));
        assert!((50..95).contains(&share(&|a| a.authentication.signals.spf == Signal::Present)));
        assert!((1..60).contains(&share(&|a| a.verdict.is_some_and(|verdict| verdict.partial))));
        assert!(share(&|a| a.verdict.is_some()) > 90);
    }

    #[test]
    fn most_cells_hold_a_domain_and_some_do_not() {
        let read = cells(1000, 7).iter().filter(|cell| Domain::from_cell(cell).is_ok()).count();
        assert!((850..950).contains(&read), "{read} of 1000");
    }
}
