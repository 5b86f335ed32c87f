//! SPF records, several of them one a line; their order decides nothing.

#![no_main]

use hunter_core::records::spf::{SpfReading, SpfRecord, include_count, is_spf};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let texts: Vec<&str> = text.split('\n').collect();
    let reading = SpfReading::read(&texts);
    assert!(reading.text().is_none_or(is_spf));
    let reversed: Vec<&str> = texts.iter().rev().copied().collect();
    assert_eq!(reading, SpfReading::read(&reversed));
    if let Ok(record) = SpfRecord::parse(text) {
        assert!(record.delegates().count() <= record.terms.len());
    }
    assert!(include_count(text) <= text.len() / "include:".len());
});
