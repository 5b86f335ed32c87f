//! DMARC records, several of them one a line; their order decides nothing, and the findings agree
//! with the reading.

#![no_main]

use hunter_core::records::Effect;
use hunter_core::records::dmarc::{DmarcReading, DmarcRecord, DmarcTags, findings, is_dmarc};
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
    assert_eq!(DmarcTags::read(text).is_some(), is_dmarc(text));

    let found = findings(&texts);
    assert_eq!(found, findings(&reversed));
    let beside = ["dmarc_wrong_version", "dmarc_version_not_first"];
    let breaks = found.iter().any(|f| f.effect() == Effect::Void && !beside.contains(&f.code()));
    assert_eq!(breaks, matches!(reading, DmarcReading::Invalid(..)));
});
