//! `hunter doctor`: looks at everything that the service needs, and says what to do about what is wrong.
//!
//! It changes nothing, makes no database, and each look has a time-out: it is meant for days on which things are
//! broken.

mod report;
mod scanning;
mod state;
mod surroundings;

use std::io::{self, Write};

use clap::Args;

use self::report::{Check, Report};
use super::assembly::{ConfigArgs, StateArgs};
use super::store::runtime;
use super::{DataArgs, Outcome};
use crate::config::Config;
use crate::error::ServerError;

/// Arguments of `hunter doctor`.
#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// Tell it as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    data: DataArgs,
}

impl DoctorArgs {
    fn settings(&self) -> Result<Config, ServerError> {
        let mut layers = self.config.layers()?;
        self.state.over(&mut layers)?;
        let config = layers.config()?;
        crate::telemetry::check(&config)?;
        Ok(config)
    }
}

pub(super) fn run(args: &DoctorArgs) -> Result<Outcome, ServerError> {
    let report = match args.settings() {
        Ok(config) => {
            let found = Check::ok("configuration", "every setting is one, and takes its value");
            let rest = runtime()?.block_on(looks(&config, &args.data));
            Report::new(std::iter::once(found).chain(rest).collect())
        }
        // Without settings nobody knows where to look.
        Err(error) => Report::new(vec![Check::failed(
            "configuration",
            format!("{error} [{}]", error.code()),
            "mend the setting; nothing else was looked at. `hunter config print` shows what is in force",
        )]),
    };
    let text = if args.json { report.json() } else { report.text() };
    io::stdout().write_all(text.as_bytes()).map_err(ServerError::Output)?;
    Ok(if report.is_sound() { Outcome::Complete } else { Outcome::Unsound })
}

async fn looks(config: &Config, data: &DataArgs) -> Vec<Check> {
    let (state, scanning, surroundings) = tokio::join!(
        state::looks(config),
        scanning::looks(config, data),
        surroundings::looks(config)
    );
    [state, scanning, surroundings].concat()
}
