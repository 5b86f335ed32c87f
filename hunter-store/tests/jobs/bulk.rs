//! The bulk engine.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use hunter_core::{Domain, Engine, Observation};
use hunter_store::bulk::{
    BulkScan, BulkSettings, KIND, LeadRecorder, NoWords, Observer, Recorder, Unobserved,
};
use hunter_store::leads::Leads as _;
use hunter_store::opt_outs::{OptOut, OptOuts as _};
use hunter_store::queue::{Job, Jobs as _, NewJob, Worker, WorkerSettings};
use hunter_store::testing::TestDb;
use hunter_store::{Backend, Db, Executor, StoreError, Unit};
use time::OffsetDateTime;
use tokio::time::sleep;

use super::{Running, domains, done, number};

contract!(
    d26_progress_counts_what_was_committed,
    d25_every_process_answers_for_every_job,
    leads_come_out,
    a_refused_result_fails_alone,
    a_deadlock_is_tried_again,
    a_domain_that_kills_workers_is_left_out_and_nothing_else,
    a_job_goes_on_where_a_dead_worker_left_it,
    whoever_opted_out_is_not_observed,
    a_slow_domain_is_given_up,
);

const WORKER: WorkerSettings = WorkerSettings {
    concurrency: 4,
    lease: Duration::from_millis(900),
    poll: Duration::from_millis(20),
    attempts: 3,
    pause: Duration::from_millis(20),
    grace: Duration::from_secs(5),
};

const BULK: BulkSettings = BulkSettings {
    parallel: 50,
    domain_timeout: Duration::from_millis(500),
    patience: Duration::from_secs(20),
};

/// What a domain's name makes the observer do.
#[derive(Default)]
struct Seen(Mutex<HashMap<String, u32>>);

impl Seen {
    fn of(&self, domain: &str) -> u32 {
        self.0.lock().unwrap().get(domain).copied().unwrap_or(0)
    }

    fn all(&self) -> u32 {
        self.0.lock().unwrap().values().sum()
    }
}

#[async_trait]
impl Observer for Seen {
    async fn observe(&self, domain: &Domain, _: bool) -> Result<Observation, Unobserved> {
        *self.0.lock().unwrap().entry(domain.as_str().to_owned()).or_default() += 1;
        match domain.as_str() {
            "silent.com.tr" => {
                Err(Unobserved { code: "resolver_away", message: "nobody answers".into() })
            }
            "slow.com.tr" => std::future::pending().await,
            // To the database a panic is what a killed process is, but for the pause.
            "deadly.com.tr" => panic!("on purpose"),
            _ => Ok(observation(domain)),
        }
    }
}

fn observation(domain: &Domain) -> Observation {
    let now = OffsetDateTime::now_utc();
    let at = now.format(&time::format_description::well_known::Rfc3339).unwrap();
    let text = serde_json::json!({"v": 1, "domain": domain, "observed_at": at, "answers": [
        {"name": domain, "type": "MX", "state": "found", "records": ["1 aspmx.l.google.com"]},
        {"name": domain, "type": "TXT", "state": "absent", "rcode": "NOERROR"},
    ]});
    Observation::from_json(&text.to_string()).unwrap()
}

fn leads() -> Arc<dyn Recorder> {
    Arc::new(LeadRecorder::new(Engine::builtin(), Arc::new(NoWords)))
}

fn start(db: &Db, seen: &Arc<Seen>, recorder: Arc<dyn Recorder>) -> Running {
    let observer = Arc::clone(seen) as Arc<dyn Observer>;
    let scan = Arc::new(BulkScan::new(observer, recorder, BULK));
    Running::start(Worker::new(db.clone(), vec![scan], WORKER))
}

async fn enqueue(db: &Db, count: usize, more: &[&str], batch: u32) -> uuid::Uuid {
    let more: Vec<Domain> = more.iter().map(|name| name.parse().unwrap()).collect();
    let mut unit = db.begin().await.unwrap();
    let mut names = domains(count).chain(more);
    let enqueued = unit.enqueue_domains(&NewJob::new(KIND), &mut names, batch).await.unwrap();
    unit.commit().await.unwrap();
    enqueued.job_id
}

/// Every domain stands once in the commit log, and the job's counts are those of the log.
async fn agree(db: &Db, job: &Job) {
    let mut unit = db.read().await.unwrap();
    let results = unit.job_results(job.job_id, false, None, 100_000).await.unwrap();
    let failed = results.iter().filter(|result| result.error.is_some()).count();
    assert_eq!(i64::try_from(results.len()).unwrap(), job.total);
    assert_eq!(i64::try_from(failed).unwrap(), job.failed);
    assert_eq!(job.progress().remaining, 0);
}

async fn failures(db: &Db, job: &Job) -> Vec<(String, String)> {
    let mut unit = db.read().await.unwrap();
    let results = unit.job_results(job.job_id, true, None, 1000).await.unwrap();
    results.into_iter().map(|result| (result.domain, result.error.unwrap())).collect()
}

/// A job that succeeds must not report that nothing was processed.
async fn d26_progress_counts_what_was_committed(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = enqueue(test.db(), 120, &["silent.com.tr"], 10).await;
    let before = super::job(test.db(), id).await.progress();
    assert_eq!((before.total, before.processed, before.remaining), (121, 0, 121));
    let seen = Arc::new(Seen::default());
    let running = start(test.db(), &seen, leads());
    let mut last = 0;
    let job = loop {
        let job = super::job(test.db(), id).await;
        let progress = job.progress();
        assert!(progress.processed >= last, "it never goes back");
        assert_eq!(progress.processed + progress.remaining, progress.total);
        last = progress.processed;
        if job.finished_at.is_some() {
            break job;
        }
        sleep(Duration::from_millis(5)).await;
    };
    running.stop().await;
    let progress = job.progress();
    assert_eq!((progress.processed, progress.succeeded, progress.failed), (121, 120, 1));
    assert!((progress.progress_percent - 100.0).abs() < 1e-9);
    assert_eq!(failures(test.db(), &job).await, [("silent.com.tr".into(), "resolver_away".into())]);
    agree(test.db(), &job).await;
}

/// With jobs in one process's memory, every other poll finds nothing.
async fn d25_every_process_answers_for_every_job(backend: Backend) {
    let test = TestDb::new(backend).await;
    let processes = [test.reopen().await, test.reopen().await, test.reopen().await];
    let seen = Arc::new(Seen::default());
    let workers: Vec<_> = processes.iter().map(|db| start(db, &seen, leads())).collect();
    let mut ids = Vec::new();
    for db in &processes {
        ids.push(enqueue(db, 60, &[], 5).await);
    }
    for id in &ids {
        for db in &processes {
            let mut unit = db.read().await.unwrap();
            assert!(unit.job(*id).await.unwrap().is_some(), "known in every process");
        }
    }
    for id in &ids {
        let job = done(&processes[0], *id).await;
        assert_eq!((job.succeeded, job.failed), (60, 0));
        agree(test.db(), &job).await;
    }
    for worker in workers {
        worker.stop().await;
    }
}

async fn leads_come_out(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = enqueue(test.db(), 30, &[], 7).await;
    let running = start(test.db(), &Arc::default(), leads());
    done(test.db(), id).await;
    running.stop().await;
    assert_eq!(number(test.db(), "SELECT count(*) FROM leads").await, 30);
    assert_eq!(number(test.db(), "SELECT count(*) FROM observations").await, 30);
    let domain = "d000003.com.tr".parse().unwrap();
    let lead = test.db().read().await.unwrap().lead(&domain).await.unwrap().unwrap();
    assert_eq!(lead.provider, "Google");
}

/// Writes leads, and makes trouble on the way.
struct Trouble {
    leads: Arc<dyn Recorder>,
    deadlocks: Mutex<u32>,
}

#[async_trait]
impl Recorder for Trouble {
    async fn record(&self, unit: &mut Unit, seen: &[Observation]) -> Result<(), StoreError> {
        self.leads.record(unit, seen).await?;
        if seen.iter().any(|seen| seen.domain.as_str() == "refused.com.tr") {
            let sql = "INSERT INTO api_keys (key_id) VALUES (NULL)";
            return Err(match unit.executor() {
                Executor::Sqlite(c) => sqlx::query(sql).execute(c).await.unwrap_err().into(),
                Executor::Postgres(c) => sqlx::query(sql).execute(c).await.unwrap_err().into(),
            });
        }
        let left = {
            let mut left = self.deadlocks.lock().unwrap();
            *left = left.saturating_sub(1);
            *left
        };
        if left > 0 {
            return Err(StoreError::Database {
                code: "store_serialization",
                during: "two units of work met; one was rolled back",
                source: sqlx::Error::WorkerCrashed,
            });
        }
        Ok(())
    }
}

async fn a_refused_result_fails_alone(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = enqueue(test.db(), 20, &["refused.com.tr"], 21).await;
    let trouble = Arc::new(Trouble { leads: leads(), deadlocks: Mutex::new(0) });
    let running = start(test.db(), &Arc::default(), trouble);
    let job = done(test.db(), id).await;
    running.stop().await;
    assert_eq!((job.succeeded, job.failed), (20, 1));
    assert_eq!(
        failures(test.db(), &job).await,
        [("refused.com.tr".into(), "store_conflict".into())]
    );
    agree(test.db(), &job).await;
    assert_eq!(number(test.db(), "SELECT count(*) FROM leads").await, 20);
}

async fn a_deadlock_is_tried_again(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = enqueue(test.db(), 20, &[], 20).await;
    let trouble = Arc::new(Trouble { leads: leads(), deadlocks: Mutex::new(3) });
    let seen = Arc::new(Seen::default());
    let running = start(test.db(), &seen, trouble);
    let job = done(test.db(), id).await;
    running.stop().await;
    assert_eq!((job.succeeded, job.failed), (20, 0));
    assert_eq!(seen.all(), 20, "what was observed is not observed again");
    agree(test.db(), &job).await;
}

async fn a_domain_that_kills_workers_is_left_out_and_nothing_else(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = enqueue(test.db(), 9, &["deadly.com.tr"], 5).await;
    let seen = Arc::new(Seen::default());
    let running = start(test.db(), &seen, leads());
    let job = done(test.db(), id).await;
    running.stop().await;
    assert_eq!((job.succeeded, job.failed), (9, 1));
    assert_eq!(failures(test.db(), &job).await, [("deadly.com.tr".into(), "bulk_poisoned".into())]);
    assert_eq!(seen.of("deadly.com.tr"), 3);
    agree(test.db(), &job).await;
}

async fn a_job_goes_on_where_a_dead_worker_left_it(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = enqueue(test.db(), 200, &[], 10).await;
    let seen = Arc::new(Seen::default());
    let first = start(&test.reopen().await, &seen, leads());
    while super::job(test.db(), id).await.succeeded < 50 {
        sleep(Duration::from_millis(2)).await;
    }
    first.kill();
    sleep(Duration::from_millis(100)).await;
    let committed = super::job(test.db(), id).await.succeeded;
    let before = seen.all();
    let second = start(test.db(), &seen, leads());
    let job = done(test.db(), id).await;
    second.stop().await;
    assert_eq!((job.succeeded, job.failed), (200, 0));
    let again = i64::from(seen.all() - before);
    assert_eq!(again, 200 - committed, "nothing committed is observed again");
    agree(test.db(), &job).await;
}

async fn whoever_opted_out_is_not_observed(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = enqueue(test.db(), 5, &["gone.com.tr"], 6).await;
    let mut unit = test.db().begin().await.unwrap();
    let opt_out = OptOut {
        domain: "gone.com.tr".into(),
        ground: "asked".into(),
        recorded_by: None,
        recorded_at: OffsetDateTime::now_utc(),
    };
    unit.opt_out(opt_out).await.unwrap();
    unit.commit().await.unwrap();
    let seen = Arc::new(Seen::default());
    let running = start(test.db(), &seen, leads());
    let job = done(test.db(), id).await;
    running.stop().await;
    assert_eq!(seen.of("gone.com.tr"), 0);
    assert_eq!(failures(test.db(), &job).await, [("gone.com.tr".into(), "opted_out".into())]);
    let domain = "gone.com.tr".parse().unwrap();
    let refusals = test.db().read().await.unwrap().refusals(&domain, 10).await.unwrap();
    assert_eq!(refusals.len(), 1);
    agree(test.db(), &job).await;
}

async fn a_slow_domain_is_given_up(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = enqueue(test.db(), 3, &["slow.com.tr"], 4).await;
    let running = start(test.db(), &Arc::default(), leads());
    let job = done(test.db(), id).await;
    running.stop().await;
    assert_eq!(failures(test.db(), &job).await, [("slow.com.tr".into(), "bulk_timeout".into())]);
    agree(test.db(), &job).await;
}
