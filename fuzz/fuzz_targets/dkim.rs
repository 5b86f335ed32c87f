//! A DKIM key record: what holds no key part is no key.

#![no_main]

use hunter_core::records::dkim::DkimKey;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let key = DkimKey::read(text);
    assert!(key == DkimKey::NotAKey || text.contains('p'), "{key:?} without `p`");
    assert_eq!(DkimKey::read(&format!("{text};")), key, "a semicolon at the end says nothing");
});
