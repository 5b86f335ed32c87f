//! MX records, one a line: their order decides nothing, and neither does it for the provider.

#![no_main]

use std::sync::LazyLock;

use hunter_core::Domain;
use hunter_core::provider::{ConfidenceModel, Fingerprints};
use hunter_core::records::mx::MailExchangers;
use libfuzzer_sys::fuzz_target;

static TABLE: LazyLock<Fingerprints> = LazyLock::new(Fingerprints::builtin);
static DOMAIN: LazyLock<Domain> = LazyLock::new(|| "ornek.com.tr".parse().expect("a domain"));

fuzz_target!(|text: &str| {
    let records: Vec<&str> = text.split('\n').collect();
    let reversed: Vec<&str> = records.iter().rev().copied().collect();
    let exchangers = MailExchangers::read(&records);
    let backwards = MailExchangers::read(&reversed);
    assert_eq!(exchangers, backwards);
    let model = ConfidenceModel::builtin();
    let one = TABLE.classify_mx(&model, &DOMAIN, &exchangers);
    let other = TABLE.classify_mx(&model, &DOMAIN, &backwards);
    assert_eq!(
        (one.mailbox, one.basis, &one.evidence),
        (other.mailbox, other.basis, &other.evidence)
    );
    for exchanger in &exchangers.hosts {
        let found = TABLE.match_mx(exchanger.host);
        let upper = exchanger.host.to_ascii_uppercase();
        assert_eq!(
            found.map(|found| found.suffix),
            TABLE.match_mx(&upper).map(|found| found.suffix),
            "letter case decides nothing"
        );
    }
});
