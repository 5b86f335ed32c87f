//! The signals hash against the golden vectors, through the operations.

use hunter_core::operations::{Hunter, SignalsRequest};
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
    let hunter = Hunter::builtin();
    let mut count = 0;
    for line in lines.lines() {
        let vector: Vector<'_> = serde_json::from_str(line).expect("a vector");
        let request = SignalsRequest { signals: vector.signals.get().to_owned() };
        let text = hunter.signals_canonical(&request).expect("canonical JSON");
        assert_eq!(text.canonical, vector.canonical);
        let hash = hunter.signals_hash(&request).expect("a hash").hash;
        assert_eq!(hash.as_str(), vector.hash, "{}", vector.canonical);
        count += 1;
    }
    assert_eq!(count, 309, "the file holds another number of vectors than this test knows");
}
