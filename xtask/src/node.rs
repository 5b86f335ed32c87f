//! The Node package: built, packed, installed in projects of its own, and tested there.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;
use crate::report::{Findings, Report};

/// The folder of the package; a group's parts look at it and nowhere else.
pub(crate) const FOLDER: &str = "hunter-node";

/// How long the border is fuzzed under `--fuzz`.
const FUZZ_SECONDS: &str = "60";

/// Adds the parts: packages, types, build, tarball, tests.
pub(crate) fn add_parts(
    root: &Path,
    report: &mut Report,
    counting: impl FnOnce(Command) -> Findings,
) {
    let place = Place::new(root);
    report.part("node packages", || Findings::of(place.prepare()));
    report.part("node types", || Findings::of(process::run(place.npm(&["run", "types"]))));
    report.part("node build", || Findings::of(place.build()));
    report.part("node tarball", || Findings::of(place.pack()));
    report.part("node", || counted(&place, &[], counting));
}

/// Adds a part that throws bad input at the package for a minute.
pub(crate) fn add_fuzz_part(
    root: &Path,
    report: &mut Report,
    counting: impl FnOnce(Command) -> Findings,
) {
    let place = Place::new(root);
    report.part("fuzz node", || {
        let built = place.prepare().and_then(|()| place.build()).and_then(|()| place.pack());
        match built {
            Err(failure) => Findings::of(Err(failure)),
            Ok(()) => counted(&place, &["fuzz"], counting),
        }
    });
}

/// Runs the tests whose file names contain one of the words; without words, all of them.
fn counted(place: &Place, words: &[&str], counting: impl FnOnce(Command) -> Findings) -> Findings {
    match place.catalogue() {
        Err(failure) => Findings::of(Err(failure)),
        Ok(catalogue) => {
            let mut tests = Command::new("node");
            tests.arg("test/run.mjs").args(words).current_dir(place.folder());
            tests.env("HUNTER_CATALOGUE", catalogue).env("HUNTER_TARBALLS", place.tarballs());
            if !words.is_empty() {
                tests.env("HUNTER_FUZZ_SECONDS", FUZZ_SECONDS);
            }
            counting(tests)
        }
    }
}

/// Where the package is built and packed.
pub(crate) struct Place {
    root: PathBuf,
    /// What is made besides what stands in the package's folder.
    below: PathBuf,
    /// The script that builds.
    script: &'static str,
}

impl Place {
    fn new(root: &Path) -> Self {
        let below = process::target(root).join("node");
        Self { root: root.to_owned(), below, script: "build:debug" }
    }

    /// A place for measurements.
    pub(crate) fn measured(root: &Path, below: PathBuf, is_release: bool) -> Self {
        let script = if is_release { "build" } else { "build:debug" };
        Self { root: root.to_owned(), below, script }
    }

    /// The one tarball, anew.
    pub(crate) fn tarball(&self) -> Result<PathBuf, String> {
        self.prepare()?;
        self.build()?;
        self.pack()?;
        let folder = self.tarballs();
        let mut found = std::fs::read_dir(&folder).map_err(|error| failed(&folder, &error))?;
        let first = found.next().ok_or_else(|| format!("{} is empty", folder.display()))?;
        Ok(first.map_err(|error| failed(&folder, &error))?.path())
    }

    fn folder(&self) -> PathBuf {
        self.root.join(FOLDER)
    }

    fn tarballs(&self) -> PathBuf {
        self.below.join("tarballs")
    }

    fn npm(&self, args: &[&str]) -> Command {
        process::npm(&self.folder(), args)
    }

    /// Installs what the package is built with, anew whenever the lock file differs from the one that
    /// was installed.
    fn prepare(&self) -> Result<(), String> {
        let wanted = read(&self.folder().join("package-lock.json"))?;
        let stamp = self.folder().join("node_modules/.installed-lock.json");
        if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        process::run(self.npm(&["ci", "--no-audit", "--no-fund"]))?;
        std::fs::write(&stamp, wanted).map_err(|error| failed(&stamp, &error))
    }

    /// Builds the package as users get it, though unoptimised for tests.
    fn build(&self) -> Result<(), String> {
        let mut build = self.npm(&["run", self.script]);
        build.env("CARGO", process::cargo_path());
        process::run(build)
    }

    /// Packs the package in place of an earlier tarball.
    fn pack(&self) -> Result<(), String> {
        let folder = self.tarballs();
        if folder.is_dir() {
            std::fs::remove_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
        }
        std::fs::create_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
        let mut pack = self.npm(&["pack", "--silent", "--pack-destination"]);
        pack.arg(&folder);
        process::run(pack)
    }

    /// The list of operations, as a file for the parity tests.
    fn catalogue(&self) -> Result<PathBuf, String> {
        let args = ["run", "--quiet", "-p", "xtask-gen", "--", "operations"];
        let text = process::capture(process::cargo(&self.root, &args))?;
        let file = self.below.join("operations.json");
        std::fs::write(&file, text).map_err(|error| failed(&file, &error))?;
        Ok(file)
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
