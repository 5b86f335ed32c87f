//! Resolvers: how one is named, and how it is spoken to.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use rustls::pki_types::ServerName;

use crate::error::ScanError;

/// The setting that a refusal names.
const SETTING: &str = "resolvers";

/// A resolver that is to be asked.
///
/// As text: `192.0.2.53`, `192.0.2.53:5353` or `[2001:db8::53]:53` over UDP and TCP;
/// `tls://192.0.2.53:853#dns.example` over TLS; `https://192.0.2.53/dns-query#dns.example` over
/// HTTPS. The part after `#` is the name in the server's certificate; without it, the certificate
/// has to name the address. A resolver is named by address, because its name would have to be
/// asked of another one.
///
/// ```
/// use hunter_scan::{Protocol, Resolver};
///
/// let plain: Resolver = "192.0.2.53".parse()?;
/// assert_eq!((plain.addr.port(), plain.protocol), (53, Protocol::Plain));
/// let https: Resolver = "https://192.0.2.53/dns-query#dns.example".parse()?;
/// assert_eq!(https.addr.port(), 443);
/// assert_eq!(https.to_string(), "https://192.0.2.53:443/dns-query#dns.example");
/// # Ok::<(), hunter_scan::ScanError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Resolver {
    /// Where it listens.
    pub addr: SocketAddr,
    /// How it is spoken to.
    pub protocol: Protocol,
}

/// How a resolver is spoken to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// UDP, and TCP for what does not fit (RFC 1035, RFC 7766).
    Plain,
    /// DNS over TLS (RFC 7858).
    Tls {
        /// The name, or the address, in the server's certificate.
        name: String,
    },
    /// DNS over HTTPS (RFC 8484).
    Https {
        /// The name, or the address, in the server's certificate.
        name: String,
        /// The path of the service, usually `/dns-query`.
        path: String,
    },
}

impl From<SocketAddr> for Resolver {
    fn from(addr: SocketAddr) -> Self {
        Self { addr, protocol: Protocol::Plain }
    }
}

impl fmt::Display for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.protocol {
            Protocol::Plain => write!(f, "{}", self.addr),
            Protocol::Tls { name } => write!(f, "tls://{}#{name}", self.addr),
            Protocol::Https { name, path } => write!(f, "https://{}{path}#{name}", self.addr),
        }
    }
}

impl FromStr for Resolver {
    type Err = ScanError;

    fn from_str(text: &str) -> Result<Self, ScanError> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        let (place, name) = match rest.split_once('#') {
            Some((place, name)) => (place, Some(name)),
            None => (rest, None),
        };
        let (host, path) = match place.find('/') {
            Some(slash) => place.split_at(slash),
            None => (place, ""),
        };
        let addr = |port| address(host, port).ok_or_else(|| refused(text, "it is no address"));
        let name = |addr: SocketAddr| {
            let name = name.map_or_else(|| addr.ip().to_string(), str::to_owned);
            match ServerName::try_from(name.as_str()) {
                Ok(_) => Ok(name),
                Err(_) => Err(refused(text, "the part after `#` is no server name")),
            }
        };
        let (addr, protocol) = match scheme {
            "" | "udp" if path.is_empty() && !rest.contains('#') => (addr(53)?, Protocol::Plain),
            "tls" if path.is_empty() => {
                let addr = addr(853)?;
                (addr, Protocol::Tls { name: name(addr)? })
            }
            "https" => {
                let addr = addr(443)?;
                let path = if path.is_empty() { "/dns-query" } else { path };
                (addr, Protocol::Https { name: name(addr)?, path: path.to_owned() })
            }
            _ => {
                let known = "write ADDRESS[:PORT], tls://ADDRESS[:PORT][#NAME] or \
                             https://ADDRESS[:PORT][/PATH][#NAME]";
                return Err(refused(text, known));
            }
        };
        Ok(Self { addr, protocol })
    }
}

impl Resolver {
    /// What makes this one unusable, if anything does.
    pub(crate) fn check(&self) -> Result<(), ScanError> {
        if self.addr.port() == 0 {
            return Err(refused(&self.to_string(), "it has no port: use 53"));
        }
        Ok(())
    }
}

/// An address with or without a port; IPv6 with a port stands in brackets.
fn address(text: &str, port: u16) -> Option<SocketAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    match bare.parse::<IpAddr>() {
        Ok(ip) => Some(SocketAddr::new(ip, port)),
        Err(_) => text.parse().ok(),
    }
}

fn refused(text: &str, problem: &str) -> ScanError {
    ScanError::setting(SETTING, format!("`{text}`: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_written() {
        let read = |text: &str| text.parse::<Resolver>().map(|r| r.to_string());
        for (text, written) in [
            ("192.0.2.53", "192.0.2.53:53"),
            ("192.0.2.53:5353", "192.0.2.53:5353"),
            ("udp://192.0.2.53", "192.0.2.53:53"),
            ("2001:db8::53", "[2001:db8::53]:53"),
            ("[2001:db8::53]:5353", "[2001:db8::53]:5353"),
            ("tls://192.0.2.53", "tls://192.0.2.53:853#192.0.2.53"),
            ("tls://[2001:db8::53]:8853#dns.example", "tls://[2001:db8::53]:8853#dns.example"),
            ("https://192.0.2.53#dns.example", "https://192.0.2.53:443/dns-query#dns.example"),
            ("https://192.0.2.53:8443/q#dns.example", "https://192.0.2.53:8443/q#dns.example"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(written));
            assert_eq!(read(written).as_deref(), Ok(written), "what is written is read");
        }
        for bad in [
            "",
            "resolver",
            "192.0.2.53:x",
            "tls://192.0.2.53/x",
            "quic://192.0.2.53",
            "tls://dns.example",
            "192.0.2.53#x",
            "tls://192.0.2.53#a b",
        ] {
            assert_eq!(read(bad).expect_err(bad).code(), "scan_setting");
        }
    }
}
