//! A whole system: a name server, a database, the program in one process or in four.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hunter_nameserver::{Fault, NameServer, Running};
use hunter_tests::servers::{Postgres, Redis};
use serde_json::Value;
use tempfile::TempDir;

use crate::client::{Answer, Asked, Client};
use crate::program::{Process, hunter};

/// How many domains of the zone are called `d0000.com.tr` and so on.
pub(crate) const DOMAINS: usize = 400;
/// A domain whose name server says nothing.
pub(crate) const SILENT: &str = "suskun.com.tr";
/// The scopes that a key can have.
pub(crate) const SCOPES: [&str; 4] = ["read", "ingest", "scan", "admin"];

/// How many domains are begun in a second: few enough that a job of thousands is still under way when a
/// test comes to it.
const RATE: &str = "200";

/// Requests ask in this time, whoever else is busy on the machine.
const LONG: Duration = Duration::from_mins(1);

pub(crate) struct System {
    pub(crate) postgres: Option<Postgres>,
    pub(crate) redis: Option<Redis>,
    /// Processes that answer requests.
    pub(crate) apis: Vec<Process>,
    /// Processes that do jobs and nothing else.
    pub(crate) workers: Vec<Process>,
    addresses: Vec<String>,
    keys: Vec<String>,
    clients: Client,
    turn: AtomicUsize,
    pub(crate) database: String,
    resolver: Running,
    settings: Vec<(String, String)>,
    pub(crate) folder: TempDir,
}

impl System {
    /// One process over a SQLite file.
    pub(crate) async fn sqlite() -> Self {
        Self::sqlite_at(None, &[]).await
    }

    /// One process over a SQLite file in this folder.
    pub(crate) async fn sqlite_at(folder: Option<&Path>, settings: &[(&str, &str)]) -> Self {
        let mut system = Self::prepared(None, None, settings).await;
        let folder = folder.unwrap_or(system.folder.path());
        system.database = format!("sqlite:{}", folder.join("hunter.db").display());
        system.make_keys();
        system.start_api(&[]);
        system
    }

    /// Two processes that answer and two that do jobs, over PostgreSQL and Redis.
    pub(crate) async fn cluster(settings: &[(&str, &str)]) -> Self {
        let (postgres, redis) = (Postgres::start(), Redis::start());
        let mut system = Self::prepared(Some(postgres), Some(redis), settings).await;
        system.make_keys();
        for _ in 0..2 {
            system.start_api(&["--no-worker"]);
        }
        for _ in 0..2 {
            system.start_worker();
        }
        system
    }

    async fn prepared(
        postgres: Option<Postgres>,
        redis: Option<Redis>,
        settings: &[(&str, &str)],
    ) -> Self {
        let resolver = NameServer::builder()
            .zone_text(&zone())
            .fault(SILENT, None, Fault::Timeout)
            .fault(&format!("*.{SILENT}"), None, Fault::Timeout)
            .spawn()
            .await
            .expect("a name server");
        let usual = [
            ("HUNTER_SECURITY_AUTHENTICATION", "keys"),
            ("HUNTER_SERVER_LISTEN", "127.0.0.1:0"),
            ("HUNTER_SCAN_REGISTRATION", "false"),
            ("HUNTER_SCAN_DOMAINS_PER_SECOND", RATE),
            ("HUNTER_SCAN_TIMEOUT_MILLISECONDS", "500"),
        ];
        let settings = usual.iter().chain(settings);
        let settings = settings.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            database: postgres.as_ref().map(Postgres::url).unwrap_or_default(),
            postgres,
            redis,
            apis: Vec::new(),
            workers: Vec::new(),
            addresses: Vec::new(),
            keys: Vec::new(),
            clients: Client::new(LONG),
            turn: AtomicUsize::new(0),
            resolver,
            settings: settings.collect(),
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// A key with each scope, made at the command line.
    fn make_keys(&mut self) {
        for scope in SCOPES {
            let made = hunter(&["keys", "create", "--name", scope, "--scope", scope])
                .args(["--per-minute", "1000000", "--database", &self.database])
                .output()
                .expect("the program");
            let said = String::from_utf8_lossy(&made.stderr);
            assert!(made.status.success(), "{said}");
            self.keys.push(String::from_utf8(made.stdout).expect("a key").trim().to_owned());
        }
    }

    pub(crate) fn start_api(&mut self, words: &[&str]) {
        let mut command = hunter(&["serve"]);
        command.args(words);
        // As hosting platforms say it: D30.
        command.env("DATABASE_URL", &self.database);
        command.envs(self.redis.as_ref().map(|redis| ("REDIS_URL", redis.url())));
        command.env("HUNTER_SCAN_RESOLVERS", self.resolver.addr().to_string());
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        let name = format!("api-{}", self.apis.len());
        let mut process = Process::start(command, self.folder.path(), &name);
        self.addresses.push(process.address());
        self.apis.push(process);
    }

    pub(crate) fn start_worker(&mut self) {
        let resolver = self.resolver.addr().to_string();
        let mut command = hunter(&["worker", "--resolver", &resolver, "--rate", RATE]);
        command.args(["--timeout", "500", "--no-check", "--database", &self.database]);
        command.envs(self.redis.as_ref().map(|redis| ("REDIS_URL", redis.url())));
        let name = format!("worker-{}", self.workers.len());
        self.workers.push(Process::start(command, self.folder.path(), &name));
    }

    /// Where one of the processes listens.
    pub(crate) fn address(&self, nth: usize) -> &str {
        &self.addresses[nth]
    }

    pub(crate) fn key(&self, scope: &str) -> &str {
        let nth = SCOPES.iter().position(|known| *known == scope).expect("a scope");
        &self.keys[nth]
    }

    /// Every secret that must stand in no log.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| key.split_once('.').expect("a key").1)
    }

    /// Asks the processes in turn; the answer, whatever it is.
    pub(crate) async fn ask(&self, asked: &Asked, key: Option<&str>) -> Answer {
        let nth = self.turn.fetch_add(1, Ordering::Relaxed) % self.addresses.len();
        self.ask_one(nth, asked, key).await
    }

    /// Asks one of the processes.
    pub(crate) async fn ask_one(&self, nth: usize, asked: &Asked, key: Option<&str>) -> Answer {
        self.clients.ask(&self.addresses[nth], asked, key).await
    }

    /// Asks with the key of an administrator; the answer must be a good one.
    pub(crate) async fn good(&self, asked: &Asked) -> Value {
        let answer = self.ask(asked, Some(self.key("admin"))).await;
        assert!((200..300).contains(&answer.status), "{asked:?}: {answer:?}");
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    /// A job once it is over, asked of the processes in turn. What it says only grows.
    pub(crate) async fn ended(&self, job_id: &str, within: Duration) -> Value {
        let begun = std::time::Instant::now();
        let mut before = 0;
        loop {
            let job = self.good(&Asked::get(format!("/api/v1/jobs/{job_id}"))).await;
            let processed = job["processed"].as_i64().expect("a count");
            assert!(processed >= before, "{job}");
            before = processed;
            if job["status"] == "done" || job["status"] == "cancelled" {
                return job;
            }
            assert!(begun.elapsed() < within, "{job}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// All that all processes said.
    pub(crate) fn said(&self) -> String {
        self.apis.iter().chain(&self.workers).map(Process::said).collect()
    }
}

/// Names of the zone.
pub(crate) fn domains(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|number| format!("d{number:04}.com.tr")).collect()
}

fn zone() -> String {
    let mut zone = String::from("ornek.com.tr. 60 IN MX 1 aspmx.l.google.com.\n");
    for (number, domain) in domains(0..DOMAINS).into_iter().enumerate() {
        let mx = match number % 3 {
            0 => "1 aspmx.l.google.com.".to_owned(),
            1 => format!("0 {}.mail.protection.outlook.com.", domain.replace('.', "-")),
            _ => format!("10 mail.{domain}."),
        };
        let spf = "TXT \"v=spf1 mx -all\"";
        writeln!(zone, "{domain}. 60 IN MX {mx}\n{domain}. 60 IN {spf}").expect("a string");
    }
    zone
}
