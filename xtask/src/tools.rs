//! Cargo's helpers that a fresh machine lacks: found, or built once.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::process;

/// A cargo subcommand that comes from its own crate.
pub(crate) struct Tool {
    /// The word after `cargo`.
    word: &'static str,
    /// The oldest version that will do, and the one that is installed when there is none.
    version: [u32; 3],
}

pub(crate) const DENY: Tool = Tool { word: "deny", version: [0, 20, 2] };
pub(crate) const FUZZ: Tool = Tool { word: "fuzz", version: [0, 13, 2] };
pub(crate) const TARPAULIN: Tool = Tool { word: "tarpaulin", version: [0, 37, 5] };

impl Tool {
    /// Installs the tool when it is missing or too old.
    #[expect(clippy::print_stdout, reason = "a build of minutes is announced")]
    pub(crate) fn ensure(&self, root: &Path) -> Result<(), String> {
        if installed_version(self.word).is_some_and(|found| found >= self.version) {
            return Ok(());
        }
        let [major, minor, patch] = self.version;
        let wanted = format!("cargo-{}@{major}.{minor}.{patch}", self.word);
        println!("installing {wanted}; this is done once");
        process::run(process::cargo(root, &["install", "--locked", &wanted]))
    }
}

/// Whether cargo knows the subcommand.
pub(crate) fn is_installed(word: &str) -> bool {
    installed_version(word).is_some()
}

fn installed_version(word: &str) -> Option<[u32; 3]> {
    let output = Command::new(process::cargo_path())
        .args([word, "--version"])
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    version_in(&String::from_utf8_lossy(&output.stdout))
}

/// The first `a.b.c` in a text such as `cargo-deny 0.20.2`.
fn version_in(text: &str) -> Option<[u32; 3]> {
    text.split_whitespace().find_map(|word| {
        let plain = word.split(['-', '+']).next().unwrap_or(word);
        let mut numbers = plain.split('.').map(str::parse::<u32>);
        let version = [numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?];
        numbers.next().is_none().then_some(version)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_compared_as_numbers() {
        assert_eq!(version_in("cargo-deny 0.20.2"), Some([0, 20, 2]));
        assert_eq!(version_in("cargo-tarpaulin-tarpaulin 0.37.5\n"), Some([0, 37, 5]));
        assert_eq!(version_in("cargo-nextest 0.9.143 (abc 2026-01-02)"), Some([0, 9, 143]));
        assert_eq!(version_in("cargo-x 1.0.0-rc.1"), Some([1, 0, 0]));
        assert_eq!(version_in("no version"), None);
        assert!([0, 9, 143] < [0, 20, 2]);
    }
}
