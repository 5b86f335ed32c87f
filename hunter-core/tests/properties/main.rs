//! Properties of hunter-core through its public API, each over generated input.

mod batch;
mod observation;
mod order;
mod readers;
mod rules;
mod strategies;

use proptest::prelude::ProptestConfig;

/// `cases` runs of each property; a failure prints its input and writes no file.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}
