//! What the operations promise beside the vectors: a row handed back says what its assessment says, and
//! hosts that hand over JSON get what hosts get that hold the values.

use hunter_core::operations::{Hunter, OPERATIONS};
use hunter_core::{Assessment, Lead, Observation};
use proptest::prelude::*;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-24 09:30 UTC);

/// Observations in which every part of the row that a summary reads differs.
fn observations() -> Vec<Observation> {
    let found = |name: &str, kind: &str, records: Value| json!({"name": name, "type": kind, "state": "found", "records": records});
    let mx = |host: &str| found("ornek.com", "MX", json!([format!("10 {host}")]));
    let absent = |kind: &str| json!({"name": "ornek.com", "type": kind, "state": "absent"});
    let failed =
        json!({"name": "ornek.com", "type": "MX", "state": "temp_fail", "reason": "timeout"});
    let spf = |text: &str| found("ornek.com", "TXT", json!([text]));
    let dmarc = |text: &str| found("_dmarc.ornek.com", "TXT", json!([text]));
    let no_key = json!({"name": "google._domainkey.ornek.com", "type": "TXT", "state": "absent"});
    let nothing = json!({"name": "_domainkey.ornek.com", "type": "TXT", "state": "absent", "rcode": "NXDOMAIN"});
    let answers = [
        vec![],
        vec![failed],
        vec![absent("MX")],
        vec![mx("."), dmarc("v=DMARC1; p=reject")],
        vec![found("ornek.com", "MX", json!(["0 ."]))],
        vec![mx("mail.ornek.com"), spf("v=spf1 moo -all"), nothing],
        vec![mx("a.natrohost.com"), spf("v=spf1 -all"), no_key],
        vec![mx("mx1.ornek.iphmx.com"), dmarc("v=DMARC1; p=reject; t=y")],
        vec![
            mx("ornek-com.mail.protection.outlook.com"),
            found("ornek.com", "TXT", json!(["v=spf1 mx -all", "v=spf1 -all"])),
            found("selector1._domainkey.ornek.com", "TXT", json!(["v=DKIM1; p=MIGf"])),
            dmarc("v=DMARC1; p=quarantine; pct=20"),
        ],
    ];
    let observation = |answers: &Vec<Value>| {
        let text = json!({
            "v": 1, "domain": "ornek.com", "observed_at": "2026-11-24T09:30:00Z", "answers": answers,
            "registration": {"state": "found", "registrar": "R", "expires": "2026-12-20", "nameservers": ["ns1.r.net"]},
        });
        Observation::from_json(&text.to_string()).expect("well-formed")
    };
    answers.iter().map(observation).collect()
}

fn leads() -> [Lead; 2] {
    let tenant = Lead {
        company: Some("Örnek A.Ş.".into()),
        seats: Some(60),
        azure_tenant_id: Some("t".into()),
        contact_emails: vec!["info@ornek.com".into()],
        ..Lead::default()
    };
    [Lead::default(), tenant]
}

fn assessments(hunter: &Hunter) -> Vec<(Assessment, Lead)> {
    let observations = observations();
    let pairs = observations.iter().flat_map(|seen| leads().map(|lead| (seen, lead)));
    pairs.map(|(seen, lead)| (hunter.assess_observation(seen, &lead, None), lead)).collect()
}

#[test]
fn a_row_handed_back_says_what_its_assessment_says() {
    let hunter = Hunter::builtin();
    for (assessment, lead) in assessments(&hunter) {
        for locale in ["tr", "en"] {
            let by_value = hunter.sales_summary_of(&assessment, &lead, locale, None, NOW);
            let request = json!({"assessment": assessment, "lead": lead, "locale": locale});
            let by_row =
                hunter.call("sales_summary", &request.to_string(), NOW).expect("a summary");
            let by_row: Value = serde_json::from_str(&by_row).expect("JSON");
            assert_eq!(by_row, json!(by_value.expect("a summary")), "{request}");
        }
    }
}

#[test]
fn rows_of_one_scan_do_not_differ() {
    let hunter = Hunter::builtin();
    let rows = assessments(&hunter);
    for (row, _) in &rows {
        let request = json!({"before": row, "after": row});
        let answer = hunter.call("diff", &request.to_string(), NOW).expect("rows compare");
        assert_eq!(answer, r#"{"changes":[]}"#);
    }
    let request = json!({"before": rows[4].0, "after": rows[14].0});
    let answer = hunter.call("diff", &request.to_string(), NOW).expect("rows compare");
    assert!(
        answer.contains(r#""kind":"mx_changed","before":"missing","after":"iphmx.com""#),
        "{answer}"
    );
}

#[test]
fn explain_joins_row_script_and_open_questions() {
    let hunter = Hunter::builtin();
    let request = json!({"observation": observations()[1], "locale": "en", "today": "2026-11-30"});
    let answer = hunter.call("explain", &request.to_string(), NOW).expect("an explanation");
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!(answer["lead"]["scan_status"], "dns_failed");
    assert_eq!(
        answer["unanswered"],
        json!([{"name": "ornek.com", "record_type": "MX", "reason": "timeout"}])
    );
    assert_eq!(answer["sales"]["metadata"]["generated_at"], "2026-11-30T00:00:00Z");
    let script = answer["script"].as_str().expect("a text");
    assert!(script.starts_with(answer["sales"]["one_liner"].as_str().expect("a text")));
}

#[test]
fn a_newer_format_is_refused_by_its_code() {
    let hunter = Hunter::builtin();
    for (v, code) in [("9", "observation_version"), ("\"x\"", "observation_syntax")] {
        let request = format!(
            r#"{{"observation":{{"v":{v},"domain":"ornek.com","observed_at":"2026-11-24T09:30:00Z"}}}}"#
        );
        for operation in ["assess", "explain"] {
            let error = hunter.call(operation, &request, NOW).expect_err("refused");
            assert_eq!(error.code(), code, "{operation}");
        }
    }
}

/// What callers hand over by mistake.
fn odd_values() -> impl Strategy<Value = Value> {
    let texts = [
        "",
        " ",
        "nan",
        "Google",
        "Migration",
        "high",
        "tr",
        "2026-11-24",
        "-0001-01-01",
        "9999-12-31",
        "ornek.com.tr",
        "v=spf1 -all",
        "{}",
        "{\"a\": 1e999}",
        "İ",
        "\u{0}",
        "2026-11-24T09:30:00Z",
        "-9999-01-01",
        "answered",
        "no_mail",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0_u8..=101).prop_map(Value::from),
        prop::sample::select(texts.to_vec()).prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    let names = prop::sample::select(vec![
        "domain",
        "provider",
        "segment",
        "readiness_score",
        "spf",
        "dmarc",
        "dmarc_policy",
        "scanned_at",
        "expires_at",
        "basis",
        "mx_root",
        "findings",
        "scan_status",
        "v",
        "observed_at",
        "answers",
    ]);
    leaf.prop_recursive(3, 12, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names.clone().prop_map(str::to_owned), inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_value_in_any_argument_is_answered_or_refused(
        nth in 0..OPERATIONS.len(),
        argument in any::<prop::sample::Index>(),
        value in odd_values(),
    ) {
        let operation = &OPERATIONS[nth];
        let mut request: Value = serde_json::from_str(operation.example).expect("an object");
        let argument = operation.arguments[argument.index(operation.arguments.len())];
        request[argument.name] = value;
        match Hunter::builtin().call(operation.name, &request.to_string(), NOW) {
            Ok(answer) => prop_assert!(serde_json::from_str::<Value>(&answer).is_ok_and(|a| a.is_object())),
            Err(error) => {
                let listed = |code: &&str| match code.strip_suffix('*') {
                    Some(front) => error.code().starts_with(front),
                    None => error.code() == *code,
                };
                let is_listed = operation.errors.iter().any(listed);
                prop_assert!(is_listed || error.code() == "argument_invalid", "{}: {error}", operation.name);
            }
        }
    }

    #[test]
    fn any_text_is_answered_or_refused(nth in 0..OPERATIONS.len(), text in "(?s:.{0,40})") {
        prop_assert!(Hunter::builtin().call(OPERATIONS[nth].name, &text, NOW).is_err());
    }
}
