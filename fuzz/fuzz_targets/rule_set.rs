//! A rule set: one that is accepted keeps every score in its range.

#![no_main]

use hunter_core::observation::Signal;
use hunter_core::rules::{Mailbox, RuleSet, ScoreFacts};
use hunter_core::signals::DmarcSignal;
use hunter_core::vocabulary::ProviderClass;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(rules) = RuleSet::from_toml("fuzz.toml", text) else { return };
    for class in ProviderClass::ALL {
        for signal in [Signal::Present, Signal::Missing, Signal::Unknown] {
            let verdict = rules.verdict(&ScoreFacts {
                mailbox: Mailbox::Class(*class),
                spf: signal,
                dkim: signal,
                dmarc: DmarcSignal::Unknown,
                many_includes: signal,
            });
            assert!(verdict.score_low <= verdict.score && verdict.score <= verdict.score_high);
            assert!(verdict.score_high <= 100);
        }
    }
});
