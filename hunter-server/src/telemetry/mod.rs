//! What the operator sees: the log with its masks, and the counts of what went wrong.
//!
//! Every event passes one layer ([`layer`]): there it gets the fields of its spans, is
//! [masked](mask::Mask), and is written to standard error or to a file that [rotates](rotate). Panics
//! come as events too. Beside it, warnings and errors are [counted](errors) whatever the log's level is.

pub mod calendar;
pub mod errors;
pub mod layer;
pub mod mask;
mod panics;
pub mod rotate;

use std::io::{self, Write};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::config::LogConfig;
use crate::error::ServerError;

/// Starts the log of the process. A process that has one keeps it.
///
/// # Errors
/// `config_value` for a level that cannot be understood, `write_failed` for a file that cannot be written.
pub fn start(config: &LogConfig) -> Result<(), ServerError> {
    let output: Box<dyn Write + Send> = match config.file.as_str() {
        "" => Box::new(io::stderr()),
        path => Box::new(
            rotate::RotatingFile::open(path, config.into())
                .map_err(|source| ServerError::Write { path: path.into(), source })?,
        ),
    };
    let subscriber = tracing_subscriber::registry()
        .with(errors::CountErrors(errors::of_process()).with_filter(LevelFilter::WARN))
        .with(layer::LogLayer::new(config, output).with_filter(levels(config)?));
    if tracing::subscriber::set_global_default(subscriber).is_ok() {
        panics::tell();
    }
    Ok(())
}

/// Whether a log could be started by these settings.
///
/// # Errors
/// `config_value` for a level that cannot be understood.
pub fn check(config: &LogConfig) -> Result<(), ServerError> {
    levels(config).map(|_| ())
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
