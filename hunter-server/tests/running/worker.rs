//! `hunter worker` under the settings that `hunter serve` has, and the end of either.

use std::time::{Duration, Instant};

use hunter_nameserver::NameServer;
use serde_json::Value;

use crate::support::{Running, free, hunter, output, sqlite, text, write};

#[test]
fn d30_a_worker_obeys_the_file_and_the_environment() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server =
        NameServer::builder().zone_text("ornek.com.tr. 60 IN MX 1 aspmx.l.google.com.\n").spawn();
    let server = runtime.block_on(server).expect("a name server");
    let folder = tempfile::tempdir().expect("a folder");
    let database = sqlite(folder.path());
    let log = folder.path().join("worker.log");
    let settings = format!(
        "[database]\nurl = \"{database}\"\n[scan]\nresolvers = [\"{}\"]\n[log]\nformat = \"json\"\nfile = \"{}\"\n",
        server.addr(),
        log.display()
    );
    write(folder.path(), "hunter.toml", &settings);
    let list = write(folder.path(), "list.csv", "domain\nornek.com.tr\n");
    let mut import = hunter(folder.path());
    import.args(["import", "--scan", "--database", &database]).arg(list);
    let imported = output(&mut import);
    assert!(imported.status.success(), "{}", text(&imported.stderr));

    let mut worker = hunter(folder.path());
    worker.env_remove("HUNTER_SCAN_RESOLVERS").args(["worker", "--until-idle"]);
    let worked = output(&mut worker);
    assert!(worked.status.success(), "{}", text(&worked.stderr));
    assert!(text(&worked.stderr).contains("1 batches done"), "{}", text(&worked.stderr));
    assert!(
        server.queries().iter().any(|query| query.name == "ornek.com.tr"),
        "the file's resolver"
    );
    assert!(log.exists(), "the file's log");

    // A name that is no setting is an error here too.
    let mut wrong = hunter(folder.path());
    wrong.env("HUNTER_WORKER_BATCHS", "3").args(["worker", "--until-idle"]);
    let refused = output(&mut wrong);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("HUNTER_WORKER_BATCHES"), "{}", text(&refused.stderr));
}

#[test]
fn a_worker_answers_probes_and_tells_its_metrics() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = free();
    let mut command = hunter(folder.path());
    command.args(["worker", "--listen", &address.to_string()]);
    command.args(["--database", &sqlite(folder.path())]);
    let worker = Running::listening(&mut command, address);
    assert_eq!(worker.get("/healthz/live", &[]).0, 200);
    assert_eq!(worker.get("/healthz/ready", &[]).0, 200);
    let (status, metrics) = worker.get("/metrics", &[]);
    assert_eq!(status, 200);
    assert!(metrics.contains("hunter_batches_total{result=\"done\"} 0"), "{metrics}");
    assert_eq!(worker.get("/api/v1/leads", &[]).0, 404, "it has no API");
    assert!(worker.end().success());
}

#[test]
fn a_service_that_ends_says_so_before_it_refuses() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = hunter(folder.path());
    command
        .env("HUNTER_DATABASE_URL", sqlite(folder.path()))
        .env("HUNTER_SERVER_DRAIN_SECONDS", "3");
    let service = Running::serve(&mut command);
    assert_eq!(service.get("/healthz/ready", &[]).0, 200);
    service.terminate();
    let told = Instant::now();
    while service.get("/healthz/ready", &[]).0 == 200 {
        assert!(told.elapsed() < Duration::from_secs(2), "it stays ready");
    }
    let (status, leads) = service.get("/api/v1/leads", &[]);
    assert_eq!(status, 200, "{leads}");
    let leads: Value = serde_json::from_str(&leads).expect("JSON");
    assert_eq!(leads["total"], 0);
    assert!(service.end().success());
    assert!(told.elapsed() >= Duration::from_secs(3), "it kept its word");
}
