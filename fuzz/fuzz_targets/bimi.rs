//! BIMI records, one a line; their order decides nothing.

#![no_main]

use hunter_core::records::bimi::{BimiRecord, findings, is_bimi};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let texts: Vec<&str> = text.split('\n').collect();
    let reversed: Vec<&str> = texts.iter().rev().copied().collect();
    assert_eq!(findings(&texts), findings(&reversed));
    assert_eq!(BimiRecord::read(text).is_some(), is_bimi(text));
});
