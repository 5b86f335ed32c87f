//! Prints one generated document to standard output: `xtask-gen errors`, `xtask-gen parity`. Prints the
//! operations as JSON, against which Python and Node test themselves: `xtask-gen operations`. Prints what
//! the fingerprint table lacks, too: `xtask-gen fingerprints FILE AT_LEAST`.
//!
//! It is a package of its own because it links the crates that it documents; `xtask` itself stays
//! free of them and starts at once.
#![expect(clippy::print_stderr, reason = "a command-line tool reports on its standard error")]

mod candidates;
mod errors;
mod parity;

use std::fs::File;
use std::io::{BufReader, Write as _};
use std::process::ExitCode;

use hunter_core::provider::Fingerprints;

/// A word on the command line, and what writes its document.
type Document = (&'static str, fn() -> String);

/// Every document: one line each.
const DOCUMENTS: &[Document] = &[
    ("errors", || errors::document(errors::TABLES)),
    ("openapi", openapi),
    ("operations", parity::json),
    ("parity", parity::document),
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let text = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["fingerprints", file, at_least] => fingerprints(file, at_least),
        [word] => document(word),
        _ => Err("wants the name of a document, or `fingerprints FILE AT_LEAST`".to_owned()),
    };
    let text = match text {
        Ok(text) => text,
        Err(message) => {
            eprintln!("xtask-gen: {message}");
            return ExitCode::from(2);
        }
    };
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask-gen: cannot write the document: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The description of the HTTP interface.
fn openapi() -> String {
    let mut text =
        hunter_server::http::openapi().to_pretty_json().expect("the document has a JSON form");
    text.push('\n');
    text
}

fn document(word: &str) -> Result<String, String> {
    let Some((_, make)) = DOCUMENTS.iter().find(|(name, _)| *name == word) else {
        let names: Vec<&str> = DOCUMENTS.iter().map(|(name, _)| *name).collect();
        return Err(format!("`{word}` is not a document: use one of {}", names.join(", ")));
    };
    Ok(make())
}

fn fingerprints(file: &str, at_least: &str) -> Result<String, String> {
    let at_least = at_least.parse().map_err(|_| format!("`{at_least}` is not a number"))?;
    let lines = BufReader::new(File::open(file).map_err(|error| format!("{file}: {error}"))?);
    let mut census = candidates::Census::new(Fingerprints::builtin());
    census.read(file, lines)?;
    Ok(census.report(at_least))
}
