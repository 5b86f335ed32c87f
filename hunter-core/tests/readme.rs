//! The sample of a lead row in `README.md` is what comes out for the observation there.

use hunter_core::{Engine, Lead, Observation};
use serde_json::Value;

const README: &str = include_str!("../../README.md");

/// What stands between two marks, the first time.
fn between(start: &str, end: &str) -> &'static str {
    let (_, rest) = README.split_once(start).expect("the README has the block");
    rest.split_once(end).expect("the block is closed").0
}

/// Every value of the sample stands in the row at the same place; the sample may leave out keys.
fn assert_part_of(sample: &Value, row: &Value, place: &str) {
    match (sample, row) {
        (Value::Object(sample), Value::Object(row)) => {
            for (key, value) in sample {
                let place = format!("{place}.{key}");
                assert_part_of(value, row.get(key).unwrap_or_else(|| panic!("no {place}")), &place);
            }
        }
        (Value::Array(sample), Value::Array(row)) => {
            assert_eq!(sample.len(), row.len(), "{place}: {row:?}");
            for (at, (sample, row)) in sample.iter().zip(row).enumerate() {
                assert_part_of(sample, row, &format!("{place}[{at}]"));
            }
        }
        _ => assert_eq!(sample, row, "{place}"),
    }
}

#[test]
fn the_sample_in_the_readme_is_what_comes_out() {
    let seen = Observation::from_json(between("r#\"", "\"#")).expect("well-formed");
    let row = Engine::builtin().assess(&seen, &Lead::default()).to_json();
    let row: Value = serde_json::from_str(&row).expect("JSON");
    let sample: Value = serde_json::from_str(between("```json\n", "```")).expect("JSON");
    let shown = sample.as_object().expect("an object");
    for key in ["provider_id", "gateways", "senders", "identity", "confidence", "findings"] {
        assert!(shown.contains_key(key), "the README shows `{key}`");
    }
    assert_part_of(&sample, &row, "row");
}
