//! Canonical JSON: writing it twice changes nothing, and equal values hash equally.

#![no_main]

use hunter_core::hash::{canonical, signals_hash};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(once) = canonical(text) else {
        assert!(signals_hash(text).is_err());
        return;
    };
    assert_eq!(canonical(&once).expect("canonical text reads"), once);
    assert_eq!(signals_hash(text).ok(), signals_hash(&once).ok());
    assert!(once.is_ascii(), "{once}");
});
