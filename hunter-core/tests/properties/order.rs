//! The order received never shows in what is concluded.

use hunter_core::observation::{Answer, Outcome};
use hunter_core::{Engine, Lead};
use proptest::prelude::*;

use crate::config;
use crate::strategies::{answers, observed};

/// The same answers in another order, their records too.
fn shuffled(answers: &[Answer]) -> impl Strategy<Value = Vec<Answer>> + use<> {
    let each: Vec<_> = answers
        .iter()
        .cloned()
        .map(|answer| {
            let records = answer.outcome.found().cloned().unwrap_or_default();
            Just(records).prop_shuffle().prop_map(move |records| {
                let outcome = answer.outcome.clone();
                let outcome = if records.is_empty() { outcome } else { Outcome::Found(records) };
                Answer { outcome, ..answer.clone() }
            })
        })
        .collect();
    each.prop_shuffle()
}

fn in_two_orders() -> impl Strategy<Value = (Vec<Answer>, Vec<Answer>)> {
    answers().prop_flat_map(|answers| (Just(answers.clone()), shuffled(&answers)))
}

proptest! {
    #![proptest_config(config(3000))]

    #[test]
    fn the_order_received_changes_no_byte((one, other) in in_two_orders()) {
        let assess = |answers| Engine::builtin().assess(&observed(answers), &Lead::default());
        let (one, other) = (assess(one), assess(other));
        prop_assert_eq!(one.to_json(), other.to_json());
        prop_assert_eq!(one, other);
    }
}
