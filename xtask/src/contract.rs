//! The service against its own description: schemathesis makes requests from `/openapi.json`, good and
//! bad ones, and compares what comes back. The service is the demonstration's, with its leads, over
//! PostgreSQL and Redis, which are stricter than what stands in for them.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::report::{Findings, Report};
use crate::services::{Durability, Services};
use crate::{process, python};

/// The package of the demonstration.
pub(crate) const PACKAGE: &str = "hunter-demo";

const REQUIREMENTS: &str = "hunter-server/tests/requirements.txt";
const SETTINGS: &str = "hunter-server/tests/schemathesis.toml";

/// How many requests of each operation are made up, beside those that the description itself gives.
const EXAMPLES: &str = "85";

/// A run of fewer requests shows too little.
const FEWEST: u64 = 5_000;

/// The one operation that would take away the key that asks; it is walked on its own, at the end.
const SUICIDAL: &str = "/deactivate$";

/// Adds the parts.
pub(crate) fn add_parts(root: &Path, report: &mut Report) {
    report.part("server environment", || {
        Findings::of(python::environment(root, "server-python", REQUIREMENTS).map(|_| ()))
    });
    report.part("server description", || match walk(root) {
        Ok(made) => Findings { note: format!("{made} requests"), ..Findings::default() },
        Err(failure) => Findings::of(Err(failure)),
    });
}

/// Walks every operation; how many requests that took.
fn walk(root: &Path) -> Result<u64, String> {
    let python = python::environment(root, "server-python", REQUIREMENTS)?;
    let services = Services::start(Durability::Fast)?;
    let demo = Demo::start(root, &services)?;
    let walk = |which: &str, examples: &str| {
        let file = process::target(root).join("server-python/report.json");
        let mut command = Command::new(&python);
        command.current_dir(root).args(["-m", "schemathesis.cli", "--config-file", SETTINGS]);
        command.arg("run").arg(format!("{}/openapi.json", demo.address));
        command.args([which, SUICIDAL, "--checks", "all", "--max-examples", examples]);
        // A fixed seed: what fails once fails again.
        command.args(["--seed", "1", "--generation-database", "none", "--continue-on-failure"]);
        command.args(["--workers", "1", "--no-color", "--request-timeout", "30", "--header"]);
        command.arg(format!("X-API-Key: {}", demo.key));
        command.args(["--report", "json", "--report-json-path"]).arg(&file);
        process::run(command)?;
        let text = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
        requests(&text)
    };
    let most = walk("--exclude-path-regex", EXAMPLES)?;
    if most < FEWEST {
        return Err(format!("schemathesis made {most} requests; at least {FEWEST} are wanted"));
    }
    let last = walk("--include-path-regex", "20")?;
    Ok(most + last)
}

/// How many requests a report of schemathesis counts.
fn requests(report: &str) -> Result<u64, String> {
    let report: serde_json::Value =
        serde_json::from_str(report).map_err(|error| format!("the report: {error}"))?;
    let made = report["test_cases"]["generated"].as_u64();
    made.ok_or_else(|| "the report of schemathesis counts no requests".to_owned())
}

/// The demonstration, for as long as this value lives.
struct Demo {
    child: Child,
    address: String,
    key: String,
}

impl Demo {
    fn start(root: &Path, services: &Services) -> Result<Self, String> {
        // Its own tests have built it by now; a build of it alone would want other features of its
        // dependencies, and so minutes.
        let program = process::target(root).join("debug").join(PACKAGE);
        let mut command = Command::new(&program);
        command.args(["--keys", "--listen", "127.0.0.1:0", "--database", &services.database()]);
        command.args(["--redis", &services.redis()]).stdout(Stdio::piped());
        let failed = |error| format!("{}: {error}", program.display());
        let mut child = command.spawn().map_err(failed)?;
        let stdout = child.stdout.take();
        // From here on it is ended whatever happens.
        let mut demo = Self { child, address: String::new(), key: String::new() };
        for line in BufReader::new(stdout.ok_or("no pipe")?).lines() {
            let line = line.map_err(failed)?;
            if let Some(rest) = line.strip_prefix("The service runs at ") {
                rest.split(' ').next().unwrap_or_default().clone_into(&mut demo.address);
            }
            if let Some((_, key)) = line.split_once("ask for: ") {
                key.clone_into(&mut demo.key);
                return Ok(demo);
            }
        }
        Err("the demonstration ended before it had a service".to_owned())
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It ends its service, so that it is asked and not killed.
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_or_missed() {
        assert_eq!(requests(r#"{"test_cases": {"generated": 7}}"#), Ok(7));
        assert!(requests("{}").is_err() && requests("no report").is_err());
    }
}
