//! `cargo xtask test --fuzz`: every fuzz target for a minute, on the stable compiler.

use std::path::Path;

use crate::process;
use crate::report::{Findings, Report};
use crate::summary;
use crate::tools::FUZZ;

const SECONDS: u32 = 60;

/// Adds a part for every target.
pub(crate) fn add_parts(root: &Path, report: &mut Report) {
    if !root.join("fuzz/Cargo.toml").is_file() {
        report.not_there_yet("fuzz", "fuzz/Cargo.toml does not exist".into());
        return;
    }
    let mut targets = Vec::new();
    report.part("fuzz targets", || match list(root) {
        Ok(found) => {
            let note = format!("{} targets", found.len());
            targets = found;
            Findings { note, ..Findings::default() }
        }
        Err(error) => Findings::of(Err(error)),
    });
    for target in targets {
        report.part(&format!("fuzz {target}"), || run(root, &target));
    }
}

fn list(root: &Path) -> Result<Vec<String>, String> {
    FUZZ.ensure(root)?;
    let output = process::capture(process::cargo(root, &["fuzz", "list"]))?;
    let targets: Vec<String> =
        String::from_utf8_lossy(&output).split_whitespace().map(str::to_owned).collect();
    if targets.is_empty() { Err("`cargo fuzz list` names no target".into()) } else { Ok(targets) }
}

fn run(root: &Path, target: &str) -> Findings {
    let limit = format!("-max_total_time={SECONDS}");
    // The sanitizers want a nightly compiler; a panic is found without them, and there is no
    // unsafe code.
    let args = ["fuzz", "run", target, "--sanitizer", "none", "--", &limit];
    let mut executions = None;
    let result = process::run_reading(process::cargo(root, &args), &mut |line| {
        executions = summary::executions_in(line).or(executions);
    });
    match (result, executions) {
        (Ok(()), None) => Findings::of(Err("the fuzzer did not say how often it ran".into())),
        (result, executions) => Findings {
            note: executions.map(|count| format!("{count} executions")).unwrap_or_default(),
            ..Findings::of(result)
        },
    }
}
