//! The queue.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use hunter_store::queue::{
    Claim, Failure, Handler, JobStatus, Jobs as _, NewJob, Schedule, Schedules as _, Worker,
    WorkerSettings,
};
use hunter_store::testing::TestDb;
use hunter_store::{Backend, Db};
use serde_json::json;
use time::OffsetDateTime;
use tokio::time::sleep;

use super::{Running, done, job};

contract!(
    a_job_is_there_with_its_data_or_not_at_all,
    the_same_key_means_the_same_job,
    what_waits_is_told_by_kind,
    each_batch_is_done_once_by_many_workers,
    priority_goes_first_and_then_age,
    a_failure_is_tried_again_after_a_growing_pause_and_then_parked,
    a_panic_is_a_failure_and_a_blocked_thread_is_none,
    a_dead_workers_batch_is_taken_over_and_the_dead_writes_nothing,
    a_worker_that_dies_again_and_again_of_a_job_parks_it,
    a_long_batch_stays_with_its_worker,
    what_is_cancelled_writes_nothing_more,
    a_stop_lets_batches_end_and_gives_the_rest_back,
    a_schedule_comes_again_once_each_time,
);

const SETTINGS: WorkerSettings = WorkerSettings {
    concurrency: 4,
    lease: Duration::from_millis(900),
    poll: Duration::from_millis(20),
    attempts: 3,
    pause: Duration::from_millis(50),
    grace: Duration::from_secs(5),
};

/// The claims that a handler was given, and when.
type Seen = Arc<Mutex<Vec<(Claim, Instant)>>>;

/// What a test's handler does with a claim.
type Act =
    dyn Fn(Db, Claim) -> futures::future::BoxFuture<'static, Result<(), Failure>> + Send + Sync;

struct Handling {
    seen: Seen,
    act: Box<Act>,
}

#[async_trait]
impl Handler for Handling {
    fn kind(&self) -> &'static str {
        "test"
    }

    async fn run(&self, db: &Db, claim: &Claim) -> Result<(), Failure> {
        self.seen.lock().unwrap().push((claim.clone(), Instant::now()));
        (self.act)(db.clone(), claim.clone()).await
    }
}

/// A worker whose handler notes what it saw.
fn worker<F>(
    db: &Db,
    settings: WorkerSettings,
    act: impl Fn(Db, Claim) -> F + Send + Sync + 'static,
) -> (Worker, Seen)
where
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let seen = Arc::new(Mutex::new(Vec::new()));
    let act: Box<Act> = Box::new(move |db, claim| Box::pin(act(db, claim)));
    let handler = Arc::new(Handling { seen: Arc::clone(&seen), act });
    (Worker::new(db.clone(), vec![handler], settings), seen)
}

async fn end(db: Db, claim: Claim, succeeded: u32) -> Result<(), Failure> {
    let mut unit = db.begin().await?;
    if !unit.finish(&claim, succeeded, 0).await? {
        return Err(Failure::Lost);
    }
    Ok(unit.commit().await?)
}

async fn enqueue(db: &Db, priority: i16) -> uuid::Uuid {
    let mut unit = db.begin().await.unwrap();
    let job = NewJob { priority, ..NewJob::new("test") };
    let enqueued = unit.enqueue(&job).await.unwrap();
    unit.commit().await.unwrap();
    enqueued.job_id
}

async fn a_job_is_there_with_its_data_or_not_at_all(backend: Backend) {
    let test = TestDb::new(backend).await;
    let mut unit = test.db().begin().await.unwrap();
    let lost = unit.enqueue(&NewJob::new("test")).await.unwrap();
    unit.roll_back().await.unwrap();
    assert_eq!(test.db().read().await.unwrap().job(lost.job_id).await.unwrap(), None);

    let mut unit = test.db().begin().await.unwrap();
    let new = NewJob { payload: json!({"a": [1, "ş"]}), ..NewJob::new("test") };
    let mut names = super::domains(7).chain(super::domains(3));
    let kept = unit.enqueue_domains(&new, &mut names, 3).await.unwrap();
    let nothing = unit.enqueue_domains(&new, &mut std::iter::empty(), 3).await.unwrap();
    unit.commit().await.unwrap();
    let kept = job(test.db(), kept.job_id).await;
    assert_eq!((kept.total, kept.status, kept.payload), (7, JobStatus::Queued, new.payload));
    assert_eq!(job(test.db(), nothing.job_id).await.status, JobStatus::Done);
}

async fn the_same_key_means_the_same_job(backend: Backend) {
    let test = TestDb::new(backend).await;
    let new = NewJob { idempotency_key: Some("k".into()), ..NewJob::new("test") };
    let mut ids = Vec::new();
    for _ in 0..2 {
        let mut unit = test.db().begin().await.unwrap();
        ids.push(unit.enqueue_domains(&new, &mut super::domains(5), 2).await.unwrap());
        unit.commit().await.unwrap();
    }
    assert_eq!(ids[0].job_id, ids[1].job_id);
    assert!(ids[0].is_new && !ids[1].is_new);
    assert_eq!(job(test.db(), ids[0].job_id).await.total, 5);
}

async fn what_waits_is_told_by_kind(backend: Backend) {
    let test = TestDb::new(backend).await;
    assert_eq!(test.db().read().await.unwrap().waiting().await.unwrap(), []);
    let mut unit = test.db().begin().await.unwrap();
    unit.enqueue_domains(&NewJob::new("b"), &mut super::domains(5), 2).await.unwrap();
    unit.enqueue(&NewJob::new("a")).await.unwrap();
    unit.commit().await.unwrap();
    sleep(Duration::from_millis(20)).await;
    let waiting = test.db().read().await.unwrap().waiting().await.unwrap();
    let counts: Vec<_> =
        waiting.iter().map(|one| (one.kind.as_str(), one.waiting, one.running)).collect();
    assert_eq!(counts, [("a", 1, 0), ("b", 3, 0)]);
    assert!(waiting.iter().all(|one| one.oldest_micros >= 20_000), "{waiting:?}");
}

async fn each_batch_is_done_once_by_many_workers(backend: Backend) {
    let test = TestDb::new(backend).await;
    let mut unit = test.db().begin().await.unwrap();
    let new = NewJob::new("test");
    let enqueued = unit.enqueue_domains(&new, &mut super::domains(200), 2).await.unwrap();
    unit.commit().await.unwrap();
    let mut workers = Vec::new();
    let mut all = Vec::new();
    for _ in 0..4 {
        let db = test.reopen().await;
        let (worker, seen) = worker(&db, SETTINGS, |db, claim| end(db, claim, 2));
        workers.push(Running::start(worker));
        all.push(seen);
    }
    let job = done(test.db(), enqueued.job_id).await;
    assert_eq!((job.succeeded, job.failed), (200, 0));
    for worker in workers {
        worker.stop().await;
    }
    let mut times = HashMap::new();
    for seen in all {
        for (claim, _) in &*seen.lock().unwrap() {
            assert_eq!(claim.total_batches, 100);
            *times.entry(claim.batch_no).or_insert(0) += 1;
        }
    }
    assert_eq!(times.len(), 100);
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}

async fn priority_goes_first_and_then_age(backend: Backend) {
    let test = TestDb::new(backend).await;
    let mut ids = Vec::new();
    for priority in [0, 5, 0, 9] {
        ids.push(enqueue(test.db(), priority).await);
        sleep(Duration::from_millis(2)).await;
    }
    let settings = WorkerSettings { concurrency: 1, ..SETTINGS };
    let (worker, seen) = worker(test.db(), settings, |db, claim| end(db, claim, 1));
    let running = Running::start(worker);
    done(test.db(), ids[2]).await;
    running.stop().await;
    let order: Vec<_> = seen.lock().unwrap().iter().map(|(claim, _)| claim.job_id).collect();
    assert_eq!(order, [ids[3], ids[1], ids[0], ids[2]]);
}

async fn a_failure_is_tried_again_after_a_growing_pause_and_then_parked(backend: Backend) {
    let test = TestDb::new(backend).await;
    let bad = enqueue(test.db(), 0).await;
    let good = enqueue(test.db(), 0).await;
    let (worker, seen) = worker(test.db(), SETTINGS, move |db, claim| async move {
        if claim.job_id == bad { Err(Failure::Again("no".into())) } else { end(db, claim, 1).await }
    });
    let running = Running::start(worker);
    assert_eq!(done(test.db(), good).await.succeeded, 1, "it holds nothing up");
    let parked = done(test.db(), bad).await;
    assert_eq!((parked.succeeded, parked.failed), (0, 1));
    assert_eq!(running.worker.metrics().parked, 1);
    running.stop().await;
    let times: Vec<_> =
        seen.lock().unwrap().iter().filter(|(c, _)| c.job_id == bad).map(|(_, at)| *at).collect();
    assert_eq!(times.len(), 3);
    assert!(times[1] - times[0] >= Duration::from_millis(50));
    assert!(times[2] - times[1] >= Duration::from_millis(100));
}

async fn a_panic_is_a_failure_and_a_blocked_thread_is_none(backend: Backend) {
    let test = TestDb::new(backend).await;
    let panicking = enqueue(test.db(), 0).await;
    let blocking = enqueue(test.db(), 0).await;
    let (worker, seen) = worker(test.db(), SETTINGS, move |db, claim| async move {
        if claim.job_id == panicking {
            assert!(claim.attempt > 1, "on purpose");
        } else {
            std::thread::sleep(SETTINGS.lease * 2);
        }
        end(db, claim, 1).await
    });
    let running = Running::start(worker);
    done(test.db(), panicking).await;
    done(test.db(), blocking).await;
    running.stop().await;
    let blocked = seen.lock().unwrap().iter().filter(|(c, _)| c.job_id == blocking).count();
    assert_eq!(blocked, 1, "the heart beats on");
}

async fn a_dead_workers_batch_is_taken_over_and_the_dead_writes_nothing(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = enqueue(test.db(), 0).await;
    let kept = Arc::new(Mutex::new(None));
    let first = {
        let kept = Arc::clone(&kept);
        let (worker, _) = worker(&test.reopen().await, SETTINGS, move |_, claim| {
            *kept.lock().unwrap() = Some(claim);
            std::future::pending()
        });
        Running::start(worker)
    };
    while kept.lock().unwrap().is_none() {
        sleep(Duration::from_millis(5)).await;
    }
    // Its tasks end, as those of a killed process do; nothing is given back.
    first.kill();
    let begun = Instant::now();
    let (second, seen) = worker(test.db(), SETTINGS, |db, claim| end(db, claim, 1));
    let second = Running::start(second);
    let job = done(test.db(), id).await;
    assert!(begun.elapsed() < SETTINGS.lease * 3, "{:?}", begun.elapsed());
    assert_eq!(job.succeeded, 1);
    assert_eq!(seen.lock().unwrap()[0].0.attempt, 2);
    second.stop().await;

    // The one that was thought dead comes back with a result.
    let claim = kept.lock().unwrap().clone().unwrap();
    assert!(matches!(end(test.db().clone(), claim, 1).await, Err(Failure::Lost)));
    assert_eq!(super::job(test.db(), id).await.succeeded, 1);
}

async fn a_worker_that_dies_again_and_again_of_a_job_parks_it(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = enqueue(test.db(), 0).await;
    for death in 1..=3 {
        let (worker, seen) = worker(&test.reopen().await, SETTINGS, |_, _| std::future::pending());
        let running = Running::start(worker);
        let begun = Instant::now();
        while seen.lock().unwrap().is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(10), "death {death}");
            sleep(Duration::from_millis(5)).await;
        }
        running.kill();
    }
    let (worker, seen) = worker(test.db(), SETTINGS, |db, claim| end(db, claim, 1));
    let running = Running::start(worker);
    assert_eq!(done(test.db(), id).await.failed, 1);
    running.stop().await;
    assert!(seen.lock().unwrap().is_empty(), "it was not started a fourth time");
}

async fn a_long_batch_stays_with_its_worker(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = enqueue(test.db(), 0).await;
    let slow = |db, claim| async move {
        sleep(SETTINGS.lease * 3).await;
        end(db, claim, 1).await
    };
    let (one, seen_one) = worker(&test.reopen().await, SETTINGS, slow);
    let (two, seen_two) = worker(&test.reopen().await, SETTINGS, slow);
    let (one, two) = (Running::start(one), Running::start(two));
    done(test.db(), id).await;
    one.stop().await;
    two.stop().await;
    let starts = seen_one.lock().unwrap().len() + seen_two.lock().unwrap().len();
    assert_eq!(starts, 1);
}

async fn what_is_cancelled_writes_nothing_more(backend: Backend) {
    let test = TestDb::new(backend).await;
    let mut unit = test.db().begin().await.unwrap();
    let new = NewJob::new("test");
    let id = unit.enqueue_domains(&new, &mut super::domains(10), 1).await.unwrap().job_id;
    unit.commit().await.unwrap();
    let settings = WorkerSettings { concurrency: 1, ..SETTINGS };
    let (worker, seen) = worker(test.db(), settings, |db, claim| async move {
        if claim.batch_no > 3 {
            sleep(Duration::from_millis(300)).await;
        }
        end(db, claim, 1).await
    });
    let running = Running::start(worker);
    while seen.lock().unwrap().len() < 4 {
        sleep(Duration::from_millis(5)).await;
    }
    let mut unit = test.db().begin().await.unwrap();
    assert!(unit.cancel(id).await.unwrap());
    unit.commit().await.unwrap();
    sleep(Duration::from_millis(600)).await;
    running.stop().await;
    let job = super::job(test.db(), id).await;
    assert_eq!((job.status, job.succeeded), (JobStatus::Cancelled, 3));
    assert_eq!(seen.lock().unwrap().len(), 4);
    let mut unit = test.db().begin().await.unwrap();
    assert!(!unit.cancel(id).await.unwrap(), "once");
}

async fn a_stop_lets_batches_end_and_gives_the_rest_back(backend: Backend) {
    let test = TestDb::new(backend).await;
    let (short, long) = (enqueue(test.db(), 1).await, enqueue(test.db(), 0).await);
    let settings = WorkerSettings { grace: Duration::from_millis(400), ..SETTINGS };
    let (worker, seen) = worker(test.db(), settings, move |db, claim| async move {
        let time = if claim.job_id == short { 150 } else { 5_000 };
        sleep(Duration::from_millis(time)).await;
        end(db, claim, 1).await
    });
    let running = Running::start(worker);
    while seen.lock().unwrap().len() < 2 {
        sleep(Duration::from_millis(5)).await;
    }
    let begun = Instant::now();
    running.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert_eq!(job(test.db(), short).await.status, JobStatus::Done);
    let (next, seen) = super::queue::worker(test.db(), SETTINGS, |db, claim| end(db, claim, 1));
    let next = Running::start(next);
    done(test.db(), long).await;
    next.stop().await;
    assert_eq!(seen.lock().unwrap()[0].0.attempt, 1, "a stop is no attempt");
}

async fn a_schedule_comes_again_once_each_time(backend: Backend) {
    let test = TestDb::new(backend).await;
    let schedule = Schedule {
        name: "retention".into(),
        kind: "test".into(),
        payload: json!({"days": 365}),
        every: Duration::from_secs(1),
        first: OffsetDateTime::now_utc() - Duration::from_mins(1),
    };
    let mut unit = test.db().begin().await.unwrap();
    unit.set_schedule(&schedule).await.unwrap();
    unit.commit().await.unwrap();
    let mut workers = Vec::new();
    let mut all = Vec::new();
    for _ in 0..3 {
        let (worker, seen) = worker(&test.reopen().await, SETTINGS, |db, claim| end(db, claim, 1));
        workers.push(Running::start(worker));
        all.push(seen);
    }
    sleep(Duration::from_millis(2300)).await;
    for worker in workers {
        worker.stop().await;
    }
    let claims: Vec<_> = all.iter().flat_map(|seen| seen.lock().unwrap().clone()).collect();
    assert!((2..=4).contains(&claims.len()), "at once, and each second: {}", claims.len());
    assert!(claims.iter().all(|(claim, _)| claim.payload == schedule.payload));
    let mut unit = test.db().begin().await.unwrap();
    assert!(unit.end_schedule("retention").await.unwrap());
    assert!(!unit.end_schedule("retention").await.unwrap());
}
