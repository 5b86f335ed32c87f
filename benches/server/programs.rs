//! The programs of others that ask: wrk the service, pgbench the database.

use std::fs;
use std::process::Command;

use crate::service::Service;

/// What a run of wrk says. Times are in milliseconds.
#[derive(Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) per_second: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

/// Asks for one path without a pause.
pub(crate) fn wrk(service: &Service, path: &str, connections: u32, seconds: u32) -> Rate {
    let output = Command::new("wrk")
        .args(["--latency", "--threads", "2", "--connections", &connections.to_string()])
        .arg(format!("--duration={seconds}s"))
        .arg(format!("--header=X-API-Key: {}", service.key))
        .arg(format!("{}/api/v1{path}", service.address))
        .output()
        .expect("wrk (Debian: apt-get install wrk)");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && !said.contains("Non-2xx"), "{path}: {said}");
    let after = |mark: &str| {
        let line = said.lines().find_map(|line| line.trim().strip_prefix(mark));
        line.unwrap_or_else(|| panic!("{path}: {mark} is missing: {said}")).trim().to_owned()
    };
    Rate {
        per_second: after("Requests/sec:").parse().unwrap(),
        p50: milliseconds(&after("50%")),
        p99: milliseconds(&after("99%")),
    }
}

/// `635.00us`, `1.23ms` or `1.20s`.
fn milliseconds(text: &str) -> f64 {
    let at = text.find(|c: char| c.is_ascii_alphabetic()).expect("a unit");
    let (number, unit) = text.split_at(at);
    let number: f64 = number.parse().unwrap();
    match unit {
        "us" => number / 1e3,
        "ms" => number,
        "s" => number * 1e3,
        other => panic!("`{other}` is no unit of wrk"),
    }
}

/// Sends one statement without a pause, prepared and planned as the store has it planned; how many a
/// second.
pub(crate) fn pgbench(
    url: &str,
    sql: &str,
    values: &[String],
    connections: u32,
    seconds: u32,
) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("statement.sql");
    // A parameter `$1` is a variable `:p1` there. The last first: `$1` begins `$10` too.
    let numbers = (1..=values.len()).rev();
    let text =
        numbers.fold(sql.to_owned(), |sql, n| sql.replace(&format!("${n}"), &format!(":p{n}")));
    fs::write(&script, format!("{text};\n")).unwrap();
    let mut command = Command::new("pgbench");
    command
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--client"])
        .arg(connections.to_string())
        .arg(format!("--time={seconds}"))
        .arg("--file")
        .arg(&script)
        .env(
            "PGOPTIONS",
            "-c plan_cache_mode=force_custom_plan -c jit=off -c max_parallel_workers_per_gather=0 \
             -c timezone=UTC",
        );
    for (n, value) in (1..).zip(values) {
        command.arg("-D").arg(format!("p{n}={value}"));
    }
    let output = command.arg(url).output().expect("pgbench comes with PostgreSQL");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next());
    rate.and_then(|rate| rate.parse().ok()).unwrap_or_else(|| panic!("{said}"))
}
