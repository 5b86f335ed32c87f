//! Stored observations: what is written reads back, and nothing of it is lost.

use hunter_core::Observation;
use hunter_core::observation::{
    AddressFacts, Answer, Outcome, Probe, RecordType, Registration, RegistrationFacts,
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use time::{Date, OffsetDateTime, UtcOffset};

use crate::config;

fn text() -> impl Strategy<Value = String> {
    "[a-z0-9._-]{0,12}|(?s:.{0,12})"
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|n| json!(f64::from(n) / 8.0)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::hash_map(text(), inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Fields that no version knows yet.
fn extra() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::hash_map("x_[a-zé ]{0,6}", value(), 0..3)
        .prop_map(|map| map.into_iter().collect())
}

fn outcome<T: std::fmt::Debug + Clone>(
    found: impl Strategy<Value = T>,
) -> impl Strategy<Value = Outcome<T>> {
    prop_oneof![
        3 => found.prop_map(Outcome::Found),
        1 => option::of(select(vec!["NXDOMAIN".to_owned(), "NOERROR".to_owned()]))
            .prop_map(|rcode| Outcome::Absent { rcode }),
        1 => text().prop_map(|reason| Outcome::TempFail { reason }),
        1 => text().prop_map(|reason| Outcome::PermFail { reason }),
        1 => text().prop_map(|reason| Outcome::NotAsked { reason }),
    ]
}

fn answer() -> impl Strategy<Value = Answer> {
    let kind = prop_oneof![
        select(vec!["A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT", "TLSA"])
            .prop_map(RecordType::from),
        "[A-Z]{1,8}".prop_map(|mnemonic| RecordType::from(&*mnemonic)),
    ];
    let numbers = (option::of(any::<u32>()), option::of(any::<u32>()), option::of(any::<u64>()));
    let records = prop::collection::vec(text(), 1..4);
    (text(), kind, outcome(records), option::of(text()), numbers, extra()).prop_map(
        |(name, record_type, outcome, server, (ttl, attempts, ms), extra)| Answer {
            ttl,
            server,
            attempts,
            ms,
            extra,
            ..Answer::new(name, record_type, outcome)
        },
    )
}

fn date() -> impl Strategy<Value = Date> {
    (1..9999_i32, 1..=366_u16)
        .prop_filter_map("no such day", |(year, day)| Date::from_ordinal_date(year, day).ok())
}

fn registration() -> impl Strategy<Value = Registration> {
    let dates = (option::of(date()), option::of(date()), option::of(date()));
    let lists = (prop::collection::vec(text(), 0..3), prop::collection::vec(text(), 0..3));
    let facts = (option::of(text()), dates, lists, extra()).prop_map(
        |(registrar, (created, updated, expires), (nameservers, status), extra)| {
            RegistrationFacts { registrar, created, updated, expires, nameservers, status, extra }
        },
    );
    (outcome(facts), option::of(text()), option::of(text()))
        .prop_map(|(outcome, source, server)| Registration { outcome, source, server })
}

fn address() -> impl Strategy<Value = AddressFacts> {
    let texts = (option::of(text()), option::of(text()));
    (
        any::<std::net::IpAddr>(),
        text(),
        option::of(any::<u32>()),
        texts,
        any::<Option<bool>>(),
        extra(),
    )
        .prop_map(|(ip, source, asn, (asn_org, country), is_proxy, extra)| AddressFacts {
            ip,
            source,
            asn,
            asn_org,
            country,
            is_proxy,
            extra,
        })
}

/// A moment in any offset of whole minutes, as RFC 3339 writes it.
fn moment() -> impl Strategy<Value = OffsetDateTime> {
    (0..=4_000_000_000_i64, 0..1_000_000_000_i64, -720..=840_i32).prop_map(
        |(second, nano, offset)| {
            let offset = UtcOffset::from_whole_seconds(offset * 60).expect("less than a day");
            let second = OffsetDateTime::from_unix_timestamp(second).expect("before the year 9999");
            (second + time::Duration::nanoseconds(nano)).to_offset(offset)
        },
    )
}

fn observation() -> impl Strategy<Value = Observation> {
    let domain = select(vec!["ornek.com", "a.b.ornek.com.tr", "xn--rnek-5qa.com"]);
    let lists = (
        prop::collection::vec(answer(), 0..4),
        prop::collection::vec(address(), 0..3),
        prop::collection::btree_map(text(), outcome(extra()).prop_map(Probe), 0..3),
    );
    (domain, moment(), text(), lists, option::of(registration()), extra(), 0..=1_u32).prop_map(
        |(domain, at, profile, (answers, addresses, probes), registration, extra, v)| Observation {
            v,
            profile,
            answers,
            registration,
            addresses,
            probes,
            extra,
            ..Observation::new(domain.parse().expect("a domain"), at)
        },
    )
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn what_is_written_reads_back_as_it_was(observation in observation()) {
        let line = observation.to_json();
        prop_assert!(!line.contains('\n'));
        let read = Observation::from_json(&line);
        prop_assert_eq!(read.as_ref().map(Observation::to_json), Ok(line));
        prop_assert_eq!(read, Ok(observation));
    }

    #[test]
    fn what_another_version_wrote_is_kept(
        observation in observation(), extra in extra(), answer in answer(),
    ) {
        let mut json: Value = serde_json::from_str(&observation.to_json()).expect("JSON");
        let answer = serde_json::to_value(answer).expect("JSON");
        json["answers"].as_array_mut().expect("a list").push(answer);
        let objects = |json: &mut Value| {
            json.as_object_mut().expect("an object").extend(extra.clone());
        };
        json["answers"].as_array_mut().expect("a list").iter_mut().for_each(objects);
        objects(&mut json);
        let read = Observation::from_json(&json.to_string()).expect("an observation");
        let again: Value = serde_json::from_str(&read.to_json()).expect("JSON");
        prop_assert_eq!(again, json);
    }

    #[test]
    fn any_text_is_an_observation_or_a_coded_error(text in "(?s:.{0,60})") {
        if let Err(error) = Observation::from_json(&text) {
            prop_assert_eq!(error.code(), "observation_syntax");
        }
    }

    #[test]
    fn a_line_cut_short_is_refused(observation in observation(), at in any::<prop::sample::Index>()) {
        let line = observation.to_json();
        let ends: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
        let cut = &line[..*at.get(&ends)];
        let code = Observation::from_json(cut).map_err(|error| error.code());
        prop_assert_eq!(code, Err("observation_syntax"));
    }
}
