//! Calls by the million: plain values in, a plain value out, or an answer as JSON text, which V8 reads
//! faster than the border carries its fields one by one.
//!
//! The answers of `score` and `commercial` depend on few facts, each of which has few values. A *key*
//! is a number that stands for all of them; the package keeps the answer of each key that it met, and
//! copies it. What makes a key is decided here alone. [`REFUSED`] stands for arguments that do not fit.

use hunter_core::observation::{Observation, Signal};
use hunter_core::operations::{
    ClassifyMxRequest, ParseRequest, dmarc_signal, mail_taken, score_in_range,
};
use hunter_core::signals::DmarcSignal;
use hunter_core::vocabulary::{DmarcPolicy, ProviderClass, Segment};
use hunter_core::{Domain, Lead};
use napi_derive::napi;
use serde::Serialize;

use crate::engine::NativeEngine;

/// The arguments do not fit; asked by JSON, the operation says why.
const REFUSED: i32 = -1;

#[napi]
#[expect(clippy::needless_pass_by_value, reason = "values come from JavaScript as copies")]
#[expect(clippy::too_many_arguments, reason = "reading them from an object costs more")]
impl NativeEngine {
    /// The segment of a score and a class; nothing where the arguments do not fit.
    #[napi(catch_unwind)]
    pub fn segment(&self, score: f64, provider: String) -> Option<&'static str> {
        let (score, provider) = (whole_score(score)?, provider.parse().ok()?);
        Some(self.hunter().segment_of(score, provider).as_str())
    }

    /// The priority score of a segment and a score, each of which may be null.
    #[napi(catch_unwind)]
    pub fn priority_score(&self, segment: Option<String>, score: Option<f64>) -> i32 {
        let fitting = || {
            let segment = segment.map(|word| word.parse::<Segment>()).transpose().ok()?;
            let score = match score {
                Some(score) => Some(whole_score(score)?),
                None => None,
            };
            Some(self.hunter().priority_score_of(segment, score))
        };
        fitting().map_or(REFUSED, i32::from)
    }

    /// What stands for the arguments of `score`. A signal is null where it is unknown. `dmarc_policy`
    /// is null where it is unknown and empty where there is no record; `mx_records` are one text, each
    /// ended by a line break, and null where nobody knows. A domain must be in its canonical form.
    #[napi(catch_unwind)]
    pub fn score_key(
        &self,
        provider: Option<String>,
        spf: Option<bool>,
        dkim: Option<bool>,
        dmarc_policy: Option<String>,
        spf_record: Option<String>,
        mx_records: Option<String>,
        domain: Option<String>,
    ) -> i32 {
        let fitting = || {
            if let Some(domain) = &domain
                && domain.parse::<Domain>().ok()?.as_str() != domain
            {
                return None;
            }
            let provider: Option<ProviderClass> =
                provider.map(|word| word.parse()).transpose().ok()?;
            let dmarc = dmarc_signal(dmarc_policy.as_deref()).ok()?;
            let spf = Signal::from(spf);
            let records: Option<Vec<&str>> =
                mx_records.as_deref().map(|records| records.lines().collect());
            let many = self.hunter().rules().many_includes(spf, spf_record.as_deref());
            let mut key = Key::default();
            key.add(provider.map_or(0, |class| class.index() + 1), ProviderClass::ALL.len() + 1);
            for signal in [spf, dkim.into(), many, mail_taken(records.as_deref())] {
                key.add(signal as usize, 3);
            }
            let policies = DmarcPolicy::ALL.len();
            let policy = match dmarc {
                DmarcSignal::Policy(policy) => policy.index(),
                DmarcSignal::Absent => policies,
                DmarcSignal::Unknown => policies + 1,
            };
            key.add(policy, policies + 2);
            Some(key)
        };
        fitting().map_or(REFUSED, Key::number)
    }

    /// What stands for the arguments of `commercial`.
    #[napi(catch_unwind)]
    pub fn commercial_key(segment: String, provider: String, score: f64) -> i32 {
        let fitting = || {
            let segment: Segment = segment.parse().ok()?;
            let provider: ProviderClass = provider.parse().ok()?;
            let mut key = Key::default();
            key.add(segment.index(), Segment::ALL.len());
            key.add(provider.index(), ProviderClass::ALL.len());
            key.add(usize::from(whole_score(score)?), 101);
            Some(key)
        };
        fitting().map_or(REFUSED, Key::number)
    }

    /// `classify_mx` of at least one record and no domain; records have a line break between them.
    #[napi(catch_unwind)]
    pub fn classify_mx(&self, records: String) -> String {
        let records = records.split('\n').map(str::to_owned).collect();
        json(&self.hunter().classify_mx(&ClassifyMxRequest { records, domain: None }))
    }

    /// `parse_spf` of a text.
    #[napi(catch_unwind)]
    pub fn parse_spf(&self, text: String) -> String {
        json(&self.hunter().parse_spf(&ParseRequest { text }))
    }

    /// `parse_dkim` of a text.
    #[napi(catch_unwind)]
    pub fn parse_dkim(&self, text: String) -> String {
        json(&self.hunter().parse_dkim(&ParseRequest { text }))
    }

    /// `parse_dmarc` of a text.
    #[napi(catch_unwind)]
    pub fn parse_dmarc(&self, text: String) -> String {
        json(&self.hunter().parse_dmarc(&ParseRequest { text }))
    }

    /// `assess` of an observation as JSON text and nothing else; nothing where that cannot be read.
    #[napi(catch_unwind)]
    pub fn assess_text(&self, observation: String) -> Option<String> {
        let observation = Observation::from_json(&observation).ok()?;
        Some(json(&self.hunter().assess_observation(&observation, &Lead::default(), None)))
    }
}

fn json(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).expect("string keys and finite numbers only")
}

/// A number made of places, each with as many values as its fact.
#[derive(Default)]
struct Key(usize);

impl Key {
    fn add(&mut self, value: usize, values: usize) {
        debug_assert!(value < values, "{value} of {values}");
        self.0 = self.0 * values + value;
    }

    fn number(self) -> i32 {
        i32::try_from(self.0).unwrap_or(REFUSED)
    }
}

/// A JavaScript number as a score: whole, and within 0 to 100.
fn whole_score(number: f64) -> Option<u8> {
    #[expect(clippy::cast_possible_truncation, reason = "what is too large becomes i64::MAX")]
    let whole = (number.fract() == 0.0).then_some(number as i64)?;
    score_in_range("score", whole).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_scores_in_range_pass() {
        assert_eq!(
            [0.0, -0.0, 67.0, 100.0].map(whole_score),
            [Some(0), Some(0), Some(67), Some(100)]
        );
        for number in [-1.0, 100.5, 101.0, f64::NAN, f64::INFINITY, 1e300, 0.1] {
            assert_eq!(whole_score(number), None, "{number}");
        }
    }

    #[test]
    fn keys_tell_all_values_apart() {
        let mut seen = std::collections::BTreeSet::new();
        for a in 0..3 {
            for b in 0..5 {
                let mut key = Key::default();
                key.add(a, 3);
                key.add(b, 5);
                assert!(seen.insert(key.number()), "{a} {b}");
            }
        }
        assert_eq!(seen.len(), 15);
    }
}
