//! `cargo xtask coverage`: line coverage of the product's crates, by cargo-tarpaulin.
//!
//! Counted are the lines below `src` of each crate. Test code is left out, as tarpaulin does by
//! itself for test modules, and so is all that stands elsewhere: integration tests, examples,
//! build scripts and what they generate.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::process;
use crate::services::{Durability, Services};
use crate::tools::TARPAULIN;
use crate::workspace::Workspace;

/// Packages that are measured by nobody: they are tools and tests themselves. The whole-system
/// tests run all the same, for what they cover of the product.
const NOT_PRODUCT: &[&str] =
    &["xtask", "xtask-gen", "hunter-benches", "hunter-demo", "hunter-nameserver", "hunter-tests"];

const SYSTEM_TESTS: &str = "hunter-tests";

/// Crates with a floor, in percent.
const FLOORS: &[(&str, f64)] = &[("hunter-core", 95.0)];

/// The covered and the coverable lines of a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
struct CrateLines {
    name: String,
    covered: u64,
    coverable: u64,
}

impl CrateLines {
    #[expect(clippy::cast_precision_loss, reason = "lines of code are far below 2^52")]
    fn percent(&self) -> f64 {
        100.0 * self.covered as f64 / self.coverable as f64
    }
}

/// Measures and prints; true when no crate is below its floor.
#[expect(clippy::print_stdout, reason = "the table is what was asked for")]
pub(crate) fn run(root: &Path) -> Result<bool, String> {
    TARPAULIN.ensure(root)?;
    let workspace = Workspace::load(root)?;
    let product: Vec<(String, PathBuf)> = workspace
        .members
        .iter()
        .filter(|member| !NOT_PRODUCT.contains(&member.name.as_str()))
        .map(|member| (member.name.clone(), member.manifest.with_file_name("src")))
        .collect();
    let folder = root.join("target/coverage");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut command = process::cargo(root, &["tarpaulin", "--engine", "llvm", "--out", "Json"]);
    command.args(["--follow-exec", "--skip-clean", "--timeout", "600"]);
    // Tarpaulin would list every file of the workspace, measured or not.
    command.args(["--exclude-files", "xtask/*"]);
    command.arg("--output-dir").arg(&folder).arg("--target-dir").arg(&folder);
    let tests = workspace.member(SYSTEM_TESTS).map(|member| member.name.as_str());
    for name in product.iter().map(|(name, _)| name.as_str()).chain(tests) {
        command.args(["--packages", name]);
    }
    // They stop when the tests have ended.
    let services = Services::start(Durability::Fast)?;
    services.add_to(&mut command);
    process::run(command)?;
    drop(services);
    let report = folder.join("tarpaulin-report.json");
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", report.display());
    let text = std::fs::read_to_string(&report).map_err(|error| failed(&error))?;
    let json: Value = serde_json::from_str(&text).map_err(|error| failed(&error))?;
    let crates = per_crate(&json, &product)?;
    print!("\n{}", table(&crates));
    let faults = below_floor(&crates);
    for fault in &faults {
        println!("{fault}");
    }
    Ok(faults.is_empty())
}

/// Adds up the files of tarpaulin's report, crate by crate.
fn per_crate(report: &Value, product: &[(String, PathBuf)]) -> Result<Vec<CrateLines>, String> {
    let mut crates: Vec<CrateLines> = product
        .iter()
        .map(|(name, _)| CrateLines { name: name.clone(), covered: 0, coverable: 0 })
        .collect();
    let files = report
        .get("files")
        .and_then(Value::as_array)
        .ok_or("the coverage report has no list of files")?;
    for file in files {
        let parts = file.get("path").and_then(Value::as_array);
        let number = |key| file.get(key).and_then(Value::as_u64);
        let (Some(parts), Some(covered), Some(coverable)) =
            (parts, number("covered"), number("coverable"))
        else {
            return Err("a file of the coverage report lacks its path or its counts".into());
        };
        let path: PathBuf = parts.iter().filter_map(Value::as_str).collect();
        let Some(at) = product.iter().position(|(_, source)| path.starts_with(source)) else {
            continue;
        };
        crates[at].covered += covered;
        crates[at].coverable += coverable;
    }
    Ok(crates)
}

fn table(crates: &[CrateLines]) -> String {
    let width = crates.iter().map(|krate| krate.name.len()).max().unwrap_or(0).max(5);
    let mut text = format!("{:width$}  {:>7}  {:>13}\n", "crate", "lines", "covered");
    for krate in crates {
        let share = format!("{}/{}", krate.covered, krate.coverable);
        let line = if krate.coverable == 0 {
            format!("{:width$}  {:>7}  {share:>13}\n", krate.name, "none")
        } else {
            format!("{:width$}  {:>5.1} %  {share:>13}\n", krate.name, krate.percent())
        };
        text.push_str(&line);
    }
    text
}

/// A sentence for every crate below its floor; no lines at all are below any floor.
fn below_floor(crates: &[CrateLines]) -> Vec<String> {
    FLOORS
        .iter()
        .filter_map(|&(name, floor)| {
            let krate = crates.iter().find(|krate| krate.name == name)?;
            if krate.coverable == 0 {
                return Some(format!("{name} was not measured, but must reach {floor} %"));
            }
            let percent = krate.percent();
            (percent < floor)
                .then(|| format!("{name} has {percent:.2} % of its lines covered, below {floor} %"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn product() -> Vec<(String, PathBuf)> {
        vec![("hunter-core".into(), "/w/hunter-core/src".into()), ("b".into(), "/w/b/src".into())]
    }

    fn core(covered: u64, coverable: u64) -> [CrateLines; 1] {
        [CrateLines { name: "hunter-core".into(), covered, coverable }]
    }

    #[test]
    fn files_are_added_up_by_crate_and_strangers_left_out() {
        let file = |path: &[&str], covered: u64, coverable: u64| json!({"path": path, "covered": covered, "coverable": coverable, "traces": []});
        let report = json!({"files": [
            file(&["/", "w", "hunter-core", "src", "a.rs"], 3, 4),
            file(&["/", "w", "hunter-core", "src", "b", "mod.rs"], 5, 6),
            file(&["/", "w", "hunter-core", "tests", "x.rs"], 7, 7),
            file(&["/", "w", "target", "out.rs"], 0, 9),
        ]});
        let crates = per_crate(&report, &product()).unwrap();
        assert_eq!(crates[0], core(8, 10)[0]);
        assert_eq!(
            table(&crates),
            "crate          lines        covered\n\
             hunter-core   80.0 %           8/10\n\
             b               none            0/0\n"
        );
    }

    #[test]
    fn a_report_of_another_shape_is_refused() {
        assert!(per_crate(&json!({}), &product()).is_err());
        assert!(per_crate(&json!({"files": [{"path": ["a"]}]}), &product()).is_err());
    }

    #[test]
    fn the_floor_of_core_holds() {
        assert_eq!(below_floor(&core(95, 100)), Vec::<String>::new());
        assert_eq!(
            below_floor(&core(949, 1000)),
            ["hunter-core has 94.90 % of its lines covered, below 95 %"]
        );
        assert_eq!(below_floor(&core(0, 0)).len(), 1);
    }
}
