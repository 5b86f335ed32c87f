//! The settings of a scan: from a dictionary to a scanner.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hunter_core::Engine;
use hunter_scan::ip_data::{IpData, IpDataConfig};
use hunter_scan::probes::{ProbeKind, ProbesConfig};
use hunter_scan::registration::{Bootstrap, RegistrationConfig};
use hunter_scan::{
    LocalThrottle, Profile, Rates, Resolver, ScanConfig, ScanError, Scanner, ScannerBuilder,
};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict};

use crate::arguments::{number, text, texts, wrong_type};
use crate::errors::scan_refused;

/// Everything a scan may be told; `hunter_leads.scan` has the defaults.
pub(super) struct Settings {
    config: ScanConfig,
    rates: Rates,
    registration: Option<Option<PathBuf>>,
    probes: Vec<ProbeKind>,
    ip_data: Vec<PathBuf>,
    /// Whether to find out first if the resolvers can be believed.
    pub(super) check: bool,
}

impl Settings {
    pub(super) fn read(given: &Bound<'_, PyDict>) -> PyResult<Self> {
        let py = given.py();
        let refused = |error: ScanError| scan_refused(py, &error);
        let get = |name: &str| given.as_any().get_item(name);
        let list = |name: &str| texts(&get(name)?, name);
        let flag = |name: &str| truth(&get(name)?, name);
        let pace = |name: &str| {
            let value = get(name)?;
            if value.is_none() { Ok(None) } else { fraction(&value, name).map(Some) }
        };
        let time = |name: &'static str| {
            let seconds = fraction(&get(name)?, name)?;
            Duration::try_from_secs_f64(seconds).map_err(|error| {
                refused(ScanError::Setting { setting: name, problem: error.to_string() })
            })
        };

        let resolvers = list("resolvers")?.iter().map(|text| text.parse::<Resolver>()).collect();
        let probes = list("probes")?.iter().map(|text| text.parse::<ProbeKind>()).collect();
        let probes: Vec<ProbeKind> = Result::<_, ScanError>::map_err(probes, refused)?;
        let config = ScanConfig {
            resolvers: Result::<_, ScanError>::map_err(resolvers, refused)?,
            timeout: time("timeout")?,
            // What does not fit is out of every range, and refused as such.
            attempts: u32::try_from(number(&get("attempts")?, "attempts")?.max(0))
                .unwrap_or(u32::MAX),
            deadline: time("deadline")?,
            concurrency: usize::try_from(number(&get("concurrency")?, "concurrency")?.max(0))
                .unwrap_or(usize::MAX),
            profile: text(&get("profile")?, "profile")?.parse::<Profile>().map_err(refused)?,
            dkim_selectors: list("dkim_selectors")?,
            ..ScanConfig::default()
        };
        let registration = flag("registration")?;
        let rates = Rates {
            domains: pace("rate")?,
            resolver: pace("resolver_rate")?,
            registry: pace("registry_rate")?.filter(|_| registration),
            probe: pace("probe_rate")?.filter(|_| !probes.is_empty()),
            ..Rates::default()
        };
        let bootstrap = get("rdap_bootstrap")?;
        let bootstrap = if bootstrap.is_none() {
            None
        } else {
            Some(PathBuf::from(text(&bootstrap, "rdap_bootstrap")?))
        };
        Ok(Self {
            config,
            rates,
            registration: registration.then_some(bootstrap),
            probes,
            ip_data: list("ip_data")?.into_iter().map(PathBuf::from).collect(),
            check: flag("check")?,
        })
    }

    /// The scanner, whose DKIM selectors follow the engine's fingerprints, and what is wrong with IP
    /// databases: the scan does without those.
    pub(super) fn scanner(self, engine: &Engine) -> Result<(Scanner, Vec<String>), ScanError> {
        let mut problems = Vec::new();
        let mut builder = ScannerBuilder::new(self.config).plan(engine.clone());
        if self.rates != Rates::default() {
            builder = builder.throttle(Arc::new(LocalThrottle::new(self.rates)?));
        }
        if let Some(bootstrap) = self.registration {
            let mut config = RegistrationConfig::default();
            if let Some(path) = bootstrap.as_deref() {
                config.bootstrap = Bootstrap::load(Path::new(path))?;
            }
            builder = builder.registration(config);
        }
        if !self.probes.is_empty() {
            let on = self.probes.into_iter().collect();
            builder = builder.probes(ProbesConfig { on, ..ProbesConfig::default() });
        }
        if !self.ip_data.is_empty() {
            let config = IpDataConfig { files: self.ip_data, ..IpDataConfig::default() };
            let (ip_data, faulty) = IpData::open(config);
            problems.extend(faulty.iter().map(|fault| format!("{fault} [{}]", fault.code())));
            builder = builder.ip_data(ip_data);
        }
        Ok((builder.build()?, problems))
    }
}

fn truth(value: &Bound<'_, PyAny>, place: &str) -> PyResult<bool> {
    let Ok(truth) = value.cast::<PyBool>() else {
        return Err(wrong_type(value, place, "a bool"));
    };
    Ok(truth.is_true())
}

fn fraction(value: &Bound<'_, PyAny>, place: &str) -> PyResult<f64> {
    let number = if value.is_instance_of::<PyBool>() { None } else { value.extract::<f64>().ok() };
    number.ok_or_else(|| wrong_type(value, place, "a number"))
}
