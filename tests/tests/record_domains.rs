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
        DomainFault::LostSlashes(_) => "a scheme without its two slashes is refused",
        DomainFault::NoHost => "a relative URL has no host",
        DomainFault::Placeholder => "a fragment or a word that stands for nothing",
        DomainFault::NotAName => "blanks and control characters inside are refused",
        other => panic!("no rule for {other:?}"),
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
                let is_root = |code: &&str| matches!(*code, "A4_2" | "X4_2");
                if codes.iter().all(is_root) && source.ends_with(['.', '。', '．', '｡']) {
                    rules.add("the dot of the root is dropped");
                } else {
                    assert_eq!(status, "[V7]", "{source}: {name}");
                    rules.add("idna passes a code point that Unicode has not assigned");
                }
            }
            (Err(_), false) => refused += 1,
            (Err(fault), true) => rules.add(stricter(&fault)),
        }
    }
    let reviewed = [
        ("an ending with digits or hyphens is in no registry", 8),
        ("idna passes a code point that Unicode has not assigned", 4),
        ("one label is no company's domain", 94),
        ("the dot of the root is dropped", 17),
    ];
    assert_eq!((agree, refused), (291, 4092));
    assert_eq!(rules.counts(), reviewed);
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
    let reviewed = [
        // A-labels that decode to nothing valid, which a browser passes on in its lenient mode.
        ("UTS #46 strict refuses the label", 6),
        ("characters outside host names are refused", 1),
        ("empty labels are refused", 2),
        ("lengths are checked (VerifyDnsLength)", 5),
        ("misplaced hyphens are refused (CheckHyphens)", 9),
        ("one label is no company's domain", 6),
    ];
    assert_eq!((agree, refused), (20, 10));
    assert_eq!(rules.counts(), reviewed);
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
            Ok(_) if case.input == "mailto:example.com/" || case.input == "sc::a@example.net" => {
                rules.add("a scheme without a host: what follows is read as a cell");
            }
            Ok(name) => panic!("{:?}: {name}, not {host}", case.input),
            Err(_) if case.failure || !web => refused += 1,
            Err(error) => rules.add(stricter(&error.fault)),
        }
    }
    let reviewed = [
        ("UTS #46 strict refuses the label", 4),
        ("a fragment or a word that stands for nothing", 9),
        ("a relative URL has no host", 22),
        ("a relative URL is read as a cell by itself", 7),
        ("a scheme without a host: what follows is read as a cell", 2),
        ("a scheme without its two slashes is refused", 17),
        ("blanks and control characters inside are refused", 6),
        ("characters outside host names are refused", 5),
        ("empty labels are refused", 7),
        ("numbers and addresses are refused", 20),
        ("one label is no company's domain", 34),
    ];
    assert_eq!((agree, refused), (65, 431));
    assert_eq!(rules.counts(), reviewed);
}

#[derive(Deserialize)]
struct Mailbox {
    address: String,
    category: String,
    diagnosis: String,
}

/// isemail writes control characters as their pictures.
fn control(c: char) -> char {
    match u32::from(c) {
        picture @ 0x2400..=0x2420 => char::from_u32(picture - 0x2400).expect("a control character"),
        _ => c,
    }
}

/// isemail tells what RFC 5321 and 5322 allow; a list of contacts wants a mailbox at a company. An
/// address is taken where isemail calls it valid (or only misses DNS records for it) and its domain is
/// a company's, and refused where isemail calls it an error.
#[test]
fn addresses_agree_with_isemail_or_fall_under_a_rule() {
    let Some(path) = hunter_tests::shared("data/domains/isemail.jsonl") else { return };
    let text = std::fs::read_to_string(path).expect("readable");
    let domain: Domain = "ornek.com.tr".parse().expect("a domain");
    let mut rules = Rules::default();
    let (mut taken, mut refused) = (0, 0);
    for line in text.lines() {
        let case: Mailbox = serde_json::from_str(line).expect("a case");
        let given: String = case.address.chars().map(control).collect();
        let contacts = hunter_core::contacts::assess_contacts(&domain, &[&given]);
        let is_taken = contacts.rejected.is_empty();
        let plain = matches!(case.category.as_str(), "ISEMAIL_VALID_CATEGORY" | "ISEMAIL_DNSWARN");
        let host = given.rsplit_once('@').map_or("", |(_, host)| host);
        match (is_taken, plain) {
            (true, true) => taken += 1,
            (false, false) => refused += 1,
            (false, true) => match read(host) {
                Err(fault) => rules.add(stricter(&fault)),
                Ok(_) => panic!("{given:?} is refused: {}", case.diagnosis),
            },
            (true, false) => rules.add(match case.diagnosis.as_str() {
                _ if given.trim() != given && !given.trim().contains(char::is_control) => {
                    "blanks around an address are dropped"
                }
                "ISEMAIL_ERR_DOT_END" => "the dot of the root is dropped",
                "ISEMAIL_ERR_UNCLOSEDQUOTEDSTR" => "a quotation mark at the edge is dropped",
                "ISEMAIL_RFC5322_TOOLONG" => "the length of the whole is not checked",
                other => panic!("{given:?} is taken: {other}"),
            }),
        }
    }
    let reviewed = [
        ("UTS #46 strict refuses the label", 1),
        ("a quotation mark at the edge is dropped", 3),
        ("an ending with digits or hyphens is in no registry", 2),
        ("blanks around an address are dropped", 12),
        ("the dot of the root is dropped", 3),
        ("the length of the whole is not checked", 2),
    ];
    assert_eq!((taken, refused), (45, 244));
    assert_eq!(rules.counts(), reviewed);
}
