//! Known defects of tools of this kind, by number, as whoever uses the service would meet them.

use std::time::{Duration, Instant};

use hunter_store::testing::fill_leads;
use hunter_store::{Db, StoreConfig};
use hunter_tests::servers::Postgres;
use serde_json::json;

use crate::client::Asked;
use crate::program::{Process, hunter};
use crate::system::{System, domains};
use crate::walk::bulk;

const SOON: Duration = Duration::from_mins(2);
const MANY: u32 = 100_000;

#[tokio::test(flavor = "multi_thread")]
async fn d24_page_1_of_100_000_leads_is_one_statement_and_holds_up_nobody() {
    let system = System::cluster(&[]).await;
    let config = StoreConfig { max_connections: 1, ..StoreConfig::development(&system.database) };
    let db = Db::open(config).await.expect("the database");
    fill_leads(&db, MANY).await.expect("leads");
    db.close().await;
    // The first of a process reads what it keeps from then on.
    for _ in 0..4 {
        system.good(&Asked::get("/api/v1/leads")).await;
    }
    let postgres = system.postgres.as_ref().expect("PostgreSQL");
    postgres.ask("ALTER SYSTEM SET log_statement = 'all'");
    postgres.ask("SELECT pg_reload_conf()");
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = postgres.log().len();
    let page = system.good(&Asked::get("/api/v1/leads?page_size=200")).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let log = postgres.log().split_off(before);
    postgres.ask("ALTER SYSTEM RESET log_statement");
    postgres.ask("SELECT pg_reload_conf()");
    assert_eq!(page["leads"].as_array().map(Vec::len), Some(200));
    assert!(page["total"].as_u64().is_some_and(|total| total > 10_000), "{}", page["total"]);
    let reads = log.lines().filter(|line| line.contains("FROM leads")).count();
    assert_eq!(reads, 1, "{log}");
    // Twenty pages at a time from each process, and whoever else asks meanwhile.
    let begun = Instant::now();
    let pages = (0..40).map(|page| {
        let asked = Asked::get(format!("/api/v1/leads?page={}&page_size=200", 1 + page % 50));
        let system = &system;
        async move { system.good(&asked).await }
    });
    let others = async {
        let mut slowest = Duration::ZERO;
        for _ in 0..20 {
            let begun = Instant::now();
            system.good(&Asked::get("/api/v1/leads/sirket777.com.tr")).await;
            slowest = slowest.max(begun.elapsed());
        }
        slowest
    };
    let (_, slowest) = futures::join!(futures::future::join_all(pages), others);
    assert!(begun.elapsed() < Duration::from_secs(30), "40 pages took {:?}", begun.elapsed());
    assert!(slowest < Duration::from_secs(5), "somebody else waited {slowest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn d25_d26_jobs_are_seen_from_every_process_and_say_what_they_did() {
    let system = System::cluster(&[]).await;
    let job = bulk(&system, &domains(0..300)).await;
    let key = Some(system.key("read"));
    let asked = Asked::get(format!("/api/v1/jobs/{job}"));
    let begun = Instant::now();
    let (mut seen, mut polls) = ([0, 0], 0);
    loop {
        let nth = polls % 2;
        let answer = system.ask_one(nth, &asked, key).await;
        assert_eq!(answer.status, 200, "poll {polls}: {answer:?}");
        let job = answer.json();
        let counts = |name: &str| job[name].as_i64().expect("a count");
        assert_eq!(counts("total"), 300);
        assert_eq!(counts("processed") + counts("remaining"), 300, "{job}");
        assert_eq!(counts("succeeded") + counts("failed"), counts("processed"), "{job}");
        seen[nth] = counts("processed");
        polls += 1;
        if seen == [300, 300] && job["status"] == "done" {
            assert_eq!(job["progress_percent"], 100.0);
            break;
        }
        assert!(begun.elapsed() < SOON, "{job}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // What it says is what is there.
    let list = system.good(&Asked::get("/api/v1/leads?page_size=200&page=2")).await;
    assert_eq!((&list["total"], list["leads"].as_array().map(Vec::len)), (&json!(300), Some(100)));
}

#[tokio::test(flavor = "multi_thread")]
async fn d28_keys_are_never_shown_again_and_wildcards_mean_themselves() {
    let system = System::sqlite().await;
    let key = |nth: &str| Some(system.key(nth));
    for domain in domains(0..3) {
        let body = json!({"domain": domain});
        system.good(&Asked::json("POST", "/api/v1/scan/domain", &body)).await;
    }
    for (search, found) in [("%25", 0), ("_", 0), ("d0001", 1), ("d0", 3), ("'%20OR%201=1--", 0)] {
        let list = system.good(&Asked::get(format!("/api/v1/leads?search={search}"))).await;
        assert_eq!(list["total"], found, "{search}");
    }
    let body = json!({"name": "form"});
    let made = system.good(&Asked::json("POST", "/api/v1/admin/api-keys", &body)).await;
    let text = made["api_key"].as_str().expect("shown this once");
    let secret = text.split_once('.').expect("two parts").1;
    for path in ["/api/v1/admin/api-keys", "/api/v1/admin/audit", "/healthz"] {
        let answer = system.ask(&Asked::get(path), key("admin")).await;
        let shown = String::from_utf8_lossy(&answer.body);
        assert!(!shown.contains(secret) && !shown.contains("argon2"), "{path}");
    }
    // On loopback, where everything else is open, keys still are not.
    let open = System::sqlite_at(None, &[("HUNTER_SECURITY_AUTHENTICATION", "open")]).await;
    assert_eq!(open.ask(&Asked::get("/api/v1/leads"), None).await.status, 200);
    for asked in [
        Asked::get("/api/v1/admin/api-keys"),
        Asked::json("POST", "/api/v1/admin/api-keys", &json!({"name": "x"})),
        Asked::get("/admin/api-keys"),
    ] {
        assert_eq!(open.ask(&asked, None).await.code(), "key_missing", "{asked:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn d30_what_stands_in_the_environment_is_where_things_are_kept() {
    let postgres = Postgres::start();
    let folder = tempfile::tempdir().expect("a folder");
    let start = |name: &str, set: &[(&str, String)]| {
        let mut command = hunter(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("HOME", folder.path()).env_remove("XDG_DATA_HOME");
        command.env("HUNTER_SCAN_RESOLVERS", "127.0.0.1:9");
        command.envs(set.iter().map(|(name, value)| (name, value)));
        Process::start(command, folder.path(), name)
    };
    let mut process = start("platform", &[("DATABASE_URL", postgres.url())]);
    process.address();
    assert_eq!(postgres.ask("SELECT count(*) FROM leads"), "0", "the schema is there");
    // A name of the program's own goes before that of the platform.
    let file = folder.path().join("own.db");
    let own = format!("sqlite:{}", file.display());
    let nowhere = "postgres://nobody@127.0.0.1:9/none".to_owned();
    let mut process = start("own", &[("DATABASE_URL", nowhere), ("HUNTER_DATABASE_URL", own)]);
    process.address();
    assert!(file.is_file());
    // Neither: a file of the user's own.
    let mut process = start("neither", &[]);
    process.address();
    assert!(folder.path().join(".local/share/hunter/hunter.db").is_file());
    // A name that means nothing is refused, and named.
    let mut command = hunter(&["serve", "--listen", "127.0.0.1:0"]);
    let output = command.env("HUNTER_DATABASE_URI", "sqlite:x.db").output().expect("the program");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("HUNTER_DATABASE_URI"), "{said}");
}
