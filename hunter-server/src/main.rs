//! The `hunter` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    hunter_server::cli::main()
}
