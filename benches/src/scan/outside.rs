//! The programs of others: started, and read.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Run, usage};

/// Questions that dnsperf keeps in flight; with more, a local server loses some.
const IN_FLIGHT: &str = "100";

/// The interpreter that has what `python/requirements.txt` lists; `cargo xtask bench scan` makes it.
pub const PYTHON: &str = "HUNTER_BENCH_PYTHON";

/// dnsperf with a file of questions, so often over. It sends and counts, and looks at no answer.
pub fn dnsperf(server: SocketAddr, questions: &Path, times: u32) -> Run {
    let before = usage::ended_seconds();
    let mut command = Command::new("dnsperf");
    command
        .args(["-s", &server.ip().to_string(), "-p", &server.port().to_string(), "-e"])
        .args(["-c", "1", "-T", "1", "-q", IN_FLIGHT, "-n", &times.to_string(), "-d"])
        .arg(questions);
    let text = output(&mut command);
    let cpu_seconds = usage::ended_seconds() - before;
    let mut run = read_dnsperf(&text).unwrap_or_else(|| panic!("dnsperf says: {text}"));
    run.cpu_seconds = cpu_seconds;
    run
}

/// A program of `python/`, with its arguments; none where there is no interpreter for it.
pub fn python(program: &str, args: &[&str]) -> Option<Run> {
    let interpreter = PathBuf::from(std::env::var_os(PYTHON)?);
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("python").join(program);
    Some(told(Command::new(interpreter).arg(program).args(args)))
}

/// Runs a program that prints what its run came to.
pub(super) fn told(command: &mut Command) -> Run {
    let text = output(command);
    let last = text.lines().last().unwrap_or_default();
    serde_json::from_str(last).unwrap_or_else(|error| panic!("{command:?}: {error}: {text}"))
}

fn output(command: &mut Command) -> String {
    let output = command.stderr(Stdio::inherit()).output().unwrap_or_else(|error| {
        panic!("{command:?}: {error}: `cargo xtask bench scan` installs what is missing")
    });
    assert!(output.status.success(), "{command:?}: {}", output.status);
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The closing statistics of dnsperf.
fn read_dnsperf(text: &str) -> Option<Run> {
    let figure = |label: &str| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(label))?;
        line.split_whitespace().next()
    };
    Some(Run {
        queries: figure("Queries sent:")?.parse().ok()?,
        unknown: Some(figure("Queries lost:")?.parse().ok()?),
        seconds: figure("Run time (s):")?.parse().ok()?,
        ..Run::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statistics_of_dnsperf_are_read() {
        let text = "[Status] Testing complete (end of file)\n\nStatistics:\n\n  \
                    Queries sent:         4000\n  Queries completed:    3756 (93.90%)\n  \
                    Queries lost:         244 (6.10%)\n\n  Run time (s):         0.065367\n  \
                    Queries per second:   57460.186333\n";
        let run = read_dnsperf(text).expect("read");
        assert_eq!((run.queries, run.unknown), (4000, Some(244)));
        assert!((run.seconds - 0.065_367).abs() < 1e-9);
        assert_eq!(read_dnsperf("Queries sent: 4000"), None);
    }
}
