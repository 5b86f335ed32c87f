//! The servers' programs: found, or installed from the distribution.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process;

/// The oldest PostgreSQL that the product promises to run on.
const OLDEST: u32 = 15;

/// The authoritative server and the resolver against which the scanner is tested; the tests start
/// them.
const NAME_SERVERS: [&str; 2] = ["nsd", "unbound"];

/// Installs what is missing.
#[expect(clippy::print_stdout, reason = "an installation is announced")]
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
    // Administration programs are not on everybody's path.
    missing.extend(
        NAME_SERVERS
            .into_iter()
            .filter(|name| !on_path(name) && !Path::new("/usr/sbin").join(name).is_file()),
    );
    if missing.is_empty() {
        return Ok(());
    }
    println!("installing {}; this is done once", missing.join(" and "));
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    let install = [&["install", "--yes", "--no-install-recommends"], missing.as_slice()].concat();
    process::run(apt(&["update", "--quiet"]))
        .and_then(|()| process::run(apt(&install)))
        .map_err(|error| format!("{error}: install {} by hand", missing.join(" and ")))
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
