//! Prints one generated document to standard output: `xtask-gen errors`.
//!
//! It is a package of its own because it links the crates that it documents; `xtask` itself stays
//! free of them and starts at once.
#![expect(clippy::print_stderr, reason = "a command-line tool reports on its standard error")]

mod errors;

use std::io::Write as _;
use std::process::ExitCode;

/// A word on the command line, and what writes its document.
type Document = (&'static str, fn() -> String);

/// Every document: one line each.
const DOCUMENTS: &[Document] = &[("errors", || errors::document(errors::TABLES))];

fn main() -> ExitCode {
    let word = std::env::args().nth(1).unwrap_or_default();
    let Some((_, make)) = DOCUMENTS.iter().find(|(name, _)| *name == word) else {
        let names: Vec<&str> = DOCUMENTS.iter().map(|(name, _)| *name).collect();
        eprintln!("xtask-gen: `{word}` is not a document: use one of {}", names.join(", "));
        return ExitCode::from(2);
    };
    match std::io::stdout().write_all(make().as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask-gen: cannot write the document: {error}");
            ExitCode::FAILURE
        }
    }
}
