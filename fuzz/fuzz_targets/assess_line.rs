//! The whole way from a stored line to an assessment and a summary: no line breaks it, and the same
//! line always gives the same.

#![no_main]

use std::sync::LazyLock;

use hunter_core::sales::{SalesEngine, SalesFacts};
use hunter_core::{Engine, Lead, Observation};
use libfuzzer_sys::fuzz_target;

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::builtin);
static SALES: LazyLock<SalesEngine> = LazyLock::new(SalesEngine::builtin);

fuzz_target!(|text: &str| {
    let Ok(seen) = Observation::from_json(text) else { return };
    let lead = Lead::default();
    let assessment = ENGINE.assess(&seen, &lead);
    let json = assessment.to_json();
    assert_eq!(ENGINE.assess(&seen, &lead).to_json(), json);
    let again = Observation::from_json(&seen.to_json()).expect("what was written reads");
    assert_eq!(ENGINE.assess(&again, &lead).to_json(), json);
    let facts = SalesFacts::from_assessment(&assessment, &lead);
    for locale in ["tr", "en"] {
        SALES.summarize(&facts, locale, seen.observed_at).expect("built in");
    }
});
