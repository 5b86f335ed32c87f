//! `cargo xtask bench bindings`: the same work in Rust, Python and Node, joined to one table.
//!
//! Everything is made in `bindings` below the target folder: the rows, an environment of Python and a
//! project of Node with the packages in them, and a file of results for each language.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

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
/// So many real domains are enough to see that everything runs.
const SMOKE_DOMAINS: &str = "500";

/// How much is done, and with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All rows with optimised packages, as often as figures want it.
    Full,
    /// Few rows with optimised packages, once.
    Smoke,
    /// Few rows with unoptimised packages, once: it still runs, and all languages agree.
    Test,
}

/// Adds the parts: rows, packages of Python and of Node, turns, table.
pub(crate) fn add_parts(root: &Path, report: &mut Report, extent: Extent) {
    let place = Place { root: root.to_owned(), below: process::target(root).join(GROUP), extent };
    report.part("bindings rows", || Findings::of(place.rows()));
    report.part("bindings python", || Findings::of(place.install_python()));
    report.part("bindings node", || Findings::of(place.install_node()));
    report.part("bindings turns", || Findings::of(place.turns()));
    report.part("bindings table", || Findings::of(process::run(place.program("table", &[]))));
}

struct Place {
    root: PathBuf,
    below: PathBuf,
    extent: Extent,
}

impl Place {
    /// The folder that all harnesses read.
    fn folder(&self) -> PathBuf {
        self.below.join("rows")
    }

    fn is_release(&self) -> bool {
        self.extent != Extent::Test
    }

    /// The program of the benches package.
    fn program(&self, word: &str, rest: &[&str]) -> Command {
        let mut command = process::cargo(&self.root, &["run", "--quiet"]);
        if self.is_release() {
            command.arg("--release");
        }
        command.args(["-p", bench::PACKAGE, "--bin", GROUP, "--", word]);
        command.arg(self.folder()).args(rest);
        command
    }

    /// Writes the rows; the real domains by the tests package, which need not be optimised.
    fn rows(&self) -> Result<(), String> {
        let folder = self.folder();
        // Results of an earlier run must not stand beside those of this one.
        if folder.is_dir() {
            fs::remove_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
        }
        fs::create_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
        let args = ["run", "--quiet", "-p", "hunter-tests", "--bin", "observations"];
        let mut observations = process::cargo(&self.root, &args);
        let flags: &[&str] = if self.extent == Extent::Full {
            &[]
        } else {
            observations.args(["--", SMOKE_DOMAINS]);
            &["--smoke"]
        };
        let observations = process::capture(observations)?;
        if !observations.is_empty() {
            self.append("observations.jsonl", &observations)?;
        }
        process::run(self.program("prepare", flags))
    }

    fn python(&self) -> python::Place {
        python::Place::measured(
            &self.root,
            self.below.join("python"),
            REQUIREMENTS,
            self.is_release(),
        )
    }

    fn install_python(&self) -> Result<(), String> {
        let package = self.python();
        package.prepare()?;
        package.install()
    }

    fn node_project(&self) -> PathBuf {
        self.below.join("node/project")
    }

    fn install_node(&self) -> Result<(), String> {
        let below = self.below.join("node");
        let tarball = node::Place::measured(&self.root, below, self.is_release()).tarball()?;
        let project = self.node_project();
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
        process::run(install)
    }

    /// Measures each workload in all languages, one behind the other, as often as the plan says: what
    /// else the machine does meanwhile slows them alike.
    #[expect(clippy::print_stdout, reason = "the run speaks to the person who started it")]
    fn turns(&self) -> Result<(), String> {
        let path = self.folder().join("plan.json");
        let text = fs::read_to_string(&path).map_err(|error| failed(&path, &error))?;
        let (turns, names) = plan(&text).ok_or_else(|| format!("{}: no plan", path.display()))?;
        let python = self.python();
        for turn in 1..=turns {
            for name in &names {
                println!("turn {turn} of {turns}: {name}");
                let rust = process::capture(self.program("rust", &[name.as_str()]))?;
                self.append("rust.jsonl", &rust)?;
                let mut measure = Command::new(python.interpreter());
                measure.env("PYTHONDONTWRITEBYTECODE", "1");
                measure.arg(self.root.join(HARNESSES).join("python/measure.py"));
                measure.arg(self.folder()).arg(name);
                self.append("python.jsonl", &process::capture(measure)?)?;
                let mut measure = Command::new("node");
                measure.arg("measure.mjs").arg(self.folder()).arg(name);
                measure.current_dir(self.node_project());
                self.append("node.jsonl", &process::capture(measure)?)?;
            }
        }
        Ok(())
    }

    fn append(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let path = self.folder().join(name);
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|error| failed(&path, &error))?;
        file.write_all(bytes).map_err(|error| failed(&path, &error))
    }
}

/// How many turns there are, and the names of the workloads.
fn plan(text: &str) -> Option<(u64, Vec<String>)> {
    let plan: Value = serde_json::from_str(text).ok()?;
    let name = |workload: &Value| Some(workload.get("name")?.as_str()?.to_owned());
    let names = plan.get("workloads")?.as_array()?.iter().map(name).collect::<Option<_>>()?;
    Some((plan.get("turns")?.as_u64()?, names))
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_names_its_workloads_or_is_none() {
        let text = r#"{"turns": 3, "workloads": [{"name": "one"}, {"name": "two"}]}"#;
        assert_eq!(plan(text), Some((3, vec!["one".to_owned(), "two".to_owned()])));
        assert_eq!(plan(r#"{"turns": 3, "workloads": [{}]}"#), None);
    }
}
