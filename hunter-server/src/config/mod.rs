//! The settings of the service: a commented default file, the operator's own, the environment, flags.
//!
//! `default.toml` *is* the defaults: what it does not hold is no setting. Every value knows where it
//! came from, so that an error can say what to change.

mod layers;
mod print;

use std::net::SocketAddr;
use std::num::NonZeroUsize;

use hunter_scan::Profile;
use hunter_scan::probes::ProbeKind;
use secrecy::SecretString;
use serde::Deserialize;

pub use layers::{Layers, Origin};

use crate::services::webhooks::signature::SigningSecret;

/// The settings of the service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "`default.toml` explains every setting")]
pub struct Config {
    pub server: ServerConfig,
    pub security: SecurityConfig,
    pub database: DatabaseConfig,
    pub redis: RedisConfig,
    pub worker: WorkerConfig,
    pub ingest: IngestConfig,
    pub scan: ScanSection,
    pub webhooks: WebhooksConfig,
    pub email: EmailConfig,
    pub data: DataConfig,
    pub log: LogConfig,
    pub sentry: SentryConfig,
}

/// How the API listens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "`default.toml` explains every setting")]
pub struct ServerConfig {
    pub listen: SocketAddr,
    pub request_timeout_seconds: u64,
    pub idle_timeout_seconds: u64,
    pub body_limit_bytes: usize,
    pub upload_limit_bytes: u64,
    pub concurrent_requests: NonZeroUsize,
    pub requests_per_minute: u32,
    pub trusted_proxies: Vec<std::net::IpAddr>,
    pub event_streams: NonZeroUsize,
    pub event_streams_per_key: NonZeroUsize,
    pub drain_seconds: u64,
    pub shutdown_seconds: u64,
}

/// Who may do what.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "`default.toml` explains every setting")]
pub struct SecurityConfig {
    pub authentication: Authentication,
}

/// Whether requests need a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authentication {
    /// As the address asks for.
    Auto,
    /// No keys, on loopback only.
    Open,
    /// Every request needs a key.
    Keys,
}

/// The database.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "`default.toml` explains every setting")]
pub struct DatabaseConfig {
    pub url: SecretString,
    pub environment: Environment,
    pub max_connections: u32,
}

/// What surrounds the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// One person's machine.
    Development,
    /// Many processes over one database.
    Production,
}

impl Environment {
    /// The word in the settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }
}

/// Redis.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "`default.toml` explains every setting")]
pub struct RedisConfig {
    pub url: SecretString,
}

/// Jobs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "`default.toml` explains every setting")]
pub struct WorkerConfig {
    pub in_process: bool,
    pub batches: NonZeroUsize,
    pub rescan_after_days: u16,
    #[serde(deserialize_with = "address")]
    pub listen: Option<SocketAddr>,
}

/// How much of a file is taken in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "`default.toml` explains every setting")]
pub struct IngestConfig {
    pub timeout_seconds: u64,
    pub concurrent_files: NonZeroUsize,
    pub unpacked_limit_bytes: u64,
    pub compression_ratio_limit: u64,
    pub parts_limit: usize,
    pub rows_limit: u64,
    pub columns_limit: usize,
    pub cell_limit_bytes: usize,
}

/// How domains are observed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "`default.toml` explains every setting")]
pub struct ScanSection {
    #[serde(deserialize_with = "word")]
    pub profile: Profile,
    pub resolvers: Vec<String>,
    pub check_resolvers: bool,
    pub concurrency: usize,
    pub timeout_milliseconds: u64,
    pub attempts: u32,
    pub deadline_milliseconds: u64,
    pub domains_per_second: f64,
    pub registration: bool,
    pub registry_queries_per_second: f64,
    #[serde(deserialize_with = "words")]
    pub probes: Vec<ProbeKind>,
    pub ip_data: Vec<std::path::PathBuf>,
}

/// Who may send webhooks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "`default.toml` explains every setting")]
pub struct WebhooksConfig {
    pub secrets: Vec<SigningSecret>,
    #[serde(deserialize_with = "up_to_an_hour")]
    pub tolerance_seconds: u32,
}

/// How addresses are checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "`default.toml` explains every setting")]
pub struct EmailConfig {
    #[serde(deserialize_with = "host_name")]
    pub smtp_probe_name: String,
    pub smtp_timeout_milliseconds: u64,
}

/// Data files and languages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "`default.toml` explains every setting")]
pub struct DataConfig {
    pub folder: String,
    pub language: String,
}

/// The log.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "`default.toml` explains every setting")]
pub struct LogConfig {
    pub format: LogFormat,
    pub level: String,
    pub mask_personal_data: bool,
    pub file: String,
    pub rotate: LogRotation,
    pub rotate_bytes: u64,
    pub keep: u32,
}

/// Where errors are reported.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "`default.toml` explains every setting")]
pub struct SentryConfig {
    pub dsn: SecretString,
    pub environment: String,
    pub sample_rate: f32,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

impl ScanSection {
    /// How many domains a batch has: by what is asked for of the slowest limit that each domain needs, in
    /// whole turns a second.
    pub fn batch_size(&self) -> u32 {
        let registry =
            if self.registration { self.registry_queries_per_second } else { f64::INFINITY };
        let rate = self.domains_per_second.min(registry);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cast saturates, and the size of batches is bounded"
        )]
        let whole = rate.ceil() as u32;
        hunter_store::bulk::batch_size(whole)
    }
}

/// When a log file is put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogRotation {
    /// By somebody else, or not at all.
    Never,
    /// With the first line of a day in UTC.
    Daily,
    /// Before it would grow beyond a size.
    Size,
}

impl Config {
    /// Whether a request without a key is taken.
    pub fn is_open(&self) -> bool {
        match self.security.authentication {
            Authentication::Auto => self.server.listen.ip().is_loopback(),
            Authentication::Open => true,
            Authentication::Keys => false,
        }
    }
}

fn up_to_an_hour<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let seconds = u32::deserialize(deserializer)?;
    if (1..=3600).contains(&seconds) {
        return Ok(seconds);
    }
    Err(serde::de::Error::custom("must be 1 to 3600 seconds"))
}

/// A name that can stand in a command of SMTP (RFC 5321 §4.1.1.1), or none.
fn host_name<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b);
    if name.len() <= 255 && name.bytes().all(fits) {
        return Ok(name);
    }
    Err(serde::de::Error::custom("must be a host name, or an address in brackets"))
}

fn word<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

/// An address, or an empty text for none.
fn address<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

fn words<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    let parse = |text: String| text.parse().map_err(serde::de::Error::custom);
    Vec::<String>::deserialize(deserializer)?.into_iter().map(parse).collect()
}
