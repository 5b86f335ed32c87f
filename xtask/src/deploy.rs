//! What stands in `deploy/`, read by those who know each format: no container engine is needed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::report::{Findings, Report};
use crate::{process, python, services};

const FOLDER: &str = "deploy";
const REQUIREMENTS: &str = "deploy/requirements.txt";

/// Programs and the packages of the distribution that they come in.
const PROGRAMS: [(&str, &str); 2] = [("promtool", "prometheus"), ("systemd-analyze", "systemd")];

/// Where the units of systemd have the program; it need not be there for a check.
const INSTALLED: &str = "/usr/local/bin/hunter";

/// Adds the part.
pub(crate) fn add_parts(root: &Path, report: &mut Report) {
    report.part("deploy", || Findings::of(check(root)));
}

fn check(root: &Path) -> Result<(), String> {
    services::ensure_packages(&PROGRAMS)?;
    let python = python::environment(root, "deploy", REQUIREMENTS)?;
    let programs = python.parent().ok_or("an interpreter stands in a folder")?;
    let folder = root.join(FOLDER);
    let kubernetes = files(&folder.join("kubernetes"), "yaml")?;
    run(&folder, &programs.join("yamllint"), &["--strict", "."], &[])?;
    run(&folder, &programs.join("hadolint"), &["Dockerfile"], &[])?;
    let compose = ["--builtin-schema", "vendor.compose-spec", "compose.yaml"];
    run(&folder, &programs.join("check-jsonschema"), &compose, &[])?;
    run(&folder, &programs.join("kubernetes-validate"), &["--strict"], &kubernetes)?;
    let promtool = Path::new("promtool");
    run(&folder, promtool, &["check", "rules", "prometheus/alerts.yaml"], &[])?;
    units(root, &folder.join("systemd"))
}

/// `systemd-analyze verify` wants the program that a unit starts to be there, and an instance of a template.
fn units(root: &Path, folder: &Path) -> Result<(), String> {
    let below = process::target(root).join(FOLDER).join("units");
    std::fs::create_dir_all(&below).map_err(|error| failed(&below, &error))?;
    let mut copies = Vec::new();
    for unit in files(folder, "service")? {
        let text = std::fs::read_to_string(&unit).map_err(|error| failed(&unit, &error))?;
        let name = unit.file_name().unwrap_or_default().to_string_lossy().replace('@', "@8080");
        let copy = below.join(name);
        std::fs::write(&copy, text.replace(INSTALLED, "/bin/true"))
            .map_err(|error| failed(&copy, &error))?;
        copies.push(copy);
    }
    run(&below, Path::new("systemd-analyze"), &["verify"], &copies)
}

fn run(folder: &Path, program: &Path, words: &[&str], files: &[PathBuf]) -> Result<(), String> {
    let mut command = Command::new(program);
    command.args(words).args(files).current_dir(folder);
    process::run(command)
}

/// The files of a folder with an ending; none is a failure.
fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(format!("{}: there is no `.{ending}` file", folder.display()));
    }
    Ok(files)
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
