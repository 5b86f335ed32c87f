//! What a scan may be told, and the bounds of it.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::time::Duration;

use hickory_resolver::config::ProtocolConfig;

use crate::dns::upstream::Resolver;
use crate::error::ScanError;
use crate::selectors;

const TIMEOUT: RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_mins(1);
const DEADLINE: RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_mins(10);
const ATTEMPTS: RangeInclusive<u32> = 1..=10;
const CONCURRENCY: RangeInclusive<usize> = 1..=4096;
const MAX_RESOLVERS: usize = 16;

/// Which set of questions is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Profile {
    /// What a first sorting needs, in two dependent rounds: the apex, DMARC, Microsoft's DKIM
    /// selectors, `autodiscover`.
    Light,
    /// What names the provider, in three dependent rounds and the depth of the SPF tree: more
    /// selectors, Microsoft's service names, SPF includes, MX hosts and their addresses.
    #[default]
    Standard,
    /// Everything that core reads: also MTA-STS, TLS-RPT, BIMI, service locations, and every MX
    /// host with its addresses and their names.
    Full,
}

impl Profile {
    const ALL: [Self; 3] = [Self::Light, Self::Standard, Self::Full];

    /// The word that stands in an observation.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Standard => "standard",
            Self::Full => "full",
        }
    }
}

impl std::str::FromStr for Profile {
    type Err = ScanError;

    fn from_str(text: &str) -> Result<Self, ScanError> {
        Self::ALL.into_iter().find(|profile| profile.as_str() == text).ok_or_else(|| {
            ScanError::setting("profile", format!("`{text}` is none of light, standard and full"))
        })
    }
}

/// When a second resolver has to agree that there is nothing, before that is believed. With one
/// resolver there is nobody to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SecondOpinion {
    /// Never: the first answer stands.
    Off,
    /// About the domain itself and its DMARC record; about everything else too once the resolvers
    /// have differed.
    #[default]
    Apex,
    /// About every name.
    Every,
}

/// The settings of a [`Scanner`](crate::Scanner).
///
/// ```
/// use hunter_scan::{Profile, ScanConfig};
///
/// let config = ScanConfig { profile: Profile::Light, ..ScanConfig::default() };
/// config.validate()?;
/// let faulty = ScanConfig { attempts: 0, ..ScanConfig::default() }.validate().unwrap_err();
/// assert_eq!(faulty.to_string(), "`attempts`: 0 is outside 1 to 10");
/// # Ok::<(), hunter_scan::ScanError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanConfig {
    /// The resolvers to ask, in order of preference; none means those of the system.
    pub resolvers: Vec<Resolver>,
    /// How long one try may take.
    pub timeout: Duration,
    /// How often a question is put before it counts as failed. Each resolver is asked at least
    /// once, so with more resolvers than this their number counts.
    pub attempts: u32,
    /// How long questions of one domain may be on the wire, all together; what is missing then is
    /// marked `deadline`. Waiting for the throttle, or for other domains, does not count.
    pub deadline: Duration,
    /// When "there is nothing" needs a second resolver's word.
    pub second_opinion: SecondOpinion,
    /// Certificates (DER) of authorities that are trusted beside the built-in ones, for resolvers
    /// over TLS and HTTPS.
    pub resolver_roots: Vec<Vec<u8>>,
    /// How many domains are in flight at once.
    pub concurrency: usize,
    /// Which set of questions is put.
    pub profile: Profile,
    /// DKIM selectors to ask for beside those of the selector plan.
    pub dkim_selectors: Vec<String>,
}

impl Default for ScanConfig {
    fn default() -> Self {
        Self {
            resolvers: Vec::new(),
            timeout: Duration::from_secs(2),
            attempts: 2,
            deadline: Duration::from_secs(30),
            second_opinion: SecondOpinion::default(),
            resolver_roots: Vec::new(),
            concurrency: 64,
            profile: Profile::default(),
            dkim_selectors: Vec::new(),
        }
    }
}

impl ScanConfig {
    /// Checks every setting.
    ///
    /// # Errors
    /// `scan_setting` names the setting and its range, `scan_selector` the selector.
    pub fn validate(&self) -> Result<(), ScanError> {
        if !TIMEOUT.contains(&self.timeout) {
            let problem = format!("{:?} is outside 10ms to 60s", self.timeout);
            return Err(ScanError::setting("timeout", problem));
        }
        if !DEADLINE.contains(&self.deadline) {
            let problem = format!("{:?} is outside 10ms to 600s", self.deadline);
            return Err(ScanError::setting("deadline", problem));
        }
        within("attempts", &self.attempts, &ATTEMPTS)?;
        within("concurrency", &self.concurrency, &CONCURRENCY)?;
        if self.resolvers.len() > MAX_RESOLVERS {
            let problem = format!("{} resolvers: at most {MAX_RESOLVERS}", self.resolvers.len());
            return Err(ScanError::setting("resolvers", problem));
        }
        self.resolvers.iter().try_for_each(Resolver::check)?;
        self.dkim_selectors.iter().try_for_each(|selector| selectors::check(selector))
    }

    /// The resolvers named, or those of the system.
    pub(crate) fn effective_resolvers(&self) -> Result<Vec<Resolver>, ScanError> {
        if !self.resolvers.is_empty() {
            return Ok(self.resolvers.clone());
        }
        let fail = |problem: String| ScanError::SystemResolvers { problem };
        let (system, _) =
            hickory_resolver::system_conf::read_system_conf().map_err(|e| fail(e.to_string()))?;
        let mut found: Vec<Resolver> = Vec::new();
        for server in system.name_servers() {
            let udp = server.connections.iter().find(|c| matches!(c.protocol, ProtocolConfig::Udp));
            let addr = udp.map(|connection| SocketAddr::new(server.ip, connection.port));
            let one = addr.map(Resolver::from).filter(|resolver| !found.contains(resolver));
            found.extend(one);
        }
        found.truncate(MAX_RESOLVERS);
        if found.is_empty() { Err(fail("none is configured".into())) } else { Ok(found) }
    }
}

fn within<T: PartialOrd + std::fmt::Display>(
    setting: &'static str,
    value: &T,
    range: &RangeInclusive<T>,
) -> Result<(), ScanError> {
    if range.contains(value) {
        return Ok(());
    }
    let problem = format!("{value} is outside {} to {}", range.start(), range.end());
    Err(ScanError::setting(setting, problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_its_bounds() {
        let with = |change: fn(&mut ScanConfig)| {
            let mut config = ScanConfig::default();
            change(&mut config);
            config.validate()
        };
        assert_eq!(with(|_| {}), Ok(()));
        for faulty in [
            with(|c| c.timeout = Duration::ZERO),
            with(|c| c.timeout = Duration::from_secs(61)),
            with(|c| c.deadline = Duration::from_secs(601)),
            with(|c| c.attempts = 11),
            with(|c| c.concurrency = 0),
            with(|c| c.resolvers = vec![SocketAddr::from(([192, 0, 2, 53], 53)).into(); 17]),
            with(|c| c.resolvers = vec![SocketAddr::from(([192, 0, 2, 53], 0)).into()]),
        ] {
            assert_eq!(faulty.expect_err("out of bounds").code(), "scan_setting");
        }
        let selector = with(|c| c.dkim_selectors = vec!["a b".into()]);
        assert_eq!(selector.expect_err("a blank").code(), "scan_selector");
    }

    #[test]
    fn a_profile_reads_its_own_word() {
        for profile in Profile::ALL {
            assert_eq!(profile.as_str().parse(), Ok(profile));
        }
        assert!("deep".parse::<Profile>().is_err());
    }
}
