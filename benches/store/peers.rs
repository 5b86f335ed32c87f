//! The bare statement by each database's own program: what the store adds shows beside it.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::table::Latencies;

/// The same statement by pgbench, prepared and planned as the store has it planned.
pub(crate) fn pgbench(url: &str, sql: &str, values: &[String], rounds: usize) -> Latencies {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("statement.sql");
    // A parameter `$1` is a variable `:p1` there, which it sends as a parameter.
    fs::write(&script, format!("{};\n", replaced(sql, values.len(), |n| format!(":p{n}"))))
        .unwrap();
    let mut command = Command::new("pgbench");
    command
        .args(["--no-vacuum", "--client=1", "--protocol=prepared", "--log", "--transactions"])
        .arg(rounds.to_string())
        .arg("--file")
        .arg(&script)
        .env("PGOPTIONS", "-c plan_cache_mode=force_custom_plan -c jit=off -c max_parallel_workers_per_gather=0 -c timezone=UTC")
        .current_dir(folder.path())
        .stdout(Stdio::null());
    for (n, value) in (1..).zip(values) {
        command.arg("-D").arg(format!("p{n}={value}"));
    }
    let output = command.arg(url).output().expect("pgbench comes with PostgreSQL");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let log = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let log = log.filter(|path| path != &script).map(|path| fs::read_to_string(path).unwrap());
    let mut times = Latencies::default();
    for line in log.collect::<String>().lines() {
        // Client, transaction, microseconds, …
        let took = line.split(' ').nth(2).and_then(|micros| micros.parse().ok());
        times.push(Duration::from_micros(took.expect("a line of pgbench's log")));
    }
    times
}

/// The mean time of the same statement in the `sqlite3` program, whose own clock is too coarse: the time
/// of many less the time of one.
pub(crate) fn sqlite3(url: &str, sql: &str, values: &[String], rounds: usize) -> Duration {
    let path = url.strip_prefix("sqlite:").unwrap();
    let quoted = |n: usize| {
        let value = &values[n - 1];
        let is_number = value.parse::<i64>().is_ok();
        if is_number { value.clone() } else { format!("'{}'", value.replace('\'', "''")) }
    };
    let statement = replaced(sql, values.len(), quoted);
    let time_of = |rounds: usize| {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("statements.sql");
        let pragmas = "PRAGMA cache_size = -65536;\nPRAGMA mmap_size = 268435456;\n";
        fs::write(&script, format!("{pragmas}{}", format!("{statement};\n").repeat(rounds)))
            .unwrap();
        let begun = Instant::now();
        let status = Command::new("sqlite3")
            .args(["-readonly", path])
            .stdin(fs::File::open(&script).unwrap())
            .stdout(Stdio::null())
            .status()
            .expect("the program sqlite3 (Debian: apt-get install sqlite3)");
        assert!(status.success());
        begun.elapsed()
    };
    let one = time_of(1);
    time_of(rounds + 1).saturating_sub(one) / u32::try_from(rounds).unwrap()
}

/// A statement with other words for its parameters, the last one first: `$1` begins `$10` too.
fn replaced(sql: &str, count: usize, word: impl Fn(usize) -> String) -> String {
    (1..=count).rev().fold(sql.to_owned(), |sql, n| sql.replace(&format!("${n}"), &word(n)))
}
