//! The settings of a scan as every host takes them: plain values, each with a default.
//!
//! The command line, Python and Node offer these settings and none of their own. [`SETTINGS`] lists them;
//! `docs/PARITY.md` is written from it, and each language tests itself against it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hunter_core::Engine;
use serde::{Deserialize, Serialize};

use crate::config::ScanConfig;
use crate::error::ScanError;
use crate::ip_data::{IpData, IpDataConfig, IpDataProblem};
use crate::probes::{ProbeKind, ProbesConfig};
use crate::registration::{Bootstrap, RegistrationConfig};
use crate::scanner::{Scanner, ScannerBuilder};
use crate::selectors::SelectorPlan;
use crate::throttle::{LocalThrottle, Rates};

/// What registries are asked a second unless the user says otherwise: they ban the hasty.
const REGISTRY_RATE: f64 = 5.0;
/// The same for probes.
const PROBE_RATE: f64 = 10.0;

/// What a scan may be told, in words and numbers. From JSON by
/// [`read_request`](hunter_core::operations::read_request), which names the setting that does not fit.
///
/// ```
/// use hunter_core::Engine;
/// use hunter_core::operations::read_request;
/// use hunter_scan::ScanSettings;
///
/// let settings: ScanSettings = read_request(r#"{"resolvers": ["192.0.2.53"], "profile": "light"}"#)?;
/// let (scanner, problems) = settings.scanner(&Engine::builtin())?;
/// assert_eq!((scanner.config().concurrency, problems.len()), (64, 0));
///
/// let faulty = ScanSettings { attempts: 0, ..settings }.scanner(&Engine::builtin()).unwrap_err();
/// assert_eq!(faulty.code(), "scan_setting");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScanSettings {
    /// The resolvers to ask, in order of preference, as [`Resolver`](crate::Resolver) reads them; none
    /// means those of the system.
    pub resolvers: Vec<String>,
    /// Whether to find out first if the resolvers can be believed.
    pub check: bool,
    /// How long one try of a question may take, in milliseconds.
    pub timeout_ms: u64,
    /// How often a question is put before it counts as failed.
    pub attempts: u32,
    /// How long all questions about one domain may take, in milliseconds.
    pub deadline_ms: u64,
    /// How many domains are in flight at once.
    pub concurrency: usize,
    /// How many domains are begun in a second, at most.
    pub rate: Option<f64>,
    /// How many questions each resolver is asked in a second, at most.
    pub resolver_rate: Option<f64>,
    /// Which questions are put: the word of a [`Profile`](crate::Profile).
    pub profile: String,
    /// DKIM selectors to try besides the usual ones.
    pub dkim_selectors: Vec<String>,
    /// Whether to look up who registered the domain.
    pub registration: bool,
    /// A file that says which RDAP server knows a domain; the one built in if none is named.
    pub rdap_bootstrap: Option<PathBuf>,
    /// How many questions each registry is asked in a second, at most.
    pub registry_rate: Option<f64>,
    /// What to probe over HTTPS: the words of [`ProbeKind`].
    pub probes: Vec<String>,
    /// How many probes each host gets in a second, at most.
    pub probe_rate: Option<f64>,
    /// IP databases, the most trusted first.
    pub ip_data: Vec<PathBuf>,
}

impl Default for ScanSettings {
    fn default() -> Self {
        let config = ScanConfig::default();
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            resolvers: Vec::new(),
            check: true,
            timeout_ms: millis(config.timeout),
            attempts: config.attempts,
            deadline_ms: millis(config.deadline),
            concurrency: config.concurrency,
            rate: None,
            resolver_rate: None,
            profile: config.profile.as_str().to_owned(),
            dkim_selectors: Vec::new(),
            registration: false,
            rdap_bootstrap: None,
            registry_rate: Some(REGISTRY_RATE),
            probes: Vec::new(),
            probe_rate: Some(PROBE_RATE),
            ip_data: Vec::new(),
        }
    }
}

impl ScanSettings {
    /// The scanner, whose DKIM selectors follow the engine's fingerprints; and what is wrong with IP
    /// databases, which the scanner then does without.
    ///
    /// # Errors
    /// `scan_setting` and `scan_selector` for a setting, by the name that it has here; `scan_data_file`
    /// for the RDAP bootstrap; and those of [`ScannerBuilder::build`].
    pub fn scanner(&self, engine: &Engine) -> Result<(Scanner, Vec<IpDataProblem>), ScanError> {
        self.scanner_by(engine.clone())
    }

    /// The same with another plan of DKIM selectors, such as one that follows an engine that is replaced.
    ///
    /// # Errors
    /// As [`scanner`](Self::scanner).
    pub fn scanner_by(
        &self,
        plan: impl SelectorPlan + 'static,
    ) -> Result<(Scanner, Vec<IpDataProblem>), ScanError> {
        self.build(plan).map_err(by_its_name)
    }

    fn build(
        &self,
        plan: impl SelectorPlan + 'static,
    ) -> Result<(Scanner, Vec<IpDataProblem>), ScanError> {
        let resolvers = self.resolvers.iter().map(|text| text.parse());
        let probes = self.probes.iter().map(|word| word.parse());
        let on: std::collections::BTreeSet<ProbeKind> = probes.collect::<Result<_, ScanError>>()?;
        let config = ScanConfig {
            resolvers: resolvers.collect::<Result<_, ScanError>>()?,
            timeout: Duration::from_millis(self.timeout_ms),
            attempts: self.attempts,
            deadline: Duration::from_millis(self.deadline_ms),
            concurrency: self.concurrency,
            profile: self.profile.parse()?,
            dkim_selectors: self.dkim_selectors.clone(),
            ..ScanConfig::default()
        };
        let rates = Rates {
            domains: self.rate,
            resolver: self.resolver_rate,
            registry: self.registry_rate.filter(|_| self.registration),
            probe: self.probe_rate.filter(|_| !on.is_empty()),
            ..Rates::default()
        };
        let mut builder = ScannerBuilder::new(config).plan(plan);
        if rates != Rates::default() {
            builder = builder.throttle(Arc::new(LocalThrottle::new(rates)?));
        }
        if self.registration {
            let mut config = RegistrationConfig::default();
            if let Some(path) = &self.rdap_bootstrap {
                config.bootstrap = Bootstrap::load(path)?;
            }
            builder = builder.registration(config);
        } else if self.rdap_bootstrap.is_some() {
            let problem = "is for a scan with `registration`".to_owned();
            return Err(ScanError::setting("rdap_bootstrap", problem));
        }
        if !on.is_empty() {
            builder = builder.probes(ProbesConfig { on, ..ProbesConfig::default() });
        }
        let mut problems = Vec::new();
        if !self.ip_data.is_empty() {
            let config = IpDataConfig { files: self.ip_data.clone(), ..IpDataConfig::default() };
            let (ip_data, faulty) = IpData::open(config);
            problems = faulty;
            builder = builder.ip_data(ip_data);
        }
        Ok((builder.build()?, problems))
    }
}

/// The error with the setting's name as it stands in [`ScanSettings`].
fn by_its_name(error: ScanError) -> ScanError {
    let ScanError::Setting { setting, problem } = error else { return error };
    let setting = match setting {
        "timeout" => "timeout_ms",
        "deadline" => "deadline_ms",
        "rates.domains" => "rate",
        "rates.resolver" => "resolver_rate",
        "rates.registry" => "registry_rate",
        "rates.probe" => "probe_rate",
        "probes.on" => "probes",
        own => own,
    };
    ScanError::Setting { setting, problem }
}

/// One setting: the same on the command line, in Python and in Node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its name in [`ScanSettings`] and Python; Node writes it in `camelCase`.
    pub name: &'static str,
    /// Its option on the command line.
    pub flag: &'static str,
    /// What it is, in words.
    pub kind: &'static str,
}

/// Every setting, in the order of [`ScanSettings`], which has the defaults.
pub const SETTINGS: &[Setting] = &[
    setting(
        "resolvers",
        "--resolver",
        "resolvers, `ADDRESS[:PORT]`, `tls://ADDRESS#NAME` or `https://ADDRESS/PATH#NAME`; those of the \
         system where none is given",
    ),
    setting("check", "--no-check", "whether to find out first if the resolvers can be believed"),
    setting("timeout_ms", "--timeout", "milliseconds for one try of a question, 10 to 60000"),
    setting("attempts", "--attempts", "how often a question is put, 1 to 10"),
    setting("deadline_ms", "--deadline", "milliseconds for all about one domain, 10 to 600000"),
    setting("concurrency", "--concurrency", "how many domains are in flight at once, 1 to 4096"),
    setting("rate", "--rate", "domains a second; null: no limit"),
    setting(
        "resolver_rate",
        "--resolver-rate",
        "questions a second to each resolver; null: no limit",
    ),
    setting("profile", "--profile", "which questions are put: `light`, `standard` or `full`"),
    setting("dkim_selectors", "--selector", "DKIM selectors to try besides the usual ones"),
    setting("registration", "--registration", "whether to look up who registered the domain"),
    setting(
        "rdap_bootstrap",
        "--rdap-bootstrap",
        "path of IANA's RDAP file; null: the one built in",
    ),
    setting(
        "registry_rate",
        "--registry-rate",
        "questions a second to each registry; null: no limit",
    ),
    setting("probes", "--probe", "what to probe over HTTPS: `openid`, `user_realm`, `mta_sts`"),
    setting("probe_rate", "--probe-rate", "probes a second to each host; null: no limit"),
    setting("ip_data", "--ip-data", "paths of MaxMind, IP2Location or IP2Proxy files"),
];

const fn setting(name: &'static str, flag: &'static str, kind: &'static str) -> Setting {
    Setting { name, flag, kind }
}

#[cfg(test)]
mod tests {
    use hunter_core::operations::read_request;
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_list_is_the_structure() {
        let text = serde_json::to_string(&ScanSettings::default()).expect("plain values");
        let Value::Object(fields) = serde_json::from_str(&text).expect("JSON") else {
            panic!("no object: {text}");
        };
        assert_eq!(fields.len(), SETTINGS.len());
        // The text has the order of the structure.
        let mut place = 0;
        for setting in SETTINGS {
            let found = text.find(&format!("\"{}\":", setting.name)).expect(setting.name);
            assert!(found > place, "{}", setting.name);
            place = found;
        }
        assert_eq!(read_request::<ScanSettings>(&text), Ok(ScanSettings::default()));
        assert_eq!(read_request::<ScanSettings>("{}"), Ok(ScanSettings::default()));
    }

    #[test]
    fn a_setting_is_refused_by_its_own_name() {
        let named = SETTINGS.iter().map(|setting| setting.name);
        let faulty = [
            ("resolvers", r#"["dns.example"]"#),
            ("timeout_ms", "9"),
            ("attempts", "11"),
            ("deadline_ms", "600001"),
            ("concurrency", "0"),
            ("rate", "0"),
            ("resolver_rate", "-1"),
            ("profile", r#""deep""#),
            ("rdap_bootstrap", r#""dns.json""#),
            ("probes", r#"["telnet"]"#),
        ];
        for (name, value) in faulty {
            assert!(named.clone().any(|known| known == name));
            let text = format!(r#"{{"{name}": {value}}}"#);
            let settings: ScanSettings = read_request(&text).expect("the right type");
            let error = settings.scanner(&Engine::builtin()).expect_err(name);
            assert_eq!(error.code(), "scan_setting", "{error}");
            assert!(error.to_string().contains(name), "{error}");
            let wrong = format!(r#"{{"{name}": {{}}}}"#);
            let error = read_request::<ScanSettings>(&wrong).expect_err("no object belongs there");
            assert_eq!(error.code(), "argument_invalid");
            assert!(error.to_string().contains(name), "{error}");
        }
        let registry = r#"{"registration": true, "registry_rate": 0}"#;
        let registry: ScanSettings = read_request(registry).expect("the right type");
        let error = registry.scanner(&Engine::builtin()).expect_err("no rate");
        assert!(error.to_string().contains("registry_rate"), "{error}");
        assert!(read_request::<ScanSettings>(r#"{"retries": 1}"#).is_err());
    }
}
