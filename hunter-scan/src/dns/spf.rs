//! The records that an SPF record leads to, by `include` and `redirect` (RFC 7208 §5.2, §6.1).

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use futures::future::{BoxFuture, FutureExt, join_all};
use hunter_core::Domain;
use hunter_core::observation::{Answer, RecordType};
use hunter_core::records::spf::{self, SpfReading};

use super::exchange::Manner;
use super::resolve::{Asker, not_asked};

/// How many names are asked for. Receivers stop after ten look-ups (§4.6.4); what lies a little
/// beyond shows how far a record is over.
const MAX_NAMES: usize = 30;
/// How deep the tree is followed.
const MAX_DEPTH: usize = 10;
/// The reason written where a name depends on the message that is checked.
const MACRO: &str = "macro";
/// The reason written for names beyond [`MAX_NAMES`] or [`MAX_DEPTH`].
const LIMIT: &str = "spf_limit";

/// The walk over one domain's tree: each name is asked for once, all of one record at the same time.
pub(crate) struct Walk<'a> {
    asker: &'a Asker,
    domain: &'a Domain,
    manner: Manner<'a>,
    visited: Mutex<HashSet<String>>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(asker: &'a Asker, domain: &'a Domain, manner: Manner<'a>) -> Self {
        let visited = Mutex::new(HashSet::from([domain.as_str().to_owned()]));
        Self { asker, domain, manner, visited }
    }

    /// The answers below the record among `texts`, which stands at `owner`.
    pub(crate) fn below<'f>(
        &'f self,
        owner: &str,
        texts: &[String],
        depth: usize,
    ) -> BoxFuture<'f, Vec<Answer>> {
        let (mut answers, names) = self.targets(owner, texts, depth);
        async move {
            let mut below = Vec::with_capacity(names.len());
            for name in names {
                below.push(self.at(name, depth + 1));
            }
            answers.extend(join_all(below).await.into_iter().flatten());
            answers
        }
        .boxed()
    }

    /// The names that are to be asked for next, and why others are not.
    fn targets(&self, owner: &str, texts: &[String], depth: usize) -> (Vec<Answer>, Vec<String>) {
        let (mut answers, mut names) = (Vec::new(), Vec::new());
        // A record with a fault ends every check, so that nothing is looked up for it.
        let SpfReading::Valid(record) = SpfReading::read(texts) else { return (answers, names) };
        for target in record.delegates() {
            let Some(name) = spf::expand(target, owner, self.domain.as_str()) else {
                answers.push(not_asked(target, &RecordType::Txt, MACRO));
                continue;
            };
            let name = name.to_ascii_lowercase();
            match self.enter(&name, depth) {
                Entry::Known => {}
                Entry::Full => answers.push(not_asked(&name, &RecordType::Txt, LIMIT)),
                Entry::New => names.push(name),
            }
        }
        (answers, names)
    }

    async fn at(&self, name: String, depth: usize) -> Vec<Answer> {
        let mut answers =
            self.asker.ask(Some(self.domain), &name, &RecordType::Txt, self.manner).await;
        let texts = answers.last().and_then(|answer| answer.outcome.found()).cloned();
        if let Some(texts) = texts {
            answers.extend(self.below(&name, &texts, depth).await);
        }
        answers
    }

    fn enter(&self, name: &str, depth: usize) -> Entry {
        let mut visited = self.visited.lock().unwrap_or_else(PoisonError::into_inner);
        if visited.contains(name) {
            return Entry::Known;
        }
        if visited.len() > MAX_NAMES || depth >= MAX_DEPTH {
            return Entry::Full;
        }
        visited.insert(name.to_owned());
        Entry::New
    }
}

enum Entry {
    New,
    Known,
    Full,
}
