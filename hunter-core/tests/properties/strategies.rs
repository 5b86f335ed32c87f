//! Generated facts, rule sets and observations, shared by the properties.

use std::sync::LazyLock;

use hunter_core::Observation;
use hunter_core::observation::{Answer, Outcome, RecordType, Signal};
use hunter_core::provider::Fingerprints;
use hunter_core::rules::{Mailbox, ReferralFacts, RuleSet, ScoreFacts};
use hunter_core::signals::DmarcSignal;
use hunter_core::vocabulary::{DmarcPolicy, ProviderClass, Segment};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use time::macros::datetime;
use toml::{Table, Value};

/// Facts of which about half are unknown.
pub(crate) fn score_facts() -> impl Strategy<Value = ScoreFacts> {
    let signal = || select(vec![Signal::Present, Signal::Missing, Signal::Unknown]);
    let mailbox = prop_oneof![
        4 => select(ProviderClass::ALL).prop_map(Mailbox::Class),
        4 => Just(Mailbox::Undetermined),
        1 => Just(Mailbox::None),
    ];
    let dmarc = prop_oneof![
        2 => Just(DmarcSignal::Unknown),
        1 => Just(DmarcSignal::Absent),
        3 => select(DmarcPolicy::ALL).prop_map(DmarcSignal::Policy),
    ];
    (mailbox, signal(), signal(), dmarc, signal()).prop_map(
        |(mailbox, spf, dkim, dmarc, many_includes)| ScoreFacts {
            mailbox,
            spf,
            dkim,
            dmarc,
            many_includes,
        },
    )
}

pub(crate) fn referral() -> impl Strategy<Value = ReferralFacts> {
    any::<(bool, bool)>().prop_map(|(tenant, co_sell)| ReferralFacts { tenant, co_sell })
}

/// Rule sets whose points have any sign, and whose segments follow no order of scores.
pub(crate) fn any_rules() -> impl Strategy<Value = RuleSet> {
    rules(-100..=100, -100..=100)
}

/// Rule sets in which what is there earns and what is missing or weak costs.
pub(crate) fn sane_rules() -> impl Strategy<Value = RuleSet> {
    rules(0..=40, -40..=0)
}

fn rules(
    signals: std::ops::RangeInclusive<i64>,
    risks: std::ops::RangeInclusive<i64>,
) -> impl Strategy<Value = RuleSet> {
    let points = (
        -20..=40_i64,
        prop::collection::vec(-20..=60_i64, ProviderClass::ALL.len()),
        prop::collection::vec(signals, 5),
        prop::collection::vec(risks, 6),
        -100..=100_i64,
    );
    (points, prop::collection::vec(segment_rule(), 0..6)).prop_map(|(points, segments)| {
        let (base, provider, signals, risks, co_sell) = points;
        let mut file: Table = RuleSet::builtin_text().parse().expect("TOML");
        let group = file["points"].as_table_mut().expect("points");
        group["base"] = base.into();
        for (name, values) in [("provider", provider), ("signals", signals), ("risks", risks)] {
            let rows = group[name].as_table_mut().expect("a group of points");
            assert_eq!(rows.len(), values.len(), "{name}");
            rows.iter_mut().zip(values).for_each(|((_, row), value)| *row = value.into());
        }
        file["referral"]["co_sell"] = co_sell.into();
        let last = Value::Table(Table::from_iter([("then".to_owned(), "Skip".into())]));
        file["segment"] = Value::Array(segments.into_iter().chain([last]).collect());
        RuleSet::from_toml("generated.toml", &file.to_string()).expect("a usable rule set")
    })
}

fn segment_rule() -> impl Strategy<Value = Value> {
    let classes = subsequence(ProviderClass::ALL, 1..=ProviderClass::ALL.len());
    (select(Segment::ALL), classes, 0..=100_i64, 0..=100_i64).prop_map(|(then, classes, a, b)| {
        let score = Table::from_iter([
            ("least".to_owned(), a.min(b).into()),
            ("most".to_owned(), a.max(b).into()),
        ]);
        let provider: Vec<Value> = classes.iter().map(|class| class.as_str().into()).collect();
        Value::Table(Table::from_iter([
            ("then".to_owned(), then.as_str().into()),
            ("provider".to_owned(), provider.into()),
            ("score".to_owned(), score.into()),
        ]))
    })
}

/// The domain of every [`observed`] observation: a subdomain, so that policies can be inherited.
pub(crate) const DOMAIN: &str = "a.ornek.com";

const NAMES: &[&str] = &[
    DOMAIN,
    "_dmarc.a.ornek.com",
    "_dmarc.ornek.com",
    "_domainkey.a.ornek.com",
    "s1._domainkey.a.ornek.com",
    "S1._domainkey.A.ornek.com",
    "s2._domainkey.a.ornek.com",
    "s2.example.net",
    "s3.example.net",
];

const EXCHANGERS: &[&str] = &[
    "10 aspmx.l.google.com",
    "10 ASPMX.L.google.com",
    "20 alt1.aspmx.l.google.com",
    "10 ornek-com.mail.protection.outlook.com",
    "10 mx1.ornek.iphmx.com",
    "5 a.natrohost.com",
    "5 b.kurumsaleposta.com",
    "10 mail.ornek.com",
    "10 mx.nobody.example",
    "0 .",
    "ten mail.ornek.com",
];

const TEXTS: &[&str] = &[
    "v=spf1 include:_spf.google.com ~all",
    "v=spf1 include:a.co include:b.co include:c.co include:d.co -all",
    "v=spf1 oops:x -all",
    "v=DKIM1; p=MIGf",
    "v=DKIM1; p=",
    "v=DMARC1; p=reject; sp=none",
    "v=DMARC1; p=quarantine; pct=20",
    "v=DMARC1; p=none; t=y",
    "v=DMARC1; pp=none",
    "MS=ms12345678",
];

/// What one observation holds, biased towards names, records and clashes that core looks at.
pub(crate) fn answers() -> impl Strategy<Value = Vec<Answer>> {
    let mail = (1..=2_usize).prop_flat_map(|count| {
        prop::collection::vec(
            outcome(EXCHANGERS).prop_map(|found| (DOMAIN, RecordType::Mx, found)),
            count,
        )
    });
    let text = (select(NAMES), outcome(TEXTS)).prop_map(|(name, out)| (name, RecordType::Txt, out));
    let alias = (select(NAMES), outcome(&NAMES[6..]))
        .prop_map(|(name, out)| (name, RecordType::Cname, out));
    let address = outcome(&["192.0.2.1"]).prop_map(|out| (DOMAIN, RecordType::A, out));
    let others = prop_oneof![6 => text, 2 => alias, 1 => address];
    (mail, prop::collection::vec(others, 0..12)).prop_map(|(mail, others)| {
        let answer = |(name, kind, outcome)| Answer::new(name, kind, outcome);
        mail.into_iter().chain(others).map(answer).collect()
    })
}

fn outcome(records: &'static [&'static str]) -> impl Strategy<Value = Outcome<Vec<String>>> {
    let found = prop::collection::vec(select(records).prop_map(str::to_owned), 1..4);
    let reason = || select(vec!["timeout".to_owned(), "servfail".to_owned()]);
    let rcode = select(vec![None, Some("NXDOMAIN".to_owned()), Some("NOERROR".to_owned())]);
    prop_oneof![
        6 => found.prop_map(Outcome::Found),
        3 => rcode.prop_map(|rcode| Outcome::Absent { rcode }),
        1 => reason().prop_map(|reason| Outcome::TempFail { reason }),
        1 => reason().prop_map(|reason| Outcome::PermFail { reason }),
        1 => reason().prop_map(|reason| Outcome::NotAsked { reason }),
    ]
}

/// An observation of [`DOMAIN`] with these answers.
pub(crate) fn observed(answers: Vec<Answer>) -> Observation {
    let domain = DOMAIN.parse().expect("a domain");
    Observation { answers, ..Observation::new(domain, datetime!(2026-11-24 09:30 UTC)) }
}

/// The built-in table, read once for all cases.
pub(crate) static TABLE: LazyLock<Fingerprints> = LazyLock::new(Fingerprints::builtin);

/// A host at, below or beside what the built-in table lists.
pub(crate) fn host() -> impl Strategy<Value = String> {
    let listed: Vec<String> = TABLE
        .providers()
        .iter()
        .flat_map(|provider| &provider.mx_suffix)
        .map(|sign| sign.value.as_str().replace('*', "eu"))
        .collect();
    assert!(listed.len() > 50, "the built-in table lists many hosts");
    let before = select(vec!["", "mx1.", "MX.", "x", "."]);
    (before, select(listed), any::<bool>()).prop_map(|(before, host, upper)| {
        let host = if upper { host.to_ascii_uppercase() } else { host };
        format!("{before}{host}")
    })
}
