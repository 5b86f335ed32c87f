//! HTTPS probes: what Microsoft's sign-in service says of a domain, and the domain's MTA-STS policy.
//!
//! None is on unless it is named in [`ProbesConfig::on`]. The first two are calls to Microsoft, not
//! to the company, with a local part that is nobody's; they say that a tenant exists, and nothing
//! about mail.
//!
//! | probe | found | absent |
//! | --- | --- | --- |
//! | `openid` | `tenant_id`, and `tenant_region_scope`, `tenant_region_sub_scope`, `cloud_instance_name` where given | AADSTS90002: no such tenant; or `personal_accounts`: the tenant of Outlook.com and its like |
//! | `user_realm` | `namespace_type` (`Managed` or `Federated`), and `federation_brand_name`, `auth_url` (without its query), `cloud_instance_name` where given | `NameSpaceType` is `Unknown` |
//! | `mta_sts` | `mode`, `max_age`, `mx`, and the whole `policy` | the policy host has no address, or 404 or 410 |
//!
//! What was found also carries `server`, `attempts` and `ms`. Everything else is a failure with its
//! reason: that of a [`WebFault`], `http_` and the status, `malformed`, or
//! `rate_limited` while the service has asked to be left alone. A time-out is never absent.

mod config;
mod openid;
mod policy;
mod realm;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::future::join_all;
use hunter_core::Domain;
use hunter_core::observation::{Outcome, Probe};
use serde_json::{Map, Value};
use time::OffsetDateTime;

pub use config::{ProbeKind, ProbesConfig};

use crate::error::ScanError;
use crate::throttle::{Permit, Throttle};
use crate::web::{Get, Lookup, Reply, WebClient, WebFault};

/// What a probe found, or why it found nothing.
type Seen = Outcome<Map<String, Value>>;

/// How long the sign-in service is left alone when it refuses without saying how long, and the
/// longest that it is obeyed.
const QUIET: (Duration, Duration) = (Duration::from_secs(30), Duration::from_hours(1));
/// The pause before the second try; doubled before each further one.
const PAUSE: Duration = Duration::from_millis(250);

/// Asks the probes that are on. Cheap to clone; clones share their connections.
///
/// ```
/// use hunter_core::Domain;
/// use hunter_scan::probes::{Probes, ProbesConfig};
/// use hunter_scan::web::SystemLookup;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let probes = Probes::new(ProbesConfig::default(), SystemLookup)?;
/// let domain: Domain = "ornek.com.tr".parse()?;
/// let seen = probes.observe(&domain).await;
/// assert_eq!(seen["openid"].0.why_unanswered(), Some("disabled"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Probes {
    inner: Arc<Inner>,
}

impl fmt::Debug for Probes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probes").field("config", &self.inner.config).finish_non_exhaustive()
    }
}

struct Inner {
    config: ProbesConfig,
    client: WebClient,
    throttle: Option<Arc<dyn Throttle>>,
    /// Until when the sign-in service is left alone.
    quiet_until: Mutex<Option<Instant>>,
}

/// An answer, with what it took to get it.
struct Taken {
    reply: Reply,
    attempts: u32,
    ms: u128,
}

impl Probes {
    /// Probes under these settings; `lookup` finds the addresses of their hosts.
    ///
    /// # Errors
    /// `scan_setting` names the setting and what would do; otherwise as [`WebClient::new`].
    pub fn new(config: ProbesConfig, lookup: impl Lookup + 'static) -> Result<Self, ScanError> {
        Self::with_throttle(config, lookup, None)
    }

    /// Probes that ask this throttle for leave before each call.
    ///
    /// # Errors
    /// As [`Probes::new`].
    pub fn with_throttle(
        config: ProbesConfig,
        lookup: impl Lookup + 'static,
        throttle: Option<Arc<dyn Throttle>>,
    ) -> Result<Self, ScanError> {
        config.validate()?;
        let client = WebClient::new(config.web.clone(), lookup)?;
        let inner = Inner { config, client, throttle, quiet_until: Mutex::new(None) };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The settings in force.
    pub fn config(&self) -> &ProbesConfig {
        &self.inner.config
    }

    /// Every probe, at once, for [`Observation::probes`](hunter_core::observation::Observation::probes);
    /// those that are off are not asked.
    pub async fn observe(&self, domain: &Domain) -> BTreeMap<String, Probe> {
        let asked = ProbeKind::ALL.map(|kind| self.ask(kind, domain));
        let names = ProbeKind::ALL.map(|kind| kind.as_str().to_owned());
        names.into_iter().zip(join_all(asked).await).collect()
    }

    /// Whether a probe is on.
    pub fn is_on(&self, kind: ProbeKind) -> bool {
        self.inner.config.on.contains(&kind)
    }

    /// Every probe as not asked: those that are on for this reason.
    pub(crate) fn not_asked(&self, reason: &str) -> BTreeMap<String, Probe> {
        let each = ProbeKind::ALL.map(|kind| {
            let reason = if self.is_on(kind) { reason } else { "disabled" };
            (kind.as_str().to_owned(), Probe(Outcome::NotAsked { reason: reason.to_owned() }))
        });
        each.into_iter().collect()
    }

    /// One probe. It never fails: a call that failed is an outcome that says so.
    pub async fn ask(&self, kind: ProbeKind, domain: &Domain) -> Probe {
        if !self.is_on(kind) {
            return Probe(Outcome::NotAsked { reason: "disabled".into() });
        }
        Probe(self.inner.ask(kind, domain).await)
    }
}

/// The host of a URL, with its port where it names one.
fn host(url: &str) -> Option<&str> {
    url.split_once("://")?.1.split(['/', '?', '#']).next()
}

impl Inner {
    async fn ask(&self, kind: ProbeKind, domain: &Domain) -> Seen {
        if kind.is_sign_in() && self.is_quiet() {
            return temp_fail("rate_limited");
        }
        let url = self.config.url(kind, domain);
        // RFC 8461 §3.3: a redirect of the policy must not be followed.
        let redirects = if kind == ProbeKind::MtaSts { 0 } else { 3 };
        let accept = if kind == ProbeKind::MtaSts { "text/plain" } else { "application/json" };
        let taken = match self.call(&Get { url: &url, accept, redirects }).await {
            Ok(taken) => taken,
            // The policy host stands in the domain's own zone; the sign-in service has an address.
            Err(WebFault::NoAddress) if kind == ProbeKind::MtaSts => {
                return Outcome::Absent { rcode: None };
            }
            Err(fault @ WebFault::NoAddress) => return temp_fail(fault.reason()),
            Err(fault) if fault.is_retryable() => return temp_fail(fault.reason()),
            Err(fault) => return perm_fail(fault.reason()),
        };
        if kind.is_sign_in() {
            self.heed(&taken.reply);
        }
        let read = match kind {
            ProbeKind::OpenId => openid::read,
            ProbeKind::UserRealm => realm::read,
            ProbeKind::MtaSts => policy::read,
        };
        read(&taken.reply).map(|mut found| {
            let server = taken.reply.server.map(|addr| addr.to_string());
            found.insert("server".into(), server.into());
            found.insert("attempts".into(), taken.attempts.into());
            found.insert("ms".into(), u64::try_from(taken.ms).unwrap_or(u64::MAX).into());
            found
        })
    }

    /// The one place from which a call goes out.
    async fn call(&self, call: &Get<'_>) -> Result<Taken, WebFault> {
        let began = Instant::now();
        let mut pause = PAUSE;
        for attempts in 1.. {
            if let Some(throttle) = &self.throttle
                && let Some(host) = host(call.url)
            {
                throttle.leave(Permit::Probe(host)).await;
            }
            let came = self.client.get(call).await;
            let again = match &came {
                Ok(reply) => {
                    (500..=599).contains(&reply.status) && reply.header("retry-after").is_none()
                }
                Err(fault) => fault.is_retryable(),
            };
            if !again || attempts >= self.config.attempts {
                let ms = began.elapsed().as_millis();
                return came.map(|reply| Taken { reply, attempts, ms });
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        unreachable!("a call ends with its last attempt at the latest")
    }

    fn is_quiet(&self) -> bool {
        let until = *self.quiet_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    /// Leaves the service alone for as long as it asks.
    fn heed(&self, reply: &Reply) {
        let asked = reply.retry_after(OffsetDateTime::now_utc());
        let wait = match (reply.status, asked) {
            (429, asked) => asked.unwrap_or(QUIET.0),
            (503, Some(asked)) => asked,
            _ => return,
        };
        let until = Instant::now() + wait.min(QUIET.1);
        *self.quiet_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
    }
}

fn temp_fail(reason: impl Into<String>) -> Seen {
    Outcome::TempFail { reason: reason.into() }
}

fn perm_fail(reason: impl Into<String>) -> Seen {
    Outcome::PermFail { reason: reason.into() }
}

/// A status that says nothing of what was asked: overload and faults pass, the rest does not.
fn status_fail(status: u16) -> Seen {
    let reason = format!("http_{status}");
    if matches!(status, 408 | 425 | 429 | 500..=599) {
        temp_fail(reason)
    } else {
        perm_fail(reason)
    }
}

/// The text of a member of a JSON object, unless it is empty.
fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}
