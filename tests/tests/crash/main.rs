//! What is left after a crash: real worker processes, a local name server, no throttles. After each,
//! every domain has exactly one current result, the job is done, and the commit log agrees with the
//! tables.

use std::fmt::Write as _;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use hunter_core::Domain;
use hunter_nameserver::{NameServer, Running};
use hunter_store::bulk::KIND;
use hunter_store::queue::{Job, JobStatus, Jobs as _, NewJob};
use hunter_store::{Db, Executor, StoreConfig, migrate};
use hunter_tests::servers::{Disk, Postgres, Redis};
use tokio::time::sleep;
use uuid::Uuid;

const DOMAINS: usize = 5_000;

/// A database, a name server and workers.
struct Scene {
    db: Db,
    url: String,
    server: Running,
    redis: Option<String>,
    workers: Vec<Child>,
}

impl Scene {
    async fn new(url: String) -> Self {
        let config = StoreConfig { max_connections: 2, ..StoreConfig::development(&url) };
        let db = Db::open(config).await.expect("the database");
        migrate::up(&db, None).await.expect("the schema");
        let mut zone = String::new();
        for domain in domains() {
            // One in five has a mailbox to look for; of the others only the policy is asked.
            let number: usize = domain.as_str()[1..7].parse().expect("a number");
            let mx = if number.is_multiple_of(5) { "1 aspmx.l.google.com." } else { "0 ." };
            writeln!(zone, "{domain}. 60 IN MX {mx}").expect("a string takes all");
        }
        let server = NameServer::builder().zone_text(&zone).spawn().await.expect("a name server");
        Self { db, url, server, redis: None, workers: Vec::new() }
    }

    async fn enqueue(&self) -> Uuid {
        let mut unit = self.db.begin().await.expect("a unit");
        let job = NewJob::new(KIND);
        let enqueued = unit.enqueue_domains(&job, &mut domains(), 50).await.expect("enqueued");
        unit.commit().await.expect("committed");
        enqueued.job_id
    }

    fn start_worker(&mut self, order: Option<&str>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crash-worker"));
        command.env("CRASH_DATABASE", &self.url);
        command.env("CRASH_RESOLVER", self.server.addr().to_string());
        command.envs(self.redis.as_ref().map(|url| ("CRASH_REDIS", url)));
        command.envs(order.map(|order| ("CRASH_ORDER", order)));
        self.workers.push(command.spawn().expect("the worker program"));
    }

    fn start_workers(&mut self, count: usize) {
        for _ in 0..count {
            self.start_worker(None);
        }
    }

    /// SIGKILL.
    fn kill(&mut self, count: usize) {
        for mut worker in self.workers.drain(..count) {
            worker.kill().expect("a child of this test");
            worker.wait().expect("a child of this test");
        }
    }

    async fn job(&self, id: Uuid) -> Option<Job> {
        self.db.read().await.ok()?.job(id).await.ok()?
    }

    /// Waits until so many domains of a job are done.
    async fn until(&mut self, id: Uuid, processed: i64, within: Duration) {
        let begun = Instant::now();
        loop {
            let job = self.job(id).await;
            if job.as_ref().is_some_and(|job| job.progress().processed >= processed) {
                return;
            }
            assert!(begun.elapsed() < within, "{processed} not within {within:?}: {job:?}");
            for worker in &mut self.workers {
                let ended = worker.try_wait().expect("a child of this test");
                assert!(ended.is_none(), "a worker ended by itself: {ended:?}");
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn number(&self, sql: &'static str) -> i64 {
        let mut unit = self.db.read().await.expect("the database");
        match unit.executor() {
            Executor::Sqlite(c) => sqlx::query_scalar(sql).fetch_one(c).await.expect(sql),
            Executor::Postgres(c) => sqlx::query_scalar(sql).fetch_one(c).await.expect(sql),
        }
    }

    /// Everything is there once, and all tables say the same.
    async fn check(&mut self, ids: &[Uuid]) {
        for id in ids {
            self.until(*id, 5_000, Duration::from_mins(3)).await;
            let job = self.job(*id).await.expect("the job");
            assert_eq!(job.status, JobStatus::Done);
            assert_eq!((job.total, job.succeeded, job.failed), (5_000, 5_000, 0));
        }
        let jobs = i64::try_from(ids.len()).expect("few");
        for (what, sql, expected) in [
            ("domains with a result", "SELECT count(DISTINCT domain) FROM leads", 5_000),
            ("results", "SELECT count(*) FROM leads", 5_000),
            ("companies", "SELECT count(*) FROM companies", 5_000),
            ("log", "SELECT count(*) FROM commit_log WHERE error IS NULL", 5_000 * jobs),
            (
                "results that are in the log and rest on an observation",
                "SELECT count(*) FROM leads l JOIN observations o USING (observation_id) \
                 WHERE EXISTS (SELECT 1 FROM commit_log c WHERE c.domain = l.domain)",
                5_000,
            ),
            ("observations", "SELECT count(*) FROM observations", 5_000 * jobs),
            ("open batches", "SELECT count(*) FROM batches WHERE status <> 'done'", 0),
        ] {
            assert_eq!(self.number(sql).await, expected, "{what}");
        }
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let all = self.workers.len();
        self.kill(all);
    }
}

fn domains() -> impl Iterator<Item = Domain> + Send {
    (0..DOMAINS).map(|number| format!("d{number:06}.com.tr").parse().expect("a domain"))
}

const SOON: Duration = Duration::from_mins(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_is_killed_in_the_middle_of_a_batch() {
    let postgres = Postgres::start();
    let mut scene = Scene::new(postgres.url()).await;
    let id = scene.enqueue().await;
    scene.start_workers(3);
    scene.until(id, 1_000, SOON).await;
    scene.kill(1);
    scene.check(&[id]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_workers_are_killed() {
    let postgres = Postgres::start();
    let mut scene = Scene::new(postgres.url()).await;
    let id = scene.enqueue().await;
    scene.start_workers(3);
    scene.until(id, 1_000, SOON).await;
    scene.kill(3);
    sleep(Duration::from_millis(500)).await;
    let left = scene.job(id).await.expect("the job").progress();
    assert!(left.remaining > 0, "they were killed in the middle");
    scene.start_workers(2);
    scene.check(&[id]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_crashes_and_comes_back_at_once() {
    let postgres = Postgres::start();
    let mut scene = Scene::new(postgres.url()).await;
    let id = scene.enqueue().await;
    scene.start_workers(2);
    for processed in [500, 1_500, 2_500] {
        scene.until(id, processed, SOON).await;
        postgres.crash();
        postgres.start_again();
    }
    scene.check(&[id]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_away_for_forty_seconds() {
    let postgres = Postgres::start();
    let mut scene = Scene::new(postgres.url()).await;
    let id = scene.enqueue().await;
    scene.start_workers(2);
    scene.until(id, 1_000, SOON).await;
    postgres.crash();
    sleep(Duration::from_secs(40)).await;
    postgres.start_again();
    scene.check(&[id]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_is_killed_and_comes_back() {
    let (postgres, mut redis) = (Postgres::start(), Redis::start());
    let mut scene = Scene::new(postgres.url()).await;
    scene.redis = Some(redis.url());
    let id = scene.enqueue().await;
    scene.start_workers(2);
    scene.until(id, 1_000, SOON).await;
    redis.kill();
    scene.until(id, 2_500, SOON).await;
    redis.start_again();
    scene.check(&[id]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_deadlock_again_and_again() {
    let postgres = Postgres::start();
    let mut scene = Scene::new(postgres.url()).await;
    let mut unit = scene.db.begin().await.expect("a unit");
    if let Executor::Postgres(connection) = unit.executor() {
        let sql = "INSERT INTO opt_outs (domain, ground, recorded_at) \
                   VALUES ('first.lock', 'test', now()), ('second.lock', 'test', now())";
        sqlx::query(sql).execute(connection).await.expect("two rows to meet at");
    }
    unit.commit().await.expect("committed");
    let id = scene.enqueue().await;
    scene.start_worker(Some("ascending"));
    scene.start_worker(Some("descending"));
    scene.until(id, 1_000, SOON).await;
    let met = "SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'";
    // A server process tells what it counted a second later, or later still where it is busy.
    let begun = Instant::now();
    while scene.number(met).await == 0 {
        assert!(begun.elapsed() < SOON, "they met");
        sleep(Duration::from_millis(100)).await;
    }
    // Enough of it; the rest without.
    scene.kill(2);
    scene.start_workers(2);
    scene.check(&[id]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_on_sqlite_is_killed_in_the_middle_of_a_batch() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("crash.db").display());
    let mut scene = Scene::new(url).await;
    let id = scene.enqueue().await;
    scene.start_workers(2);
    scene.until(id, 1_000, SOON).await;
    scene.kill(2);
    scene.start_workers(1);
    scene.check(&[id]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_disk_under_sqlite_fills_up() {
    let disk = Disk::new(16);
    let url = format!("sqlite:{}", disk.path().join("crash.db").display());
    let mut scene = Scene::new(url).await;
    let id = scene.enqueue().await;
    scene.until(id, 0, SOON).await;
    let ballast = disk.path().join("ballast");
    scene.start_workers(1);
    scene.until(id, 500, SOON).await;
    // Another program takes what is left.
    let mut file = std::fs::File::create(&ballast).expect("a file");
    while std::io::Write::write_all(&mut file, &[0; 16_384]).is_ok() {}
    drop(file);
    sleep(Duration::from_secs(3)).await;
    let stuck = scene.job(id).await.expect("the job").progress().processed;
    sleep(Duration::from_secs(3)).await;
    let later = scene.job(id).await.expect("the job").progress().processed;
    assert_eq!(stuck, later, "nothing can be written");
    assert!(later < 5_000);
    disk.resize(200);
    scene.check(&[id]).await;
}
