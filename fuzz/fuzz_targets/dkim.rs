//! DKIM key records, several of them one a line: what holds no key part is no key, and the order
//! decides nothing.

#![no_main]

use hunter_core::records::dkim::{DkimKey, DkimRecord, KeyMaterial, findings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let key = DkimKey::read(text);
    assert!(key == DkimKey::NotAKey || text.contains('p'), "{key:?} without `p`");
    assert_eq!(DkimKey::read(&format!("{text};")), key, "a semicolon at the end says nothing");
    if let Some(record) = DkimRecord::read(text)
        && matches!(record.key, Some(KeyMaterial::Rsa { .. } | KeyMaterial::Ed25519))
    {
        // Three octets come from four characters.
        let most = text.len() * 6;
        assert!(!matches!(record.key, Some(KeyMaterial::Rsa { bits }) if bits > most));
    }

    let texts: Vec<&str> = text.split('\n').collect();
    let reversed: Vec<&str> = texts.iter().rev().copied().collect();
    assert_eq!(findings(&texts), findings(&reversed));
    assert_eq!(DkimKey::read_all(&texts), DkimKey::read_all(&reversed));
});
