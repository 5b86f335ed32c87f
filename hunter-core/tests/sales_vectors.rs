//! The golden vectors of the sales tables: every line of three files.

use hunter_core::observation::Signal;
use hunter_core::sales::{Figures, MailStatus, SalesEngine, SalesFacts, SalesSummary};
use hunter_core::signals::DmarcSignal;
use hunter_core::vocabulary::DmarcPolicy;
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

fn byte(value: &Value) -> Option<u8> {
    value.as_u64().map(|number| u8::try_from(number).expect("a number up to 255"))
}

fn word<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).expect("a known word or null")
}

fn dmarc(value: &Value) -> DmarcSignal {
    value.as_str().map_or(DmarcSignal::Absent, |policy| {
        DmarcSignal::Policy(DmarcPolicy::from_word(policy).expect("a policy"))
    })
}

fn facts(input: &Value) -> SalesFacts {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let context = &input["ip_context"];
    let mx_host = text(&input["mx_root"]).map(|root| format!("mx.{root}"));
    SalesFacts {
        status: if mx_host.is_some() { MailStatus::Mail } else { MailStatus::Unknown },
        listed: mx_host.is_some(),
        mx_host,
        provider: word(&input["provider"]),
        segment: word(&input["segment"]),
        readiness_score: byte(&input["readiness_score"]),
        priority_score: byte(&input["priority_score"]),
        tenant_size: word(&input["tenant_size"]),
        local_provider: text(&input["local_provider"]),
        spf: Signal::from(input["spf"].as_bool()),
        dkim: Signal::from(input["dkim"].as_bool()),
        dmarc: dmarc(&input["dmarc_policy"]),
        dmarc_coverage: byte(&input["dmarc_coverage"]),
        contact_quality_score: byte(&input["contact_quality_score"]),
        expires: input["expires_in_days"].as_i64().map(|days| NOW.date() + Duration::days(days)),
        country: text(&context["country"]),
        is_proxy: context["is_proxy"].as_bool(),
        ..SalesFacts::new(
            input["domain"].as_str().unwrap_or("example.com").parse().expect("a domain"),
        )
    }
}

fn summary(facts: &SalesFacts, tuning_factor: f64, locale: &str) -> SalesSummary {
    let engine = SalesEngine::builder().tuning_factor(tuning_factor).build().expect("an engine");
    engine.summarize(facts, locale, NOW).expect("a built-in language")
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
        let facts = facts(&vector["in"]);
        let factor = vector["in"]["tuning_factor"].as_f64().expect("a factor");
        for locale in ["tr", "en"] {
            let found = listed(&summary(&facts, factor, locale));
            for (field, value) in found.as_object().expect("an object") {
                assert_eq!(*value, vector[field], "{field} of {}", vector["in"]);
            }
        }
    }
}

#[test]
fn potentials_hold_for_every_tuning_factor() {
    let engine = |factor| SalesEngine::builder().tuning_factor(factor).build().expect("an engine");
    let engines = [("tf1.0", engine(1.0)), ("tf0.9", engine(0.9)), ("tf1.1", engine(1.1))];
    for vector in vectors(include_str!("../../tests/vectors/sales.jsonl")) {
        let with_contacts = facts(&vector["in"]);
        let without = SalesFacts { contact_quality_score: None, ..with_contacts.clone() };
        for (name, engine) in &engines {
            for (facts, key) in
                [(&without, (*name).to_owned()), (&with_contacts, format!("{name}_cqs"))]
            {
                let found = engine.summarize(facts, "tr", NOW).expect("Turkish is built in");
                let expected = &vector["potential"][&key];
                assert_eq!(json!(found.opportunity_potential), *expected, "{key} of {vector}");
            }
        }
    }
}

#[test]
fn security_vectors_hold() {
    for vector in vectors(include_str!("../../tests/vectors/security.jsonl")) {
        let found = summary(&facts(&vector["in"]), 1.0, "tr");
        let risk = found.security_reasoning.expect("signals are known").risk_level;
        assert_eq!(json!(risk), vector["risk_level"], "{}", vector["in"]);
    }
}

/// Figures under which every lead of a segment has that potential; the thresholds stay.
fn figures_with_potential(potential: &Value) -> Figures {
    let text = include_str!("../data/sales.toml");
    let thresholds = &text[text.find("[urgency.high]").expect("the thresholds")..];
    let points = format!(
        "[potential]
         segment = {{ Migration = {potential}, Existing = {potential}, Cold = {potential}, otherwise = {potential} }}
         readiness_score = {{ share = 0.0, without_score = 0 }}
         priority_score = {{ points = [0, 0, 0, 0, 0, 0, 0], otherwise = 0 }}
         tenant_size = {{ large = 0, medium = 0, small = 0, unknown = 0 }}
         contact_quality = {{ share = 0.0 }}
         weights = {{ segment = 0.4, readiness_score = 0.3, priority_score = 0.2, tenant_size = 0.1, contact_quality = 0.05 }}
         {thresholds}"
    );
    Figures::from_toml("figures.toml", &points).expect("figures")
}

#[test]
fn next_step_vectors_hold() {
    for vector in vectors(include_str!("../../tests/vectors/next_step.jsonl")) {
        let input = &vector["in"];
        let figures = figures_with_potential(&input["opportunity_potential"]);
        let engine = SalesEngine::builder().figures(figures).build().expect("an engine");
        let facts = SalesFacts {
            segment: word(&input["segment"]),
            // The priority alone makes the lead as urgent as the vector says.
            priority_score: match input["urgency"].as_str() {
                Some("high") => Some(1),
                Some("medium") => Some(2),
                _ => None,
            },
            ..SalesFacts::new("ornek.com.tr".parse().expect("a domain"))
        };
        let found = engine.summarize(&facts, "tr", NOW).expect("Turkish is built in");
        assert_eq!(json!(found.opportunity_potential), input["opportunity_potential"], "{input}");
        assert_eq!(json!(found.urgency), input["urgency"], "{input}");
        assert_eq!(json!(found.next_step.action), vector["action"], "{input}");
        assert_eq!(json!(found.next_step.timeline), vector["timeline"], "{input}");
        assert_eq!(json!(found.next_step.priority), vector["priority"], "{input}");
    }
}
