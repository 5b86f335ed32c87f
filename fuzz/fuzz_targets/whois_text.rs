//! WHOIS answers: no bytes break the reader, and what it finds is in its form.

#![no_main]

use hunter_core::observation::Outcome;
use hunter_scan::registration::{decode_whois, parse_whois};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = decode_whois(Some("windows-1254"), bytes);
    let outcome = parse_whois("ornek.com.tr", &text);
    assert_eq!(parse_whois("ornek.com.tr", &text), outcome);
    let Outcome::Found(facts) = outcome else { return };
    assert!(facts.registrar.is_none_or(|name| !name.trim().is_empty() && !name.contains('\n')));
    for host in &facts.nameservers {
        assert!(host.contains('.') && !host.ends_with('.') && host.len() <= 253, "{host}");
    }
    assert!(facts.status.iter().all(|status| !status.trim().is_empty()));
});
