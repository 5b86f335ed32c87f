//! The options under which domains are observed, shared by the commands that do.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use hunter_core::Engine;
use hunter_scan::probes::ProbeKind;
use hunter_scan::{Profile, ScanConfig, ScanSettings, Scanner, SelectorPlan};

use crate::error::ServerError;
use crate::resolver;

/// What registries are asked a second unless the user says otherwise: they ban the hasty.
const REGISTRY_RATE: f64 = 5.0;
/// The same for probes.
const PROBE_RATE: f64 = 10.0;

/// How domains are observed.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Scanning")]
pub struct ScanOptions {
    /// Resolver to ask: HOST:PORT, `tls://ADDRESS#NAME` or `https://ADDRESS/dns-query#NAME`; may be given
    /// several times, and a second one is asked where the first fails or finds nothing. Default: those
    /// of the system.
    #[arg(long, value_name = "RESOLVER")]
    pub resolver: Vec<String>,
    /// Do not find out first whether the resolvers can be believed.
    #[arg(long)]
    pub no_check: bool,
    /// How long one try of a question may take, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 2000)]
    pub timeout: u64,
    /// How often a question is put before it counts as failed.
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub attempts: u32,
    /// How long all questions about one domain may take, in milliseconds; waiting for leave, such as
    /// that of `--resolver-rate`, is not counted.
    #[arg(long, value_name = "MS", default_value_t = 30_000)]
    pub deadline: u64,
    /// How many domains are in flight at once.
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub concurrency: usize,
    /// How many domains are begun in a second, at most. Default: no limit.
    #[arg(long, value_name = "N")]
    pub rate: Option<f64>,
    /// How many questions each resolver is asked in a second, at most. Default: no limit.
    #[arg(long, value_name = "N")]
    pub resolver_rate: Option<f64>,
    /// Which questions are put: `light`, `standard` or `full`.
    #[arg(long, value_name = "PROFILE", default_value = "standard")]
    pub profile: Profile,
    /// DKIM selector to try besides the usual ones; may be given several times.
    #[arg(long = "selector", value_name = "NAME")]
    pub selectors: Vec<String>,
    /// Also look up who registered the domain and until when: RDAP first, then WHOIS.
    #[arg(long)]
    pub registration: bool,
    /// Which RDAP server knows a domain: a file of `hunter data update`. Default: the one built in.
    #[arg(long, value_name = "FILE", requires = "registration")]
    pub rdap_bootstrap: Option<PathBuf>,
    /// How many questions each registry is asked in a second, at most.
    #[arg(long, value_name = "N", default_value_t = REGISTRY_RATE)]
    pub registry_rate: f64,
    /// Also probe over HTTPS: `openid`, `user_realm` or `mta_sts`; may be given several times.
    #[arg(long = "probe", value_name = "PROBE")]
    pub probes: Vec<ProbeKind>,
    /// How many probes each host gets in a second, at most.
    #[arg(long, value_name = "N", default_value_t = PROBE_RATE)]
    pub probe_rate: f64,
    /// Also say what an IP database knows of the addresses: a MaxMind, IP2Location or IP2Proxy file;
    /// may be given several times, the most trusted first.
    #[arg(long = "ip-data", value_name = "FILE")]
    pub ip_data: Vec<PathBuf>,
}

impl Default for ScanOptions {
    fn default() -> Self {
        let defaults = ScanConfig::default();
        Self {
            resolver: Vec::new(),
            no_check: false,
            timeout: u64::try_from(defaults.timeout.as_millis()).unwrap_or(u64::MAX),
            attempts: defaults.attempts,
            deadline: u64::try_from(defaults.deadline.as_millis()).unwrap_or(u64::MAX),
            concurrency: defaults.concurrency,
            rate: None,
            resolver_rate: None,
            profile: defaults.profile,
            selectors: Vec::new(),
            registration: false,
            rdap_bootstrap: None,
            registry_rate: REGISTRY_RATE,
            probes: Vec::new(),
            probe_rate: PROBE_RATE,
            ip_data: Vec::new(),
        }
    }
}

impl ScanOptions {
    /// The scanner under these options; its DKIM selectors follow the engine's fingerprints.
    ///
    /// # Errors
    /// `resolver_address`, or an error of [`ScanSettings::scanner`].
    pub fn scanner(&self, engine: &Engine) -> Result<Scanner, ServerError> {
        self.scanner_by(engine.clone())
    }

    /// The same, with another plan of selectors.
    ///
    /// # Errors
    /// As [`scanner`](Self::scanner).
    pub fn scanner_by(&self, plan: impl SelectorPlan + 'static) -> Result<Scanner, ServerError> {
        let (scanner, problems) = self.settings()?.scanner_by(plan)?;
        for problem in problems {
            // Beside the output: the scan goes on without that file.
            let _ = writeln!(io::stderr(), "hunter: {problem} [{}]", problem.code());
        }
        Ok(scanner)
    }

    /// The same settings as every host takes them.
    fn settings(&self) -> Result<ScanSettings, ServerError> {
        let resolver = |text: &String| resolver::parse(text).map(|found| found.to_string());
        Ok(ScanSettings {
            resolvers: self.resolver.iter().map(resolver).collect::<Result<_, _>>()?,
            check: !self.no_check,
            timeout_ms: self.timeout,
            attempts: self.attempts,
            deadline_ms: self.deadline,
            concurrency: self.concurrency,
            rate: self.rate,
            resolver_rate: self.resolver_rate,
            profile: self.profile.as_str().to_owned(),
            dkim_selectors: self.selectors.clone(),
            registration: self.registration,
            rdap_bootstrap: self.rdap_bootstrap.clone(),
            registry_rate: Some(self.registry_rate),
            probes: self.probes.iter().map(|probe| probe.as_str().to_owned()).collect(),
            probe_rate: Some(self.probe_rate),
            ip_data: self.ip_data.clone(),
        })
    }

    /// Finds out whether the resolvers can be believed, unless that is not wanted.
    ///
    /// # Errors
    /// As [`Scanner::check`].
    pub async fn check(&self, scanner: &Scanner) -> Result<(), ServerError> {
        if !self.no_check {
            scanner.check().await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args as _, Command};
    use hunter_scan::SETTINGS;

    use super::*;

    #[test]
    fn the_command_line_has_every_setting_and_its_default() {
        let command = ScanOptions::augment_args(Command::new("hunter"));
        let mut flags: Vec<String> = command
            .get_arguments()
            .filter_map(|argument| argument.get_long().map(|long| format!("--{long}")))
            .collect();
        let mut listed: Vec<String> =
            SETTINGS.iter().map(|setting| setting.flag.to_owned()).collect();
        flags.sort();
        listed.sort();
        assert_eq!(flags, listed);
        let said = ScanOptions::default().settings().expect("defaults");
        assert_eq!(said, ScanSettings::default());
        let given = ScanOptions::augment_args(Command::new("hunter")).get_matches_from(["hunter"]);
        let given = <ScanOptions as clap::FromArgMatches>::from_arg_matches(&given);
        assert_eq!(given.expect("defaults").settings().expect("defaults"), ScanSettings::default());
    }
}
