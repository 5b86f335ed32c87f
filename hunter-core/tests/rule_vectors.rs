//! Golden vectors of the default rule set, through the operations: every line must match, exactly.

use hunter_core::operations::Hunter;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Every line of a vector file; an empty file is a failure.
fn vectors(text: &str) -> Vec<Value> {
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(!lines.is_empty(), "no vectors were read");
    lines
}

/// The arguments of a vector as a request.
fn request<R: DeserializeOwned>(input: &Value) -> R {
    serde_json::from_value(input.clone()).unwrap_or_else(|error| panic!("{error}: {input}"))
}

fn json<A: Serialize>(answer: A) -> Value {
    serde_json::to_value(answer).expect("an answer is JSON")
}

/// The fields that a vector lists must equal ours; others are free.
fn assert_listed(ours: &Value, expected: &Map<String, Value>, line: &Value) {
    assert!(!expected.is_empty(), "nothing is listed in {line}");
    for (name, value) in expected {
        assert_eq!(&ours[name], value, "{name} of {line}");
    }
}

/// What a line lists beside its arguments.
fn listed(line: &Value) -> Map<String, Value> {
    let mut listed = line.as_object().expect("an object").clone();
    listed.remove("in").expect("arguments");
    listed
}

#[test]
fn score() {
    let hunter = Hunter::builtin();
    for line in vectors(include_str!("../../tests/vectors/score.jsonl")) {
        let ours = json(hunter.score(&request(&line["in"])));
        assert_listed(&ours, line["out"].as_object().expect("an object"), &line);
        assert_eq!(ours["priority_score"], line["priority_score"], "{line}");
        assert_eq!(
            (&ours["partial"], &ours["score_low"]),
            (&json!(false), &ours["score"]),
            "{line}"
        );
        if let Value::Object(rows) = &line["breakdown"] {
            assert_listed(&ours["breakdown"], rows, &line);
        }
    }
}

#[test]
fn segment() {
    let hunter = Hunter::builtin();
    for line in vectors(include_str!("../../tests/vectors/segment.jsonl")) {
        let ours = json(hunter.segment(&request(&line["in"])).expect("a segment"));
        assert_listed(&ours, &listed(&line), &line);
    }
}

#[test]
fn commercial() {
    let hunter = Hunter::builtin();
    for line in vectors(include_str!("../../tests/vectors/commercial.jsonl")) {
        let mut input = line["in"].as_object().expect("arguments").clone();
        let segment = input.remove("technical_segment").expect("a segment");
        input.insert("segment".to_owned(), segment);
        let ours = json(hunter.commercial(&request(&input.into())).expect("a consequence"));
        assert_listed(&ours, &listed(&line), &line);
    }
}

#[test]
fn priority() {
    let hunter = Hunter::builtin();
    for line in vectors(include_str!("../../tests/vectors/priority.jsonl")) {
        let ours = json(hunter.priority_score(&request(&line["in"])).expect("a priority"));
        assert_listed(&ours, &listed(&line), &line);
    }
}
