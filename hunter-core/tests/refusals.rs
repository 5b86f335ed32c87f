//! What is refused says so by a stable code, and names the place and what would do.

use std::collections::HashSet;

use hunter_core::contacts::choose_domain;
use hunter_core::error::CODES;
use hunter_core::provider::Fingerprints;
use hunter_core::rules::RuleSet;
use hunter_core::vocabulary::Segment;
use hunter_core::{Domain, Error, ErrorKind, Observation};

/// The built-in rules with one place changed.
fn rules(from: &str, to: &str) -> Error {
    let text = RuleSet::builtin_text();
    assert!(text.contains(from), "{from}");
    RuleSet::from_toml("r.toml", &text.replacen(from, to, 1)).expect_err("refused")
}

fn key(error: &Error) -> (Option<usize>, Option<&str>) {
    match error {
        Error::Data(error) => (error.line, error.key.as_deref()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_rule_set_is_refused_at_its_line_and_key() {
    for (from, to, code, at) in [
        ("version = \"classic-1\"", "version = \" \"", "data_value", "version"),
        ("M365 = 50", "M365 = 101", "data_value", "points.provider.M365"),
        ("M365 = 50", "M356 = 50", "data_value", "points.provider.M356"),
        ("M365 = 50\n", "", "data_missing_key", "points.provider.M365"),
        ("base = 0", "base = \"0\"", "data_value", "points.base"),
        ("co_sell = 15", "co_sell = 15\ncross_sell = 5", "data_unknown_key", "referral.cross_sell"),
        ("least_score = 55", "least_score = 155", "data_value", "referral.tenant.least_score"),
        ("then = \"Existing\"\n", "then = \"Exiting\"\n", "data_value", "segment[0].then"),
        ("P1 = \"High", "P7 = \"High", "data_value", "priority_labels.P7"),
        ("then = 7", "then = 8", "data_value", "priority_score[10].then"),
        ("provider = [\"M365\"]", "provider = []", "data_value", "segment[0].provider"),
        ("provider = [\"M365\"]\n", "", "data_value", "segment[0]"),
        ("score = { least = 60 }", "score = {}", "data_value", "segment[1].score"),
        ("{ least = 5, most = 59 }", "{ least = 59, most = 5 }", "data_value", "segment[2].score"),
        ("[[segment]]\nthen = \"Skip\"", "", "data_value", "segment[3]"),
        (
            "provider = [\"M365\"]",
            "provider = [\"M365\"]\nsegment = [\"Cold\"]",
            "data_value",
            "segment[0].segment",
        ),
    ] {
        let error = rules(from, to);
        let (line, key) = key(&error);
        assert_eq!((error.code(), key), (code, Some(at)), "{to}: {error}");
        assert!(line.is_some() || at == "version", "{to}: {error}");
        assert!(error.to_string().starts_with("r.toml"), "{error}");
    }
}

#[test]
fn a_list_without_rules_decides_nothing() {
    let mut file: toml::Table = RuleSet::builtin_text().parse().expect("TOML");
    file.insert("segment".into(), toml::Value::Array(Vec::new()));
    let error = RuleSet::from_toml("r.toml", &file.to_string()).expect_err("refused");
    assert_eq!(error.to_string(), "r.toml: `segment`: needs at least one rule");
}

#[test]
fn a_whole_table_is_no_number() {
    let error = rules("signals]\nspf = 10", "signals]\nspf = { points = 10 }");
    assert_eq!((error.code(), key(&error).1), ("data_value", Some("points.signals.spf")));
    let mut file: toml::Table = RuleSet::builtin_text().parse().expect("TOML");
    file["points"]["provider"] = 50.into();
    let error = RuleSet::from_toml("r.toml", &file.to_string()).expect_err("refused");
    assert!(error.to_string().contains("a table with M365, Google, "), "{error}");
}

fn table(providers: &str) -> Result<Fingerprints, Error> {
    let text = format!(
        r#"{{"format": 1, "title": "t", "built": "", "kinds": {{}}, "matching": {{}}, "confidence": {{}}, "version": "t-1", "sources": {{"seen": {{"what": "a list", "where": "https://example.net"}}}},
"providers": [{providers}], "dmarc_services": [], "txt_services": [], "dns_hosts": []}}"#
    );
    Fingerprints::from_json("f.json", &text)
}

#[test]
fn a_fingerprint_without_sign_or_source_is_refused() {
    let provider = |sign: &str| {
        format!(r#"{{"id": "ornek", "name": "Örnek", "kind": "suite", "mx_suffix": [{sign}]}}"#)
    };
    let known = table(&provider(r#"{"v": "mx.ornek.com", "c": "high", "s": ["seen"]}"#));
    let known = known.expect("a table");
    assert_eq!((known.version(), known.hash().len(), known.sources().len()), ("t-1", 16, 1));
    assert!(known.match_mx("a.mx.ornek.com").is_some());

    let error = table(&provider("")).expect_err("no sign");
    assert_eq!((error.code(), key(&error)), ("data_missing_key", (Some(2), Some("providers[0]"))));
    let error = table(&provider(r#"{"v": "mx.ornek.com", "c": "high", "s": []}"#));
    let error = error.expect_err("no source");
    assert_eq!(error.code(), "data_missing_key");
    assert!(error.to_string().contains("`mx.ornek.com` names no source"), "{error}");
    let error = table(&provider(r#"{"v": "ornek", "c": "high", "s": ["seen"]}"#));
    assert!(error.expect_err("one label").to_string().contains("two or more lower-case labels"));
    let text = r#"{"format": 2, "title": "t", "built": "", "kinds": {}, "matching": {}, "confidence": {}, "version": "t", "sources": {}, "providers": [], "dmarc_services": [], "txt_services": [], "dns_hosts": []}"#;
    let error = Fingerprints::from_json("f.json", text).expect_err("a newer format");
    assert_eq!(error.to_string(), "f.json: `format`: 2 is not 1, the only format known");
}

#[test]
fn every_fault_of_a_domain_tells_what_is_wrong() {
    let mut codes = HashSet::new();
    for (text, code, words) in [
        ("  ", "domain_empty", "the cell is empty"),
        ("nan", "domain_placeholder", "a placeholder"),
        ("192.0.2.1", "domain_ip_address", "an IP address"),
        ("20261124", "domain_number", "a number or a date"),
        ("ornek", "domain_single_label", "`.com.tr`, is missing"),
        ("ornek.com, ornek.net", "domain_several", "write one a row (saw ornek.com, ornek.net)"),
        ("Örnek Bilişim A.Ş. Ltd", "domain_not_a_name", "text with blanks"),
        ("tel://ornek.com", "domain_bad_scheme", "the scheme `tel` is not http"),
        ("http:ornek.com", "domain_bad_scheme", "`http:` is not followed by two slashes"),
        ("http:///yol", "domain_no_host", "without a host name"),
        ("ornek!.com", "domain_bad_character", "the character `!` cannot stand"),
        ("ornek.c0m", "domain_bad_ending", "no registry has the ending `.c0m`"),
        ("ornek..com", "domain_empty_label", "two dots in a row"),
        ("-ornek.com", "domain_hyphen", "the label `-ornek` begins or ends"),
        (
            "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz.com",
            "domain_too_long",
            "over 63 octets",
        ),
        ("xn--a.com", "domain_idna", "the label `xn--a` is not a valid international name"),
    ] {
        let error = Error::from(Domain::from_cell(text).expect_err(text));
        assert_eq!((error.code(), error.kind()), (code, ErrorKind::Domain), "{text}: {error}");
        assert!(error.to_string().contains(words), "{text}: {error}");
        codes.insert(code);
    }
    let known = CODES.iter().map(|row| row.code).filter(|code| code.starts_with("domain_"));
    let left: Vec<_> = known.filter(|code| !codes.contains(code)).collect();
    assert_eq!(left, ["domain_free_mail"], "a fault that no text above shows");
}

#[test]
fn every_error_has_its_kind_and_none_is_worth_a_retry() {
    let observation = |text: &str| Observation::from_json(text).expect_err("refused");
    let newer = r#"{"v":9,"domain":"ornek.com","observed_at":"2026-11-24T09:30:00Z"}"#;
    let errors = [
        (rules("base = 0", "base = 999"), ErrorKind::Data, "data_value"),
        (observation("{"), ErrorKind::Observation, "observation_syntax"),
        (observation(newer), ErrorKind::Observation, "observation_version"),
        (
            "Lukewarm".parse::<Segment>().expect_err("no such word"),
            ErrorKind::Argument,
            "unknown_word",
        ),
        (
            choose_domain(None, None, Some("a@gmail.com")).expect_err("free mail").into(),
            ErrorKind::Argument,
            "domain_free_mail",
        ),
    ];
    for (error, kind, code) in errors {
        assert_eq!((error.kind(), error.code()), (kind, code), "{error}");
        assert!(!error.is_retryable());
        assert!(CODES.iter().any(|row| row.code == code), "{code} is in no table");
    }
}
