//! Whether a mail server takes mail for an address: asked as far as `RCPT TO`, and never further.
//!
//! A server is greeted, given the empty sender of notices (RFC 5321 §4.5.5) and the recipients, and left with
//! `QUIT`. `DATA` is never sent, so that no message can come of it. Many servers answer such questions as
//! they please: they take every recipient, or none from an address that they do not know. Hence one that
//! nobody has is asked about too, and only what a server says of a mailbox itself counts as a refusal;
//! everything else is unknown.
//!
//! Where it connects to is told by strangers, as in [`crate::web`]: the addresses of a host must all be public,
//! and those that were checked are those that are connected to.

mod dialogue;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::throttle::{Permit, Throttle};
use crate::web::{Guard, Lookup, LookupError};
use dialogue::Dialogue;

/// Hosts that are tried, the most preferred first.
const HOSTS: usize = 2;
/// Recipients that are asked about in one dialogue: a server takes more for a harvest of addresses.
const RECIPIENTS: usize = 10;
/// A mailbox that nobody has.
const NOBODY: &str = "hunter-no-such-mailbox-5f1c9";

/// How mail servers are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SmtpConfig {
    /// The name to greet with: this machine's, fully qualified (RFC 5321 §4.1.1.1).
    pub name: String,
    /// How long one host may take, from the connection to the last reply. The look-up has bounds of its own.
    pub timeout: Duration,
    /// The port.
    pub port: u16,
    /// Addresses with ports that may be connected to though they are not public.
    pub allow: Vec<SocketAddr>,
}

impl SmtpConfig {
    /// Port 25, ten seconds, public addresses alone.
    pub fn new(name: impl Into<String>) -> Self {
        let timeout = Duration::from_secs(10);
        Self { name: name.into(), timeout, port: 25, allow: Vec::new() }
    }
}

/// What a mail server says of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mailbox {
    /// It takes mail for it, and none for an address that nobody has.
    Accepted,
    /// It takes mail for every address, which says nothing of this one.
    CatchAll,
    /// There is no such mailbox.
    Refused,
    /// Nobody knows, for this reason.
    Unknown(&'static str),
}

/// Asks mail servers about addresses. Cheap to clone.
#[derive(Clone)]
pub struct SmtpProbe {
    config: Arc<SmtpConfig>,
    lookup: Arc<dyn Lookup>,
    guard: Guard,
    throttle: Option<Arc<dyn Throttle>>,
}

impl fmt::Debug for SmtpProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpProbe").field("config", &self.config).finish_non_exhaustive()
    }
}

impl SmtpProbe {
    /// A probe that finds hosts by `lookup`, and asks `throttle` for leave before it connects to one.
    pub fn new(
        config: SmtpConfig,
        lookup: Arc<dyn Lookup>,
        throttle: Option<Arc<dyn Throttle>>,
    ) -> Self {
        let guard = Guard::new(config.allow.clone());
        Self { config: Arc::new(config), lookup, guard, throttle }
    }

    /// What the mail hosts of a domain, the most preferred first, say of addresses there; one answer for
    /// each, in their order.
    pub async fn ask(&self, domain: &str, hosts: &[String], addresses: &[String]) -> Vec<Mailbox> {
        let askable: Vec<&str> = addresses
            .iter()
            .map(String::as_str)
            .filter(|a| can_be_said(a))
            .take(RECIPIENTS)
            .collect();
        let said = if askable.is_empty() {
            Ok(Vec::new())
        } else {
            self.ask_hosts(domain, hosts, &askable).await
        };
        let mut said = said.map(Vec::into_iter);
        let mut left = askable.len();
        addresses
            .iter()
            .map(|address| match &mut said {
                _ if !can_be_said(address) => Mailbox::Unknown("not_ascii"),
                _ if left == 0 => Mailbox::Unknown("too_many"),
                Ok(answers) => {
                    left -= 1;
                    answers.next().unwrap_or(Mailbox::Unknown("no_reply"))
                }
                Err(reason) => {
                    left -= 1;
                    Mailbox::Unknown(reason)
                }
            })
            .collect()
    }

    async fn ask_hosts(
        &self,
        domain: &str,
        hosts: &[String],
        addresses: &[&str],
    ) -> Result<Vec<Mailbox>, &'static str> {
        let mut last = "no_host";
        for host in hosts.iter().take(HOSTS) {
            if let Some(throttle) = &self.throttle {
                throttle.leave(Permit::Probe(host)).await;
            }
            let asked = match self.addresses(host).await {
                Ok(found) => timeout(self.config.timeout, self.ask_at(domain, found, addresses))
                    .await
                    .unwrap_or(Err("timeout")),
                Err(reason) => Err(reason),
            };
            match asked {
                Ok(answers) => return Ok(answers),
                // A host that was reached has said what the domain says.
                Err(reason @ ("refused" | "reply")) => return Err(reason),
                Err(reason) => last = reason,
            }
        }
        Err(last)
    }

    async fn ask_at(
        &self,
        domain: &str,
        found: Vec<SocketAddr>,
        addresses: &[&str],
    ) -> Result<Vec<Mailbox>, &'static str> {
        let mut stream = Err("connect");
        for address in found.into_iter().take(2) {
            stream = TcpStream::connect(address).await.map_err(|_| "connect");
            if stream.is_ok() {
                break;
            }
        }
        let mut dialogue = Dialogue::begin(stream?, &self.config.name).await?;
        let mut answers = Vec::with_capacity(addresses.len());
        for address in addresses {
            answers.push(dialogue.recipient(address).await?);
        }
        if answers.contains(&Mailbox::Accepted) {
            let nobody = dialogue.recipient(&format!("{NOBODY}@{domain}")).await;
            let instead = match nobody {
                Ok(Mailbox::Accepted) => Some(Mailbox::CatchAll),
                Ok(Mailbox::Refused) => None,
                _ => Some(Mailbox::Unknown("maybe_catch_all")),
            };
            if let Some(instead) = instead {
                let accepted = answers.iter_mut().filter(|answer| **answer == Mailbox::Accepted);
                accepted.for_each(|answer| *answer = instead);
            }
        }
        dialogue.quit().await;
        Ok(answers)
    }

    /// The addresses of a host; one that is not public refuses the host.
    async fn addresses(&self, host: &str) -> Result<Vec<SocketAddr>, &'static str> {
        let found = self.lookup.addresses(host).await.map_err(|error| match error {
            LookupError::Absent => "no_address",
            LookupError::Failed(_) => "dns",
        })?;
        let found: Vec<_> =
            found.into_iter().map(|ip| SocketAddr::new(ip, self.config.port)).collect();
        if found.iter().any(|address| self.guard.check(*address).is_err()) {
            return Err("refused_address");
        }
        if found.is_empty() { Err("no_address") } else { Ok(found) }
    }
}

/// Whether an address can stand in a command as it is: without SMTPUTF8 (RFC 6531) only ASCII can, and what
/// ends a command or a path never.
fn can_be_said(address: &str) -> bool {
    address.len() <= 254
        && address.contains('@')
        && address.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>'))
}

#[cfg(test)]
mod tests {
    use super::can_be_said;

    #[test]
    fn nothing_that_ends_a_command_is_said() {
        assert!(can_be_said("ayse.yilmaz+x@ornek.com.tr"));
        for address in ["a@b.tr\r\nDATA", "a b@c.tr", "a@b.tr>", "ayşe@ornek.com.tr", "a", ""] {
            assert!(!can_be_said(address), "{address:?}");
        }
    }
}
