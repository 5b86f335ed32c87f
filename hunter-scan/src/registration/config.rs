//! What registration look-ups may be told.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::time::Duration;

use crate::error::ScanError;
use crate::web::WebConfig;

use super::{Bootstrap, WhoisServer, WhoisServers};

const TIMEOUT: RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_mins(2);
const MAX_BYTES: RangeInclusive<usize> = 1024..=64 * 1024 * 1024;

/// The settings of a [`RegistrationLookup`](super::RegistrationLookup).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationConfig {
    /// Which RDAP server knows a domain.
    pub bootstrap: Bootstrap,
    /// Which WHOIS server knows a domain.
    pub servers: WhoisServers,
    /// Who is asked for the WHOIS server of a top level that `servers` does not list; `None` asks
    /// nobody.
    pub root: Option<WhoisServer>,
    /// The settings of RDAP calls.
    pub web: WebConfig,
    /// How long a WHOIS question may take, from the look-up of the server to the last byte.
    pub whois_timeout: Duration,
    /// How long a WHOIS answer may be.
    pub whois_max_bytes: usize,
    /// WHOIS servers that are asked although their address is not public: one's own, or a test's.
    pub whois_allow: Vec<SocketAddr>,
    /// How many referrals of a WHOIS server are followed.
    pub referrals: usize,
    /// How long a server that asks for patience (429 with Retry-After) is waited for. One that asks
    /// for more is left alone that long, and its domains are `rate_limited`.
    pub max_wait: Duration,
}

impl Default for RegistrationConfig {
    fn default() -> Self {
        Self {
            bootstrap: Bootstrap::builtin(),
            servers: WhoisServers::builtin(),
            root: Some(WhoisServer::new("whois.iana.org")),
            web: WebConfig::default(),
            whois_timeout: Duration::from_secs(10),
            whois_max_bytes: 1024 * 1024,
            whois_allow: Vec::new(),
            referrals: 1,
            max_wait: Duration::from_secs(5),
        }
    }
}

impl RegistrationConfig {
    /// Checks every setting that can be checked alone.
    ///
    /// # Errors
    /// `scan_setting` names the setting and its range.
    pub fn validate(&self) -> Result<(), ScanError> {
        self.web.validate()?;
        if !TIMEOUT.contains(&self.whois_timeout) {
            let problem = format!("{:?} is outside 10ms to 120s", self.whois_timeout);
            return Err(ScanError::setting("registration.whois_timeout", problem));
        }
        if !MAX_BYTES.contains(&self.whois_max_bytes) {
            let problem = format!("{} is outside 1 KiB to 64 MiB", self.whois_max_bytes);
            return Err(ScanError::setting("registration.whois_max_bytes", problem));
        }
        if self.referrals > 5 {
            let problem = format!("{} is more than 5", self.referrals);
            return Err(ScanError::setting("registration.referrals", problem));
        }
        if self.max_wait > Duration::from_mins(5) {
            let problem = format!("{:?} is more than 5 minutes", self.max_wait);
            return Err(ScanError::setting("registration.max_wait", problem));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_range_is_named() {
        assert_eq!(RegistrationConfig::default().validate(), Ok(()));
        let with = |change: fn(&mut RegistrationConfig)| {
            let mut config = RegistrationConfig::default();
            change(&mut config);
            config.validate().expect_err("faulty").to_string()
        };
        assert!(with(|c| c.whois_timeout = Duration::ZERO).contains("whois_timeout"));
        assert!(with(|c| c.whois_max_bytes = 0).contains("whois_max_bytes"));
        assert!(with(|c| c.referrals = 6).contains("referrals"));
        assert!(with(|c| c.max_wait = Duration::from_hours(1)).contains("max_wait"));
        assert!(with(|c| c.web.timeout = Duration::ZERO).contains("web.timeout"));
    }
}
