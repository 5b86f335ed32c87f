//! The command line: `hunter serve | scan | assess | explain | import | export | worker | rescan | reassess |
//! keys | migrate | config | data | doctor`.
//!
//! # Exit codes
//!
//! | code | meaning |
//! | --- | --- |
//! | 0 | every line was read and has a verdict |
//! | 1 | the work could not be done: the list, what is kept, or the output failed |
//! | 2 | the command line, a resolver's address or a data file is wrong; nothing was started |
//! | 3 | the output is complete, but some lines were refused or have no verdict |

mod assembly;
mod assess;
mod data;
mod doctor;
mod explain;
mod input;
mod keys;
mod output;
mod progress;

mod saved;
mod scan;
mod scan_options;
mod serve;
mod store;
mod summary;
mod update;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use hunter_core::ErrorKind;

use crate::error::ServerError;

pub use data::{DataArgs, SalesArgs};
pub use output::Format;
pub use scan::ScanArgs;
pub use scan_options::ScanOptions;

/// How a command ended when it could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every line was read and has a verdict.
    Complete,
    /// The output is complete, but some lines were refused or have no verdict.
    Partial,
    /// Something was found that must be mended.
    Unsound,
}

const PARTIAL: u8 = 3;
const USAGE: u8 = 2;
const FAILED: u8 = 1;

const EXIT_CODES: &str = "Exit codes:\n  \
    0  every line was read and has a verdict\n  \
    1  the work could not be done: the list, what is kept, or the output failed\n  \
    2  the command line, a resolver's address or a data file is wrong; nothing was started\n  \
    3  the output is complete, but some lines were refused or have no verdict";

/// Which companies to call first, why, and what to say: from what their domains show in public.
#[derive(Debug, Parser)]
#[command(name = "hunter", version, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Observe domains over the DNS, assess them, and list them by priority.
    #[command(after_help = EXIT_CODES)]
    Scan(Box<ScanArgs>),
    /// Assess stored observations again, without network.
    #[command(after_help = EXIT_CODES)]
    Assess(Box<assess::AssessArgs>),
    /// Show everything about one domain: evidence, breakdown, interval and script.
    #[command(after_help = EXIT_CODES)]
    Explain(Box<explain::ExplainArgs>),
    /// Take a list of companies into the database.
    #[command(after_help = EXIT_CODES)]
    Import(Box<store::ImportArgs>),
    /// Write leads from the database to a file for a spreadsheet.
    Export(Box<store::ExportArgs>),
    /// Do the jobs in the database until told to stop.
    Worker(Box<store::WorkerArgs>),
    /// Observe domains again, or those whose last scan is long ago, and list what changed.
    #[command(after_help = EXIT_CODES)]
    Rescan(Box<store::RescanArgs>),
    /// Assess all leads in the database again, without network, and list those whose segment changed.
    #[command(after_help = EXIT_CODES)]
    Reassess(Box<store::ReassessArgs>),
    /// Bring the schema of the database up to date, or back.
    #[command(subcommand)]
    Migrate(store::MigrateCommand),
    /// Answer over HTTP, for a team and its programs.
    Serve(Box<serve::ServeArgs>),
    /// Look at everything that the service needs, and say what to do about what is wrong.
    #[command(after_help = "Exit codes:\n  0  nothing failed\n  1  something did")]
    Doctor(Box<doctor::DoctorArgs>),
    /// Keys for those who ask over HTTP.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// The settings of `hunter serve`.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// The data that was built in, as files to look at or to renew.
    #[command(subcommand)]
    Data(DataCommand),
}

#[derive(Debug, Subcommand)]
enum DataCommand {
    /// Fetch the newest list of RDAP servers from IANA.
    Update(update::UpdateArgs),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print the settings in force, each with where it comes from, as a file that can be read back.
    Print(assembly::ConfigArgs),
}

/// The language of sales texts.
#[derive(Debug, Clone, Args)]
pub struct LanguageArgs {
    /// Language of the sales texts: `tr`, `en`, or one of your own data files.
    #[arg(long, value_name = "LANG", default_value = "tr")]
    pub lang: String,
}

/// In which order rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// By priority category, then by score; the default for tables.
    Priority,
    /// In the order of the input; the default for JSON and CSV.
    Input,
}

/// Runs the command line of the process.
pub fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(Outcome::Complete) => ExitCode::SUCCESS,
        Ok(Outcome::Partial) => PARTIAL.into(),
        Ok(Outcome::Unsound) => FAILED.into(),
        // Whoever reads the output has read enough.
        Err(ServerError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            // If standard error is gone too, the exit code still tells.
            let _ = writeln!(io::stderr(), "hunter: {error} [{}]", error.code());
            exit_code(&error).into()
        }
    }
}

/// Runs a command line given as words, the program's name first.
///
/// # Errors
/// Whatever the command could not do. Words that clap refuses end the process, as they do in the
/// program itself.
pub fn run_from<I, T>(words: I) -> Result<Outcome, ServerError>
where
    I: IntoIterator<Item = T>,
    T: Into<std::ffi::OsString> + Clone,
{
    run(&Cli::parse_from(words))
}

fn exit_code(error: &ServerError) -> u8 {
    match error {
        ServerError::Core(error) if error.kind() != ErrorKind::Observation => USAGE,
        ServerError::Scan(error) if error.kind() == hunter_scan::ErrorKind::Resolver => FAILED,
        ServerError::Scan(_)
        | ServerError::DataFile { .. }
        | ServerError::DataFolder { .. }
        | ServerError::NothingToDo(_)
        | ServerError::ExportColumn(_)
        | ServerError::ConfigRead { .. }
        | ServerError::ConfigSyntax { .. }
        | ServerError::ConfigUnknown { .. }
        | ServerError::ConfigValue { .. }
        | ServerError::Redis(_)
        | ServerError::NoAdmin
        | ServerError::NoKey(_)
        | ServerError::Resolver { .. } => USAGE,
        _ => FAILED,
    }
}

fn run(cli: &Cli) -> Result<Outcome, ServerError> {
    match &cli.command {
        Command::Scan(args) => scan::run(args),
        Command::Assess(args) => assess::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Import(args) => store::import(args),
        Command::Export(args) => store::export(args),
        Command::Worker(args) => store::worker(args),
        Command::Rescan(args) => store::rescan(args),
        Command::Reassess(args) => store::reassess(args),
        Command::Migrate(command) => store::migrate(command),
        Command::Serve(args) => serve::run(args),
        Command::Doctor(args) => doctor::run(args),
        Command::Keys(command) => keys::run(command),
        Command::Config(ConfigCommand::Print(args)) => serve::print(args),
        Command::Data(DataCommand::Update(args)) => update::run(args),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
