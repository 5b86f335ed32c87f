//! The observation while it is being written: one answer a question.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use hunter_core::observation::{Answer, Observation, Outcome, RecordType};

/// The reason written where a server denies a name of which another answer gives records.
const CONTRADICTION: &str = "contradiction";
/// The reason written where two resolvers differ; see `dns::transport`.
const DISAGREEMENT: &str = "resolvers_disagree";

/// An observation, and which of its answers belongs to which question.
#[derive(Debug)]
pub(crate) struct Notes {
    pub(crate) seen: Observation,
    index: HashMap<(String, RecordType), usize>,
}

impl Notes {
    pub(crate) fn new(seen: Observation) -> Self {
        Self { seen, index: HashMap::new() }
    }

    /// Adds answers. Two chains may lead to one name: then the answered one of the two is kept.
    pub(crate) fn add(&mut self, answers: impl IntoIterator<Item = Answer>) {
        for answer in answers {
            match self.index.entry((answer.name.clone(), answer.record_type.clone())) {
                Entry::Vacant(place) => {
                    place.insert(self.seen.answers.len());
                    self.seen.answers.push(answer);
                }
                Entry::Occupied(place) => {
                    let kept = &mut self.seen.answers[*place.get()];
                    if answer.outcome.is_answered() && !kept.outcome.is_answered() {
                        *kept = answer;
                    }
                }
            }
        }
    }

    /// NXDOMAIN is said of a name, not of a type (RFC 8020). Where another answer gives records of
    /// the same name, whoever said so cannot be believed: what is there is not known.
    pub(crate) fn mark_contradictions(&mut self) {
        let denied: Vec<usize> = self
            .seen
            .answers
            .iter()
            .enumerate()
            .filter(|(_, answer)| answer.outcome.is_nxdomain())
            .filter(|(_, denied)| {
                self.seen.answers.iter().any(|other| {
                    other.outcome.found().is_some()
                        && other.answers(&denied.name, &other.record_type)
                })
            })
            .map(|(index, _)| index)
            .collect();
        for index in denied {
            let reason = CONTRADICTION.to_owned();
            self.seen.answers[index].outcome = Outcome::TempFail { reason };
        }
    }

    /// Whether two resolvers differed about anything so far.
    pub(crate) fn has_disagreement(&self) -> bool {
        let why = |answer: &Answer| answer.outcome.why_unanswered() == Some(DISAGREEMENT);
        self.seen.answers.iter().any(why)
    }

    /// The answer under exactly this name, without following aliases.
    pub(crate) fn direct(&self, name: &str, record_type: &RecordType) -> Option<&Answer> {
        self.seen.answers.iter().find(|answer| answer.answers(name, record_type))
    }
}

#[cfg(test)]
mod tests {
    use hunter_core::observation::Outcome;
    use time::OffsetDateTime;

    use super::*;

    #[test]
    fn one_answer_a_question_and_the_answered_one_wins() {
        let domain = "ornek.com.tr".parse().expect("a domain");
        let mut notes = Notes::new(Observation::new(domain, OffsetDateTime::UNIX_EPOCH));
        let answer = |outcome| Answer::new("key.example.net", RecordType::Txt, outcome);
        let failed = || Outcome::TempFail { reason: "timeout".to_owned() };
        notes.add([answer(failed()), answer(Outcome::Found(vec!["p=x".to_owned()]))]);
        notes.add([answer(failed())]);
        assert_eq!(notes.seen.answers.len(), 1);
        let kept = notes.direct("KEY.example.net", &RecordType::Txt).expect("an answer");
        assert!(kept.outcome.found().is_some());
        assert!(notes.direct("key.example.net", &RecordType::Mx).is_none());
    }

    #[test]
    fn a_name_with_records_cannot_be_denied() {
        let domain = "ornek.com.tr".parse().expect("a domain");
        let mut notes = Notes::new(Observation::new(domain, OffsetDateTime::UNIX_EPOCH));
        let nxdomain = || Outcome::Absent { rcode: Some("NXDOMAIN".to_owned()) };
        notes.add([
            Answer::new("ornek.com.tr", RecordType::Mx, nxdomain()),
            Answer::new("ornek.com.tr", RecordType::A, Outcome::Found(vec!["192.0.2.7".into()])),
            Answer::new("_dmarc.ornek.com.tr", RecordType::Txt, nxdomain()),
        ]);
        notes.mark_contradictions();
        let why = |index: usize| notes.seen.answers[index].outcome.why_unanswered();
        assert_eq!(why(0), Some("contradiction"));
        assert!(notes.seen.answers[2].outcome.is_absent());
    }
}
