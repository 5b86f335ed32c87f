//! The `hunter` program: its `main`, word for word.

use std::process::ExitCode;

fn main() -> ExitCode {
    hunter_server::cli::main()
}
