//! The rule-set file as it is written: its shape, and the checks that need no engine.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Error as _, MapAccess, Visitor};

use crate::data_file::DataFile;
use crate::error::DataError;
use crate::vocabulary::{
    CommercialHeat, CommercialSegment, PriorityCategory, ProviderClass, Segment, TechnicalHeat,
};

/// The whole file. Every key is required and no other is allowed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) version: String,
    pub(super) points: Points,
    pub(super) limits: Limits,
    pub(super) referral: Referral,
    pub(super) tags: TagLimits,
    pub(super) segment: Vec<Rule<Segment>>,
    pub(super) technical_heat: Vec<Rule<TechnicalHeat>>,
    pub(super) commercial_segment: Vec<Rule<CommercialSegment>>,
    pub(super) commercial_heat: Vec<Rule<CommercialHeat>>,
    pub(super) priority_category: Vec<Rule<PriorityCategory>>,
    pub(super) priority_labels: PerCategory<String>,
    pub(super) priority_score: Vec<Rule<PriorityScore>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Points {
    pub(super) base: Point,
    pub(super) provider: PerClass<Point>,
    pub(super) signals: SignalPoints,
    pub(super) risks: RiskPoints,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignalPoints {
    pub(super) spf: Point,
    pub(super) dkim: Point,
    pub(super) dmarc_none: Point,
    pub(super) dmarc_quarantine: Point,
    pub(super) dmarc_reject: Point,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RiskPoints {
    pub(super) no_spf: Point,
    pub(super) no_dkim: Point,
    pub(super) dkim_none: Point,
    pub(super) dmarc_none: Point,
    pub(super) hosting_mx_weak: Point,
    pub(super) spf_multiple_includes: Point,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) spf_includes: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Referral {
    pub(super) tenant: TenantOverride,
    pub(super) co_sell: Point,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TenantOverride {
    pub(super) provider: ProviderClass,
    pub(super) segment: Segment,
    pub(super) least_score: ScoreBound,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TagLimits {
    pub(super) expire_soon_days: u16,
    pub(super) migration_ready: ScoreBound,
}

/// A number of points, -100 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point(pub(super) i16);

/// A score that a rule compares with, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ScoreBound(pub(super) u8);

/// A priority score, 1 (best) to 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PriorityScore(pub(super) u8);

macro_rules! bounded {
    ($name:ident, $raw:ty, $range:expr) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = i64::deserialize(deserializer)?;
                match <$raw>::try_from(number) {
                    Ok(value) if $range.contains(&value) => Ok(Self(value)),
                    _ => Err(D::Error::custom(format_args!(
                        "{number} must lie between {} and {}",
                        $range.start(),
                        $range.end()
                    ))),
                }
            }
        }
    };
}
bounded!(Point, i16, (-100..=100));
bounded!(ScoreBound, u8, (0..=100));
bounded!(PriorityScore, u8, (1..=7));

/// One value for every provider class.
#[derive(Debug)]
pub(super) struct PerClass<T>(pub(super) Vec<T>);

/// One value for every priority category.
#[derive(Debug)]
pub(super) struct PerCategory<T>(pub(super) Vec<T>);

macro_rules! one_for_every {
    ($name:ident, $word:ty) => {
        impl<'de, T: Deserialize<'de>> Deserialize<'de> for $name<T> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_map(Complete::<$word, T>(PhantomData)).map(Self)
            }
        }
        impl Word for $word {
            fn words() -> &'static [Self] {
                Self::ALL
            }
        }
    };
}
one_for_every!(PerClass, ProviderClass);
one_for_every!(PerCategory, PriorityCategory);

trait Word: Copy + Ord + fmt::Display + 'static {
    fn words() -> &'static [Self];
}

/// Reads a table that must name every word of a list once.
struct Complete<K, T>(PhantomData<(K, T)>);

impl<'de, K: Word + Deserialize<'de>, T: Deserialize<'de>> Visitor<'de> for Complete<K, T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = K::words().iter().map(ToString::to_string).collect();
        write!(f, "a table with {}", words.join(", "))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<T>, A::Error> {
        let mut read = BTreeMap::new();
        while let Some((word, value)) = map.next_entry::<K, T>()? {
            read.insert(word, value);
        }
        K::words()
            .iter()
            .map(|word| {
                read.remove(word)
                    .ok_or_else(|| A::Error::custom(format_args!("missing field `{word}`")))
            })
            .collect()
    }
}

/// One rule: what follows when every condition stated holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule<T> {
    pub(super) then: T,
    pub(super) provider: Option<Vec<ProviderClass>>,
    pub(super) segment: Option<Vec<Segment>>,
    pub(super) technical_heat: Option<Vec<TechnicalHeat>>,
    pub(super) commercial_segment: Option<Vec<CommercialSegment>>,
    pub(super) commercial_heat: Option<Vec<CommercialHeat>>,
    pub(super) score: Option<ScoreRange>,
}

/// A range of scores, both ends included.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScoreRange {
    least: Option<ScoreBound>,
    most: Option<ScoreBound>,
}

/// What is known when a rule is asked; `None` is not yet decided at that stage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) provider: ProviderClass,
    pub(super) score: u8,
    pub(super) segment: Option<Segment>,
    pub(super) technical_heat: Option<TechnicalHeat>,
    pub(super) commercial_segment: Option<CommercialSegment>,
    pub(super) commercial_heat: Option<CommercialHeat>,
}

impl<T> Rule<T> {
    fn matches(&self, case: &Case) -> bool {
        fn holds<W: PartialEq + Copy>(condition: Option<&Vec<W>>, value: Option<W>) -> bool {
            condition.is_none_or(|words| value.is_some_and(|value| words.contains(&value)))
        }
        holds(self.provider.as_ref(), Some(case.provider))
            && holds(self.segment.as_ref(), case.segment)
            && holds(self.technical_heat.as_ref(), case.technical_heat)
            && holds(self.commercial_segment.as_ref(), case.commercial_segment)
            && holds(self.commercial_heat.as_ref(), case.commercial_heat)
            && self.score.is_none_or(|range| {
                range.least.is_none_or(|least| case.score >= least.0)
                    && range.most.is_none_or(|most| case.score <= most.0)
            })
    }

    /// The conditions stated, by their keys, and whether each can hold for some value.
    fn conditions(&self) -> Vec<(&'static str, bool)> {
        fn stated<W>(key: &'static str, words: Option<&Vec<W>>) -> Option<(&'static str, bool)> {
            words.map(|words| (key, !words.is_empty()))
        }
        let can_hold = |range: ScoreRange| match (range.least, range.most) {
            (Some(least), Some(most)) => least <= most,
            (None, None) => false,
            _ => true,
        };
        [
            stated("provider", self.provider.as_ref()),
            stated("segment", self.segment.as_ref()),
            stated("technical_heat", self.technical_heat.as_ref()),
            stated("commercial_segment", self.commercial_segment.as_ref()),
            stated("commercial_heat", self.commercial_heat.as_ref()),
            self.score.map(|range| ("score", can_hold(range))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The first rule that matches; [`check_list`] made sure that the last one always does.
pub(super) fn first_match<T: Copy>(rules: &[Rule<T>], case: &Case) -> T {
    let rule = rules.iter().find(|rule| rule.matches(case));
    rule.expect("the last rule of a checked list has no condition").then
}

impl RuleFile {
    pub(super) fn read(file: DataFile<'_>) -> Result<Self, DataError> {
        let read: Self = file.toml()?;
        if read.version.trim().is_empty() {
            return Err(file.error(
                "data_value",
                None,
                Some("version".into()),
                "must not be empty",
            ));
        }
        check_list(file, "segment", &read.segment, &["provider", "score"])?;
        let known = ["provider", "score", "segment"];
        check_list(file, "technical_heat", &read.technical_heat, &known)?;
        check_list(file, "commercial_segment", &read.commercial_segment, &known)?;
        let known = ["provider", "score", "segment", "commercial_segment"];
        check_list(file, "commercial_heat", &read.commercial_heat, &known)?;
        let known = [
            "provider",
            "score",
            "segment",
            "commercial_segment",
            "technical_heat",
            "commercial_heat",
        ];
        check_list(file, "priority_category", &read.priority_category, &known)?;
        check_list(file, "priority_score", &read.priority_score, &["score", "segment"])?;
        Ok(read)
    }
}

/// A list of rules must decide every case: its last rule, and only that one, has no condition; no
/// rule asks for what is decided later, or for what can never hold.
fn check_list<T>(
    file: DataFile<'_>,
    list: &str,
    rules: &[Rule<T>],
    known: &[&str],
) -> Result<(), DataError> {
    let fault = |nth: usize, key: String, problem: String| {
        file.error_at_text("data_value", &format!("[[{list}]]"), nth, key, problem)
    };
    let Some(last) = rules.len().checked_sub(1) else {
        return Err(fault(0, list.to_owned(), "needs at least one rule".to_owned()));
    };
    for (nth, rule) in rules.iter().enumerate() {
        let conditions = rule.conditions();
        if conditions.is_empty() && nth != last {
            let problem = "a rule without conditions hides the rules after it: put it last";
            return Err(fault(nth, format!("{list}[{nth}]"), problem.to_owned()));
        }
        if !conditions.is_empty() && nth == last {
            let problem = "the last rule must have no condition, so that every case is decided";
            return Err(fault(nth, format!("{list}[{nth}]"), problem.to_owned()));
        }
        for (key, can_hold) in conditions {
            let path = format!("{list}[{nth}].{key}");
            if !known.contains(&key) {
                let problem = format!("is not decided yet here: use {}", known.join(", "));
                return Err(fault(nth, path, problem));
            }
            if !can_hold {
                return Err(fault(nth, path, "can never hold".to_owned()));
            }
        }
    }
    Ok(())
}
