//! Work in a process of its own, so that its peak of memory is its own.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The word that makes this program do one task instead of measuring.
const CHILD: &str = "--child";

/// A task of a process of its own.
pub(crate) struct Task(Vec<String>);

/// What a task said and took.
pub(crate) struct Done {
    /// From start to end, the start of the program included.
    pub(crate) took: Duration,
    /// The most memory that it held at once, in MiB.
    pub(crate) peak: u64,
    /// What it wrote on standard output.
    pub(crate) said: String,
}

/// The task of this process, where it was started for one.
pub(crate) fn task() -> Option<Task> {
    let mut words = std::env::args().skip(1);
    (words.next()? == CHILD).then(|| Task(words.collect()))
}

impl Task {
    /// Does it, and writes how much memory it took.
    pub(crate) fn run(self) {
        let words: Vec<&str> = self.0.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["scan", url, size] => crate::bulk::scan_here(url, size.parse().unwrap()),
            // The program itself.
            ["hunter", ..] => {
                hunter_server::cli::run_from(&words).unwrap();
            }
            other => panic!("{other:?} is no task"),
        }
        eprintln!("{}", peak());
    }
}

/// Runs a task to its end.
pub(crate) fn run(words: &[&str]) -> Done {
    let begun = Instant::now();
    let output = Command::new(std::env::current_exe().unwrap())
        .arg(CHILD)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let took = begun.elapsed();
    let said = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{words:?}: {said}\n{errors}");
    let peak = errors.lines().last().and_then(|line| line.parse::<u64>().ok());
    Done { took, peak: peak.unwrap_or(0), said }
}

/// The most memory that this process held at once, in MiB; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
