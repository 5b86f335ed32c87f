//! The observation while it is being written: one answer a question.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use hunter_core::observation::{Answer, Observation, RecordType};

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
}
