//! MTA-STS: the TXT records, one a line, and the same bytes as the body of a policy.

#![no_main]

use hunter_core::records::is_usable;
use hunter_core::records::mta_sts::{StsPolicy, findings, policy_id};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let texts: Vec<&str> = text.split('\n').collect();
    let reversed: Vec<&str> = texts.iter().rev().copied().collect();
    assert_eq!(findings(&texts), findings(&reversed));
    let id = policy_id(&texts);
    assert!(id.is_none_or(|id| matches!(id.len(), 1..=32)));

    let (policy, found) = StsPolicy::read(text);
    assert_eq!(policy.is_some(), is_usable(&found));
    for pattern in policy.iter().flat_map(|policy| &policy.mx) {
        assert!(!pattern.covers(""));
    }
});
