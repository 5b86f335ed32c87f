//! The golden vectors of the sales tables: every line of three files.

use hunter_core::Engine;
use hunter_core::operations::Hunter;
use hunter_core::sales::{SalesEngine, SalesSummary};
use serde_json::{Value, json};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2026-11-24 09:30 UTC);

fn vectors(text: &str) -> Vec<Value> {
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect();
    assert!(!lines.is_empty(), "no vectors were read");
    lines
}

/// The vector's lead as fields of a lead row, which differ where the vector counts from today or names a
/// group of fields.
fn row(input: &Value) -> Value {
    let mut row = input.as_object().expect("an object").clone();
    row.remove("tuning_factor");
    row.entry("domain").or_insert(json!("example.com"));
    if let Some(days) = row.remove("expires_in_days").and_then(|days| days.as_i64()) {
        row.insert("expires_at".into(), json!((NOW.date() + Duration::days(days)).to_string()));
    }
    if let Some(Value::Object(context)) = row.remove("ip_context") {
        row.extend(context);
    }
    row.into()
}

fn hunter(tuning_factor: f64) -> Hunter {
    let sales = SalesEngine::builder().tuning_factor(tuning_factor).build().expect("an engine");
    Hunter::new(Engine::builtin(), sales)
}

fn summary(hunter: &Hunter, row: &Value, locale: &str) -> SalesSummary {
    let request = json!({"assessment": row, "locale": locale});
    let request = serde_json::from_value(request).unwrap_or_else(|e| panic!("{e}: {row}"));
    hunter.sales_summary(&request, NOW).expect("a summary")
}

/// Everything that the vector lists, in the vector's own form.
fn listed(summary: &SalesSummary) -> Value {
    let value = serde_json::to_value(summary).expect("a summary is JSON");
    let mut offer = value["offer_tier"].clone();
    let offer_fields = offer.as_object_mut().expect("an object");
    offer_fields.remove("recommendation");
    offer_fields.remove("price_list");
    let step = &value["next_step"];
    let factors: Vec<Value> = value["opportunity_rationale"]["factors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|factor| json!([factor["name"], factor["weight"], factor["raw"], factor["score"]]))
        .collect();
    json!({
        "offer_tier": offer,
        "opportunity_potential": value["opportunity_potential"],
        "rationale_total": value["opportunity_rationale"]["total"],
        "rationale_factors": factors,
        "urgency": value["urgency"],
        "risk_level": value["security_reasoning"]["risk_level"],
        "next_step": {
            "action": step["action"], "timeline": step["timeline"], "priority": step["priority"],
        },
    })
}

#[test]
fn sales_vectors_hold_in_every_language() {
    for vector in vectors(include_str!("../../tests/vectors/sales.jsonl")) {
        let hunter = hunter(vector["in"]["tuning_factor"].as_f64().expect("a factor"));
        for locale in ["tr", "en"] {
            let found = listed(&summary(&hunter, &row(&vector["in"]), locale));
            for (field, value) in found.as_object().expect("an object") {
                assert_eq!(*value, vector[field], "{field} of {}", vector["in"]);
            }
        }
    }
}

#[test]
fn potentials_hold_for_every_tuning_factor() {
    let hunters = [("tf1.0", hunter(1.0)), ("tf0.9", hunter(0.9)), ("tf1.1", hunter(1.1))];
    for vector in vectors(include_str!("../../tests/vectors/sales.jsonl")) {
        let with_contacts = row(&vector["in"]);
        let mut without = with_contacts.clone();
        without["contact_quality_score"] = Value::Null;
        for (name, hunter) in &hunters {
            for (row, key) in
                [(&without, (*name).to_owned()), (&with_contacts, format!("{name}_cqs"))]
            {
                let found = summary(hunter, row, "tr");
                let expected = &vector["potential"][&key];
                assert_eq!(json!(found.opportunity_potential), *expected, "{key} of {vector}");
            }
        }
    }
}

#[test]
fn security_vectors_hold() {
    let hunter = Hunter::builtin();
    for vector in vectors(include_str!("../../tests/vectors/security.jsonl")) {
        let found = summary(&hunter, &row(&vector["in"]), "tr");
        let risk = found.security_reasoning.expect("signals are known").risk_level;
        assert_eq!(json!(risk), vector["risk_level"], "{}", vector["in"]);
    }
}

#[test]
fn next_step_vectors_hold() {
    let hunter = Hunter::builtin();
    for mut vector in vectors(include_str!("../../tests/vectors/next_step.jsonl")) {
        let input = vector.as_object_mut().and_then(|v| v.remove("in")).expect("arguments");
        let request = serde_json::from_value(input.clone()).expect("a request");
        let found = hunter.next_step(&request).expect("a step");
        assert_eq!(json!(found), vector, "{input}");
    }
}
