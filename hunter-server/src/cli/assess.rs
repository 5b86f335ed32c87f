//! `hunter assess`: stored observations under today's rules.

use std::path::PathBuf;

use clap::Args;
use hunter_core::{Lead, Observation};

use super::output::{Format, Row, Writer, sorted_by_priority};
use super::{DataArgs, Outcome, Sort, input, progress};
use crate::error::ServerError;

/// Arguments of `hunter assess`.
#[derive(Debug, Args)]
pub(super) struct AssessArgs {
    /// Observations, one JSON object a line; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How to print; a table is sorted by priority, the rest keeps the order of the input and is
    /// written while the file is still being read.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Sort rows by priority or keep the order of the input.
    #[arg(long, value_enum)]
    sort: Option<Sort>,
    #[command(flatten)]
    data: DataArgs,
}

/// JSON lines and CSV stream: one line is in memory at a time. Tables, and whatever is sorted, wait
/// for the last line.
pub(super) fn run(args: &AssessArgs) -> Result<Outcome, ServerError> {
    let engine = args.data.engine()?;
    let lead = Lead::default();
    let sort = args.format.sort(args.sort);
    let bar = progress::bar(|| input::count(&args.file));
    let mut writer = Writer::new(args.format, sort, std::io::stdout().lock());
    let mut outcome = Outcome::Complete;
    let mut ranked = Vec::new();
    for line in input::lines(&args.file)? {
        let line = line?;
        let row = match Observation::from_json(&line.text) {
            Ok(observation) => {
                let input = observation.domain.to_string();
                Row::assessed(line.number, input, engine.assess(&observation, &lead), None)
            }
            Err(error) => Row::unreadable(line.number, line.text, &error),
        };
        if !row.is_complete() {
            outcome = Outcome::Partial;
        }
        match sort {
            Sort::Input => writer.write(&row)?,
            Sort::Priority => ranked.push(row),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    for row in sorted_by_priority(ranked) {
        writer.write(&row)?;
    }
    writer.finish()?;
    Ok(outcome)
}
