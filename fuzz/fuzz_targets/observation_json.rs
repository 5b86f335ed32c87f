//! An observation: what was read and written reads as the same.

#![no_main]

use hunter_core::Observation;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(seen) = Observation::from_json(text) else { return };
    let line = seen.to_json();
    assert!(!line.contains('\n'), "one line");
    let again = Observation::from_json(&line).expect("what was written reads");
    assert_eq!(again, seen);
    assert_eq!(again.to_json(), line);
});
