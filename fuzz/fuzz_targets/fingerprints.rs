//! A fingerprint table: every suffix of one that is accepted is found again.

#![no_main]

use hunter_core::provider::Fingerprints;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(table) = Fingerprints::from_json("fuzz.json", text) else { return };
    for provider in table.providers() {
        assert!(table.provider(&provider.id).is_some());
        for sign in &provider.mx_suffix {
            let host = sign.value.as_str().replace('*', "any");
            assert!(sign.value.covers(&host));
            assert!(table.match_mx(&host).is_some(), "{host}");
        }
    }
});
