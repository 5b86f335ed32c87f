//! The servers' programs: found, or installed from the distribution.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process;

/// The oldest PostgreSQL that the product promises to run on.
const OLDEST: u32 = 15;

/// The authoritative server and the resolver against which the scanner is tested; the tests start
/// them.
const NAME_SERVERS: [&str; 2] = ["nsd", "unbound"];

/// Installs what is missing for the tests.
pub(super) fn ensure() -> Result<(), String> {
    let mut missing = Vec::new();
    if postgres_programs().is_none() {
        missing.push("postgresql");
    }
    if !on_path("redis-server") {
        missing.push("redis-server");
    }
    // The benchmark of the store is compared with it.
    if !on_path("sqlite3") {
        missing.push("sqlite3");
    }
    // It reads what `/metrics` says.
    if !is_there("promtool") {
        missing.push("prometheus");
    }
    missing.extend(NAME_SERVERS.into_iter().filter(|name| !is_there(name)));
    install(&missing)
}

/// Installs the packages of those of these programs that are missing.
pub(crate) fn ensure_packages(programs: &[(&str, &'static str)]) -> Result<(), String> {
    let missing = programs.iter().filter(|(program, _)| !is_there(program));
    install(&missing.map(|(_, package)| *package).collect::<Vec<_>>())
}

/// Installs those of these programs that are missing. Each has the name of its package.
pub(crate) fn ensure_programs(names: &[&'static str]) -> Result<(), String> {
    let missing: Vec<_> = names.iter().copied().filter(|name| !is_there(name)).collect();
    install(&missing)
}

#[expect(clippy::print_stdout, reason = "an installation is announced")]
fn install(missing: &[&str]) -> Result<(), String> {
    if missing.is_empty() {
        return Ok(());
    }
    println!("installing {}; this is done once", missing.join(" and "));
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    let install = [&["install", "--yes", "--no-install-recommends"], missing].concat();
    process::run(apt(&["update", "--quiet"]))
        .and_then(|()| process::run(apt(&install)))
        .map_err(|error| format!("{error}: install {} by hand", missing.join(" and ")))
}

/// Whether a program can be started. Administration programs are not on everybody's path, and not
/// each of these tells its version.
fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .any(|folder| folder.join(program).is_file())
}

/// The folder with `initdb` and `postgres`, of the newest version that is installed.
pub(super) fn postgres_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let programs = entry.path().join("bin");
            (version >= OLDEST && programs.join("initdb").is_file()).then_some((version, programs))
        })
        .max()
        .map(|(_, programs)| programs)
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder: PathBuf| is_program(&folder.join(program)))
}

fn is_program(path: &Path) -> bool {
    Command::new(path)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
