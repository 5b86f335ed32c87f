//! The service as a process of its own.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// Where `cargo xtask bench` says that Redis is.
const REDIS: &str = "HUNTER_TEST_REDIS_URL";

pub(crate) struct Service {
    child: Child,
    pub(crate) address: String,
    pub(crate) key: String,
}

impl Service {
    /// As an operator starts it: with keys and limits, and with a worker where jobs are to be done.
    pub(crate) fn start(database: &str, works: bool) -> Self {
        let made = hunter(database)
            .args(["keys", "create", "--name", "bench", "--scope", "admin"])
            .args(["--per-minute", "2000000000"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "{said}");
        let mut command = hunter(database);
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        if !works {
            command.arg("--no-worker");
        }
        command.env("HUNTER_SECURITY_AUTHENTICATION", "keys");
        command.env("HUNTER_SCAN_RESOLVERS", "127.0.0.1:9");
        command.env("HUNTER_SCAN_CHECK_RESOLVERS", "false");
        let redis = std::env::var(REDIS).expect("`cargo xtask bench server` starts Redis");
        let mut child =
            command.env("HUNTER_REDIS_URL", redis).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = lines
            .find_map(|line| Some(line.split_once("listening on ")?.1.trim().to_owned()))
            .expect("it listens");
        // Whatever it says later is for whoever looks at a run that failed.
        std::thread::spawn(move || lines.for_each(|line| eprintln!("{line}")));
        Self { child, address, key: String::from_utf8(made.stdout).unwrap().trim().to_owned() }
    }

    /// What the description lists.
    pub(crate) fn routes(&self) -> BTreeSet<String> {
        let described = self.json(&["/openapi.json"]);
        described["paths"].as_object().unwrap().keys().cloned().collect()
    }

    /// An answer in JSON; the first word is the path, the others are for curl.
    pub(crate) fn json(&self, words: &[&str]) -> Value {
        let output = self.curl(words).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{words:?}: {error}: {}", String::from_utf8_lossy(&output.stdout))
        })
    }

    /// A request by curl that fails where it is refused.
    pub(crate) fn curl(&self, words: &[&str]) -> Command {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--fail-with-body", "--noproxy", "*"]);
        command.arg("--header").arg(format!("X-API-Key: {}", self.key));
        command.arg(format!("{}{}", self.address, words[0])).args(&words[1..]);
        command
    }

    /// The most memory that it held at once, in MiB.
    pub(crate) fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        kib.unwrap() / 1024
    }

    /// Counts the peak anew from here.
    pub(crate) fn forget_peak(&mut self) {
        // 5 resets what `VmHWM` says (proc(5)).
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn hunter(database: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--child", "hunter"]).stdin(Stdio::null());
    command.env("HUNTER_DATABASE_URL", database);
    // Settings of this run, which the program would not know.
    command.env_remove("HUNTER_TEST_DATABASE_URL").env_remove(REDIS);
    command
}
