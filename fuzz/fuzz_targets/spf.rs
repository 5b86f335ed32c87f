//! SPF records, several of them one a line; their order decides nothing, and the findings agree with
//! the reading.

#![no_main]

use std::borrow::Cow;

use hunter_core::observation::{Outcome, RecordType, Reply};
use hunter_core::records::Effect;
use hunter_core::records::spf::{
    SpfReading, SpfRecord, SpfTree, findings, include_count, is_spf,
};
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

    let found = findings(&texts);
    assert_eq!(found, findings(&reversed));
    let beside = ["spf_leading_blank", "spf_wrong_version", "spf_too_many_lookups"];
    let breaks = found.iter().any(|f| f.effect() == Effect::Void && !beside.contains(&f.code()));
    assert_eq!(breaks, matches!(reading, SpfReading::Invalid(..)));

    // Every name holds the same records, so that what includes anything multiplies.
    let owned: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let ask = |_: &str, _: &RecordType| -> Reply<'_> { Outcome::Found(Cow::Borrowed(&owned)) };
    assert_eq!(SpfTree::walk("a.com", &ask), SpfTree::walk("a.com", &ask));
});
