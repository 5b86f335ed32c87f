//! TLS-RPT records, one a line; their order decides nothing.

#![no_main]

use hunter_core::records::tls_rpt::{destinations, findings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let texts: Vec<&str> = text.split('\n').collect();
    let reversed: Vec<&str> = texts.iter().rev().copied().collect();
    assert_eq!(findings(&texts), findings(&reversed));
    for uri in destinations(&texts) {
        assert!(text.contains(uri) && uri.contains(':'));
    }
});
