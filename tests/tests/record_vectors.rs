//! Records of others' tests and of a real government's zones against the readers of DMARC, SPF, DKIM,
//! BIMI, MTA-STS and TLS-RPT: each agrees with what its source says of it, or stands in a reviewed
//! list with the reason. An entry that no longer differs fails the test.

use std::collections::BTreeMap;

use hunter_core::provider::Fingerprints;
use hunter_core::records::dmarc::{DmarcReading, DmarcRecord, DmarcTags, Psd};
use hunter_core::records::verification::{MicrosoftProof, Verification};
use hunter_core::records::{
    Effect, Finding, FindingKind, bimi, dkim, dmarc, mta_sts, mx, spf, tls_rpt,
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Vector {
    suite: String,
    record: String,
    #[serde(default)]
    test: String,
    #[serde(default)]
    expected: Value,
}

/// What a reader says of a text, in three degrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// No record of that kind.
    None,
    /// A record that receivers do not use.
    Void,
    /// A record with a part that receivers ignore.
    Ignored,
    /// Nothing but advice.
    Clean,
}

fn worst<K: FindingKind>(is_record: bool, findings: &[Finding<'_, K>]) -> Said {
    if !is_record {
        return Said::None;
    }
    match findings.iter().map(Finding::effect).min() {
        Some(Effect::Void) => Said::Void,
        Some(Effect::Ignored) => Said::Ignored,
        Some(Effect::Advice) | None => Said::Clean,
    }
}

fn say(suite: &str, text: &str) -> Said {
    let texts = [text];
    if suite.contains("test_spf") || suite.ends_with("Spf") || text.starts_with("v=spf1") {
        worst(spf::is_spf(text), &spf::findings(&texts))
    } else if suite.contains("bimi") || text.starts_with("v=BIMI") || text.starts_with("V=BIMI") {
        worst(bimi::is_bimi(text), &bimi::findings(&texts))
    } else if suite.contains("mta_sts") {
        worst(mta_sts::is_sts(text), &mta_sts::findings(&texts))
    } else if suite.contains("smtp_tls") {
        worst(tls_rpt::is_tls_rpt(text), &tls_rpt::findings(&texts))
    } else {
        worst(dmarc::is_dmarc(text), &dmarc::findings(&texts))
    }
}

/// Vectors that differ from what their source expects, by suite, test and record.
const REVIEWED: &[(&str, &str, &str, &str)] = &[
    (
        "OpenDMARC",
        "",
        "v=DMARC1; p=n;",
        "OpenDMARC takes the beginning of a word for the word; RFC 9989 §4.8 does not",
    ),
    (
        "checkdmarc:test_dmarc.py",
        "testDMARCMultipleRecords",
        "v=DMARC1; p=reject",
        "two records together; see `two_records_are_void_together`",
    ),
    ("checkdmarc:test_dmarc.py", "testDMARCMultipleRecords", "v=DMARC1; p=none", "as above"),
    (
        "checkdmarc:test_dmarc.py",
        "testDMARCUnrelatedRecords",
        "v=DMARC1; p=reject",
        "another text beside it; RFC 9989 §4.10 discards those",
    ),
    (
        "checkdmarc:test_dmarc.py",
        "testApexFallbackWrongLocation",
        "v=DMARC1; p=reject",
        "stands at the domain instead of `_dmarc`",
    ),
    (
        "checkdmarc:test_dmarc.py",
        "testWildcardFound",
        "v=DMARC1",
        "permission for reports from other domains (RFC 9990 §4), not a policy",
    ),
    ("checkdmarc:test_dmarc.py", "testUnrelatedRecordIgnored", "v=DMARC1", "as above"),
    ("checkdmarc:test_dmarc.py", "testSpecificAuthorizationRecordFound", "v=DMARC1", "as above"),
    (
        "checkdmarc:test_dmarc.py",
        "testDMARCSPFInDMARC",
        "v=spf1 include:example.com -all",
        "an SPF record under `_dmarc`; this reader of records takes it for what it is",
    ),
    (
        "checkdmarc:test_spf.py",
        "testTooManySPFVoidDNSLookups",
        "v=spf1 a:13Mk4olS9VWhQqXRl90fKJrD.example.com mx:SfGiqBnQfRbOMapQJhozxo2B.example.com a:VAFeyU9N2KJX518aGsN3w6VS.example.com ~all",
        "a limit over answers; `SpfTree` counts those",
    ),
    (
        "checkdmarc:test_spf.py",
        "testTooManySPFVoidDNSLookupsMocked",
        "v=spf1 a:13Mk4olS9VWhQqXRl90fKJrD.example.com mx:SfGiqBnQfRbOMapQJhozxo2B.example.com a:VAFeyU9N2KJX518aGsN3w6VS.example.com ~all",
        "as above",
    ),
    (
        "checkdmarc:test_spf.py",
        "testSPFIncludeLoop",
        "v=spf1 include:example.com",
        "a loop over answers; `SpfTree` finds those",
    ),
    (
        "checkdmarc:test_spf.py",
        "testSPFMultipleRecords",
        "v=spf1 +all",
        "two records together; see `two_records_are_void_together`",
    ),
    (
        "checkdmarc:test_spf.py",
        "testTooManySPFDNSLookupsMocked",
        "v=spf1 a a a ~all",
        "the test lowers the limit to two",
    ),
    (
        "checkdmarc:test_spf.py",
        "testTextAfterExpValueWarns",
        "v=spf1 -all exp=exp.example extra",
        "checkdmarc warns of a word that RFC 7208 §4.6 has end in a permanent error",
    ),
    (
        "checkdmarc:test_spf.py",
        "testTooManyMxRecords",
        "v=spf1 mx -all",
        "a limit over answers; `SpfTree` counts those",
    ),
    ("checkdmarc:test_spf.py", "testMxHostMissingARecords", "v=spf1 mx -all", "as above"),
    (
        "checkdmarc:test_bimi.py",
        "testMultipleRecordsPropagates",
        "v=BIMI1; l=",
        "two records together; see `two_records_are_void_together`",
    ),
    (
        "checkdmarc:test_bimi.py",
        "testUnrelatedRecordPropagates",
        "v=BIMI1; l=",
        "another text beside it",
    ),
    (
        "checkdmarc:test_bimi.py",
        "testWrongLocationPropagates",
        "v=BIMI1; l=",
        "stands at the domain instead of `default._bimi`",
    ),
    (
        "checkdmarc:test_bimi.py",
        "testApexNXDOMAINRaises",
        "v=BIMI1; l=",
        "the domain does not exist",
    ),
];

#[test]
fn records_of_other_projects_agree_with_what_they_state() {
    let Some(path) = hunter_tests::shared("data/mailauth/record_vectors.jsonl") else { return };
    let text = std::fs::read_to_string(path).expect("readable");
    let mut differing = Vec::new();
    let (mut stated, mut silent) = (0, 0);
    for line in text.lines() {
        let vector: Vector = serde_json::from_str(line).expect("a vector");
        // The quotation marks of the source's own string literals.
        let record = vector.record.trim_matches('"');
        let said = say(&vector.suite, record);
        let agrees = match &vector.expected {
            Value::String(word) => match word.as_str() {
                "DMARC_PARSE_OKAY" => matches!(said, Said::Clean | Said::Ignored),
                "DMARC_PARSE_ERROR_EMPTY" => said == Said::None,
                "DMARC_PARSE_ERROR_BAD_VALUE" => matches!(said, Said::Void | Said::Ignored),
                word if word.starts_with("recoverable") => {
                    matches!(DmarcRecord::read(record), Some(Ok(_)))
                }
                "see test name" => matches!(said, Said::Clean | Said::Ignored),
                other => panic!("an expectation that nobody reads: {other}"),
            },
            Value::Object(object) if object.contains_key("raises") => said != Said::Clean,
            Value::Object(object) => dmarc_agrees(record, object),
            _ => {
                silent += 1;
                continue;
            }
        };
        stated += 1;
        if !agrees {
            differing.push((vector.suite.clone(), vector.test.clone(), record.to_owned(), said));
        }
    }
    assert!(stated > 170 && silent > 100, "{stated} stated, {silent} silent");
    let is_same = |a: &(String, String, String, Said), b: &(&str, &str, &str, &str)| {
        (a.0.as_str(), a.1.as_str(), a.2.as_str()) == (b.0, b.1, b.2)
    };
    let new: Vec<_> =
        differing.iter().filter(|d| !REVIEWED.iter().any(|r| is_same(d, r))).collect();
    let stale: Vec<_> =
        REVIEWED.iter().filter(|r| !differing.iter().any(|d| is_same(d, r))).collect();
    assert!(new.is_empty() && stale.is_empty(), "new: {new:#?}\nstale: {stale:#?}");
}

/// The values that mail-auth reads. Where a tag is not given it fills in what `p` and `sp` say.
fn dmarc_agrees(text: &str, expected: &serde_json::Map<String, Value>) -> bool {
    let tags = DmarcTags::read(text).expect("a DMARC record");
    let record = tags.record.expect("valid");
    let word = |key: &str| expected[key].as_str().expect("a word").to_ascii_lowercase();
    let below = record.subdomain_policy.unwrap_or(record.policy);
    let options = tags.failure_options;
    let fo = match (options.any, options.dkim, options.spf) {
        (false, false, false) => "all",
        (true, ..) => "any",
        (false, true, true) => "dkimspf",
        (false, true, false) => "dkim",
        (false, false, true) => "spf",
    };
    let psd = match record.psd {
        Psd::Yes => "yes",
        Psd::No => "no",
        Psd::Default => "default",
    };
    let uris = |key: &str| -> Vec<String> {
        let list = expected[key].as_array().expect("a list");
        list.iter().map(|to| to["uri"].as_str().expect("a URI").to_owned()).collect()
    };
    let addresses = |list: &[dmarc::Destination<'_>]| -> Vec<String> {
        list.iter().filter_map(dmarc::Destination::address).map(|a| a.replace("%20", "")).collect()
    };
    let alignment = |a: dmarc::Alignment| format!("{a:?}").to_ascii_lowercase();
    alignment(tags.dkim_alignment) == word("adkim")
        && alignment(tags.spf_alignment) == word("aspf")
        && fo == word("fo")
        && psd == word("psd")
        && record.policy.as_str() == word("p")
        && below.as_str() == word("sp")
        && record.non_existent_policy.unwrap_or(below).as_str() == word("np")
        && Some(record.testing) == expected["t"].as_bool()
        && addresses(&tags.aggregate_reports) == uris("rua")
        && addresses(&tags.failure_reports) == uris("ruf")
}

#[derive(Deserialize)]
struct ZoneRecord {
    zone: String,
    name: String,
    #[serde(rename = "type")]
    record_type: String,
    values: Vec<Value>,
}

#[test]
fn the_records_of_real_zones_are_read() {
    let Some(path) = hunter_tests::shared("data/mailauth/moj_mail_records.jsonl") else { return };
    let text = std::fs::read_to_string(path).expect("readable");
    let table = Fingerprints::builtin();
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for line in text.lines() {
        let row: ZoneRecord = serde_json::from_str(line).expect("a record");
        let at = format!("{}.{}", row.name, row.zone);
        let mut note = |code: &'static str| *codes.entry(code.to_owned()).or_default() += 1;
        if row.record_type == "MX" {
            let records: Vec<String> = row
                .values
                .iter()
                .map(|value| {
                    format!(
                        "{} {}",
                        value["preference"],
                        value["exchange"].as_str().expect("a host")
                    )
                })
                .collect();
            let read = mx::MailExchangers::read(&records);
            assert!(read.null_mx || !read.hosts.is_empty(), "{at}");
            for finding in mx::findings(&records) {
                note(finding.code());
            }
            *seen.entry("mx").or_default() += 1;
            continue;
        }
        if row.record_type != "TXT" {
            continue;
        }
        let texts: Vec<&str> = row.values.iter().map(|v| v.as_str().expect("text")).collect();
        let first = row.name.split('.').next().unwrap_or_default();
        if first == "_dmarc" {
            *seen.entry("dmarc").or_default() += 1;
            for finding in dmarc::findings(&texts) {
                note(finding.code());
            }
            let valid = matches!(DmarcReading::read(&texts), DmarcReading::Valid(..));
            assert_eq!(valid, !texts[0].starts_with("nv="), "{at}: {texts:?}");
        } else if row.name.contains("_domainkey") {
            let looks_like_a_key = texts.iter().any(|text| text.contains("p="));
            let records: Vec<_> =
                texts.iter().filter_map(|text| dkim::DkimRecord::read(text)).collect();
            *seen.entry("dkim").or_default() += usize::from(looks_like_a_key);
            for finding in dkim::findings(&texts) {
                note(finding.code());
            }
            let key = dkim::DkimKey::read_all(&texts);
            // The cheap reading and the full one agree on what is a key.
            for record in &records {
                let usable = matches!(
                    record.key,
                    Some(dkim::KeyMaterial::Rsa { bits: 1024.. } | dkim::KeyMaterial::Ed25519)
                );
                let cheap = matches!(dkim::DkimKey::read(record.text), dkim::DkimKey::Valid { .. });
                assert_eq!(usable, cheap, "{at}: {}", record.text);
            }
            if !looks_like_a_key {
                assert_eq!(key, dkim::DkimKey::NotAKey, "{at}: {texts:?}");
            }
        } else if first == "_mta-sts" {
            *seen.entry("sts").or_default() += 1;
            assert!(mta_sts::policy_id(&texts).is_some(), "{at}: {texts:?}");
            for finding in mta_sts::findings(&texts) {
                note(finding.code());
            }
        } else if row.name.starts_with("_smtp._tls") {
            *seen.entry("tlsrpt").or_default() += 1;
            assert!(!tls_rpt::destinations(&texts).is_empty(), "{at}: {texts:?}");
            for finding in tls_rpt::findings(&texts) {
                note(finding.code());
            }
        } else {
            for text in &texts {
                *seen.entry("spf").or_default() += usize::from(spf::is_spf(text));
                if let Some(proof) = Verification::read(&table, text) {
                    *seen.entry("proof").or_default() += 1;
                    if proof.service.token == "MS=" {
                        let digits = text.len() < 20;
                        let expected = if digits {
                            MicrosoftProof::Digits
                        } else {
                            MicrosoftProof::Hexadecimal
                        };
                        assert_eq!(proof.microsoft(), Some(expected), "{at}: {text}");
                    }
                }
            }
            for finding in spf::findings(&texts) {
                note(finding.code());
            }
        }
    }
    let codes: Vec<(&str, usize)> = codes.iter().map(|(code, n)| (code.as_str(), *n)).collect();
    let counts = [
        ("dkim", 233),
        ("dmarc", 256),
        ("mx", 248),
        ("proof", 68),
        ("spf", 234),
        ("sts", 19),
        ("tlsrpt", 25),
    ];
    assert_eq!(seen, BTreeMap::from(counts));
    // Reviewed: each is what the record shows, and nothing else deserves a word.
    let reviewed = [
        ("dkim_no_key", 1),
        ("dkim_not_base64", 4),
        ("dkim_revoked", 206),
        ("dkim_unknown_tag", 3),
        ("dkim_weak_key", 21),
        ("dmarc_fo_without_ruf", 1),
        ("dmarc_many_destinations", 2),
        ("dmarc_no_reports", 3),
        ("dmarc_policy_none", 13),
        ("dmarc_removed_tag", 4),
        ("dmarc_weaker_below", 1),
    ];
    assert_eq!(codes, reviewed);
}

#[test]
fn two_records_are_void_together() {
    let dmarc = ["v=DMARC1; p=reject", "v=DMARC1; p=none"];
    assert_eq!(worst(true, &dmarc::findings(&dmarc)), Said::Void);
    let spf = ["v=spf1 +all", "v=spf1 -all"];
    assert_eq!(worst(true, &spf::findings(&spf)), Said::Void);
    let bimi = ["v=BIMI1; l=", "v=BIMI1; l=; a="];
    assert_eq!(worst(true, &bimi::findings(&bimi)), Said::Void);
}
