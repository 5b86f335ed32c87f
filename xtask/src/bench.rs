//! `cargo xtask bench`: measures the workloads of the benches package.

use std::path::Path;
use std::process::Command;

use crate::args::BenchOptions;
use crate::bindings::Extent;
use crate::report::{Findings, Report};
use crate::services::{Durability, Services};
use crate::workspace::Workspace;
use crate::{bindings, process, python, services};

/// The package that holds the workloads: one bench target a group.
pub(crate) const PACKAGE: &str = "hunter-benches";

/// Criterion's shortest run that still gives a figure.
const SMOKE: &[&str] =
    &["--warm-up-time", "0.1", "--measurement-time", "0.2", "--sample-size", "10", "--noplot"];

/// The same of the runners of our own.
const OWN_SMOKE: &[&str] = &["--smoke"];

/// The group that asks name servers; it has a runner of its own.
const SCAN: &str = "scan";

/// The name server that is asked, and the program that asks and counts.
const PROGRAMS: &[&str] = &["nsd", "dnsperf"];

/// What is installed for the programs of others that are written in Python.
const REQUIREMENTS: &str = "benches/python/requirements.txt";

/// Where the runner finds the interpreter for them.
const PYTHON: &str = "HUNTER_BENCH_PYTHON";

/// The group that wants databases.
pub(crate) const STORE: &str = "store";

/// The group that wants them too, and asks the service beside them.
pub(crate) const SERVER: &str = "server";

/// The program that asks the service, and the one that sends files.
const CLIENTS: &[&str] = &["wrk", "curl"];

/// Runs a command beside servers of its own, which write what they commit to the disk, as those of a
/// user do.
pub(crate) fn with_servers(mut command: Command) -> Result<(), String> {
    services::ensure_programs(CLIENTS)?;
    let services = Services::start(Durability::Crash)?;
    services.add_to(&mut command);
    process::run(command)
}

/// Runs all groups, or the one that was asked for.
pub(crate) fn run(root: &Path, options: &BenchOptions) -> Result<bool, String> {
    let workspace = Workspace::load(root)?;
    let member = workspace
        .member(PACKAGE)
        .ok_or_else(|| format!("nothing to measure yet: {PACKAGE} is not in the workspace"))?;
    // What no bench target of cargo can measure, since it needs the packages of other languages.
    let all: Vec<String> =
        member.benches.iter().cloned().chain([bindings::GROUP.to_owned()]).collect();
    let groups = chosen(&all, options.workload.as_deref())?;
    let mut report = Report::new(false);
    for group in groups {
        if group == bindings::GROUP {
            let extent = if options.smoke { Extent::Smoke } else { Extent::Full };
            bindings::add_parts(root, &mut report, extent);
            continue;
        }
        report.part(group, || {
            let mut command =
                process::cargo(root, &["bench", "-p", PACKAGE, "--bench", group, "--"]);
            if options.smoke {
                command.args(if [SCAN, STORE, SERVER].contains(&group.as_str()) {
                    OWN_SMOKE
                } else {
                    SMOKE
                });
            }
            if group == SCAN
                && let Err(failure) = prepare(root, &mut command)
            {
                return Findings::of(Err(failure));
            }
            let is_served = [STORE, SERVER].contains(&group.as_str());
            Findings::of(if is_served { with_servers(command) } else { process::run(command) })
        });
    }
    Ok(report.close(false))
}

/// Installs what the group of scans is compared with, and tells a run where it is.
pub(crate) fn prepare(root: &Path, command: &mut Command) -> Result<(), String> {
    services::ensure_programs(PROGRAMS)?;
    command.env(PYTHON, python::environment(root, "bench-python", REQUIREMENTS)?);
    Ok(())
}

fn chosen<'a>(groups: &'a [String], workload: Option<&str>) -> Result<&'a [String], String> {
    let Some(workload) = workload else { return Ok(groups) };
    let at = groups.iter().position(|group| group == workload).ok_or_else(|| {
        format!("`{workload}` is not a group of workloads: use one of {}", groups.join(", "))
    })?;
    Ok(&groups[at..=at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_group_all_groups_or_a_message() {
        let groups = ["core".to_owned(), "scan".to_owned()];
        assert_eq!(chosen(&groups, None).unwrap(), groups);
        assert_eq!(chosen(&groups, Some("scan")).unwrap(), ["scan"]);
        assert_eq!(
            chosen(&groups, Some("ui")).unwrap_err(),
            "`ui` is not a group of workloads: use one of core, scan"
        );
    }
}
