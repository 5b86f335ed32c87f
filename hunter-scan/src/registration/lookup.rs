//! The look-up: RDAP first, then WHOIS.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use hunter_core::Domain;
use hunter_core::domain::SuffixKind;
use hunter_core::observation::{Outcome, Registration, RegistrationFacts};
use reqwest::Url;
use time::OffsetDateTime;
use tokio::time::Instant;

use super::config::RegistrationConfig;
use super::rdap::{of_code, parse_rdap};
use super::whois::{
    WhoisClient, WhoisFault, WhoisRoute, WhoisServer, decode_whois, parse_whois, referral,
};
use crate::error::ScanError;
use crate::throttle::{Permit, Throttle};
use crate::web::{Get, Lookup, Reply, WebClient};

/// How often an RDAP server that asks for patience is asked again.
const PATIENT_TRIES: usize = 2;

/// Looks up who registered a domain. Cheap to clone; clones share what they learned of servers.
#[derive(Clone)]
pub struct RegistrationLookup {
    inner: Arc<Inner>,
}

struct Inner {
    config: RegistrationConfig,
    web: WebClient,
    whois: WhoisClient,
    throttle: Option<Arc<dyn Throttle>>,
    /// Servers that asked to be left alone, and until when.
    resting: Mutex<HashMap<String, Instant>>,
    /// WHOIS servers of top levels that the root named; `None` where it names none.
    learned: Mutex<HashMap<String, Option<WhoisServer>>>,
}

impl fmt::Debug for RegistrationLookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistrationLookup")
            .field("config", &self.inner.config)
            .finish_non_exhaustive()
    }
}

/// A registry's answer and who gave it.
struct Answered {
    outcome: Outcome<RegistrationFacts>,
    server: Option<String>,
}

impl Answered {
    fn new(outcome: Outcome<RegistrationFacts>, server: &str) -> Self {
        Self { outcome, server: Some(server.to_owned()) }
    }

    fn into_registration(self, source: &str) -> Registration {
        Registration { outcome: self.outcome, source: Some(source.to_owned()), server: self.server }
    }
}

fn temp(reason: &str) -> Outcome<RegistrationFacts> {
    Outcome::TempFail { reason: reason.to_owned() }
}

fn perm(reason: &str) -> Outcome<RegistrationFacts> {
    Outcome::PermFail { reason: reason.to_owned() }
}

fn not_asked(reason: &str) -> Registration {
    let outcome = Outcome::NotAsked { reason: reason.to_owned() };
    Registration { outcome, source: None, server: None }
}

impl RegistrationLookup {
    /// A look-up under these settings that finds the addresses of servers by `addresses`.
    ///
    /// # Errors
    /// `scan_setting` as [`RegistrationConfig::validate`]; `scan_http_client` where the client for
    /// RDAP cannot be set up.
    pub fn new(
        config: RegistrationConfig,
        addresses: impl Lookup + 'static,
        throttle: Option<Arc<dyn Throttle>>,
    ) -> Result<Self, ScanError> {
        config.validate()?;
        let addresses: Arc<dyn Lookup> = Arc::new(addresses);
        let web = WebClient::new(config.web.clone(), Arc::clone(&addresses))?;
        let whois = WhoisClient::new(
            addresses,
            config.whois_allow.clone(),
            config.whois_timeout,
            config.whois_max_bytes,
        );
        let (resting, learned) = (Mutex::default(), Mutex::default());
        Ok(Self { inner: Arc::new(Inner { config, web, whois, throttle, resting, learned }) })
    }

    /// The registration of a domain: of the name that a registry knows, one label below the public
    /// suffix.
    ///
    /// RDAP is asked where the bootstrap names a server, WHOIS where it names none or where RDAP gave
    /// no answer. `Absent` is only what a registry says; whatever went wrong is a failure, and of two
    /// the one that asking again may mend.
    pub async fn registration(&self, domain: &Domain) -> Registration {
        let Some(name) = domain.registrable() else { return not_asked("public_suffix") };
        if domain.suffix_kind() == SuffixKind::Private {
            return not_asked("private_suffix");
        }
        let rdap = self.inner.rdap(name).await;
        if let Some(answered) = &rdap
            && answered.outcome.is_answered()
        {
            return rdap.map_or_else(|| not_asked("no_server"), |a| a.into_registration("rdap"));
        }
        let whois = self.inner.whois(name).await;
        match (rdap, whois) {
            (None, None) => not_asked("no_server"),
            (Some(rdap), None) => rdap.into_registration("rdap"),
            (Some(rdap), Some(whois))
                if !whois.outcome.is_answered()
                    && !matches!(whois.outcome, Outcome::TempFail { .. }) =>
            {
                rdap.into_registration("rdap")
            }
            (_, Some(whois)) => whois.into_registration("whois"),
        }
    }
}

impl Inner {
    async fn leave(&self, host: &str) {
        if let Some(throttle) = &self.throttle {
            throttle.leave(Permit::Registry(host)).await;
        }
    }

    /// The answer of the RDAP servers in turn; `None` where nobody is named.
    async fn rdap(&self, name: &str) -> Option<Answered> {
        let servers = self.config.bootstrap.servers(name)?;
        let callable = |url: &&String| self.config.web.allow_http || url.starts_with("https:");
        let mut last = None;
        for base in servers.iter().filter(callable) {
            let Some(host) =
                Url::parse(base).ok().and_then(|url| url.host_str().map(str::to_owned))
            else {
                continue;
            };
            let answered = Answered::new(self.rdap_at(base, &host, name).await, &host);
            let answered_well = answered.outcome.is_answered();
            last = Some(answered);
            if answered_well {
                break;
            }
        }
        last
    }

    async fn rdap_at(&self, base: &str, host: &str, name: &str) -> Outcome<RegistrationFacts> {
        // RFC 9082 §3.1.3.
        let url = format!("{base}domain/{name}");
        let call = Get { accept: "application/rdap+json, application/json", ..Get::new(&url) };
        for tries in 1..=PATIENT_TRIES {
            if self.rests(host) {
                return temp("rate_limited");
            }
            self.leave(host).await;
            let reply = match self.web.get(&call).await {
                Ok(reply) => reply,
                Err(fault) if fault.is_retryable() => return temp(fault.reason()),
                Err(fault) => return perm(fault.reason()),
            };
            if reply.status != 429 {
                return read(name, &reply);
            }
            // RFC 7480 §5.5: the server says how long it wants to be left alone.
            let wait = reply.retry_after(OffsetDateTime::now_utc()).unwrap_or(self.config.max_wait);
            if wait > self.config.max_wait || tries == PATIENT_TRIES {
                self.rest(host, Instant::now() + wait);
                break;
            }
            tokio::time::sleep(wait).await;
        }
        temp("rate_limited")
    }

    fn rests(&self, host: &str) -> bool {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        match resting.get(host) {
            Some(until) if *until > Instant::now() => true,
            Some(_) => {
                resting.remove(host);
                false
            }
            None => false,
        }
    }

    fn rest(&self, host: &str, until: Instant) {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.insert(host.to_owned(), until);
    }

    /// The answer of the WHOIS server; `None` where nobody is known.
    async fn whois(&self, name: &str) -> Option<Answered> {
        let server = match self.config.servers.route(name) {
            WhoisRoute::Server(server) => server.clone(),
            WhoisRoute::Nobody => return None,
            WhoisRoute::Unlisted => match self.learn(name).await? {
                Ok(server) => server,
                Err(failed) => return Some(failed),
            },
        };
        Some(self.whois_at(server, name).await)
    }

    async fn whois_at(&self, server: WhoisServer, name: &str) -> Answered {
        let answer = self.ask(&server, name).await;
        let text = match answer {
            Ok(text) => text,
            Err(outcome) => return Answered::new(outcome, &server.host),
        };
        let mut answered = Answered::new(parse_whois(name, &text), &server.host);
        let mut sent_on = text;
        let mut asked = vec![server.host];
        for _ in 0..self.config.referrals {
            if !wants_more(&answered.outcome) {
                break;
            }
            let Some(host) = referral(&sent_on).filter(|host| !asked.contains(host)) else { break };
            let next = WhoisServer::new(host.clone());
            asked.push(host);
            // What the registry said stands, whatever becomes of the referral.
            let Ok(text) = self.ask(&next, name).await else { break };
            if let Outcome::Found(more) = parse_whois(name, &text) {
                answered = fill(answered, more, &next.host);
            }
            sent_on = text;
        }
        answered
    }

    async fn ask(
        &self,
        server: &WhoisServer,
        name: &str,
    ) -> Result<String, Outcome<RegistrationFacts>> {
        self.leave(&server.host).await;
        match self.whois.ask(server, name).await {
            Ok(bytes) => Ok(decode_whois(server.charset.as_deref(), &bytes).into_owned()),
            Err(WhoisFault::Temporary(reason)) => Err(temp(reason)),
            Err(WhoisFault::Permanent(reason)) => Err(perm(reason)),
        }
    }

    /// Asks the root for the WHOIS server of a top level, once; `None` where there is none. An answer
    /// is remembered, a failure is not.
    async fn learn(&self, name: &str) -> Option<Result<WhoisServer, Answered>> {
        let top = name.rsplit('.').next().unwrap_or(name);
        let known = {
            let learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
            learned.get(top).cloned()
        };
        if let Some(server) = known {
            return server.map(Ok);
        }
        let root = self.config.root.as_ref()?;
        let text = match self.ask(root, top).await {
            Ok(text) => text,
            Err(outcome) => return Some(Err(Answered::new(outcome, &root.host))),
        };
        let server = referral(&text).map(WhoisServer::new);
        let describes = text.lines().any(|line| line.starts_with("domain:"));
        if server.is_none() && !describes && !parse_whois(top, &text).is_absent() {
            // Not what the root says of a top level: a refusal, or half an answer.
            return Some(Err(Answered::new(temp("unavailable"), &root.host)));
        }
        let mut learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        learned.insert(top.to_owned(), server.clone());
        server.map(Ok)
    }
}

/// What a reply says. RFC 7480 §5: the status tells whether there is such a domain.
fn read(name: &str, reply: &Reply) -> Outcome<RegistrationFacts> {
    match reply.status {
        200..=299 => match std::str::from_utf8(&reply.body) {
            Ok(json) => parse_rdap(name, json),
            Err(_) => perm("malformed"),
        },
        code => of_code(code),
    }
}

/// Whether an answer leaves out what a registrar's server may add: a thin registry says who the
/// registrar is, or only that.
fn wants_more(outcome: &Outcome<RegistrationFacts>) -> bool {
    match outcome {
        Outcome::Found(facts) => {
            facts.registrar.is_none() || facts.created.is_none() || facts.expires.is_none()
        }
        Outcome::PermFail { reason } => reason == "not_understood" || reason == "other_domain",
        _ => false,
    }
}

/// Fills what a registry left out. What it said itself is not changed.
fn fill(answered: Answered, more: RegistrationFacts, host: &str) -> Answered {
    let Outcome::Found(mut facts) = answered.outcome else {
        return Answered::new(Outcome::Found(more), host);
    };
    facts.registrar = facts.registrar.or(more.registrar);
    facts.created = facts.created.or(more.created);
    facts.updated = facts.updated.or(more.updated);
    facts.expires = facts.expires.or(more.expires);
    if facts.nameservers.is_empty() {
        facts.nameservers = more.nameservers;
    }
    if facts.status.is_empty() {
        facts.status = more.status;
    }
    Answered { outcome: Outcome::Found(facts), server: answered.server }
}
