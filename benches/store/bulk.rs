//! A job over every company, with an observer that answers at once, and its reassessment by other rules.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use hunter_benches::inputs;
use hunter_benches::manifest::Workload;
use hunter_core::{Domain, Engine, Observation};
use hunter_store::bulk::{
    BulkScan, BulkSettings, KIND, LeadRecorder, NoWords, Observer, Unobserved, batch_size,
};
use hunter_store::queue::{Handler, JobStatus, Jobs as _, NewJob, Worker, WorkerSettings};
use hunter_store::testing::TestDb;
use hunter_store::{Db, Executor, StoreConfig};
use tokio::sync::watch;
use uuid::Uuid;

use crate::import::domain;
use crate::{child, table};

/// Different observations; a domain is given one of them in its own name.
const KINDS: usize = 1_024;

/// Answers at once with what a standard scan sees.
pub(crate) struct AtOnce(Vec<Observation>);

impl AtOnce {
    pub(crate) fn new(engine: &Engine) -> Self {
        Self(inputs::observations(KINDS, 7, engine.fingerprints()))
    }

    pub(crate) fn seen(&self, domain: &Domain) -> Observation {
        let number = domain.as_str().bytes().filter(u8::is_ascii_digit);
        let number = number.fold(0_usize, |all, digit| all * 10 + usize::from(digit - b'0'));
        let mut seen = self.0[number % KINDS].clone();
        for answer in &mut seen.answers {
            if let Some(front) = answer.name.strip_suffix(seen.domain.as_str()) {
                answer.name = format!("{front}{domain}");
            }
        }
        seen.domain = domain.clone();
        seen
    }
}

#[async_trait]
impl Observer for AtOnce {
    async fn observe(&self, domain: &Domain, _: bool) -> Result<Observation, Unobserved> {
        Ok(self.seen(domain))
    }
}

pub(crate) fn scan(url: &str, workload: &Workload, size: usize) {
    let done = child::run(&["scan", url, &size.to_string()]);
    table::rate(workload, size, done.took, Some(done.peak));
}

/// The same in the process that is measured.
pub(crate) fn scan_here(url: &str, size: usize) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = Db::open(StoreConfig::development(url)).await.unwrap();
        let mut domains = (0..size).map(|number| domain(number).parse::<Domain>().unwrap());
        let mut unit = db.begin().await.unwrap();
        let job = NewJob::new(KIND);
        let job = unit.enqueue_domains(&job, &mut domains, batch_size(10)).await.unwrap();
        unit.commit().await.unwrap();
        let engine = Engine::builtin();
        let observer = Arc::new(AtOnce::new(&engine));
        let recorder = Arc::new(LeadRecorder::new(engine, Arc::new(NoWords)));
        let handler = BulkScan::new(observer, recorder, BulkSettings::default());
        let job = work(&db, Arc::new(handler), job.job_id).await;
        assert_eq!((job.0, job.1), (i64::try_from(size).unwrap(), 0), "every domain succeeds");
        db.close().await;
    });
}

/// Works until a job is done; gives how many items succeeded and failed.
pub(crate) async fn work(db: &Db, handler: Arc<dyn Handler>, id: Uuid) -> (i64, i64) {
    let settings = WorkerSettings { poll: Duration::from_millis(20), ..WorkerSettings::default() };
    let worker = Worker::new(db.clone(), vec![handler], settings);
    let (stop, stopped) = watch::channel(false);
    let done = async {
        loop {
            let job = db.read().await.unwrap().job(id).await.unwrap().unwrap();
            if job.status == JobStatus::Done {
                stop.send_replace(true);
                return (job.succeeded, job.failed);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::join!(done, worker.run(stopped)).0
}

/// By rules under which a mailbox at Google is worth next to nothing, and a second time by the same.
pub(crate) async fn reassess(test: &TestDb, workload: &Workload, size: usize) {
    let url = test.db().config().url.as_str();
    settle(test.db()).await;
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules.toml");
    let text = include_str!("../../hunter-core/data/rules/classic.toml");
    let strict = text.replace("Google = 50", "Google = 5").replace("classic-1", "strict-1");
    std::fs::write(&rules, strict).unwrap();
    let rules = rules.to_str().unwrap();
    let begun = Instant::now();
    let done = child::run(&["hunter", "reassess", "--database", url, "--rules", rules]);
    let changed = done.said.lines().count() - 1;
    table::rate(workload, size, begun.elapsed(), Some(done.peak));
    println!("{changed} of {size} leads changed their segment");
    assert!(changed * 100 / size < 50 && changed > 0, "one provider in many is worth less");
}

/// Lets PostgreSQL do what its autovacuum does a minute later.
async fn settle(db: &Db) {
    if let Executor::Postgres(connection) = db.read().await.unwrap().executor() {
        for statement in
            ["SET statement_timeout = 0", "VACUUM (ANALYZE)", "SET statement_timeout = '30s'"]
        {
            sqlx::raw_sql(statement).execute(&mut *connection).await.unwrap();
        }
    }
}
