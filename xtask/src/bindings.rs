//! `cargo xtask bench bindings`: the same work in Rust, Python and Node, joined to one table.
//!
//! Everything is made in `bindings` below the target folder: the rows, an environment of Python and a
//! project of Node with the optimised packages in them, and a file of results for each language.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;
use crate::report::{Findings, Report};
use crate::{bench, node, python};

/// The group in the manifest.
pub(crate) const GROUP: &str = "bindings";

/// The harnesses.
const HARNESSES: &str = "benches/bindings";
/// Versions of everything that the harness of Python uses.
const REQUIREMENTS: &str = "benches/bindings/python/requirements.txt";
/// What the harness of Node consists of, as it lies in the project where it is run.
const NODE_FILES: [&str; 3] = ["node/package.json", "node/measure.mjs", "readiness.json"];

/// Adds the parts: rows, Rust, Python, Node, table.
pub(crate) fn add_parts(root: &Path, report: &mut Report, is_smoke: bool) {
    let place = Place { root: root.to_owned(), below: process::target(root).join(GROUP) };
    report.part("bindings rows", || Findings::of(place.rows(is_smoke)));
    report.part("bindings rust", || Findings::of(place.rust()));
    report.part("bindings python", || Findings::of(place.python()));
    report.part("bindings node", || Findings::of(place.node()));
    report.part("bindings table", || Findings::of(process::run(place.program("table", &[]))));
}

struct Place {
    root: PathBuf,
    below: PathBuf,
}

impl Place {
    /// The folder that all harnesses read.
    fn folder(&self) -> PathBuf {
        self.below.join("rows")
    }

    /// The program of the benches package.
    fn program(&self, word: &str, flags: &[&str]) -> Command {
        let args =
            ["run", "--quiet", "--release", "-p", bench::PACKAGE, "--bin", GROUP, "--", word];
        let mut command = process::cargo(&self.root, &args);
        command.arg(self.folder()).args(flags);
        command
    }

    /// Writes the rows; the real domains by the tests package, which need not be optimised.
    fn rows(&self, is_smoke: bool) -> Result<(), String> {
        let folder = self.folder();
        // Results of an earlier run must not stand beside those of this one.
        if folder.is_dir() {
            fs::remove_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
        }
        fs::create_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
        let args = ["run", "--quiet", "-p", "hunter-tests", "--bin", "observations"];
        let observations = process::capture(process::cargo(&self.root, &args))?;
        if !observations.is_empty() {
            self.write("observations.jsonl", &observations)?;
        }
        process::run(self.program("prepare", if is_smoke { &["--smoke"] } else { &[] }))
    }

    fn rust(&self) -> Result<(), String> {
        self.write("rust.jsonl", &process::capture(self.program("rust", &[]))?)
    }

    fn python(&self) -> Result<(), String> {
        let package = python::Place::optimised(&self.root, self.below.join("python"), REQUIREMENTS);
        package.prepare()?;
        package.install()?;
        let mut measure = Command::new(package.interpreter());
        measure.env("PYTHONDONTWRITEBYTECODE", "1");
        measure.arg(self.root.join(HARNESSES).join("python/measure.py")).arg(self.folder());
        self.write("python.jsonl", &process::capture(measure)?)
    }

    fn node(&self) -> Result<(), String> {
        let tarball = node::Place::optimised(&self.root, self.below.join("node")).tarball()?;
        let project = self.below.join("node/project");
        fs::create_dir_all(&project).map_err(|error| failed(&project, &error))?;
        for file in NODE_FILES {
            let from = self.root.join(HARNESSES).join(file);
            let name = Path::new(file).file_name().unwrap_or_default();
            fs::copy(&from, project.join(name)).map_err(|error| failed(&from, &error))?;
        }
        // Without a lock file: one would have to name the other engine's parts for every system, which not
        // every mirror of the registry has.
        let mut install = process::npm(&project, &["install", "--no-package-lock", "--no-save"]);
        install.args(["--no-audit", "--no-fund"]).arg(tarball);
        process::run(install)?;
        let mut measure = Command::new("node");
        measure.arg("measure.mjs").arg(self.folder()).current_dir(&project);
        self.write("node.jsonl", &process::capture(measure)?)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let file = self.folder().join(name);
        fs::write(&file, bytes).map_err(|error| failed(&file, &error))
    }
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
