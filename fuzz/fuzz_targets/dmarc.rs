//! DMARC records, several of them one a line; their order decides nothing.

#![no_main]

use hunter_core::records::dmarc::{DmarcReading, DmarcRecord};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let texts: Vec<&str> = text.split('\n').collect();
    let reading = DmarcReading::read(&texts);
    let reversed: Vec<&str> = texts.iter().rev().copied().collect();
    assert_eq!(reading, DmarcReading::read(&reversed));
    if let Some(Ok(record)) = DmarcRecord::read(text) {
        assert!(text.contains("DMARC1"));
        assert!(record.percent.is_none_or(|percent| percent <= 100));
    }
});
