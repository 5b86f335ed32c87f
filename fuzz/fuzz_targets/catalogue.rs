//! A text catalogue in Fluent syntax: one that is accepted speaks for an empty lead.

#![no_main]

use std::sync::LazyLock;

use hunter_core::observation::Observation;
use hunter_core::sales::{Catalogue, SalesEngine, SalesFacts};
use libfuzzer_sys::fuzz_target;

static SEEN: LazyLock<Observation> = LazyLock::new(|| {
    let line = r#"{"v":1,"domain":"ornek.com.tr","observed_at":"2026-11-24T09:30:00Z"}"#;
    Observation::from_json(line).expect("well-formed")
});

fuzz_target!(|text: &str| {
    let Ok(catalogue) = Catalogue::from_ftl("fuzz.ftl", text, "tr") else { return };
    let Ok(engine) = SalesEngine::builder().catalogue(catalogue).build() else { return };
    let facts = SalesFacts::new(SEEN.domain.clone());
    engine.summarize(&facts, "tr", SEEN.observed_at).expect("the language is loaded");
});
