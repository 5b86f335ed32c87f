//! Which DKIM selectors are worth asking for. DKIM cannot be enumerated, so a plan guesses.

use hunter_core::Engine;
use hunter_core::observation::Observation;

use crate::error::ScanError;

/// The selectors that Microsoft 365 uses, asked for in every plan.
pub(crate) const ALWAYS: [&str; 2] = ["selector1", "selector2"];

/// Selectors in common use, across suites, hosters and senders.
pub const COMMON_SELECTORS: &[&str] = &[
    "selector1",
    "selector2",
    "default",
    "google",
    "mail",
    "dkim",
    "k1",
    "k2",
    "k3",
    "s1",
    "s2",
    "zoho",
    "zmail",
    "mx",
    "smtp",
    "ntr",
    "key1",
    "protonmail",
    "fm1",
    "pic",
    "mandrill",
    "mg",
    "pdk1",
    "x",
];

/// Names the DKIM selectors that a domain is likely to use, from what its own records have told so
/// far.
///
/// It is called once a domain, when the apex has been asked; MX and TXT answers are there, unless
/// they failed. `selector1` and `selector2` are asked for whatever it says, and so are, where the
/// profile allows it, the [`COMMON_SELECTORS`]; selectors that cannot stand in a name are left out.
///
/// An [`Engine`] is a plan: it knows the selectors of each provider that MX and SPF name. A closure
/// will do too: `|seen: &Observation| vec!["google".to_owned()]`.
pub trait SelectorPlan: Send + Sync {
    /// The selectors, without `._domainkey`.
    fn selectors(&self, seen: &Observation) -> Vec<String>;
}

impl<F> SelectorPlan for F
where
    F: Fn(&Observation) -> Vec<String> + Send + Sync,
{
    fn selectors(&self, seen: &Observation) -> Vec<String> {
        self(seen)
    }
}

impl SelectorPlan for Engine {
    fn selectors(&self, seen: &Observation) -> Vec<String> {
        self.fingerprints().dkim_selectors(seen).into_iter().map(str::to_owned).collect()
    }
}

/// The plan that knows nothing of providers and leaves it at the [`COMMON_SELECTORS`].
#[derive(Debug, Clone, Copy, Default)]
pub struct CommonSelectors;

impl SelectorPlan for CommonSelectors {
    fn selectors(&self, _: &Observation) -> Vec<String> {
        Vec::new()
    }
}

/// Whether a selector can stand before `._domainkey`: labels of letters, digits, `-` and `_`.
pub(crate) fn check(selector: &str) -> Result<(), ScanError> {
    let fail = |problem| Err(ScanError::Selector { selector: selector.to_owned(), problem });
    if selector.contains("._domainkey") {
        return fail("write only the part before `._domainkey`");
    }
    for label in selector.split('.') {
        if label.is_empty() {
            return fail("it has an empty label");
        }
        if label.len() > 63 {
            return fail("a label is longer than 63 octets");
        }
        if !label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            return fail("only letters, digits, `-`, `_` and dots between labels will do");
        }
    }
    Ok(())
}

/// The usable selectors of all sources, in lower case, each once.
pub(crate) fn merge<'a>(sources: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut merged: Vec<String> = Vec::new();
    for selector in sources.into_iter().filter(|selector| check(selector).is_ok()) {
        let selector = selector.to_ascii_lowercase();
        if !merged.contains(&selector) {
            merged.push(selector);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_list_is_clean() {
        assert_eq!(merge(COMMON_SELECTORS.iter().copied()).len(), COMMON_SELECTORS.len());
        assert!(ALWAYS.iter().all(|always| COMMON_SELECTORS.contains(always)));
    }

    #[test]
    fn a_selector_is_part_of_a_name() {
        let long = "a".repeat(64);
        for bad in ["", "a b", "a..b", ".a", "s1._domainkey", "ş", &long] {
            assert!(check(bad).is_err(), "{bad}");
        }
        for good in ["s1", "cf2024-1", "20230601", "a.b", "_x"] {
            assert_eq!(check(good), Ok(()));
        }
    }

    #[test]
    fn sources_join_without_duplicates() {
        assert_eq!(merge(["s1", "S1", "a b", "google", "s1"]), ["s1", "google"]);
    }
}
