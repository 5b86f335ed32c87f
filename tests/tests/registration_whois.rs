//! WHOIS answers of some 200 registries against the expectations of those who collected them, field by
//! field. `docs/REGISTRATION.md` shows the figures; a run that finds others fails and prints them.

mod registration;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hunter_core::observation::{Outcome, RegistrationFacts};
use hunter_scan::registration::{decode_whois, parse_whois};
use registration::{Case, Stated, reviewed};

const FIELDS: [&str; 7] =
    ["registered", "refused", "registrar", "created", "updated", "expires", "nameservers"];

/// The fields that the product promises, and the least share of each group, in per mille.
const PROMISED: [&str; 4] = ["registered", "registrar", "expires", "nameservers"];
const LEAST: [(&str, usize); 3] = [("tr", 1000), ("generic", 980), ("all", 900)];

/// Right and compared, for one field; and how many differences were reviewed, which are not compared.
#[derive(Default, Clone, Copy)]
struct Tally {
    right: usize,
    stated: usize,
    reviewed: usize,
}

#[derive(Default)]
struct Report {
    tallies: BTreeMap<(&'static str, &'static str), Tally>,
    /// By registry.
    misses: BTreeMap<String, Vec<String>>,
    reviewed: BTreeSet<(String, &'static str)>,
}

impl Report {
    fn note(&mut self, case: &Case, field: &'static str, right: bool, expected: &str, found: &str) {
        let groups = [("all", true), ("generic", case.is_generic()), ("tr", case.tld == "tr")];
        let groups = groups.iter().filter(|(_, belongs)| *belongs).map(|(group, _)| *group);
        let is_reviewed = !right && reviewed::reason(&case.name, field).is_some();
        for group in groups {
            let tally = self.tallies.entry((field, group)).or_default();
            tally.stated += usize::from(!is_reviewed);
            tally.right += usize::from(right);
            tally.reviewed += usize::from(is_reviewed);
        }
        if is_reviewed {
            self.reviewed.insert((case.name.clone(), field));
            return;
        }
        if !right {
            let registry = if case.tld.is_empty() { "registrars" } else { &case.tld };
            self.misses
                .entry(registry.to_owned())
                .or_default()
                .push(format!("{field} of {}: expected {expected}, found {found}", case.name));
        }
    }

    fn tally(&self, field: &'static str, group: &'static str) -> Tally {
        self.tallies.get(&(field, group)).copied().unwrap_or_default()
    }

    /// The table of the documentation.
    fn table(&self) -> String {
        let mut table = "| field | .tr | generic | all |\n| --- | --- | --- | --- |\n".to_owned();
        for field in FIELDS {
            let cell = |group| {
                let Tally { right, stated, .. } = self.tally(field, group);
                match (right * 1000).checked_div(stated) {
                    None => "–".to_owned(),
                    Some(share) => format!("{right} of {stated}, {}.{} %", share / 10, share % 10),
                }
            };
            let _ = writeln!(
                table,
                "| {field} | {} | {} | {} |",
                cell("tr"),
                cell("generic"),
                cell("all")
            );
        }
        table
    }
}

#[test]
fn others_expectations_hold() {
    let Some(root) = hunter_tests::shared("data/whois") else { return };
    let cases = registration::cases(&root);
    assert!(cases.len() > 1500, "only {} cases were found", cases.len());
    let mut report = Report::default();
    for case in &cases {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            parse_whois(&case.domain, &decode_whois(None, &case.answer))
        }));
        compare(case, &outcome.unwrap_or_else(|_| panic!("a panic at {}", case.name)), &mut report);
    }
    let table = report.table();
    println!("{table}");
    for (registry, misses) in &report.misses {
        println!(".{registry}");
        for miss in misses {
            println!("    {miss}");
        }
    }
    for field in PROMISED {
        for (group, least) in LEAST {
            // The bars hold even where every reviewed difference counts as a miss.
            let Tally { right, stated, reviewed } = report.tally(field, group);
            let stated = stated + reviewed;
            // No suite states a registrar of .tr: its own test has it.
            assert!(stated > 0 || (field, group) == ("registrar", "tr"), "{field} of {group}");
            assert!(right * 1000 >= stated * least, "{field} of {group}: {right} of {stated}");
        }
    }
    let refused = report.tally("refused", "all");
    assert_eq!(refused.right, refused.stated, "a refusal was read as an answer");

    let unused: Vec<_> = reviewed::DIFFERENCES
        .iter()
        .filter(|(case, field, _)| !report.reviewed.contains(&((*case).to_owned(), *field)))
        .collect();
    assert!(unused.is_empty(), "reviewed, but no difference any more: {unused:#?}");
    let page = std::fs::read_to_string(hunter_tests::root().join("docs/REGISTRATION.md"));
    let page = page.expect("docs/REGISTRATION.md");
    assert!(
        page.contains(&table),
        "docs/REGISTRATION.md has other figures; these are right:\n{table}"
    );
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
    let registrar = facts.registrar.as_deref();
    let (right, wanted) = match &expected.registrar {
        Stated::No => (None, String::new()),
        Stated::None => (Some(registrar.is_none()), "none".to_owned()),
        Stated::Some(names) => {
            let found = plain(registrar.unwrap_or_default());
            (Some(names.iter().any(|name| plain(name) == found)), format!("{names:?}"))
        }
    };
    if let Some(right) = right {
        report.note(case, "registrar", right, &wanted, &format!("{registrar:?}"));
    }
    for (field, stated, found) in [
        ("created", &expected.created, facts.created),
        ("updated", &expected.updated, facts.updated),
        ("expires", &expected.expires, facts.expires),
    ] {
        let (right, wanted) = match stated {
            Stated::No => continue,
            Stated::None => (found.is_none(), "none".to_owned()),
            Stated::Some(date) => (found == Some(*date), date.to_string()),
        };
        report.note(case, field, right, &wanted, &format!("{found:?}"));
    }
    let sorted = |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>();
    let found = sorted(&facts.nameservers);
    let (right, wanted) = match &expected.nameservers {
        Stated::No => return,
        Stated::None => (found.is_empty(), BTreeSet::new()),
        Stated::Some(names) => (sorted(names) == found, sorted(names)),
    };
    report.note(case, "nameservers", right, &format!("{wanted:?}"), &format!("{found:?}"));
}

/// A registrar's name without case and without the link, the tag or the registry's handle (`R11-LROR`)
/// that some suites keep behind it.
fn plain(text: &str) -> String {
    let text = text.to_lowercase();
    let end = ["(http", "( http", "[tag"].iter().filter_map(|mark| text.find(mark)).min();
    let is_handle = |word: &str| {
        let word = word.trim_matches(['(', ')']);
        word.strip_prefix('r').and_then(|word| word.split_once('-')).is_some_and(|(number, of)| {
            number.parse::<u32>().is_ok() && of.bytes().all(|byte| byte.is_ascii_alphabetic())
        })
    };
    let words = text[..end.unwrap_or(text.len())].split_whitespace();
    words.filter(|word| !is_handle(word)).collect::<Vec<_>>().join(" ")
}
