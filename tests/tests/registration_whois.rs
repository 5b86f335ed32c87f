//! WHOIS answers of some 200 registries against the expectations of those who collected them.

mod registration;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use hunter_core::observation::{Outcome, RegistrationFacts};
use hunter_scan::registration::{decode_whois, parse_whois};
use registration::{Case, Stated};

/// Right and compared, for one field.
#[derive(Default, Clone, Copy)]
struct Tally {
    right: usize,
    stated: usize,
}

#[derive(Default)]
struct Report {
    tallies: BTreeMap<(&'static str, &'static str), Tally>,
    misses: Vec<String>,
}

impl Report {
    fn note(&mut self, case: &Case, field: &'static str, right: bool, expected: &str, found: &str) {
        let mut groups = vec!["all"];
        if case.tld == "tr" {
            groups.push("tr");
        }
        if case.is_generic() {
            groups.push("generic");
        }
        for group in groups {
            let tally = self.tallies.entry((field, group)).or_default();
            tally.stated += 1;
            tally.right += usize::from(right);
        }
        if !right {
            self.misses.push(format!("{field:11} {:70} expected {expected} found {found}", case.name));
        }
    }
}

#[test]
fn others_expectations_hold() {
    let Some(root) = hunter_tests::shared("data/whois") else { return };
    let cases = registration::cases(&root);
    assert!(cases.len() > 1500, "{} cases", cases.len());
    let mut report = Report::default();
    for case in &cases {
        let text = decode_whois(None, &case.answer);
        let outcome = parse_whois(&case.domain, &text);
        compare(case, &outcome, &mut report);
    }
    let mut text = String::new();
    for miss in &report.misses {
        let _ = writeln!(text, "{miss}");
    }
    for ((field, group), tally) in &report.tallies {
        let _ = writeln!(text, "{field:12}{group:9}{:5} of {:5} {:.1} %", tally.right, tally.stated, 100.0 * tally.right as f64 / tally.stated as f64);
    }
    println!("{text}");
}

fn compare(case: &Case, outcome: &Outcome<RegistrationFacts>, report: &mut Report) {
    let expected = &case.expected;
    let state = format!("{:?}", outcome.borrowed().map(|_| ()));
    if expected.refused {
        let right = matches!(outcome, Outcome::TempFail { .. });
        report.note(case, "refused", right, "a refusal", &state);
        return;
    }
    if let Stated::Some(registered) = expected.registered {
        let right = match outcome {
            Outcome::Found(_) => registered,
            Outcome::Absent { .. } => !registered,
            _ => false,
        };
        report.note(case, "registered", right, &registered.to_string(), &state);
    }
    let none = RegistrationFacts::default();
    let facts = outcome.found().unwrap_or(&none);
    match &expected.registrar {
        Stated::No => {}
        Stated::None => report.note(case, "registrar", facts.registrar.is_none(), "none", &format!("{:?}", facts.registrar)),
        Stated::Some(names) => {
            let found = facts.registrar.as_deref().unwrap_or_default();
            let right = names.iter().any(|name| plain(name) == plain(found));
            report.note(case, "registrar", right, &format!("{names:?}"), &format!("{found:?}"));
        }
    }
    for (field, stated, found) in [
        ("created", &expected.created, facts.created),
        ("updated", &expected.updated, facts.updated),
        ("expires", &expected.expires, facts.expires),
    ] {
        match stated {
            Stated::No => {}
            Stated::None => report.note(case, field, found.is_none(), "none", &format!("{found:?}")),
            Stated::Some(date) => {
                report.note(case, field, found == Some(*date), &date.to_string(), &format!("{found:?}"));
            }
        }
    }
    match &expected.nameservers {
        Stated::No => {}
        Stated::None => report.note(case, "nameservers", facts.nameservers.is_empty(), "none", &format!("{:?}", facts.nameservers)),
        Stated::Some(names) => {
            let sorted = |names: &[String]| {
                let mut names = names.to_vec();
                names.sort();
                names.dedup();
                names
            };
            let right = sorted(names) == sorted(&facts.nameservers);
            report.note(case, "nameservers", right, &format!("{names:?}"), &format!("{:?}", facts.nameservers));
        }
    }
}

/// A registrar's name without case and without the link or tag that some suites keep behind it.
fn plain(text: &str) -> String {
    let end = ["(http", "( http", "[tag"].iter().filter_map(|mark| text.to_lowercase().find(mark)).min();
    text[..end.unwrap_or(text.len())].split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
