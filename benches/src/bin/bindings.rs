//! What `cargo xtask bench bindings` runs: `prepare FOLDER [--smoke]` writes the plan and the rows,
//! `rust FOLDER WORKLOAD` measures Rust, and `table FOLDER` joins what all languages measured.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use hunter_benches::bindings;

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = io::stdout().lock();
    match words.as_slice() {
        ["prepare", folder] => bindings::prepare(Path::new(folder), false)?,
        ["prepare", folder, "--smoke"] => bindings::prepare(Path::new(folder), true)?,
        ["rust", folder, name] => bindings::rust::measure(Path::new(folder), name, |line| {
            let text = serde_json::to_string(line).expect("numbers and words");
            // Whoever closes the pipe does not want the rest.
            let _ = writeln!(out, "{text}");
        })?,
        ["table", folder] => {
            let (table, faults) = bindings::table(Path::new(folder))?;
            write!(out, "{table}")?;
            for fault in &faults {
                writeln!(io::stderr(), "{fault}")?;
            }
            return Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        _ => bail!("use prepare FOLDER [--smoke], rust FOLDER WORKLOAD or table FOLDER"),
    }
    Ok(ExitCode::SUCCESS)
}
