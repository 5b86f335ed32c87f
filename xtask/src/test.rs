//! `cargo xtask test`: everything that must hold, in parts, the quick ones first.

use std::path::Path;

use crate::args::TestOptions;
use crate::bindings::Extent;
use crate::check::{doc_paths, layering, manifests};
use crate::groups::{GROUPS, Group, Only};
use crate::report::{Findings, Report};
use crate::services::{Durability, Services};
use crate::summary::{Counts, Tally};
use crate::tools::{self, DENY};
use crate::workspace::Workspace;
use crate::{bench, bindings, contract, deploy, fuzz, generate, node, process, python};

/// The group whose tests are in Python.
const PYTHON: &str = "py";

/// The group whose tests are in JavaScript.
const NODE: &str = "node";

/// The group whose workloads are run, each for a moment.
const BENCHES: &str = "benches";

/// The packages whose tests need servers, or the programs of some that they start themselves.
const SERVED: [&str; 2] = ["hunter-store", "hunter-tests"];

/// Runs what was asked; true when nothing failed.
#[expect(clippy::print_stdout, reason = "the run speaks to the person who started it")]
pub(crate) fn run(root: &Path, options: &TestOptions) -> Result<bool, String> {
    let workspace = Workspace::load(root)?;
    let mut report = Report::new(options.keep_going);
    match options.only {
        None => {
            repository_parts(root, &workspace, &mut report);
            rust_parts(root, &workspace, &Scope::Workspace, &mut report);
            docs_parts(root, &mut report);
            for group in GROUPS {
                group_parts(root, &workspace, group, &mut report);
            }
        }
        Some(Only::Docs) => {
            path_part(root, &mut report);
            doc_test_part(root, &workspace, &Scope::Workspace, &mut report);
            docs_parts(root, &mut report);
        }
        Some(Only::Group(group)) => {
            if let Some(missing) = group.missing(&workspace) {
                println!("nothing to test yet: {missing}");
                if !options.fuzz {
                    return Ok(true);
                }
            }
            let packages = group.present(&workspace);
            if group.word == PYTHON {
                // Its crate has no tests of its own: the wheel is tested.
                clippy_part(root, &Scope::Packages(packages), &mut report);
            } else if !packages.is_empty() {
                rust_parts(root, &workspace, &Scope::Packages(packages), &mut report);
            }
            group_parts(root, &workspace, group, &mut report);
        }
    }
    if options.fuzz {
        fuzz::add_parts(root, &mut report);
        node::add_fuzz_part(root, &mut report, counting);
        python::add_fuzz_part(root, &mut report, counting);
    }
    Ok(report.close(true))
}

/// What the cargo commands are to look at.
enum Scope {
    Workspace,
    Packages(Vec<&'static str>),
}

impl Scope {
    fn args(&self) -> Vec<&str> {
        match self {
            Self::Workspace => vec!["--workspace"],
            Self::Packages(packages) => packages.iter().flat_map(|name| ["-p", name]).collect(),
        }
    }

    /// The servers that the tests within need; without them those tests fail.
    fn servers(&self, workspace: &Workspace) -> Option<Result<Services, String>> {
        let within = match self {
            Self::Workspace => SERVED.iter().any(|name| workspace.has(name)),
            Self::Packages(packages) => SERVED.iter().any(|name| packages.contains(name)),
        };
        within.then(|| Services::start(Durability::Fast))
    }

    /// The packages within that have a library, and so can have doc-tests.
    fn libraries<'a>(&self, workspace: &'a Workspace) -> Vec<&'a str> {
        workspace
            .members
            .iter()
            .filter(|member| member.has_library)
            .map(|member| member.name.as_str())
            .filter(|name| match self {
                Self::Workspace => true,
                Self::Packages(packages) => packages.contains(name),
            })
            .collect()
    }
}

/// The parts that look at the repository as a whole and need no build.
fn repository_parts(root: &Path, workspace: &Workspace, report: &mut Report) {
    report.part("fmt", || cargo(root, &["fmt", "--all", "--check"]));
    report.part("layering", || Findings::of_faults(Ok(layering::faults(workspace))));
    report.part("manifests", || Findings::of_faults(manifests::faults(workspace)));
    path_part(root, report);
    report.part("deny", || {
        Findings::of(DENY.ensure(root).and_then(|()| {
            let mut command = process::cargo(root, &["deny", "--workspace", "check"]);
            command.args(["--hide-inclusion-graph", "bans", "licenses", "sources"]);
            process::run(command)
        }))
    });
}

fn path_part(root: &Path, report: &mut Report) {
    report.part("paths", || Findings::of_faults(doc_paths::faults(root)));
}

fn rust_parts(root: &Path, workspace: &Workspace, scope: &Scope, report: &mut Report) {
    clippy_part(root, scope, report);
    report.part("rust", || {
        // They stop when this part ends, whatever became of it.
        let services = match scope.servers(workspace) {
            None => None,
            Some(Ok(services)) => Some(services),
            Some(Err(failure)) => return Findings::of(Err(failure)),
        };
        let scope = scope.args();
        // Without nextest cargo's own runner does the same work; it takes longer.
        let (runner, targets): (&[&str], &[&str]) = if tools::is_installed("nextest") {
            (&["nextest", "run"], &[])
        } else {
            (&["test"], &["--tests"])
        };
        let args = [runner, &scope, targets, &["--no-fail-fast"]].concat();
        let mut command = process::cargo(root, &args);
        if let Some(services) = &services {
            services.add_to(&mut command);
        }
        counting(command)
    });
    doc_test_part(root, workspace, scope, report);
}

fn clippy_part(root: &Path, scope: &Scope, report: &mut Report) {
    report.part("clippy", || {
        let scope = scope.args();
        let args = [
            &["clippy"],
            scope.as_slice(),
            &["--no-deps", "--all-targets", "--all-features", "--", "-D", "warnings"],
        ];
        cargo(root, &args.concat())
    });
}

fn doc_test_part(root: &Path, workspace: &Workspace, scope: &Scope, report: &mut Report) {
    let libraries = scope.libraries(workspace);
    if libraries.is_empty() {
        return;
    }
    report.part("doc-tests", || {
        let packages: Vec<&str> = libraries.iter().flat_map(|name| ["-p", name]).collect();
        counted(root, &[&["test", "--doc", "--no-fail-fast"], packages.as_slice()].concat())
    });
}

fn docs_parts(root: &Path, report: &mut Report) {
    deploy::add_parts(root, report);
    report.part("gen --check", || Findings::of(generate::check_all(root)));
    report.part("doc", || {
        let mut command = process::cargo(root, &["doc", "--workspace", "--no-deps"]);
        command.env("RUSTDOCFLAGS", "-D warnings");
        Findings::of(process::run(command))
    });
}

/// What a group has besides its Rust packages; a group that is missing is listed as such.
fn group_parts(root: &Path, workspace: &Workspace, group: &Group, report: &mut Report) {
    if let Some(missing) = group.missing(workspace) {
        report.not_there_yet(group.word, missing);
        return;
    }
    if group.word == PYTHON {
        python::add_parts(root, report, counting);
    }
    if group.word == NODE {
        node::add_parts(root, report, counting);
    }
    if group.word == BENCHES {
        // Each workload once, unoptimised, so that none of them rots; the store's stand in its own group,
        // since they want servers; so do the service's.
        let benches = workspace.member(bench::PACKAGE).map(|member| member.benches.as_slice());
        let benches = benches
            .unwrap_or_default()
            .iter()
            .filter(|bench| ![bench::STORE, bench::SERVER].contains(&bench.as_str()));
        let benches: Vec<&str> = benches.flat_map(|bench| ["--bench", bench]).collect();
        report.part(group.word, || {
            let args = [&["test", "-p", bench::PACKAGE], benches.as_slice()].concat();
            let mut command = process::cargo(root, &args);
            let prepared = bench::prepare(root, &mut command);
            Findings::of(prepared.and_then(|()| process::run(command)))
        });
        bindings::add_parts(root, report, Extent::Test);
    }
    if [bench::STORE, bench::SERVER].contains(&group.word) && workspace.has(bench::PACKAGE) {
        report.part(&format!("{} bench", group.word), || {
            let args = ["test", "-p", bench::PACKAGE, "--bench", group.word];
            Findings::of(bench::with_servers(process::cargo(root, &args)))
        });
    }
    if group.word == bench::SERVER && workspace.has(contract::PACKAGE) {
        contract::add_parts(root, report);
    }
    let Some(folder) = group.npm else { return };
    report.part(group.word, || {
        let npm = |args: &[&str]| {
            let mut command = std::process::Command::new("npm");
            command.args(args).current_dir(root.join(folder));
            command
        };
        if !root.join(folder).join("node_modules").is_dir()
            && let Err(error) = process::run(npm(&["ci"]))
        {
            return Findings::of(Err(error));
        }
        counting(npm(&["test"]))
    });
}

fn cargo(root: &Path, args: &[&str]) -> Findings {
    Findings::of(process::run(process::cargo(root, args)))
}

fn counted(root: &Path, args: &[&str]) -> Findings {
    counting(process::cargo(root, args))
}

/// Runs a test runner and takes the counts from its closing lines.
fn counting(command: std::process::Command) -> Findings {
    let mut tally = Tally::default();
    let result = process::run_reading(command, &mut |line| tally.read(line));
    judge(result, tally.counts())
}

/// A run that succeeds without a closing line proves nothing and is a failure.
fn judge(result: Result<(), String>, seen: Option<Counts>) -> Findings {
    let failure = match result {
        Ok(()) if seen.is_none() => Some("the runner printed no summary".to_owned()),
        other => other.err(),
    };
    Findings { counts: seen.unwrap_or_default(), failure, ..Findings::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_run_keeps_its_counts() {
        let seen = Counts { passed: 5, failed: 1 };
        let found = judge(Err("`cargo test`: exit status: 101".into()), Some(seen));
        assert_eq!(found.counts, Counts { passed: 5, failed: 1 });
        assert!(found.failure.is_some());
    }

    #[test]
    fn success_without_a_summary_is_a_failure() {
        let found = judge(Ok(()), None);
        assert_eq!(found.failure.as_deref(), Some("the runner printed no summary"));
        assert_eq!(judge(Ok(()), Some(Counts::default())).failure, None);
    }

    #[test]
    fn a_scope_names_its_packages() {
        assert_eq!(Scope::Workspace.args(), ["--workspace"]);
        assert_eq!(Scope::Packages(vec!["a", "b"]).args(), ["-p", "a", "-p", "b"]);
    }
}
