//! Domains in, observations out: the rounds of one domain, and many domains at once.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use futures::future::{join, join_all};
use futures::stream::{Stream, StreamExt};
use hunter_core::Domain;
use hunter_core::observation::{Observation, Outcome, Probe, RecordType};
use hunter_core::records::mta_sts;
use time::OffsetDateTime;
use tokio::task::JoinSet;

use crate::config::{ScanConfig, SecondOpinion};
use crate::dns::addresses::Addresses;
use crate::dns::clock::Clock;
use crate::dns::exchange::{Exchange, Manner};
use crate::dns::resolve::{Asker, not_asked};
use crate::dns::start_check::{self, Soundness};
use crate::error::ScanError;
use crate::ip_data::IpData;
use crate::notes::Notes;
use crate::probes::{ProbeKind, Probes, ProbesConfig};
use crate::registration::{RegistrationConfig, RegistrationLookup};
use crate::rounds::Rounds;
use crate::selectors::{CommonSelectors, SelectorPlan};
use crate::smtp::{SmtpConfig, SmtpProbe};
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
    asker: Arc<Asker>,
    registration: Option<RegistrationLookup>,
    ip_data: Option<IpData>,
    probes: Option<Probes>,
}

/// Puts a [`Scanner`] together: the DNS, and what is observed beside it.
///
/// ```
/// use hunter_scan::registration::RegistrationConfig;
/// use hunter_scan::{ScanConfig, ScannerBuilder};
///
/// let config = ScanConfig { resolvers: vec!["192.0.2.53".parse()?], ..ScanConfig::default() };
/// let scanner =
///     ScannerBuilder::new(config).registration(RegistrationConfig::default()).build()?;
/// # Ok::<(), hunter_scan::ScanError>(())
/// ```
#[must_use = "nothing is built before `build`"]
pub struct ScannerBuilder {
    config: ScanConfig,
    plan: Box<dyn SelectorPlan>,
    throttle: Option<Arc<dyn Throttle>>,
    registration: Option<RegistrationConfig>,
    ip_data: Option<IpData>,
    probes: Option<ProbesConfig>,
}

impl fmt::Debug for ScannerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScannerBuilder").field("config", &self.config).finish_non_exhaustive()
    }
}

impl ScannerBuilder {
    /// Only the DNS, without limits of pace, with the plan [`CommonSelectors`].
    pub fn new(config: ScanConfig) -> Self {
        Self {
            config,
            plan: Box::new(CommonSelectors),
            throttle: None,
            registration: None,
            ip_data: None,
            probes: None,
        }
    }

    /// The plan of DKIM selectors: an [`Engine`](hunter_core::Engine), which knows the selectors of
    /// each provider, or a closure.
    pub fn plan(mut self, plan: impl SelectorPlan + 'static) -> Self {
        self.plan = Box::new(plan);
        self
    }

    /// Whoever is asked for leave before anything goes out.
    pub fn throttle(mut self, throttle: Arc<dyn Throttle>) -> Self {
        self.throttle = Some(throttle);
        self
    }

    /// Also looks up who registered the domain. Addresses of servers come from the resolvers.
    pub fn registration(mut self, config: RegistrationConfig) -> Self {
        self.registration = Some(config);
        self
    }

    /// Also says what IP databases know of the domain's addresses.
    pub fn ip_data(mut self, ip_data: IpData) -> Self {
        self.ip_data = Some(ip_data);
        self
    }

    /// Also probes over HTTPS, as far as probes are on. Addresses of servers come from the resolvers.
    pub fn probes(mut self, config: ProbesConfig) -> Self {
        self.probes = Some(config);
        self
    }

    /// The scanner.
    ///
    /// # Errors
    /// `scan_setting` names a setting and its range, `scan_selector` a selector that cannot stand in
    /// a name; `scan_system_resolvers` when no resolver is named and the system names none;
    /// `scan_http_client` when the client for outbound calls cannot be set up.
    pub fn build(self) -> Result<Scanner, ScanError> {
        let Self { config, plan, throttle, registration, ip_data, probes } = self;
        config.validate()?;
        let resolvers = config.effective_resolvers()?;
        let exchange = Exchange::new(&config, &resolvers, throttle.clone())?;
        let asker = Arc::new(Asker::new(exchange));
        let addresses = Addresses::new(Arc::clone(&asker), config.deadline);
        let registration = registration
            .map(|config| RegistrationLookup::new(config, addresses.clone(), throttle.clone()))
            .transpose()?;
        let probes = probes
            .map(|config| Probes::with_throttle(config, addresses, throttle.clone()))
            .transpose()?;
        let inner = Inner { config, plan, throttle, asker, registration, ip_data, probes };
        Ok(Scanner { inner: Arc::new(inner) })
    }
}

impl fmt::Debug for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanner").field("config", &self.inner.config).finish_non_exhaustive()
    }
}

impl Scanner {
    /// A scanner of the DNS alone, under these settings and with this plan of DKIM selectors; a
    /// [`ScannerBuilder`] makes one that observes more.
    ///
    /// # Errors
    /// As [`ScannerBuilder::build`].
    pub fn new(config: ScanConfig, plan: impl SelectorPlan + 'static) -> Result<Self, ScanError> {
        ScannerBuilder::new(config).plan(plan).build()
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

    /// What asks mail servers about addresses, by the resolvers and the throttle of this scanner.
    pub fn smtp(&self, config: SmtpConfig) -> SmtpProbe {
        let lookup = Addresses::new(Arc::clone(&self.inner.asker), self.inner.config.deadline);
        SmtpProbe::new(config, Arc::new(lookup), self.inner.throttle.clone())
    }

    /// Observes one domain. This never fails: a question that failed is an answer that says so.
    ///
    /// It runs as a task of the Tokio runtime that it is called in, so that domains in flight share
    /// its threads, and an answer wakes nothing but its own domain. Dropping the future ends the task.
    pub async fn observe(&self, domain: &Domain) -> Observation {
        let (inner, domain) = (Arc::clone(&self.inner), domain.clone());
        // A set ends its tasks when it is dropped.
        let mut task = JoinSet::new();
        task.spawn(async move { inner.observe(&domain).await });
        match task.join_next().await.expect("one task") {
            Ok(observation) => observation,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// Observes many domains, at most [`ScanConfig::concurrency`] at a time. Each input gives one
    /// observation, with its position in the input; they come as they are done. Dropping the
    /// stream ends the scan. Of an iterator, make a stream with `futures::stream::iter`.
    pub fn observe_all<S>(&self, domains: S) -> impl Stream<Item = (usize, Observation)> + use<S>
    where
        S: Stream<Item = Domain>,
    {
        let scanner = self.clone();
        let concurrency = self.config().concurrency;
        domains
            .enumerate()
            .map(move |(index, domain)| {
                let scanner = scanner.clone();
                async move { (index, scanner.observe(&domain).await) }
            })
            .buffer_unordered(concurrency)
    }
}

impl Inner {
    async fn observe(&self, domain: &Domain) -> Observation {
        self.leave(Permit::Domain(domain)).await;
        let registration = async {
            match &self.registration {
                Some(lookup) => Some(lookup.registration(domain).await),
                None => None,
            }
        };
        let (mut seen, registration) = join(self.resolve(domain), registration).await;
        seen.registration = registration;
        if let Some(ip_data) = &self.ip_data {
            seen.addresses = ip_data.of(&seen);
        }
        seen
    }

    /// The questions to the DNS, and the probes that follow from the answers.
    async fn resolve(&self, domain: &Domain) -> Observation {
        let mut seen = Observation::new(domain.clone(), OffsetDateTime::now_utc());
        self.config.profile.as_str().clone_into(&mut seen.profile);
        let mut notes = Notes::new(seen);
        let clock = Clock::new(self.config.deadline);
        let mut rounds = Rounds {
            asker: &self.asker,
            domain,
            profile: self.config.profile,
            manner: Manner {
                clock: &clock,
                confirm: self.config.second_opinion != SecondOpinion::Off,
            },
        };

        notes.add(rounds.first().await);
        notes.mark_contradictions();
        if let Some(reason) = nothing_more(&notes) {
            let domainkey = format!("_domainkey.{domain}");
            notes.add([not_asked(&domainkey, &RecordType::Txt, reason)]);
            if let Some(probes) = &self.probes {
                notes.seen.probes = probes.not_asked(reason);
            }
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
        if let Some(probes) = &self.probes {
            let found = self.probe(probes, &rounds, &mut notes).await;
            notes.seen.probes = found;
        }
        notes.mark_contradictions();
        notes.seen
    }

    /// The probes that are on. The policy host is called only where the record says that there is a
    /// policy (RFC 8461 §3.1).
    async fn probe(
        &self,
        probes: &Probes,
        rounds: &Rounds<'_>,
        notes: &mut Notes,
    ) -> BTreeMap<String, Probe> {
        let record = format!("_mta-sts.{}", rounds.domain);
        if probes.is_on(ProbeKind::MtaSts) && notes.direct(&record, &RecordType::Txt).is_none() {
            let answers = rounds.ask(&record, &RecordType::Txt).await;
            notes.add(answers);
        }
        let published = match notes.seen.ask(&record, &RecordType::Txt) {
            Outcome::Found(texts) if texts.iter().any(|text| mta_sts::is_sts(text)) => Ok(()),
            Outcome::Found(_) | Outcome::Absent { .. } => Err("no_record"),
            _ => Err("record_unknown"),
        };
        let each = ProbeKind::ALL.map(|kind| async move {
            let probe = match published {
                Err(reason) if kind == ProbeKind::MtaSts && probes.is_on(kind) => {
                    Probe(Outcome::NotAsked { reason: reason.to_owned() })
                }
                _ => probes.ask(kind, rounds.domain).await,
            };
            (kind.as_str().to_owned(), probe)
        });
        join_all(each).await.into_iter().collect()
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
