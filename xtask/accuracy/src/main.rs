//! How right the engine is about who holds the mailboxes, and the fit that makes its confidence.
//!
//! `xtask-accuracy report` measures on the half of the shared domains that the fit never saw;
//! `xtask-accuracy differences` lists where label and engine differ there; `xtask-accuracy fit` prints the confidence model that the other half gives.

mod fit;
mod labels;
mod measure;
mod report;
mod sample;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use crate::labels::Labels;
use crate::sample::Sample;

fn main() -> anyhow::Result<ExitCode> {
    let word = std::env::args().nth(1).unwrap_or_default();
    let labels = Labels::read()?;
    let path = hunter_tests::shared(hunter_tests::domains::DOMAINS)
        .context("without the shared domains there is nothing to measure")?;
    let samples = Sample::read_all(&path, &labels)?;
    let mut out = std::io::stdout().lock();
    match word.as_str() {
        "fit" => {
            out.write_all(fit::document(&samples).as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        "report" => {
            let measured = measure::Measured::of(&samples);
            out.write_all(report::document(&measured, &labels).as_bytes())?;
            let missed = measured.missed();
            for bar in &missed {
                writeln!(std::io::stderr(), "missed: {bar}")?;
            }
            Ok(if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        "differences" => {
            for difference in measure::Measured::of(&samples).wrong {
                writeln!(out, "{difference}")?;
            }
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("`{word}` is no command: use report, differences or fit"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The built-in model and the page are those that the fit and the measurement give, and every bar is
    /// reached.
    #[test]
    fn the_bars_hold_and_the_files_are_current() {
        let Some(path) = hunter_tests::shared(hunter_tests::domains::DOMAINS) else { return };
        let labels = Labels::read().expect("well-formed");
        let samples = Sample::read_all(&path, &labels).expect("readable");
        let measured = measure::Measured::of(&samples);
        assert_eq!(measured.missed(), [""; 0]);
        let file = |path: &str| {
            std::fs::read_to_string(hunter_tests::root().join(path))
                .expect("it is in the repository")
        };
        let fix = "run `cargo xtask gen confidence` and commit the files";
        let model = file("hunter-core/data/confidence.toml");
        assert!(model == fit::document(&samples), "confidence.toml: {fix}");
        let page = file("docs/ACCURACY.md");
        assert!(page == report::document(&measured, &labels), "ACCURACY.md: {fix}");
    }
}
