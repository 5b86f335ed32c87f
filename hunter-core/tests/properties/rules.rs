//! Score, interval and segment, for the built-in rule set and for generated ones.

use hunter_core::observation::Signal;
use hunter_core::rules::{Mailbox, ReferralFacts, RuleSet, ScoreFacts, Verdict};
use hunter_core::signals::DmarcSignal;
use hunter_core::vocabulary::{DmarcPolicy, ProviderClass};
use proptest::prelude::*;

use crate::config;
use crate::strategies::{any_rules, referral, sane_rules, score_facts};

/// `facts` with what is unknown taken from `values`, where it may still be unknown.
fn resolve(facts: ScoreFacts, values: ScoreFacts) -> ScoreFacts {
    let signal = |own, value| if own == Signal::Unknown { value } else { own };
    ScoreFacts {
        mailbox: match (facts.mailbox, values.mailbox) {
            // A gateway takes the mail: whoever stands behind it is somebody.
            (Mailbox::Undetermined, Mailbox::Class(class)) => Mailbox::Class(class),
            (own, _) => own,
        },
        spf: signal(facts.spf, values.spf),
        dkim: signal(facts.dkim, values.dkim),
        dmarc: if facts.dmarc == DmarcSignal::Unknown { values.dmarc } else { facts.dmarc },
        many_includes: signal(facts.many_includes, values.many_includes),
    }
}

/// Bounds, and what becoming known may change: the interval only shrinks, a certain segment stays.
fn holds(
    rules: &RuleSet,
    facts: ScoreFacts,
    values: ScoreFacts,
    referral: ReferralFacts,
) -> Result<(), TestCaseError> {
    let before = rules.verdict_with_referral(&facts, referral);
    prop_assert!(before.score_low <= before.score && before.score <= before.score_high);
    prop_assert!(before.score_high <= 100);
    prop_assert!((1..=7).contains(&before.priority_score));
    prop_assert_eq!(rules.breakdown(&facts, referral).total_score, before.score);
    if !before.partial {
        prop_assert_eq!((before.score_low, before.score_high), (before.score, before.score));
        prop_assert!(before.segment_certain);
    }

    let known = resolve(facts, values);
    let after = rules.verdict_with_referral(&known, referral);
    let inside = before.score_low <= after.score_low && after.score_high <= before.score_high;
    prop_assert!(inside, "{:?} gives {:?}, outside of {:?}", known, after, before);
    if before.segment_certain {
        prop_assert_eq!(after.segment, before.segment, "{:?}", known);
        prop_assert!(after.segment_certain);
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(4000))]

    #[test]
    fn built_in_rules_keep_within_their_interval(
        facts in score_facts(), values in score_facts(), referral in referral(),
    ) {
        holds(&RuleSet::builtin(), facts, values, referral)?;
    }
}

proptest! {
    #![proptest_config(config(16))]

    #[test]
    fn sane_rules_keep_within_their_interval(
        rules in sane_rules(),
        many in prop::collection::vec((score_facts(), score_facts(), referral()), 400),
    ) {
        for (facts, values, referral) in many {
            holds(&rules, facts, values, referral)?;
        }
    }

    #[test]
    fn rules_of_odd_signs_keep_within_their_interval(
        rules in any_rules(),
        many in prop::collection::vec((score_facts(), score_facts(), referral()), 400),
    ) {
        for (facts, values, referral) in many {
            holds(&rules, facts, values, referral)?;
        }
    }
}

const SIGNALS: [Signal; 3] = [Signal::Present, Signal::Missing, Signal::Unknown];

fn dmarcs() -> impl Iterator<Item = DmarcSignal> {
    let policies = DmarcPolicy::ALL.iter().map(|policy| DmarcSignal::Policy(*policy));
    [DmarcSignal::Unknown, DmarcSignal::Absent].into_iter().chain(policies)
}

/// Every state of the facts.
fn every_state() -> Vec<ScoreFacts> {
    let classes = ProviderClass::ALL.iter().map(|class| Mailbox::Class(*class));
    let mut states = Vec::new();
    for mailbox in classes.chain([Mailbox::Undetermined, Mailbox::None]) {
        for (spf, dkim) in SIGNALS.into_iter().flat_map(|a| SIGNALS.map(|b| (a, b))) {
            for (dmarc, many_includes) in dmarcs().flat_map(|d| SIGNALS.map(|m| (d, m))) {
                states.push(ScoreFacts { mailbox, spf, dkim, dmarc, many_includes });
            }
        }
    }
    states
}

/// The interval is no wider than need be: both of its ends are reached by facts that are all known.
#[test]
fn both_ends_of_a_built_in_interval_are_reached() {
    let rules = RuleSet::builtin();
    let states = every_state();
    let known: Vec<_> = states.iter().filter(|facts| !rules.verdict(facts).partial).collect();
    for facts in &states {
        let verdict = rules.verdict(facts);
        let outcomes: Vec<&Verdict> = known
            .iter()
            .filter(|known| resolve(*facts, ***known) == ***known)
            .map(|known| rules.verdict(known))
            .collect();
        let low = outcomes.iter().map(|outcome| outcome.score).min();
        let high = outcomes.iter().map(|outcome| outcome.score).max();
        assert_eq!((low, high), (Some(verdict.score_low), Some(verdict.score_high)), "{facts:?}");
        let same = outcomes.iter().all(|outcome| outcome.segment == verdict.segment);
        assert_eq!(verdict.segment_certain, same, "{facts:?}");
    }
}

/// A good signal never lowers score or interval. A policy that only watches costs points beside no
/// record at all, by the rule set's own figures; so policies are compared with each other.
#[test]
fn a_good_signal_never_lowers_a_built_in_score() {
    let rules = RuleSet::builtin();
    let rises = |worse: ScoreFacts, better: ScoreFacts| {
        let (low, high) = (rules.verdict(&worse), rules.verdict(&better));
        assert!(
            low.score <= high.score
                && low.score_low <= high.score_low
                && low.score_high <= high.score_high,
            "{worse:?} has {low:?}, {better:?} has {high:?}"
        );
    };
    let (none, quarantine, reject) = (
        DmarcSignal::Policy(DmarcPolicy::None),
        DmarcSignal::Policy(DmarcPolicy::Quarantine),
        DmarcSignal::Policy(DmarcPolicy::Reject),
    );
    for facts in every_state() {
        rises(
            ScoreFacts { spf: Signal::Missing, ..facts },
            ScoreFacts { spf: Signal::Present, ..facts },
        );
        rises(
            ScoreFacts { dkim: Signal::Missing, ..facts },
            ScoreFacts { dkim: Signal::Present, ..facts },
        );
        for (worse, better) in
            [(none, quarantine), (quarantine, reject), (DmarcSignal::Absent, quarantine)]
        {
            rises(ScoreFacts { dmarc: worse, ..facts }, ScoreFacts { dmarc: better, ..facts });
        }
    }
}
