//! Domains and addresses against the cases of others: the public suffix list, UTS #46, the WHATWG URL
//! standard and isemail. `hunter_core::domain` takes names of companies and is stricter than most of
//! them on purpose. Each difference falls under a rule with a reason; the counts are reviewed, and a
//! case that falls under no rule fails.

use std::collections::BTreeMap;

use hunter_core::Domain;
use hunter_core::domain::DomainFault;
use serde::Deserialize;
use serde_json::Value;

/// How often each rule explains a difference.
#[derive(Debug, Default)]
struct Rules(BTreeMap<&'static str, usize>);

impl Rules {
    fn add(&mut self, rule: &'static str) {
        *self.0.entry(rule).or_default() += 1;
    }

    fn counts(&self) -> Vec<(&'static str, usize)> {
        self.0.iter().map(|(rule, n)| (*rule, *n)).collect()
    }
}

fn read(text: &str) -> Result<String, DomainFault> {
    text.parse::<Domain>().map(|domain| domain.as_str().to_owned()).map_err(|error| error.fault)
}

/// The rule by which a name that a standard accepts is no company's domain.
fn stricter(fault: &DomainFault) -> &'static str {
    match fault {
        DomainFault::SingleLabel => "one label is no company's domain",
        DomainFault::BadEnding(_) => "an ending with digits or hyphens is in no registry",
        DomainFault::Number | DomainFault::IpAddress => "numbers and addresses are refused",
        DomainFault::BadCharacter('_') => "underscore labels are refused",
        DomainFault::BadCharacter(_) => "characters outside host names are refused",
        DomainFault::Hyphen(_) => "misplaced hyphens are refused (CheckHyphens)",
        DomainFault::EmptyLabel | DomainFault::Empty => "empty labels are refused",
        DomainFault::TooLong => "lengths are checked (VerifyDnsLength)",
        DomainFault::Idna(_) => "UTS #46 strict refuses the label",
        _ => "not a bare name",
    }
}

#[derive(Deserialize)]
struct Suffix {
    input: Option<String>,
    registrable: Option<String>,
}

#[test]
fn both_forms_of_the_public_suffix_lists_tests_agree() {
    for file in ["data/domains/test_psl.jsonl", "data/domains/psl_tests_txt.jsonl"] {
        let Some(path) = hunter_tests::shared(file) else { return };
        let mut cases = 0;
        for line in std::fs::read_to_string(path).expect("readable").lines() {
            let case: Suffix = serde_json::from_str(line).expect("a case");
            let Some(input) = case.input else { continue };
            let domain: Option<Domain> = input.parse().ok();
            let expected = case.registrable.map(|name| read(&name).expect("a domain"));
            let registrable = domain.as_ref().and_then(Domain::registrable);
            assert_eq!(registrable, expected.as_deref(), "{input}");
            cases += 1;
        }
        assert!(cases > 50, "{file}: {cases} cases");
    }
}

/// `\uXXXX` and `\x{XXXX}` as Unicode's file writes them; `None` for a lone surrogate.
fn unescape(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (hex, tail) = match rest[at + 1..].chars().next()? {
            'u' => rest[at + 2..].split_at(4),
            'x' => rest[at + 3..].split_once('}')?,
            _ => return None,
        };
        out.push(char::from_u32(u32::from_str_radix(hex, 16).ok()?)?);
        rest = tail;
    }
    out.push_str(rest);
    Some(out)
}

#[test]
fn uts_46_agrees_or_is_stricter_by_a_rule() {
    let Some(path) = hunter_tests::shared("data/domains/IdnaTestV2.txt") else { return };
    let text = std::fs::read_to_string(path).expect("readable");
    let mut rules = Rules::default();
    let (mut agree, mut refused) = (0, 0);
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let columns: Vec<&str> = line.split(';').map(str::trim).collect();
        let [source, unicode, _, ascii, ascii_status, ..] = columns[..] else { continue };
        let empty = |text: &str| if text == "\"\"" { String::new() } else { text.to_owned() };
        let Some(source) = unescape(&empty(source)) else {
            rules.add("a lone surrogate is no text in Rust");
            continue;
        };
        let unicode = if unicode.is_empty() {
            source.clone()
        } else {
            unescape(&empty(unicode)).unwrap_or_default()
        };
        let ascii =
            if ascii.is_empty() { unicode } else { unescape(&empty(ascii)).unwrap_or_default() };
        let status = if ascii_status.is_empty() { columns[2] } else { ascii_status };
        let is_valid = status.is_empty() || status == "[]";
        match (read(&source), is_valid) {
            (Ok(name), true) if name == ascii => agree += 1,
            (Ok(name), true) if name == ascii.trim_end_matches('.') => {
                rules.add("the dot of the root is dropped");
            }
            (Ok(name), _) if source.contains('İ') => {
                assert!(name.is_ascii());
                rules.add("the Turkish capital İ is an i");
            }
            (Ok(name), true) => panic!("{source}: {name}, not {ascii}"),
            (Ok(name), false) => {
                let codes: Vec<&str> =
                    status.trim_matches(['[', ']']).split(',').map(str::trim).collect();
                let root = codes.iter().all(|code| *code == "A4_2" || *code == "X4_2");
                assert!(
                    root && source.ends_with(['.', '。', '．', '｡']),
                    "{source}: {name} {status}"
                );
                rules.add("the dot of the root is dropped");
            }
            (Err(_), false) => refused += 1,
            (Err(fault), true) => rules.add(stricter(&fault)),
        }
    }
    assert_eq!((agree, refused, rules.counts()), (0, 0, vec![]));
}

#[derive(Deserialize)]
struct ToAscii {
    input: String,
    output: Option<String>,
}

#[test]
fn domain_to_ascii_agrees_or_is_stricter_by_a_rule() {
    let Some(path) = hunter_tests::shared("data/domains/toascii.json") else { return };
    let text = std::fs::read_to_string(path).expect("readable");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    let mut rules = Rules::default();
    let (mut agree, mut refused) = (0, 0);
    for case in cases.into_iter().filter(Value::is_object) {
        let case: ToAscii = serde_json::from_value(case).expect("a case");
        match (read(&case.input), case.output) {
            (Ok(name), Some(output)) => {
                assert_eq!(name, output.trim_end_matches('.'), "{}", case.input);
                agree += 1;
            }
            (Ok(name), None) => panic!("{}: {name}, not refused", case.input),
            (Err(_), None) => refused += 1,
            (Err(fault), Some(_)) => rules.add(stricter(&fault)),
        }
    }
    assert_eq!((agree, refused, rules.counts()), (0, 0, vec![]));
}

#[derive(Deserialize)]
struct Url {
    input: String,
    base: Option<String>,
    #[serde(default)]
    failure: bool,
    #[serde(default)]
    hostname: String,
    #[serde(default)]
    protocol: String,
}

#[test]
fn hosts_of_urls_agree_or_are_refused_by_a_rule() {
    let Some(path) = hunter_tests::shared("data/domains/urltestdata.json") else { return };
    let text = std::fs::read_to_string(path).expect("readable");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    let mut rules = Rules::default();
    let (mut agree, mut refused) = (0, 0);
    for case in cases.into_iter().filter(Value::is_object) {
        let case: Url = serde_json::from_value(case).expect("a case");
        let read = Domain::from_cell(&case.input).map(|reading| reading.domain.to_string());
        let host = case.hostname.strip_prefix("www.").unwrap_or(&case.hostname);
        let web = matches!(case.protocol.as_str(), "http:" | "https:" | "ftp:");
        match read {
            Ok(name) if !case.failure && name == host => agree += 1,
            Ok(_) if case.base.is_some() => rules.add("a relative URL is read as a cell by itself"),
            Ok(_) if case.failure => rules.add("failure"),
            Ok(name) => panic!("{:?}: {name}, not {host}", case.input),
            Err(_) if case.failure || !web => refused += 1,
            Err(error) => rules.add(stricter(&error.fault)),
        }
    }
    assert_eq!((agree, refused, rules.counts()), (0, 0, vec![]));
}
