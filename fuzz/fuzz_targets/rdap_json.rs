//! RDAP answers: no text breaks the reader, and only an error 404 is an absence.

#![no_main]

use hunter_core::observation::Outcome;
use hunter_scan::registration::parse_rdap;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match parse_rdap("ornek.com", text) {
        Outcome::Absent { .. } => assert!(text.contains("404")),
        Outcome::Found(facts) => {
            assert!(facts.registrar.is_none_or(|name| !name.trim().is_empty()));
            assert!(facts.nameservers.iter().all(|host| host.contains('.')));
        }
        _ => {}
    }
});
