//! What goes wrong around the service while it is used: the right status each time, recovery without a
//! restart, nothing lost that was accepted, no connection left over, no secret in a log.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hunter_tests::servers::Disk;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Mutex;
use tokio::time::sleep;

use crate::client::{Asked, Client};
use crate::raw;
use crate::system::{SILENT, System, domains};
use crate::walk::bulk;

const SOON: Duration = Duration::from_mins(1);
/// How long what was away may need until all is well again.
const RECOVERY: Duration = Duration::from_secs(20);
/// Processes of one system.
const PROCESSES: i64 = 4;
/// The most connections of one of them to its database.
const CONNECTIONS: i64 = 6;

/// Clients that ask without a pause, and what they were answered.
struct Load {
    ends: Arc<AtomicBool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    /// How often each answer came, by what was asked.
    answers: BTreeMap<(&'static str, u16), usize>,
    /// Companies that were accepted.
    accepted: Vec<String>,
}

impl Load {
    fn on(system: &System) -> Self {
        let load = Self {
            ends: Arc::new(AtomicBool::new(false)),
            tasks: Vec::new(),
            seen: Arc::default(),
        };
        let tasks = (0..6).map(|nth| {
            let (ends, seen) = (Arc::clone(&load.ends), Arc::clone(&load.seen));
            let address = system.address(nth % 2).to_owned();
            let key = system.key("admin").to_owned();
            tokio::spawn(async move {
                let client = Client::new(SOON);
                let mut turn = 0;
                while !ends.load(Ordering::Relaxed) {
                    let new = format!("yuk-{nth}-{turn}.com.tr");
                    let (what, asked) = match turn % 3 {
                        0 => ("list", Asked::get("/api/v1/leads")),
                        1 => ("lead", Asked::get("/api/v1/leads/d0000.com.tr")),
                        _ => {
                            let body = json!({"domain": new});
                            ("ingest", Asked::json("POST", "/api/v1/ingest/domain", &body))
                        }
                    };
                    let answer = client.ask(&address, &asked, Some(&key)).await;
                    let mut seen = seen.lock().await;
                    *seen.answers.entry((what, answer.status)).or_default() += 1;
                    if answer.status == 201 {
                        seen.accepted.push(new);
                    } else if answer.status >= 400 {
                        // Each refusal says what it is, and when to come again.
                        assert_eq!(answer.code(), "unavailable", "{what}: {answer:?}");
                        assert!(answer.header("retry-after").is_some(), "{what}");
                    }
                    drop(seen);
                    turn += 1;
                    sleep(Duration::from_millis(5)).await;
                }
            })
        });
        Self { tasks: tasks.collect(), ..load }
    }

    /// What was answered since this was asked before.
    async fn taken(&self) -> BTreeMap<(&'static str, u16), usize> {
        std::mem::take(&mut self.seen.lock().await.answers)
    }

    /// Waits until everything succeeds for a second.
    async fn is_well(&self, after: &str) {
        let begun = Instant::now();
        loop {
            self.taken().await;
            sleep(Duration::from_secs(1)).await;
            let answers = self.taken().await;
            if answers.keys().all(|(_, status)| *status < 300) && !answers.is_empty() {
                return;
            }
            assert!(begun.elapsed() < RECOVERY, "after {after}: {answers:?}");
        }
    }

    /// Ends it; the companies that were accepted.
    async fn end(self) -> Vec<String> {
        self.ends.store(true, Ordering::Relaxed);
        for task in self.tasks {
            task.await.expect("every answer is one that it may be");
        }
        std::mem::take(&mut self.seen.lock().await.accepted)
    }
}

/// Waits until every process that answers says that it is ready, or not, and why.
async fn until_ready(system: &System, wanted: u16, what: &str) {
    let begun = Instant::now();
    for nth in 0..2 {
        loop {
            let answer = system.ask_one(nth, &Asked::get("/healthz/ready"), None).await;
            if answer.status == wanted {
                if wanted != 200 {
                    assert_eq!(answer.json()["checks"][what], false, "{answer:?}");
                }
                break;
            }
            assert!(matches!(answer.status, 200 | 503), "{what}: {answer:?}");
            assert!(begun.elapsed() < RECOVERY, "{what}: {answer:?}");
            sleep(Duration::from_millis(100)).await;
        }
        // Whatever is away, nobody need restart the process.
        let live = system.ask_one(nth, &Asked::get("/healthz/live"), None).await;
        assert_eq!(live.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_and_workers_die_under_load_and_nothing_accepted_is_lost() {
    let connections = CONNECTIONS.to_string();
    let mut system = System::cluster(&[("HUNTER_DATABASE_MAX_CONNECTIONS", &connections)]).await;
    let first = bulk(&system, &domains(0..60)).await;
    system.ended(&first, SOON).await;
    let load = Load::on(&system);
    load.is_well("the start").await;

    // Redis: only what is shared between processes is gone with it.
    system.redis.as_mut().expect("Redis").kill();
    until_ready(&system, 503, "redis").await;
    load.is_well("Redis was killed").await;
    let body = json!({"domain": "d0100.com.tr"});
    system.good(&Asked::json("POST", "/api/v1/scan/domain", &body)).await;
    system.redis.as_mut().expect("Redis").start_again();
    until_ready(&system, 200, "redis").await;
    load.is_well("Redis came back").await;

    // PostgreSQL, in the middle of a job.
    let second = bulk(&system, &domains(60..300)).await;
    let postgres = system.postgres.as_ref().expect("PostgreSQL");
    postgres.crash();
    until_ready(&system, 503, "database").await;
    // Each waits for a connection as long as the settings say, in case it comes back; then it is told.
    load.taken().await;
    sleep(Duration::from_secs(12)).await;
    let away = load.taken().await;
    assert!(!away.is_empty() && away.keys().all(|(_, status)| *status == 503), "{away:?}");
    postgres.start_again();
    until_ready(&system, 200, "database").await;
    load.is_well("PostgreSQL came back").await;

    // A worker, in the middle of the next.
    let third = bulk(&system, &domains(100..400)).await;
    system.workers[0].kill();
    for (job, total) in [(&second, 240), (&third, 300)] {
        let job = system.ended(job, Duration::from_mins(4)).await;
        let counts = (&job["status"], &job["processed"], &job["succeeded"]);
        assert_eq!(counts, (&json!("done"), &json!(total), &json!(total)), "{job}");
    }

    // A name server that says nothing costs its own domain some time, and is no absence.
    let body = json!({"domain": SILENT});
    let silent = system.good(&Asked::json("POST", "/api/v1/scan/domain", &body)).await;
    assert_eq!(silent["provider"], "Unknown", "{silent}");
    let lead = system.good(&Asked::get(format!("/api/v1/leads/{SILENT}"))).await;
    for unknown in ["readiness_score", "segment", "spf", "dkim", "dmarc_policy"] {
        assert!(lead[unknown].is_null(), "{unknown}: {lead}");
    }
    load.is_well("a silent name server").await;

    let accepted = load.end().await;
    assert!(accepted.len() > 50, "{}", accepted.len());
    let names: Vec<_> = accepted.iter().map(|domain| format!("'{domain}'")).collect();
    let postgres = system.postgres.as_ref().expect("PostgreSQL");
    // As many as an argument of a program holds.
    for some in names.chunks(1_000) {
        let sql = format!("SELECT count(*) FROM companies WHERE domain IN ({})", some.join(","));
        assert_eq!(postgres.ask(&sql), some.len().to_string(), "all that was accepted is there");
    }
    let own =
        "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
    let open: i64 = postgres.ask(&format!("SELECT count(*) {own}")).parse().expect("a number");
    // A worker has the connections of its own settings.
    assert!(open <= CONNECTIONS * 2 + 16 * (PROCESSES - 2), "{open} connections");
    let stuck = format!("SELECT count(*) {own} AND state LIKE 'idle in transaction%'");
    assert_eq!(postgres.ask(&stuck), "0", "a transaction was left open");
    discreet(&system);
    for process in &mut system.apis {
        assert!(process.runs(), "a process ended by itself");
        assert!(process.end(), "a process does not end in order:\n{}", process.said());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_giant_bodies_and_junk_harm_nobody_else() {
    let mut system = System::sqlite_at(None, &[("HUNTER_SERVER_IDLE_TIMEOUT_SECONDS", "3")]).await;
    let address = system.address(0).to_owned();
    let body = json!({"domain": "d0000.com.tr"});
    system.good(&Asked::json("POST", "/api/v1/scan/domain", &body)).await;
    let id = system.apis[0].id();
    let before = (open_files(id), memory(id));

    // A thousand of them send half a request and wait.
    let mut slow = Vec::new();
    for _ in 0..1_000 {
        let mut stream = raw::open(&address).await;
        stream.write_all(b"GET /api/v1/leads HTTP/1.1\r\nHost: loc").await.expect("taken");
        slow.push(stream);
    }
    let begun = Instant::now();
    for path in ["/api/v1/leads", "/api/v1/leads/d0000.com.tr", "/healthz/ready"] {
        system.good(&Asked::get(path)).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "others waited {:?}", begun.elapsed());
    // They are cut off while they still hold their ends.
    let begun = Instant::now();
    while open_files(id) > before.0 + 20 {
        assert!(begun.elapsed() < RECOVERY, "{} files are open", open_files(id));
        sleep(Duration::from_millis(100)).await;
    }
    drop(slow);

    // A hundred megabytes where one is taken: told at once, and not kept.
    let key = system.key("ingest").to_owned();
    let head = |how: &str| {
        format!(
            "POST /api/v1/ingest/domain HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {key}\r\n\
             Content-Type: application/json\r\nConnection: close\r\n{how}\r\n\r\n"
        )
    };
    let megabyte = vec![b' '; 1 << 20];
    let known = head("Content-Length: 104857600");
    let pieces = std::iter::once(known.as_bytes()).chain((0..100).map(|_| megabyte.as_slice()));
    let answer = raw::send(&address, pieces).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("body_too_large"), "{answer}");
    let unknown = head("Transfer-Encoding: chunked");
    let chunk = [b"100000\r\n".as_slice(), &megabyte, b"\r\n"].concat();
    let pieces = std::iter::once(unknown.as_bytes()).chain((0..100).map(|_| chunk.as_slice()));
    let answer = raw::send(&address, pieces).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("body_too_large"), "{answer}");
    let grown = memory(id).saturating_sub(before.1);
    assert!(grown < 64, "{grown} MiB more than before");

    for junk in junk() {
        let shown: String = String::from_utf8_lossy(&junk).chars().take(80).collect();
        let answer = raw::send(&address, [junk.as_slice()]).await;
        let status = answer.get(9..12).unwrap_or_default();
        let refused = answer.is_empty() || status.starts_with('4');
        assert!(refused, "{shown:?} was answered with {answer}");
    }
    system.good(&Asked::get("/healthz/ready")).await;
    assert!(open_files(id) <= before.0 + 20, "{} files are open", open_files(id));
    discreet(&system);
    assert!(system.apis[0].end());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_what_is_new_and_answers_what_is_there() {
    let disk = Disk::new(8);
    let system = System::sqlite_at(Some(disk.path()), &[]).await;
    let add = |number: usize| {
        let body =
            json!({"domain": format!("dolu-{number}.com.tr"), "company_name": "x".repeat(400)});
        Asked::json("POST", "/api/v1/ingest/domain", &body)
    };
    let body = json!({"domain": "d0000.com.tr"});
    system.good(&Asked::json("POST", "/api/v1/scan/domain", &body)).await;
    // Another program takes what is left.
    let ballast = disk.path().join("ballast");
    let mut file = std::fs::File::create(&ballast).expect("a file");
    while std::io::Write::write_all(&mut file, &[0; 16_384]).is_ok() {}
    drop(file);
    let mut accepted = Vec::new();
    let mut refused = 0;
    for number in 0..4_000 {
        let answer = system.ask(&add(number), Some(system.key("ingest"))).await;
        if answer.status == 201 {
            accepted.push(number);
            continue;
        }
        assert_eq!((answer.status, answer.code().as_str()), (503, "unavailable"), "{answer:?}");
        assert!(answer.header("retry-after").is_some());
        refused += 1;
        if refused == 5 {
            break;
        }
    }
    assert_eq!(refused, 5, "the disk was not full");
    for path in ["/api/v1/leads", "/api/v1/leads/d0000.com.tr", "/healthz/live"] {
        system.good(&Asked::get(path)).await;
    }
    disk.resize(64);
    let begun = Instant::now();
    while system.ask(&add(9_999), Some(system.key("ingest"))).await.status != 201 {
        assert!(begun.elapsed() < RECOVERY, "{}", system.said());
        sleep(Duration::from_millis(100)).await;
    }
    // What was accepted can be scanned: it is there.
    for number in accepted.iter().take(3) {
        let path = format!("/api/v1/leads/dolu-{number}.com.tr/notes");
        assert_eq!(system.ask(&Asked::get(path), Some(system.key("read"))).await.status, 200);
    }
    discreet(&system);
}

/// What a log must not hold.
fn discreet(system: &System) {
    let said = system.said();
    for secret in system.secrets().chain([hunter_tests::servers::PASSWORD]) {
        assert!(!said.contains(secret), "a secret stands in the log");
    }
    assert!(!said.contains("panicked"), "{said}");
}

/// How many files and sockets a process holds.
fn open_files(id: u32) -> usize {
    std::fs::read_dir(format!("/proc/{id}/fd")).expect("a child of this test").count()
}

/// How much memory a process holds, in MiB.
fn memory(id: u32) -> u64 {
    let status =
        std::fs::read_to_string(format!("/proc/{id}/status")).expect("a child of this test");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.expect("a size") / 1024
}

/// Bytes that are no request, or one that must not be done.
fn junk() -> Vec<Vec<u8>> {
    let head = |line: &str| format!("{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let post = |fields: &str| {
        format!("POST /api/v1/ingest/domain HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n\r\n{{}}")
    };
    let mut junk: Vec<Vec<u8>> = vec![
        (0..=255_u8).cycle().take(4096).collect(),
        vec![0; 4096],
        b"\r\n\r\n\r\n\r\n".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        // The first bytes of a connection over TLS.
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        b"GET /api/v1/leads HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n".to_vec(),
    ];
    let texts = [
        head("GET /api/v1/leads HTTP/9.9"),
        head("GET /api/v1/leads"),
        head("GET  /api/v1/leads HTTP/1.1"),
        head("G\u{0}T /api/v1/leads HTTP/1.1"),
        head("GET /api/v1/leads/%ff%fe HTTP/1.1"),
        head("GET /api/v1/leads/%00 HTTP/1.1"),
        head("GET /api/v1/leads/..%2f..%2fetc%2fpasswd HTTP/1.1"),
        head("GET /../../etc/passwd HTTP/1.1"),
        head("BREW /api/v1/leads HTTP/1.1"),
        head("TRACE /api/v1/leads HTTP/1.1"),
        head("CONNECT localhost:25 HTTP/1.1"),
        head(&format!("GET /{} HTTP/1.1", "a".repeat(70_000))),
        head(&format!("GET /api/v1/leads?search={} HTTP/1.1", "%C4%B0".repeat(4_000))),
        post("Content-Length: -1"),
        post("Content-Length: 2\r\nContent-Length: 3"),
        post("Content-Length: 99999999999999999999999"),
        post("Content-Length: 2\r\nTransfer-Encoding: chunked"),
        post("Transfer-Encoding: chunked\r\nConnection: close\r\nContent-Type: application/json"),
        post("Transfer-Encoding: gzip"),
        format!("GET /api/v1/leads HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(5_000)),
        "GET /api/v1/leads HTTP/1.1\r\nno colon\r\n\r\n".to_owned(),
        "GET /api/v1/leads HTTP/1.1\r\n folded: yes\r\n\r\n".to_owned(),
    ];
    junk.extend(texts.into_iter().map(String::into_bytes));
    junk
}
