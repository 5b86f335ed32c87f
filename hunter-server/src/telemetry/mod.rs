//! What the operator sees: the log with its masks, and the counts of what went wrong.
//!
//! Every event passes one layer ([`layer`]): there it gets the fields of its spans, is
//! [masked](mask::Mask), and is written to standard error or to a file that [rotates](rotate). Panics
//! come as events too. Errors go to a [Sentry](sentry) besides, where one is set up. Beside it, warnings and errors are [counted](errors) whatever the log's level is.

pub mod calendar;
pub mod errors;
pub mod layer;
pub mod mask;
mod panics;
pub mod rotate;
pub mod sentry;

use std::io::{self, Write};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::config::{Config, LogConfig};
use crate::error::ServerError;

/// The log of a process; what is not sent to Sentry yet is sent when this is dropped.
#[must_use = "what was reported is sent when this is dropped"]
pub struct Started(Option<sentry::Reporter>);

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(reporter) = &self.0 {
            reporter.close();
        }
    }
}

/// Starts the log of the process. A process that has one keeps it.
///
/// # Errors
/// `config_value` for a level or an address of Sentry that cannot be understood, `file_write` for a file
/// that cannot be written.
pub fn start(config: &Config) -> Result<Started, ServerError> {
    let reporter = sentry::Reporter::new(config)?;
    let config = &config.log;
    let output: Box<dyn Write + Send> = match config.file.as_str() {
        "" => Box::new(io::stderr()),
        path => Box::new(
            rotate::RotatingFile::open(path, config.into())
                .map_err(|source| ServerError::Write { path: path.into(), source })?,
        ),
    };
    let subscriber = tracing_subscriber::registry()
        .with(errors::CountErrors(errors::of_process()).with_filter(LevelFilter::WARN))
        .with(
            layer::LogLayer::new(config, output)
                .reporting(reporter.clone())
                .with_filter(levels(config)?),
        );
    if tracing::subscriber::set_global_default(subscriber).is_ok() {
        panics::tell();
    }
    Ok(Started(reporter))
}

/// Whether a log could be started by these settings.
///
/// # Errors
/// As [`start`], but for the file.
pub fn check(config: &Config) -> Result<(), ServerError> {
    sentry::Reporter::new(config)?;
    levels(&config.log).map(|_| ())
}

/// Which events are written.
fn levels(config: &LogConfig) -> Result<Targets, ServerError> {
    config.level.parse().map_err(|_| ServerError::ConfigValue {
        key: "log.level".into(),
        origin: crate::config::Origin::Default,
        problem: format!(
            "`{}` is no level: use `error`, `warn`, `info`, `debug` or `trace`, or directives such as \
             `info,hunter_scan=debug`",
            config.level
        ),
    })
}
