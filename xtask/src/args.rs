//! The command line: what was asked, and what to say when it cannot be read.

use crate::groups::{GROUPS, Only};

/// The help text.
pub(crate) const HELP: &str = "\
The project's own commands.

cargo xtask demo [ARGS]...
    Build and start the demonstration, which leaves the service running; further arguments go to it.
      --once        show the leads and end
cargo xtask test [--only WORD] [--fuzz] [--keep-going]
    Format, lints, layering, dependencies, generated files, tests and documentation.
      --only WORD   one part of the house: core, scan, store, server, py, node, ui or docs
      --fuzz        also run every fuzz target, a minute each
      --keep-going  do not stop at the first part that fails
cargo xtask bench [WORKLOAD] [--smoke]
    Measure all workloads, or one group of them: core, scan, store, server, or bindings (Rust beside
    Python and Node).
      --smoke       run each only for a moment, to see that it still runs
cargo xtask gen [--check]
    Write the generated files.
      --check       write nothing; fail when a file differs from what the code says
cargo xtask gen fingerprints --report FILE [--at-least N]
    What the fingerprint table should know next: the unlisted MX hosts in a file of observations
    (JSON lines), by registrable domain, with the records that stand beside them.
      --at-least N  only those seen for N domains or more; 20 unless said
cargo xtask gen confidence
    Fit the confidence model on the shared domains; write it and docs/ACCURACY.md.
cargo xtask accuracy
    Measure how often the engine names the right holder of the mailboxes, on the shared domains
    that the fit never saw; fails below the bars.
cargo xtask coverage
    Line coverage of the product's crates; fails below the floor. It builds everything anew, in
    target/coverage, and is therefore no part of `test`.
cargo xtask help
    This text.
";

/// What was asked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Demo(Vec<String>),
    Test(TestOptions),
    Bench(BenchOptions),
    Gen {
        check: bool,
    },
    Candidates(CandidateOptions),
    /// The confidence model and its page, fitted anew.
    Confidence,
    Accuracy,
    Coverage,
    Help,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct TestOptions {
    pub(crate) only: Option<Only>,
    pub(crate) fuzz: bool,
    pub(crate) keep_going: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct BenchOptions {
    pub(crate) workload: Option<String>,
    pub(crate) smoke: bool,
}

/// What the fingerprint table should know next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CandidateOptions {
    /// A file of observations.
    pub(crate) report: String,
    pub(crate) at_least: u32,
}

/// Reads the arguments after the program's name. The error is a sentence for the person who typed.
pub(crate) fn parse(args: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut args = args.into_iter();
    let Some(command) = args.next() else { return Ok(Command::Help) };
    let rest: Vec<String> = args.collect();
    // The demonstration has its own help.
    if command != "demo" && rest.iter().any(|arg| arg == "--help" || arg == "-h") {
        return Ok(Command::Help);
    }
    match command.as_str() {
        "demo" => Ok(Command::Demo(rest)),
        "test" => parse_test(rest).map(Command::Test),
        "bench" => parse_bench(rest).map(Command::Bench),
        "gen" if rest.first().is_some_and(|word| word == "fingerprints") => {
            parse_candidates(rest.into_iter().skip(1)).map(Command::Candidates)
        }
        "gen" if rest.first().is_some_and(|word| word == "confidence") => match rest.get(1) {
            None => Ok(Command::Confidence),
            Some(arg) => Err(format!("`gen confidence` takes no arguments, but got `{arg}`")),
        },
        "gen" => {
            let mut check = false;
            for arg in rest {
                match arg.as_str() {
                    "--check" => check = true,
                    _ => return Err(stranger("gen", &arg, "--check, fingerprints or confidence")),
                }
            }
            Ok(Command::Gen { check })
        }
        "accuracy" | "coverage" => match rest.first() {
            Some(arg) => Err(format!("`{command}` takes no arguments, but got `{arg}`")),
            None if command == "accuracy" => Ok(Command::Accuracy),
            None => Ok(Command::Coverage),
        },
        "help" | "--help" | "-h" => Ok(Command::Help),
        _ => Err(format!(
            "`{command}` is not a command: use demo, test, bench, gen, accuracy, coverage or help"
        )),
    }
}

fn parse_test(rest: Vec<String>) -> Result<TestOptions, String> {
    let mut options = TestOptions::default();
    let mut rest = rest.into_iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "--fuzz" => options.fuzz = true,
            "--keep-going" => options.keep_going = true,
            "--only" => options.only = Some(parse_only(rest.next().as_deref())?),
            _ => match arg.strip_prefix("--only=") {
                Some(word) => options.only = Some(parse_only(Some(word))?),
                None => return Err(stranger("test", &arg, "--only WORD, --fuzz or --keep-going")),
            },
        }
    }
    Ok(options)
}

fn parse_only(word: Option<&str>) -> Result<Only, String> {
    let words = || {
        let mut words: Vec<&str> = GROUPS.iter().map(|group| group.word).collect();
        words.push("docs");
        words.join(", ")
    };
    let word = word.ok_or_else(|| format!("`--only` wants a word: one of {}", words()))?;
    Only::from_word(word)
        .ok_or_else(|| format!("`--only` does not know `{word}`: use one of {}", words()))
}

fn parse_bench(rest: Vec<String>) -> Result<BenchOptions, String> {
    let mut options = BenchOptions::default();
    for arg in rest {
        if arg == "--smoke" {
            options.smoke = true;
        } else if arg.starts_with('-') {
            return Err(stranger("bench", &arg, "--smoke"));
        } else if let Some(first) = &options.workload {
            return Err(format!("`bench` takes one workload, but got `{first}` and `{arg}`"));
        } else {
            options.workload = Some(arg);
        }
    }
    Ok(options)
}

fn parse_candidates(mut rest: impl Iterator<Item = String>) -> Result<CandidateOptions, String> {
    let (mut report, mut at_least) = (None, 20);
    while let Some(arg) = rest.next() {
        let (name, value) = match arg.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (arg.as_str(), rest.next()),
        };
        match name {
            "--report" => report = value,
            "--at-least" => {
                at_least = value
                    .and_then(|number| number.parse().ok())
                    .ok_or("`--at-least` wants a number of domains")?;
            }
            _ => return Err(stranger("gen fingerprints", &arg, "--report FILE or --at-least N")),
        }
    }
    let report =
        report.ok_or("`gen fingerprints` wants `--report FILE`, a file of observations")?;
    Ok(CandidateOptions { report, at_least })
}

fn stranger(command: &str, arg: &str, known: &str) -> String {
    format!("`{command}` does not take `{arg}`: use {known}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    fn only(word: &str) -> Only {
        Only::from_word(word).unwrap()
    }

    #[test]
    fn nothing_and_help_give_help() {
        for line in ["", "help", "--help", "-h", "test --help", "coverage -h"] {
            assert_eq!(read(line), Ok(Command::Help), "{line}");
        }
    }

    #[test]
    fn the_demo_gets_its_arguments_untouched() {
        let passed = vec!["--port".to_owned(), "1".to_owned(), "--help".to_owned()];
        assert_eq!(read("demo --port 1 --help"), Ok(Command::Demo(passed)));
    }

    #[test]
    fn test_options_in_any_order_and_either_spelling() {
        let wanted = TestOptions { only: Some(only("core")), fuzz: true, keep_going: true };
        assert_eq!(read("test --fuzz --only core --keep-going").unwrap(), Command::Test(wanted));
        let wanted = TestOptions { only: Some(only("docs")), ..TestOptions::default() };
        assert_eq!(read("test --only=docs").unwrap(), Command::Test(wanted));
        assert_eq!(read("test").unwrap(), Command::Test(TestOptions::default()));
    }

    #[test]
    fn bench_takes_one_workload() {
        let wanted = BenchOptions { workload: Some("core".into()), smoke: true };
        assert_eq!(read("bench core --smoke").unwrap(), Command::Bench(wanted));
        let message = read("bench core scan").unwrap_err();
        assert_eq!(message, "`bench` takes one workload, but got `core` and `scan`");
    }

    #[test]
    fn gen_checks_or_writes() {
        assert_eq!(read("gen"), Ok(Command::Gen { check: false }));
        assert_eq!(read("gen --check"), Ok(Command::Gen { check: true }));
    }

    #[test]
    fn accuracy_and_confidence_take_nothing() {
        assert_eq!(read("accuracy"), Ok(Command::Accuracy));
        assert_eq!(read("gen confidence"), Ok(Command::Confidence));
        assert!(read("accuracy x").is_err() && read("gen confidence x").is_err());
    }

    #[test]
    fn candidates_want_a_file_and_take_a_number() {
        let wanted = |at_least| CandidateOptions { report: "seen.jsonl".into(), at_least };
        for (line, at_least) in [
            ("gen fingerprints --report seen.jsonl", 20),
            ("gen fingerprints --at-least 5 --report seen.jsonl", 5),
            ("gen fingerprints --report=seen.jsonl --at-least=1", 1),
        ] {
            assert_eq!(read(line), Ok(Command::Candidates(wanted(at_least))), "{line}");
        }
    }

    #[test]
    fn errors_name_the_fault_and_what_would_do() {
        for (line, message) in [
            (
                "tset",
                "`tset` is not a command: use demo, test, bench, gen, accuracy, coverage or help",
            ),
            ("test core", "`test` does not take `core`: use --only WORD, --fuzz or --keep-going"),
            (
                "gen --chekc",
                "`gen` does not take `--chekc`: use --check, fingerprints or confidence",
            ),
            (
                "gen fingerprints --at-least 3",
                "`gen fingerprints` wants `--report FILE`, a file of observations",
            ),
            (
                "gen fingerprints --report a --at-least many",
                "`--at-least` wants a number of domains",
            ),
            (
                "gen fingerprints seen.jsonl",
                "`gen fingerprints` does not take `seen.jsonl`: use --report FILE or --at-least N",
            ),
            ("bench --quick", "`bench` does not take `--quick`: use --smoke"),
            ("coverage core", "`coverage` takes no arguments, but got `core`"),
        ] {
            assert_eq!(read(line).unwrap_err(), message);
        }
        for line in ["test --only", "test --only sql"] {
            let message = read(line).unwrap_err();
            assert!(
                message.ends_with("one of core, scan, store, server, py, node, benches, ui, docs")
            );
        }
    }
}
