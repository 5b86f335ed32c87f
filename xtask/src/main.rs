//! The project's own commands, started as `cargo xtask <command>`; `cargo xtask help` lists them.
#![expect(clippy::print_stdout, reason = "a command-line tool speaks on its standard output")]
#![expect(clippy::print_stderr, reason = "a command-line tool reports on its standard error")]

mod accuracy;
mod args;
mod bench;
mod bindings;
mod check;
mod contract;
mod coverage;
mod demo;
mod deploy;
mod fuzz;
mod generate;
mod groups;
mod node;
mod process;
mod python;
mod report;
mod services;
mod summary;
mod test;
mod tools;
mod workspace;

use std::path::Path;
use std::process::ExitCode;

use args::Command;

fn main() -> ExitCode {
    let command = match args::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(message) => {
            eprintln!("error: {message}\n\n{}", args::HELP);
            return ExitCode::from(2);
        }
    };
    // This package stands one folder below the workspace's root.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.parent().unwrap_or(here);
    let result = match command {
        Command::Demo(passed_on) => demo::run(root, &passed_on),
        Command::Test(options) => test::run(root, &options),
        Command::Bench(options) => bench::run(root, &options),
        Command::Gen { check } => Ok(generate::run(root, check)),
        Command::Candidates(options) => generate::candidates(root, &options).map(|()| true),
        Command::Confidence => accuracy::fit(root).map(|()| true),
        Command::Accuracy => accuracy::measure(root).map(|()| true),
        Command::Coverage => coverage::run(root),
        Command::Help => {
            print!("{}", args::HELP);
            Ok(true)
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
