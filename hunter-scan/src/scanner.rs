//! Domains in, observations out: the rounds of one domain, and many domains at once.

use std::fmt;
use std::sync::Arc;

use futures::stream::{Stream, StreamExt};
use hunter_core::Domain;
use hunter_core::observation::{Observation, RecordType};
use time::OffsetDateTime;
use tokio::time::Instant;

use crate::config::{ScanConfig, SecondOpinion};
use crate::dns::exchange::{Exchange, Manner};
use crate::dns::resolve::{Asker, not_asked};
use crate::dns::start_check::{self, Soundness};
use crate::error::ScanError;
use crate::notes::Notes;
use crate::rounds::Rounds;
use crate::selectors::SelectorPlan;
use crate::throttle::{Permit, Throttle};

/// The reason written where a name above does not exist, so that nothing exists below it.
const NXDOMAIN_ABOVE: &str = "nxdomain_above";
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
    throttle: Option<Arc<dyn Throttle>>,
    asker: Asker,
}

impl fmt::Debug for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanner").field("config", &self.inner.config).finish_non_exhaustive()
    }
}

impl Scanner {
    /// A scanner under these settings, with this plan of DKIM selectors: an
    /// [`Engine`](hunter_core::Engine), which knows the selectors of each provider, a closure, or
    /// [`CommonSelectors`](crate::CommonSelectors).
    ///
    /// # Errors
    /// As [`ScanConfig::validate`]; `scan_system_resolvers` when no resolver is named and the
    /// system names none.
    pub fn new(config: ScanConfig, plan: impl SelectorPlan + 'static) -> Result<Self, ScanError> {
        Self::build(config, Box::new(plan), None)
    }

    /// A scanner that asks this throttle for leave.
    ///
    /// # Errors
    /// As [`Scanner::new`].
    pub fn with_throttle(
        config: ScanConfig,
        plan: impl SelectorPlan + 'static,
        throttle: Arc<dyn Throttle>,
    ) -> Result<Self, ScanError> {
        Self::build(config, Box::new(plan), Some(throttle))
    }

    fn build(
        config: ScanConfig,
        plan: Box<dyn SelectorPlan>,
        throttle: Option<Arc<dyn Throttle>>,
    ) -> Result<Self, ScanError> {
        config.validate()?;
        let resolvers = config.effective_resolvers()?;
        let exchange = Exchange::new(&config, &resolvers, throttle.clone())?;
        let inner = Inner { config, plan, throttle, asker: Asker::new(exchange) };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The settings in force.
    pub fn config(&self) -> &ScanConfig {
        &self.inner.config
    }

    /// Finds out whether the resolvers can be believed: a made-up name must not exist, the root
    /// must. Meant to be called once, before the first domain.
    ///
    /// # Errors
    /// `scan_resolver_lies` when one of them does; `scan_resolvers_silent` when none answers.
    pub async fn check(&self) -> Result<Vec<Soundness>, ScanError> {
        start_check::run(self.inner.asker.exchange()).await
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
        self.leave(Permit::Domain(domain)).await;
        let mut seen = Observation::new(domain.clone(), OffsetDateTime::now_utc());
        self.config.profile.as_str().clone_into(&mut seen.profile);
        let mut notes = Notes::new(seen);
        let mut rounds = Rounds {
            asker: &self.asker,
            domain,
            profile: self.config.profile,
            manner: Manner {
                until: Instant::now() + self.config.deadline,
                confirm: self.config.second_opinion != SecondOpinion::Off,
            },
        };

        notes.add(rounds.first().await);
        notes.mark_contradictions();
        if let Some(reason) = nothing_more(&notes) {
            let domainkey = format!("_domainkey.{domain}");
            notes.add([not_asked(&domainkey, &RecordType::Txt, reason)]);
            return notes.seen;
        }
        // Whoever was caught once is not believed without a witness for the rest of the domain.
        rounds.manner.confirm = self.config.second_opinion == SecondOpinion::Every
            || (rounds.manner.confirm && notes.has_disagreement());

        let selectors = rounds.selectors(&*self.plan, &notes.seen, &self.config.dkim_selectors);
        if self.throttle.is_some()
            && let Some(host) = first_name_server(&notes.seen)
        {
            let questions = rounds.expected(&selectors);
            self.leave(Permit::NameServer { host, questions }).await;
        }
        let more = rounds.after_the_first(&notes.seen, &selectors).await;
        notes.add(more);
        notes.mark_contradictions();
        notes.seen
    }

    async fn leave(&self, permit: Permit<'_>) {
        if let Some(throttle) = &self.throttle {
            throttle.leave(permit).await;
        }
    }
}

/// Why there is nothing more to ask once the apex has been asked; `None` when there is.
fn nothing_more(notes: &Notes) -> Option<&'static str> {
    let domain = notes.seen.domain.as_str();
    let mx = notes.direct(domain, &RecordType::Mx);
    if mx.is_some_and(|answer| answer.outcome.is_nxdomain()) {
        return Some(NXDOMAIN_ABOVE);
    }
    let mut apex = notes.seen.answers.iter().filter(|answer| answer.name == domain).peekable();
    let failed = apex.peek().is_some() && apex.all(|answer| !answer.outcome.is_answered());
    failed.then_some(APEX_FAILED)
}

/// By which the domains of one name server are known: the first of its names.
fn first_name_server(seen: &Observation) -> Option<&str> {
    seen.answers
        .iter()
        .filter(|answer| answer.record_type == RecordType::Ns)
        .find_map(|answer| answer.outcome.found())?
        .iter()
        .map(String::as_str)
        .min()
}
