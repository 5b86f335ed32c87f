//! `cargo xtask demo`: builds and starts the demonstration.

use std::path::Path;

use crate::contract::PACKAGE;
use crate::process;
use crate::workspace::Workspace;

/// Passes `passed_on` to the demonstration and waits for its end.
pub(crate) fn run(root: &Path, passed_on: &[String]) -> Result<bool, String> {
    if !Workspace::load(root)?.has(PACKAGE) {
        return Err(format!("nothing to show yet: {PACKAGE} is not in the workspace"));
    }
    let mut command = process::cargo(root, &["run", "--quiet", "-p", PACKAGE, "--"]);
    command.args(passed_on);
    process::run(command).map(|()| true)
}
