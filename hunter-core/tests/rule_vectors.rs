//! Golden vectors of the default rule set: every line must match, exactly.

use hunter_core::observation::Signal;
use hunter_core::rules::{Mailbox, ReferralFacts, RuleSet, ScoreFacts};
use hunter_core::signals::DmarcSignal;
use hunter_core::vocabulary::{DmarcPolicy, ProviderClass, Segment};
use serde_json::{Map, Value, json};

/// Every line of a vector file; an empty file is a failure.
fn vectors(text: &str) -> Vec<Value> {
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(!lines.is_empty(), "no vectors were read");
    lines
}

fn word<T: std::str::FromStr>(value: &Value) -> T
where
    T::Err: std::fmt::Debug,
{
    value.as_str().expect("a word").parse().expect("a known word")
}

fn score_of(value: &Value) -> Option<u8> {
    value.as_u64().map(|score| u8::try_from(score).expect("a score"))
}

/// The fields that a vector lists must equal ours; others are free.
fn assert_listed(ours: &Value, expected: &Value, line: &Value) {
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(&ours[name], value, "{name} of {line}");
    }
}

fn facts(rules: &RuleSet, input: &Value) -> ScoreFacts {
    let signals = &input["signals"];
    let signal = |name: &str| Signal::from(signals[name].as_bool());
    let no_mail = input["mx_records"].as_array().expect("a list").is_empty();
    let dmarc = match signals.get("dmarc_policy") {
        None => DmarcSignal::Unknown,
        Some(Value::Null) => DmarcSignal::Absent,
        Some(policy) => DmarcSignal::Policy(
            DmarcPolicy::from_word(policy.as_str().expect("a word")).expect("a policy"),
        ),
    };
    ScoreFacts {
        mailbox: if no_mail { Mailbox::None } else { Mailbox::Class(word(&input["provider"])) },
        spf: signal("spf"),
        dkim: signal("dkim"),
        dmarc,
        many_includes: rules.many_includes(signal("spf"), signals["spf_record"].as_str()),
    }
}

#[test]
fn score() {
    let rules = RuleSet::builtin();
    for line in vectors(include_str!("../../tests/vectors/score.jsonl")) {
        let facts = facts(&rules, &line["in"]);
        let verdict = rules.verdict(&facts);
        let ours = json!({
            "score": verdict.score,
            "segment": verdict.segment,
            "technical_heat": verdict.technical_heat,
            "commercial_segment": verdict.commercial_segment,
            "commercial_heat": verdict.commercial_heat,
            "priority_category": verdict.priority_category,
            "priority_label": rules.priority_label(verdict.priority_category),
        });
        assert_listed(&ours, &line["out"], &line);
        assert_eq!(json!(verdict.priority_score), line["priority_score"], "{line}");
        assert!(!verdict.partial && verdict.score_low == verdict.score, "{line}");
        if let Value::Object(_) = line["breakdown"] {
            let ours = serde_json::to_value(rules.breakdown(&facts, ReferralFacts::default()));
            assert_listed(&ours.expect("JSON"), &line["breakdown"], &line);
        }
    }
}

#[test]
fn segment() {
    let rules = RuleSet::builtin();
    for line in vectors(include_str!("../../tests/vectors/segment.jsonl")) {
        let class: ProviderClass = word(&line["in"]["provider"]);
        let score = score_of(&line["in"]["score"]).expect("a score");
        assert_eq!(json!(rules.segment(class, score)), line["segment"], "{line}");
    }
}

#[test]
fn commercial() {
    let rules = RuleSet::builtin();
    for line in vectors(include_str!("../../tests/vectors/commercial.jsonl")) {
        let input = &line["in"];
        let score = score_of(&input["score"]).expect("a score");
        let follows =
            rules.consequence(word(&input["technical_segment"]), word(&input["provider"]), score);
        let ours = json!({
            "technical_heat": follows.technical_heat,
            "commercial_segment": follows.commercial_segment,
            "commercial_heat": follows.commercial_heat,
            "priority_category": follows.priority_category,
            "priority_label": rules.priority_label(follows.priority_category),
        });
        let mut expected: Map<String, Value> = line.as_object().expect("an object").clone();
        expected.remove("in");
        assert_listed(&ours, &Value::Object(expected), &line);
    }
}

#[test]
fn priority() {
    let rules = RuleSet::builtin();
    for line in vectors(include_str!("../../tests/vectors/priority.jsonl")) {
        // A lead without a segment is in none of the lists.
        let segment = match &line["in"]["segment"] {
            Value::Null => Segment::Other,
            segment => word(segment),
        };
        let ours = rules.priority_score(segment, score_of(&line["in"]["score"]));
        assert_eq!(json!(ours), line["priority_score"], "{line}");
    }
}
