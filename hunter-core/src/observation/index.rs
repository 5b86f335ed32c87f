//! An observation's answers, found by name.

use std::borrow::Cow;

use super::answer::{Answer, RecordType};
use super::outcome::Outcome;
use super::{Observation, Reply};
use crate::records::mx::cmp_ignore_case;

/// How many aliases are followed before a chain counts as a loop. Resolvers stop near this number.
const CNAME_HOPS: usize = 8;

/// The answers of one observation, found by name.
///
/// An assessment puts some fifty questions to an observation of some thirty answers. The index reads
/// every name once, so that each question then compares numbers instead of names.
#[derive(Debug, Default)]
pub struct AnswerIndex<'a> {
    answers: &'a [Answer],
    keys: Vec<u64>,
}

impl<'a> AnswerIndex<'a> {
    /// Indexes the answers of an observation.
    pub fn of(observation: &'a Observation) -> Self {
        let answers = &observation.answers;
        Self { answers, keys: answers.iter().map(|answer| key(&answer.name)).collect() }
    }

    /// Every answer, in the order of the observation.
    pub const fn answers(&self) -> &'a [Answer] {
        self.answers
    }

    /// What became of a question, aliases followed; see [`Observation::ask`].
    pub fn ask(&self, name: &str, record_type: &RecordType) -> Reply<'a> {
        let direct = merge(self.at(name).filter(|answer| answer.record_type == *record_type));
        if direct.found().is_some() || *record_type == RecordType::Cname {
            return direct;
        }
        let mut chain = self.aliases(name);
        let Some(mut target) = chain.next() else { return direct };
        for _ in 0..CNAME_HOPS {
            let Some(next) = chain.next() else {
                let reply = merge(self.at(target).filter(|a| a.record_type == *record_type));
                return if reply.is_answered() || !direct.is_answered() { reply } else { direct };
            };
            target = next;
        }
        Outcome::PermFail { reason: "cname_loop" }
    }

    /// The targets of the CNAME chain that starts at `name`, in order. The chain of a loop does not
    /// end.
    pub fn aliases(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let mut next = self.alias(name);
        std::iter::from_fn(move || {
            let current = next?;
            next = self.alias(current);
            Some(current)
        })
    }

    /// Whether the answers say that the name does not exist, so that nothing exists below it either
    /// (RFC 8020): some do, and none says that it does.
    pub fn is_nxdomain(&self, name: &str) -> bool {
        let mut said = false;
        for answer in self.at(name) {
            if answer.outcome.is_nxdomain() {
                said = true;
            } else if answer.outcome.is_answered() {
                return false;
            }
        }
        said
    }

    /// Every answer to a question about that name. DNS names compare without ASCII case.
    pub(crate) fn at(&self, name: &str) -> impl Iterator<Item = &'a Answer> {
        let wanted = key(name);
        let pairs = self.keys.iter().zip(self.answers);
        pairs
            .filter(move |(key, _)| **key == wanted)
            .map(|(_, answer)| answer)
            .filter(move |answer| is_same_name(&answer.name, name))
    }

    /// The target of an alias. A name has one (RFC 1034 §3.6.2); where answers contradict each other,
    /// the first by name, so that the order received does not matter.
    fn alias(&self, name: &str) -> Option<&'a str> {
        self.at(name)
            .filter(|answer| answer.record_type == RecordType::Cname)
            .filter_map(|answer| answer.outcome.found())
            .flatten()
            .map(|target| without_dot(target))
            .min_by(|a, b| cmp_ignore_case(a, b))
    }
}

/// Joins the answers to one question: data wins over an authoritative "nothing", and that over a
/// failure; the records of several answers are joined. Between equals the order received does not
/// matter either.
pub(crate) fn merge<'a>(answers: impl Iterator<Item = &'a Answer>) -> Reply<'a> {
    let mut reply: Option<Reply<'_>> = None;
    for answer in answers {
        let other = answer.outcome.borrowed().map(|records| Cow::Borrowed(&records[..]));
        match (&mut reply, other) {
            (Some(Outcome::Found(records)), Outcome::Found(more)) => {
                records.to_mut().extend(more.iter().cloned());
            }
            (Some(kept), other) if !other.is_believed_over(kept) => {}
            (_, other) => reply = Some(other),
        }
    }
    let mut reply = reply.unwrap_or(Outcome::NotAsked { reason: "not_planned" });
    if let Outcome::Found(records) = &mut reply {
        hold_each_once(records);
    }
    reply
}

/// A set of records holds each once (RFC 2181 §5), however many servers gave it.
fn hold_each_once(records: &mut Cow<'_, [String]>) {
    if !(1..records.len()).any(|nth| records[..nth].contains(&records[nth])) {
        return;
    }
    let mut seen: Vec<String> = Vec::with_capacity(records.len());
    for record in records.iter() {
        if !seen.contains(record) {
            seen.push(record.clone());
        }
    }
    *records = Cow::Owned(seen);
}

/// A name without its trailing dot.
pub(crate) fn without_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// Whether two names are the same without ASCII case and trailing dot.
pub(crate) fn is_same_name(one: &str, other: &str) -> bool {
    without_dot(one).eq_ignore_ascii_case(without_dot(other))
}

/// A number that is the same for every spelling of a name. Different names may share one: whoever
/// looks up compares the names too.
fn key(name: &str) -> u64 {
    // Eight bytes at a time; the bit that tells the cases of ASCII letters apart is set in all.
    const FOLD: u64 = 0x2020_2020_2020_2020;
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let bytes = without_dot(name).as_bytes();
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    words.iter().chain(std::iter::once(&last)).fold(bytes.len() as u64, |key, word| {
        ((key ^ (u64::from_le_bytes(*word) | FOLD)).wrapping_mul(MIX)).rotate_left(29)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_share_a_key_and_names_of_one_domain_do_not() {
        assert_eq!(key("Mail.Ornek.com.tr."), key("mail.ornek.COM.tr"));
        let names: std::collections::HashSet<u64> =
            (0..500).map(|nth| key(&format!("selector{nth}._domainkey.ornek.com.tr"))).collect();
        assert_eq!(names.len(), 500);
    }
}
