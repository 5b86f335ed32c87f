//! `cargo xtask accuracy` and `cargo xtask gen confidence`: how right the engine is, and the fit.

use std::path::Path;

use crate::process;

const MODEL: &str = "hunter-core/data/confidence.toml";
const PAGE: &str = "docs/ACCURACY.md";

/// Prints the tables; an error when a bar is missed.
pub(crate) fn measure(root: &Path) -> Result<(), String> {
    process::run(program(root, "report"))
}

/// Writes the confidence model, then the page: the second run is built with what the first wrote.
pub(crate) fn fit(root: &Path) -> Result<(), String> {
    for (word, path) in [("fit", MODEL), ("report", PAGE)] {
        let text = process::capture(program(root, word))?;
        std::fs::write(root.join(path), text).map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(())
}

fn program(root: &Path, word: &str) -> std::process::Command {
    process::cargo(root, &["run", "--quiet", "-p", "xtask-accuracy", "--", word])
}
