//! The readers of SPF, DMARC and DKIM side by side with those of mail-auth, over every such record of
//! the shared data. Where the two differ, a rule says why; a difference without a rule fails, and so
//! does a rule that no record needs.

use std::collections::BTreeMap;

use hunter_core::records::dkim::{DkimKey, DkimRecord};
use hunter_core::records::dmarc::{DmarcRecord, is_dmarc};
use hunter_core::records::spf::{SpfReading, is_spf};
use hunter_core::vocabulary::DmarcPolicy;
use hunter_tests::domains::{DOMAINS, Row};
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::dmarc::{Dmarc, Policy};
use mail_auth::spf::Spf;
use serde_json::Value;

/// Why two readers differ, and of which records that may be said: ours, mail-auth's, the record.
type Rule<T> = (&'static str, fn(&T, &T, &str) -> bool);

/// Every record of the shared data that begins like one of these.
fn records() -> Option<Vec<String>> {
    let mut records = Vec::new();
    let domains = std::fs::read_to_string(hunter_tests::shared(DOMAINS)?).expect("readable");
    for line in domains.lines() {
        let row: Row = serde_json::from_str(line).expect("a row");
        records.extend(row.spf);
    }
    let vectors = hunter_tests::shared("data/mailauth/record_vectors.jsonl")?;
    for line in std::fs::read_to_string(vectors).expect("readable").lines() {
        let row: Value = serde_json::from_str(line).expect("a row");
        records.extend(row["record"].as_str().map(str::to_owned));
    }
    let zones = hunter_tests::shared("data/mailauth/moj_mail_records.jsonl")?;
    for line in std::fs::read_to_string(zones).expect("readable").lines() {
        let row: Value = serde_json::from_str(line).expect("a row");
        let texts = row["values"].as_array().into_iter().flatten();
        records.extend(texts.filter_map(Value::as_str).map(str::to_owned));
    }
    records.sort_unstable();
    records.dedup();
    Some(records)
}

/// Compares what two readers say; every difference must follow one of the rules.
fn compare<T: PartialEq + std::fmt::Debug>(
    records: &[String],
    rules: &[Rule<T>],
    read: impl Fn(&str) -> Option<(T, T)>,
) -> usize {
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    let mut compared = 0;
    for record in records {
        let Some((ours, theirs)) = read(record) else { continue };
        compared += 1;
        if ours == theirs {
            continue;
        }
        match rules.iter().find(|(_, applies)| applies(&ours, &theirs, record)) {
            Some((why, _)) => *used.entry(why).or_default() += 1,
            None => unexplained.push(format!("{ours:?}, mail-auth {theirs:?}: {record}")),
        }
    }
    assert_eq!(unexplained, [""; 0], "{} differences without a rule", unexplained.len());
    let stale: Vec<&str> =
        rules.iter().map(|(why, _)| *why).filter(|why| !used.contains_key(why)).collect();
    assert_eq!(stale, [""; 0], "rules that no record needs");
    compared
}

#[test]
fn spf_is_valid_to_both_or_a_rule_says_why_not() {
    let Some(records) = records() else { return };
    let rules: [Rule<bool>; 2] = [
        // `ip4=` and `include=` have the form of a modifier, and modifiers that nobody knows are
        // ignored (RFC 7208 §6).
        ("mail-auth takes `ip4=` for a broken mechanism", |ours, _, text| {
            *ours && ["ip4=", "include="].iter().any(|word| text.contains(word))
        }),
        // A term that breaks the grammar is a permanent error (RFC 7208 §4.6).
        ("mail-auth passes over terms that it cannot read", |ours, theirs, _| !ours && *theirs),
    ];
    let compared = compare(&records, &rules, |text| {
        if !is_spf(text) {
            return None;
        }
        let ours = matches!(SpfReading::read(&[text]), SpfReading::Valid(_));
        Some((ours, Spf::parse(text.as_bytes()).is_ok()))
    });
    assert!(compared > 10_000, "{compared}");
}

#[test]
fn dmarc_policies_are_the_same_to_both_or_a_rule_says_why_not() {
    let Some(records) = records() else { return };
    let rules: [Rule<Option<(DmarcPolicy, bool)>>; 2] = [
        // Tags with a bad value are ignored, except the policies themselves (RFC 9989 §4.7).
        ("mail-auth refuses a record for `adkim`, `aspf` or `fo`", |ours, theirs, _| {
            ours.is_some() && theirs.is_none()
        }),
        // A tag that stands twice is a fault that no rule settles; the first one is the safer reading
        // of a record to which something was added.
        ("mail-auth believes the last of two policies", |_, _, text| {
            text.matches("p=").count() > 1
        }),
    ];
    let compared = compare(&records, &rules, |text| {
        let ours = DmarcRecord::read(text)?;
        let theirs = Dmarc::parse(text.as_bytes()).ok();
        let policy = |record: &Dmarc| match record.p {
            Policy::None => Some(DmarcPolicy::None),
            Policy::Quarantine => Some(DmarcPolicy::Quarantine),
            Policy::Reject => Some(DmarcPolicy::Reject),
            // mail-auth leaves it to the caller that reports alone mean `none` (RFC 9989 §4.7).
            Policy::Unspecified => (!record.rua.is_empty()).then_some(DmarcPolicy::None),
        };
        let ours = ours.ok().map(|record| (record.policy, record.testing));
        Some((ours, theirs.and_then(|record| Some((policy(&record)?, record.t)))))
    });
    assert!(compared > 100, "{compared}");
}

#[test]
fn dkim_keys_are_usable_to_both_or_a_rule_says_why_not() {
    let Some(records) = records() else { return };
    let rules: [Rule<bool>; 0] = [];
    let compared = compare(&records, &rules, |text| {
        if is_dmarc(text) {
            return None;
        }
        DkimRecord::read(text)?;
        let ours = matches!(DkimKey::read(text), DkimKey::Valid { .. });
        Some((ours, DomainKey::parse(text.as_bytes()).is_ok()))
    });
    assert!(compared > 20, "{compared}");
}
