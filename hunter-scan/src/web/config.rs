//! What outbound calls may be told, and the bounds of it.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::time::Duration;

use crate::error::ScanError;

const TIMEOUT: RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_mins(2);
const MAX_BYTES: RangeInclusive<usize> = 1024..=64 * 1024 * 1024;

/// The settings of a [`WebClient`](super::WebClient).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebConfig {
    /// How long a call may take, with its redirects, from the first look-up to the last byte.
    pub timeout: Duration,
    /// How long a connection may take to come up, shared by the addresses of the host.
    pub connect_timeout: Duration,
    /// How long a body may be after decompression.
    pub max_bytes: usize,
    /// Whether URLs without TLS are called.
    pub allow_http: bool,
    /// Addresses that are called although they are not public: a server of one's own, or a test's.
    pub allow: Vec<SocketAddr>,
    /// Ports that are called beside 443, those of `allow`, and 80 where `allow_http`.
    pub ports: Vec<u16>,
    /// Certificates (DER) of authorities that are trusted beside the built-in ones.
    pub roots: Vec<Vec<u8>>,
    /// How the calls name themselves.
    pub user_agent: String,
}

impl Default for WebConfig {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(4),
            max_bytes: 1024 * 1024,
            allow_http: false,
            allow: Vec::new(),
            ports: Vec::new(),
            roots: Vec::new(),
            user_agent: concat!("hunter/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl WebConfig {
    /// Checks every setting that can be checked alone.
    ///
    /// # Errors
    /// `scan_setting` names the setting and its range.
    pub fn validate(&self) -> Result<(), ScanError> {
        for (setting, value) in
            [("web.timeout", self.timeout), ("web.connect_timeout", self.connect_timeout)]
        {
            if !TIMEOUT.contains(&value) {
                let problem = format!("{value:?} is outside 10ms to 120s");
                return Err(ScanError::setting(setting, problem));
            }
        }
        if !MAX_BYTES.contains(&self.max_bytes) {
            let problem = format!("{} is outside 1024 to 67108864", self.max_bytes);
            return Err(ScanError::setting("web.max_bytes", problem));
        }
        if let Some(addr) = self.allow.iter().find(|addr| addr.port() == 0) {
            let problem = format!("`{addr}` has no port: name the one that is called");
            return Err(ScanError::setting("web.allow", problem));
        }
        Ok(())
    }

    /// Every port that may be called.
    pub(super) fn all_ports(&self) -> impl Iterator<Item = u16> {
        let http = self.allow_http.then_some(80);
        let named = self.allow.iter().map(SocketAddr::port);
        [443].into_iter().chain(http).chain(self.ports.iter().copied()).chain(named)
    }
}
