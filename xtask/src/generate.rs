//! `cargo xtask gen`: the files that are written from the code, and the check that they agree; and the
//! report on what the fingerprint table lacks, which is written from observations.

use std::path::Path;

use crate::args::CandidateOptions;
use crate::process;
use crate::report::{Findings, Report};

/// A file of the repository and the word that makes `xtask-gen` print it.
struct Generated {
    path: &'static str,
    word: &'static str,
}

/// Every generated file: one line each.
const FILES: &[Generated] = &[
    Generated { path: "docs/ERRORS.md", word: "errors" },
    Generated { path: "docs/PARITY.md", word: "parity" },
    Generated { path: "docs/openapi.json", word: "openapi" },
];

/// Writes the files, or checks them; true when all went well.
pub(crate) fn run(root: &Path, check: bool) -> bool {
    let mut report = Report::new(false);
    for file in FILES {
        report.part(file.path, || {
            Findings::of(if check { check_file(root, file) } else { write_file(root, file) })
        });
    }
    report.close(false)
}

/// Compares every file with what the code says; the error names the first that differs.
pub(crate) fn check_all(root: &Path) -> Result<(), String> {
    FILES.iter().try_for_each(|file| check_file(root, file))
}

/// Prints which MX hosts the fingerprint table should know next.
pub(crate) fn candidates(root: &Path, options: &CandidateOptions) -> Result<(), String> {
    // The program runs in the repository, wherever this one was started.
    let file = std::path::absolute(&options.report)
        .map_err(|error| format!("{}: {error}", options.report))?;
    let mut command =
        process::cargo(root, &["run", "--quiet", "-p", "xtask-gen", "--", "fingerprints"]);
    command.arg(file).arg(options.at_least.to_string());
    process::run(command)
}

fn make(root: &Path, file: &Generated) -> Result<String, String> {
    let command = process::cargo(root, &["run", "--quiet", "-p", "xtask-gen", "--", file.word]);
    String::from_utf8(process::capture(command)?).map_err(|error| format!("{}: {error}", file.path))
}

fn write_file(root: &Path, file: &Generated) -> Result<(), String> {
    let text = make(root, file)?;
    let path = root.join(file.path);
    let failed = |error: std::io::Error| format!("{}: {error}", file.path);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(&path, text).map_err(failed)
}

fn check_file(root: &Path, file: &Generated) -> Result<(), String> {
    let wanted = make(root, file)?;
    let found = match std::fs::read_to_string(root.join(file.path)) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(format!("{}: {error}", file.path)),
    };
    compare(file.path, found.as_deref(), &wanted)
}

fn compare(path: &str, found: Option<&str>, wanted: &str) -> Result<(), String> {
    let fault = match found {
        Some(found) if found == wanted => return Ok(()),
        Some(found) => {
            let same = found.lines().zip(wanted.lines()).take_while(|(a, b)| a == b).count();
            format!("differs from what the code says, first in line {}", same + 1)
        }
        None => "does not exist".to_owned(),
    };
    Err(format!("{path} {fault}: run `cargo xtask gen` and commit the file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_file_line_and_command() {
        assert_eq!(compare("docs/A.md", Some("a\nb\n"), "a\nb\n"), Ok(()));
        assert_eq!(
            compare("docs/A.md", Some("a\nx\n"), "a\nb\n").unwrap_err(),
            "docs/A.md differs from what the code says, first in line 2: run `cargo xtask gen` and \
             commit the file"
        );
        assert!(compare("docs/A.md", Some("a\n"), "a\nb\n").unwrap_err().contains("line 2"));
        assert!(compare("docs/A.md", None, "a\n").unwrap_err().contains("does not exist"));
    }
}
