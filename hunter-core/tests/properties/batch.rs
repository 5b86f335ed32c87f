//! A column gives what its rows give one by one.

use hunter_core::batch::{ScoreBatch, ScoreColumns, assess_column, class_of, match_mx_column};
use hunter_core::rules::{RuleSet, ScoreFacts, Verdict};
use hunter_core::vocabulary::ProviderClass;
use hunter_core::{Engine, Lead, Observation};
use proptest::prelude::*;

use crate::config;
use crate::strategies::{TABLE, answers, host, observed, score_facts};

fn score(batch: &mut ScoreBatch, rules: &RuleSet, rows: &[ScoreFacts]) {
    fn column<T>(rows: &[ScoreFacts], of: impl Fn(&ScoreFacts) -> T) -> Vec<T> {
        rows.iter().map(of).collect()
    }
    let columns = ScoreColumns {
        mailbox: &column(rows, |row| row.mailbox),
        spf: &column(rows, |row| row.spf),
        dkim: &column(rows, |row| row.dkim),
        dmarc: &column(rows, |row| row.dmarc),
        many_includes: &column(rows, |row| row.many_includes),
    };
    batch.score(rules, &columns).expect("columns of one length");
}

/// The rows of a batch, read back.
fn verdicts(batch: &ScoreBatch) -> Vec<Verdict> {
    let lengths = [
        batch.score_low.len(),
        batch.score_high.len(),
        batch.partial.len(),
        batch.segment_certain.len(),
        batch.segment.len(),
        batch.technical_heat.len(),
        batch.commercial_segment.len(),
        batch.commercial_heat.len(),
        batch.priority_category.len(),
        batch.priority_score.len(),
    ];
    assert_eq!(lengths, [batch.score.len(); 10]);
    (0..batch.score.len())
        .map(|row| Verdict {
            score: batch.score[row],
            score_low: batch.score_low[row],
            score_high: batch.score_high[row],
            partial: batch.partial[row],
            segment_certain: batch.segment_certain[row],
            segment: batch.segment[row],
            technical_heat: batch.technical_heat[row],
            commercial_segment: batch.commercial_segment[row],
            commercial_heat: batch.commercial_heat[row],
            priority_category: batch.priority_category[row],
            priority_score: batch.priority_score[row],
        })
        .collect()
}

fn hosts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(host(), 0..20)
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn scores_are_those_of_the_rows(
        first in prop::collection::vec(score_facts(), 0..40),
        second in prop::collection::vec(score_facts(), 0..40),
    ) {
        let rules = RuleSet::builtin();
        let mut batch = ScoreBatch::default();
        // The second batch goes into the buffers of the first and must leave nothing of it.
        for rows in [first, second] {
            score(&mut batch, &rules, &rows);
            let expected: Vec<Verdict> = rows.iter().map(|row| *rules.verdict(row)).collect();
            prop_assert_eq!(verdicts(&batch), expected);
        }
    }

    #[test]
    fn matches_are_those_of_the_rows(first in hosts(), second in hosts()) {
        let mut found = Vec::new();
        for hosts in [first, second] {
            match_mx_column(&TABLE, &hosts, &mut found);
            prop_assert_eq!(found.len(), hosts.len());
            for (found, host) in found.iter().zip(&hosts) {
                let row = TABLE.match_mx(host);
                let told = |found: Option<&hunter_core::provider::MxMatch<'_>>| {
                    found.map(|found| (found.provider.id.clone(), found.suffix.to_owned()))
                };
                prop_assert_eq!(told(found.as_ref()), told(row.as_ref()));
                let class = row.map_or(ProviderClass::Local, |row| row.provider.class());
                prop_assert_eq!(class_of(found.as_ref()), class);
            }
        }
    }

    #[test]
    fn assessments_are_those_of_the_rows(
        rows in prop::collection::vec(prop_oneof![
            answers().prop_map(|answers| observed(answers).to_json()),
            Just("not JSON".to_owned()),
        ], 0..6),
    ) {
        let (engine, lead) = (Engine::builtin(), Lead::default());
        let batch: Vec<_> = assess_column(&engine, &rows, &lead).collect();
        prop_assert_eq!(batch.len(), rows.len());
        for (found, row) in batch.into_iter().zip(&rows) {
            let alone = Observation::from_json(row).map(|seen| engine.assess(&seen, &lead));
            prop_assert_eq!(found, alone);
        }
    }
}
