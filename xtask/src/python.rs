//! The Python package: built as a wheel, installed in an environment of its own, and tested there.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;
use crate::report::{Findings, Report};

/// The folder of the package; a group's parts look at it and nowhere else.
pub(crate) const FOLDER: &str = "hunter-py";

/// Versions of everything that the tests use, one a line.
const REQUIREMENTS: &str = "hunter-py/requirements-test.txt";

/// How long the border is fuzzed under `--fuzz`.
const FUZZ_SECONDS: &str = "60";

/// Adds the parts: environment, wheel, tests, types.
pub(crate) fn add_parts(
    root: &Path,
    report: &mut Report,
    counting: impl FnOnce(Command) -> Findings,
) {
    let place = Place::new(root);
    report.part("py environment", || Findings::of(place.prepare()));
    report.part("py wheel", || Findings::of(place.install()));
    report.part("py", || match place.catalogue() {
        Err(failure) => Findings::of(Err(failure)),
        Ok(catalogue) => {
            let mut tests = place.python(&["-m", "pytest", "-p", "no:cacheprovider"]);
            tests.env("HUNTER_CATALOGUE", catalogue);
            counting(tests)
        }
    });
    report.part("py types", || {
        let cache = place.below.join("mypy");
        let mut types = place.python(&[
            "-m",
            "mypy",
            "python",
            "tests",
            "../examples/spark_job.py",
            "--cache-dir",
        ]);
        types.arg(cache);
        let stubs = place.python(&["-m", "mypy.stubtest", "hunter_leads._native"]);
        Findings::of(process::run(types).and_then(|()| process::run(stubs)))
    });
}

/// Adds a part that throws bad input at the package for a minute.
pub(crate) fn add_fuzz_part(
    root: &Path,
    report: &mut Report,
    counting: impl FnOnce(Command) -> Findings,
) {
    let place = Place::new(root);
    report.part("fuzz py", || {
        if let Err(failure) = place.prepare().and_then(|()| place.install()) {
            return Findings::of(Err(failure));
        }
        let border = ["-m", "pytest", "-p", "no:cacheprovider", "tests/test_border.py"];
        let mut tests = place.python(&border);
        tests.env("HUNTER_FUZZ_SECONDS", FUZZ_SECONDS);
        counting(tests)
    });
}

struct Place {
    root: PathBuf,
    /// Everything that is made for these tests.
    below: PathBuf,
}

impl Place {
    fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), below: below_target(root, "python") }
    }

    fn interpreter(&self) -> PathBuf {
        interpreter(&self.below)
    }

    /// The environment's Python in the package's folder. Nothing is written beside the sources.
    fn python(&self, args: &[&str]) -> Command {
        let mut command = Command::new(self.interpreter());
        command.args(args).current_dir(self.root.join(FOLDER)).env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    fn prepare(&self) -> Result<(), String> {
        make_environment(&self.below, &self.root.join(REQUIREMENTS))
    }

    /// Builds the wheel as users get it, but unoptimised, and puts it in place of an earlier one.
    fn install(&self) -> Result<(), String> {
        let wheels = self.below.join("wheels");
        if wheels.is_dir() {
            std::fs::remove_dir_all(&wheels).map_err(|error| failed(&wheels, &error))?;
        }
        let mut build = self.python(&["-m", "maturin", "build", "--quiet", "--locked", "--out"]);
        build.arg(&wheels).arg("--interpreter").arg(self.interpreter());
        process::run(build)?;
        let mut install = self.python(&["-m", "pip", "install", "--quiet", "--force-reinstall"]);
        install.args(["--no-deps", "--no-index", "--find-links"]).arg(&wheels).arg("hunter-leads");
        process::run(install)
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

/// An interpreter with what a file of the repository lists, in a folder of its own.
pub(crate) fn environment(root: &Path, word: &str, requirements: &str) -> Result<PathBuf, String> {
    let below = below_target(root, word);
    make_environment(&below, &root.join(requirements))?;
    Ok(interpreter(&below))
}

fn below_target(root: &Path, word: &str) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    root.join(target).join(word)
}

fn interpreter(below: &Path) -> PathBuf {
    let inside = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    below.join("environment").join(inside)
}

/// Makes the environment anew whenever the requirements differ from those it was made with.
fn make_environment(below: &Path, requirements: &Path) -> Result<(), String> {
    let wanted = read(requirements)?;
    let stamp = below.join("requirements.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
        return Ok(());
    }
    std::fs::create_dir_all(below).map_err(|error| failed(below, &error))?;
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(below.join("environment"));
    process::run(make)?;
    let mut install = Command::new(interpreter(below));
    install.args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(requirements);
    process::run(install)?;
    std::fs::write(&stamp, wanted).map_err(|error| failed(&stamp, &error))
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
