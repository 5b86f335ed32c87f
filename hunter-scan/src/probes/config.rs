//! Which probes are asked, and where.

use std::collections::BTreeSet;

use hunter_core::Domain;

use crate::error::ScanError;
use crate::web::WebConfig;

/// Stands for the domain in a URL of [`ProbesConfig`].
const DOMAIN: &str = "{domain}";

/// One probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ProbeKind {
    /// The OpenID configuration of the tenant that holds the domain.
    OpenId,
    /// Who signs in the users of the domain.
    UserRealm,
    /// The MTA-STS policy (RFC 8461).
    MtaSts,
}

impl ProbeKind {
    /// Every probe.
    pub const ALL: [Self; 3] = [Self::OpenId, Self::UserRealm, Self::MtaSts];

    /// The name in an observation.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::UserRealm => "user_realm",
            Self::MtaSts => "mta_sts",
        }
    }

    /// Whether it is a call to Microsoft's sign-in service.
    pub(super) const fn is_sign_in(self) -> bool {
        matches!(self, Self::OpenId | Self::UserRealm)
    }
}

impl std::str::FromStr for ProbeKind {
    type Err = ScanError;

    fn from_str(text: &str) -> Result<Self, ScanError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| {
            let problem = format!("`{text}` is no probe: use openid, user_realm or mta_sts");
            ScanError::setting("probes.on", problem)
        })
    }
}

/// The settings of [`Probes`](super::Probes). In a URL, `{domain}` stands for the domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbesConfig {
    /// The probes that are asked; none by default.
    pub on: BTreeSet<ProbeKind>,
    /// Where the OpenID configuration of a tenant stands.
    pub openid_url: String,
    /// Where the realm of a user is told. The local part must be nobody's.
    pub user_realm_url: String,
    /// Where the MTA-STS policy stands (RFC 8461 §3.3).
    pub mta_sts_url: String,
    /// How often a call is made before it counts as failed.
    pub attempts: u32,
    /// The bounds of each call. RFC 8461 §3.3 suggests one minute and 64 KiB for a policy.
    pub web: WebConfig,
}

impl Default for ProbesConfig {
    fn default() -> Self {
        Self {
            on: BTreeSet::new(),
            openid_url:
                "https://login.microsoftonline.com/{domain}/v2.0/.well-known/openid-configuration"
                    .into(),
            user_realm_url: "https://login.microsoftonline.com/getuserrealm.srf?login=hunter-probe@{domain}&json=1".into(),
            mta_sts_url: "https://mta-sts.{domain}/.well-known/mta-sts.txt".into(),
            attempts: 2,
            web: WebConfig { max_bytes: 64 * 1024, ..WebConfig::default() },
        }
    }
}

impl ProbesConfig {
    /// Checks every setting.
    ///
    /// # Errors
    /// `scan_setting` names the setting and what would do.
    pub fn validate(&self) -> Result<(), ScanError> {
        if !(1..=10).contains(&self.attempts) {
            let problem = format!("{} is outside 1 to 10", self.attempts);
            return Err(ScanError::setting("probes.attempts", problem));
        }
        for (setting, url) in [
            ("probes.openid_url", &self.openid_url),
            ("probes.user_realm_url", &self.user_realm_url),
            ("probes.mta_sts_url", &self.mta_sts_url),
        ] {
            if url.matches(DOMAIN).count() != 1 {
                let problem = format!("`{url}` must hold `{DOMAIN}` once");
                return Err(ScanError::setting(setting, problem));
            }
            let sample = url.replace(DOMAIN, "example.com");
            let scheme = reqwest::Url::parse(&sample).map(|url| url.scheme().to_owned());
            if !matches!(scheme.as_deref(), Ok("https" | "http")) {
                let problem = format!("`{url}` is no URL: begin with https://");
                return Err(ScanError::setting(setting, problem));
            }
        }
        self.web.validate()
    }

    /// The URL of a probe for a domain.
    pub(super) fn url(&self, kind: ProbeKind, domain: &Domain) -> String {
        let url = match kind {
            ProbeKind::OpenId => &self.openid_url,
            ProbeKind::UserRealm => &self.user_realm_url,
            ProbeKind::MtaSts => &self.mta_sts_url,
        };
        url.replace(DOMAIN, domain.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_checked() {
        let with = |change: fn(&mut ProbesConfig)| {
            let mut config = ProbesConfig::default();
            change(&mut config);
            config.validate().map_err(|error| error.to_string())
        };
        assert_eq!(with(|_| {}), Ok(()));
        for (faulty, setting) in [
            (with(|c| c.attempts = 0), "probes.attempts"),
            (with(|c| c.openid_url = "https://login.example".into()), "probes.openid_url"),
            (with(|c| c.user_realm_url = "{domain}".into()), "probes.user_realm_url"),
            (with(|c| c.mta_sts_url = "ftp://mta-sts.{domain}/".into()), "probes.mta_sts_url"),
            (with(|c| c.web.max_bytes = 1), "web.max_bytes"),
        ] {
            assert!(faulty.expect_err("faulty").contains(setting), "{setting}");
        }
    }

    #[test]
    fn a_probe_reads_its_own_word() {
        for kind in ProbeKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert!("dns".parse::<ProbeKind>().is_err());
    }
}
