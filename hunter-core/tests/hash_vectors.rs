//! The signals hash against the golden vectors.

use hunter_core::hash::{canonical, signals_hash};
use serde_json::value::RawValue;

#[derive(serde::Deserialize)]
struct Vector<'a> {
    /// The text as it stands in the line: numbers must not pass through another reader.
    #[serde(borrow)]
    signals: &'a RawValue,
    canonical: String,
    hash: String,
}

#[test]
fn every_golden_vector_matches() {
    let lines = include_str!("../../tests/vectors/hash.jsonl");
    let mut count = 0;
    for line in lines.lines() {
        let vector: Vector<'_> = serde_json::from_str(line).expect("a vector");
        let text = vector.signals.get();
        assert_eq!(canonical(text).expect(text), vector.canonical, "{text}");
        assert_eq!(signals_hash(text).expect(text).to_string(), vector.hash, "{text}");
        count += 1;
    }
    assert_eq!(count, 309, "the file holds another number of vectors than this test knows");
}
