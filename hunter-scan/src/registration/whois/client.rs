//! One question to one WHOIS server, bounded in time and size, at a public address.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use whois_rust::{Target, WhoIs, WhoIsError, WhoIsLookupOptions, WhoIsServerValue};

use super::WhoisServer;
use crate::web::{Guard, Lookup, LookupError};

/// The port of WHOIS (RFC 3912 §2).
const PORT: u16 = 43;

/// Asks WHOIS servers. What is connected to is an address that was looked up and checked here, never
/// a name that could lead elsewhere by then, and no referral is followed on the way.
pub(in crate::registration) struct WhoisClient {
    /// The client of whois-rust; the server of each question is given with it.
    asker: WhoIs,
    lookup: Arc<dyn Lookup>,
    guard: Guard,
    timeout: Duration,
    max_bytes: usize,
}

/// Why a question has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::registration) enum WhoisFault {
    /// The server's name or address cannot be asked, now or later.
    Permanent(&'static str),
    /// Asking again may help.
    Temporary(&'static str),
}

impl WhoisClient {
    pub(in crate::registration) fn new(
        lookup: Arc<dyn Lookup>,
        allow: Vec<SocketAddr>,
        timeout: Duration,
        max_bytes: usize,
    ) -> Self {
        let asker = WhoIs::from_host("whois.iana.org").expect("a host name");
        Self { asker, lookup, guard: Guard::new(allow), timeout, max_bytes }
    }

    /// The bytes of an answer.
    pub(in crate::registration) async fn ask(
        &self,
        server: &WhoisServer,
        name: &str,
    ) -> Result<Vec<u8>, WhoisFault> {
        // The look-up has a time of its own, in which waiting for leave does not count.
        let addresses = self.addresses(&server.host).await?;
        let deadline = Instant::now() + self.timeout;
        let mut last = WhoisFault::Temporary("no_address");
        for (nth, address) in addresses.iter().enumerate() {
            // Each further address shares what is left, so that a dead one does not take it all.
            let left = deadline.saturating_duration_since(Instant::now());
            let others = u32::try_from(addresses.len() - nth).unwrap_or(u32::MAX);
            let share = left / others;
            if share.is_zero() {
                return Err(WhoisFault::Temporary("timeout"));
            }
            match self.ask_at(*address, server, name, share).await {
                Ok(answer) => return Ok(answer),
                // A server that took the question is not asked again at its other address.
                Err(fault @ WhoisFault::Temporary("timeout" | "connect")) => last = fault,
                Err(fault) => return Err(fault),
            }
        }
        Err(last)
    }

    async fn ask_at(
        &self,
        address: SocketAddr,
        server: &WhoisServer,
        name: &str,
        limit: Duration,
    ) -> Result<Vec<u8>, WhoisFault> {
        let bad_server = |_| WhoisFault::Permanent("bad_server");
        let mut at = WhoIsServerValue::from_string(address.to_string()).map_err(bad_server)?;
        at.query = server.query.as_ref().map(|query| query.replace("$domain", "$addr"));
        let target = Target::parse_bare(name).map_err(|()| WhoisFault::Permanent("bad_name"))?;
        let mut options = WhoIsLookupOptions::from_target(target);
        options.server = Some(at);
        options.follow = 0;
        options.timeout = Some(limit);
        options.max_response_size = Some(self.max_bytes);
        self.asker.lookup_raw_async(options).await.map_err(|error| fault_of(&error))
    }

    /// The addresses of a host, all of them public or named by the operator. One that is neither
    /// refuses the host.
    async fn addresses(&self, host: &str) -> Result<Vec<SocketAddr>, WhoisFault> {
        let (name, port) = split(host).ok_or(WhoisFault::Permanent("bad_server"))?;
        let found = match name.parse::<IpAddr>() {
            Ok(ip) => vec![ip],
            Err(_) => self.lookup.addresses(name).await.map_err(|error| match error {
                LookupError::Absent => WhoisFault::Permanent("no_address"),
                LookupError::Failed(_) => WhoisFault::Temporary("dns"),
            })?,
        };
        let found: Vec<SocketAddr> =
            found.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
        if found.is_empty() {
            return Err(WhoisFault::Temporary("dns"));
        }
        if found.iter().any(|address| self.guard.check(*address).is_err()) {
            return Err(WhoisFault::Permanent("refused_address"));
        }
        Ok(found)
    }
}

/// A host and its port: `whois.ornek.com`, `whois.ornek.com:4343`, `[2001:db8::1]:43`.
fn split(host: &str) -> Option<(&str, u16)> {
    if let Some(rest) = host.strip_prefix('[') {
        let (ip, rest) = rest.split_once(']')?;
        let port = match rest.strip_prefix(':') {
            Some(port) => port.parse().ok()?,
            None if rest.is_empty() => PORT,
            None => return None,
        };
        return Some((ip, port));
    }
    match host.rsplit_once(':') {
        Some((name, _)) if name.contains(':') => Some((host, PORT)),
        Some((name, port)) => Some((name, port.parse().ok()?)).filter(|(name, _)| !name.is_empty()),
        None => (!host.is_empty()).then_some((host, PORT)),
    }
}

fn fault_of(error: &WhoIsError) -> WhoisFault {
    match error {
        WhoIsError::Elapsed(_) => WhoisFault::Temporary("timeout"),
        WhoIsError::IOError(error) => match error.kind() {
            io::ErrorKind::TimedOut => WhoisFault::Temporary("timeout"),
            // What whois-rust says of an answer over the limit.
            io::ErrorKind::InvalidData => WhoisFault::Permanent("too_large"),
            io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable => WhoisFault::Temporary("connect"),
            _ => WhoisFault::Temporary("network"),
        },
        _ => WhoisFault::Permanent("bad_name"),
    }
}

/// A name that is one line of a question, also a top level alone.
trait ParseBare: Sized {
    fn parse_bare(name: &str) -> Result<Self, ()>;
}

impl ParseBare for Target {
    fn parse_bare(name: &str) -> Result<Self, ()> {
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
        if !plain || name.is_empty() {
            return Err(());
        }
        WhoIsLookupOptions::from_str(name).map(|options| options.target).map_err(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_may_bring_a_port() {
        assert_eq!(split("whois.ornek.com"), Some(("whois.ornek.com", 43)));
        assert_eq!(split("whois.ornek.com:4343"), Some(("whois.ornek.com", 4343)));
        assert_eq!(split("[2001:db8::1]:4343"), Some(("2001:db8::1", 4343)));
        assert_eq!(split("2001:db8::1"), Some(("2001:db8::1", 43)));
        for faulty in ["", ":43", "whois.ornek.com:whois", "[::1", "[::1]x"] {
            assert_eq!(split(faulty), None, "{faulty}");
        }
    }

    #[test]
    fn a_name_is_one_line() {
        for name in ["ornek.com", "xn--rnek-5qa.com.tr", "tr"] {
            assert!(Target::parse_bare(name).is_ok(), "{name}");
        }
        for name in ["", "ornek.com\r\nhelp", "-T dn ornek.de", "örnek.com"] {
            assert!(Target::parse_bare(name).is_err(), "{name}");
        }
    }
}
