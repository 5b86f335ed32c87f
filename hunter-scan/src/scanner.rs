//! The plan of questions for one domain, and many domains at once.

use std::fmt;
use std::sync::Arc;

use futures::future::{join, join_all, join4};
use futures::stream::{Stream, StreamExt};
use hunter_core::Domain;
use hunter_core::observation::{Answer, Observation, RecordType};
use time::OffsetDateTime;

use crate::config::{Profile, ScanConfig};
use crate::error::ScanError;
use crate::exchange::Exchange;
use crate::names;
use crate::notes::Notes;
use crate::resolve::{Asker, not_asked};
use crate::selectors::{self, SelectorPlan};

/// The reason written where a name above does not exist, so that nothing exists below it.
const NXDOMAIN_ABOVE: &str = "nxdomain_above";
/// The reason written where the domain declares that it takes no mail.
const NULL_MX: &str = "null_mx";
/// The reason written where every question about the domain itself failed.
const APEX_FAILED: &str = "apex_failed";

/// Observes domains. Cheap to clone; clones share their limits and what they remember.
#[derive(Clone)]
pub struct Scanner {
    inner: Arc<Inner>,
}

struct Inner {
    config: ScanConfig,
    plan: Box<dyn SelectorPlan>,
    asker: Asker,
}

impl fmt::Debug for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanner").field("config", &self.inner.config).finish_non_exhaustive()
    }
}

impl Scanner {
    /// A scanner under these settings, with this plan of DKIM selectors
    /// ([`CommonSelectors`](crate::CommonSelectors) if there is no better one).
    ///
    /// # Errors
    /// As [`ScanConfig::validate`]; `scan_system_resolvers` when no resolver is named and the
    /// system names none.
    pub fn new(config: ScanConfig, plan: impl SelectorPlan + 'static) -> Result<Self, ScanError> {
        config.validate()?;
        let resolvers = config.effective_resolvers()?;
        let exchange =
            Exchange::new(&resolvers, config.timeout, config.attempts, config.concurrency);
        let inner = Inner { config, plan: Box::new(plan), asker: Asker::new(exchange) };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The settings in force.
    pub fn config(&self) -> &ScanConfig {
        &self.inner.config
    }

    /// Observes one domain. This never fails: a question that failed is an answer that says so.
    pub async fn observe(&self, domain: &Domain) -> Observation {
        self.inner.observe(domain).await
    }

    /// Observes many domains, at most [`ScanConfig::concurrency`] at a time. Each input gives one
    /// observation, with its position in the input; they come as they are done. Dropping the
    /// stream ends the scan. Of an iterator, make a stream with `futures::stream::iter`.
    pub fn observe_all<S>(&self, domains: S) -> impl Stream<Item = (usize, Observation)> + use<S>
    where
        S: Stream<Item = Domain>,
    {
        let inner = Arc::clone(&self.inner);
        let concurrency = inner.config.concurrency;
        domains
            .enumerate()
            .map(move |(index, domain)| {
                let inner = Arc::clone(&inner);
                async move { (index, inner.observe(&domain).await) }
            })
            .buffer_unordered(concurrency)
    }
}

impl Inner {
    async fn observe(&self, domain: &Domain) -> Observation {
        let mut seen = Observation::new(domain.clone(), OffsetDateTime::now_utc());
        self.config.profile.as_str().clone_into(&mut seen.profile);
        let mut notes = Notes::new(seen);

        let apex = self.apex(domain).await;
        notes.add(apex);
        let dmarc = format!("_dmarc.{domain}");
        let domainkey = format!("_domainkey.{domain}");
        if let Some(reason) = nothing_more(&notes) {
            notes.add([&dmarc, &domainkey].map(|name| not_asked(name, &RecordType::Txt, reason)));
            return notes.seen;
        }
        if names::has_null_mx(&notes.seen) {
            let answers = self.dmarc(domain, &dmarc).await;
            notes.add(answers);
            notes.add([not_asked(&domainkey, &RecordType::Txt, NULL_MX)]);
            return notes.seen;
        }

        let selectors = self.selectors(&notes.seen);
        let policy_and_keys =
            join(self.dmarc(domain, &dmarc), self.dkim(domain, &domainkey, &selectors));
        let (dmarc, dkim, rest) = match self.config.profile {
            Profile::Quick => {
                let (dmarc, dkim) = policy_and_keys.await;
                (dmarc, dkim, Vec::new())
            }
            Profile::Standard => {
                let ((dmarc, dkim), rest) =
                    join(policy_and_keys, self.services_and_hosts(&notes.seen)).await;
                (dmarc, dkim, rest)
            }
        };
        notes.add(dmarc);
        notes.add(dkim);
        notes.add(rest);
        notes.seen
    }

    async fn apex(&self, domain: &Domain) -> Vec<Answer> {
        let quick = [RecordType::Mx, RecordType::Txt];
        let more = [RecordType::Ns, RecordType::Soa, RecordType::A, RecordType::Aaaa];
        let types = match self.config.profile {
            Profile::Quick => quick.to_vec(),
            Profile::Standard => quick.into_iter().chain(more).collect(),
        };
        let questions =
            types.iter().map(|record_type| self.asker.ask(domain, domain.as_str(), record_type));
        join_all(questions).await.concat()
    }

    /// The DMARC record and, where the domain has none of its own, those of its parents.
    async fn dmarc(&self, domain: &Domain, name: &str) -> Vec<Answer> {
        let mut answers = self.asker.ask(domain, name, &RecordType::Txt).await;
        let failed = |answers: &[Answer]| answers.last().is_some_and(|a| !a.outcome.is_answered());
        if failed(&answers) || dmarc_record(&answers).is_some() {
            return answers;
        }
        for parent in names::tree_walk(domain) {
            let step = self.asker.ask(domain, &parent, &RecordType::Txt).await;
            let ends = dmarc_record(&step).is_some_and(names::ends_walk);
            answers.extend(step);
            if ends {
                break;
            }
        }
        answers
    }

    /// The selectors' records, unless `_domainkey` does not exist: then there are none.
    async fn dkim(&self, domain: &Domain, domainkey: &str, selectors: &[String]) -> Vec<Answer> {
        let mut answers = self.asker.ask(domain, domainkey, &RecordType::Txt).await;
        let keys = selectors.iter().map(|selector| format!("{selector}.{domainkey}"));
        if answers.iter().any(|a| a.outcome.is_nxdomain() && a.answers(domainkey, &RecordType::Txt))
        {
            answers.extend(keys.map(|key| not_asked(&key, &RecordType::Txt, NXDOMAIN_ABOVE)));
        } else {
            let questions =
                keys.map(|key| async move { self.asker.ask(domain, &key, &RecordType::Txt).await });
            answers.extend(join_all(questions).await.concat());
        }
        answers
    }

    fn selectors(&self, seen: &Observation) -> Vec<String> {
        let planned = self.plan.selectors(seen);
        let own = selectors::ALWAYS.into_iter().chain(planned.iter().map(String::as_str));
        selectors::merge(own.chain(self.config.dkim_selectors.iter().map(String::as_str)))
    }

    async fn services_and_hosts(&self, seen: &Observation) -> Vec<Answer> {
        let domain = &seen.domain;
        let services = names::SERVICES.map(|service| format!("{service}.{domain}"));
        let aliases = join_all(
            services[1..].iter().map(|name| self.asker.ask(domain, name, &RecordType::Cname)),
        );
        let exchange_online = async {
            match names::exchange_online(domain) {
                Some(name) => self.asker.ask(domain, &name, &RecordType::A).await,
                None => Vec::new(),
            }
        };
        let hosts = names::mx_hosts(seen);
        let hosts = join_all(hosts.iter().map(|host| self.asker.ask(domain, host, &RecordType::A)));
        let (mut answers, aliases, exchange_online, hosts) =
            join4(self.autodiscover(domain, &services[0]), aliases, exchange_online, hosts).await;
        answers.extend(aliases.concat());
        answers.extend(exchange_online);
        answers.extend(hosts.concat());
        answers
    }

    /// The alias of `autodiscover` or, where the name exists without one, its address.
    async fn autodiscover(&self, domain: &Domain, name: &str) -> Vec<Answer> {
        let mut answers = self.asker.ask(domain, name, &RecordType::Cname).await;
        if answers.iter().any(|a| a.outcome.is_absent() && !a.outcome.is_nxdomain()) {
            answers.extend(self.asker.ask(domain, name, &RecordType::A).await);
        }
        answers
    }
}

/// Why there is nothing more to ask once the apex has been asked; `None` when there is.
fn nothing_more(notes: &Notes) -> Option<&'static str> {
    let domain = notes.seen.domain.as_str();
    let mx = notes.direct(domain, &RecordType::Mx);
    if mx.is_some_and(|answer| answer.outcome.is_nxdomain()) {
        return Some(NXDOMAIN_ABOVE);
    }
    let failed = notes.seen.answers.iter().all(|answer| !answer.outcome.is_answered());
    failed.then_some(APEX_FAILED)
}

/// The DMARC record among the answers to one question.
fn dmarc_record(answers: &[Answer]) -> Option<&str> {
    let last = answers.last().filter(|answer| answer.record_type == RecordType::Txt)?;
    names::single_dmarc(last.outcome.found()?)
}
