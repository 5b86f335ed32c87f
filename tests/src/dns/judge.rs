//! Whether an observation says what the zone says.

use std::collections::BTreeSet;

use hunter_core::observation::{Observation, Outcome, RecordType};

use super::zone::{Truth, Zone};

/// What was compared.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Answers that are as the zone has them.
    pub facts: usize,
    /// Those among them that are records.
    pub found: usize,
    /// Those among them that say there is no such name.
    pub nxdomain: usize,
    /// Those among them that say there is nothing of the type.
    pub nodata: usize,
    /// Questions that were not put.
    pub not_asked: usize,
    /// Answers that failed.
    pub unknown: Vec<String>,
    /// Answers that differ from the zone.
    pub wrong: Vec<String>,
}

impl Verdict {
    /// Compares every answer of an observation with the zone.
    pub fn add(&mut self, seen: &Observation, zone: &Zone) {
        for answer in &seen.answers {
            let truth = zone.ask(&answer.name, &answer.record_type.to_string());
            let agrees = match &answer.outcome {
                Outcome::NotAsked { .. } => {
                    self.not_asked += 1;
                    continue;
                }
                Outcome::PermFail { reason } if reason == "cname_loop" => {
                    is_loop(zone, &answer.name, &answer.record_type)
                }
                Outcome::TempFail { .. } | Outcome::PermFail { .. } => {
                    self.unknown.push(format!(
                        "{} {}: {:?}",
                        answer.name, answer.record_type, answer.outcome
                    ));
                    continue;
                }
                Outcome::Found(records) => {
                    self.found += 1;
                    let as_set: BTreeSet<String> = records.iter().cloned().collect();
                    as_set.len() == records.len()
                        && match &truth {
                            Truth::Records(wanted) => as_set == *wanted,
                            Truth::Alias(target) => {
                                answer.record_type == RecordType::Cname && as_set.contains(target)
                            }
                            Truth::NoData | Truth::NxDomain => false,
                        }
                }
                Outcome::Absent { rcode } => match rcode.as_deref() {
                    Some("NXDOMAIN") => {
                        self.nxdomain += 1;
                        truth == Truth::NxDomain
                    }
                    Some("NOERROR") => {
                        self.nodata += 1;
                        truth == Truth::NoData
                    }
                    _ => false,
                },
            };
            self.facts += 1;
            if !agrees {
                self.wrong.push(format!(
                    "{} {}: {:?}, but the zone says {truth:?}",
                    answer.name, answer.record_type, answer.outcome
                ));
            }
        }
    }

    /// Fails the test unless every fact is right and nothing is unknown.
    pub fn assert_all_right(&self) {
        let few = |list: &[String]| list.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
        assert!(self.wrong.is_empty(), "{} wrong:\n{}", self.wrong.len(), few(&self.wrong));
        assert!(self.unknown.is_empty(), "{} unknown:\n{}", self.unknown.len(), few(&self.unknown));
    }
}

/// Whether the aliases from a name go in a circle, or further than eight hops.
fn is_loop(zone: &Zone, name: &str, of_type: &RecordType) -> bool {
    let (mut name, mut hops) = (name.to_owned(), 0);
    while let Truth::Alias(target) = zone.ask(&name, &of_type.to_string()) {
        (name, hops) = (target, hops + 1);
        if hops > 8 {
            return true;
        }
    }
    false
}
