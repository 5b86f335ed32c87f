//! A spreadsheet cell: whatever is read as a domain is a domain, and reads as itself.

#![no_main]

use hunter_core::Domain;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(reading) = Domain::from_cell(text) else { return };
    let domain = reading.domain;
    let again: Domain = domain.as_str().parse().expect("a domain reads as itself");
    assert_eq!(again, domain);
    let unicode: Domain = domain.to_unicode().parse().expect("its Unicode form reads");
    assert_eq!(unicode, domain);
    assert!(domain.covers(domain.as_str()));
    assert!(domain.as_str().ends_with(domain.suffix()));
    assert!(domain.registrable().is_none_or(|zone| domain.as_str().ends_with(zone)));
});
