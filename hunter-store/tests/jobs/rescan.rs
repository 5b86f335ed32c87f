//! Leads that are scanned again once their last scan is long ago.

use std::time::Duration;

use hunter_core::observation::Observation;
use hunter_store::Backend;
use hunter_store::bulk::{KIND, LeadRecorder, NoWords, RESCAN_DUE, RescanDue, Rescans as _};
use hunter_store::opt_outs::{OptOut, OptOuts as _};
use hunter_store::queue::{Jobs as _, NewJob, Worker, WorkerSettings};
use hunter_store::testing::TestDb;
use time::OffsetDateTime;

use super::{Running, number};

contract!(what_is_due_is_enqueued_once, a_schedule_enqueues_what_is_due);

/// Leads that were last scanned so many days ago.
async fn leads(test: &TestDb, leads: &[(&str, i64)]) {
    let recorder = LeadRecorder::new(hunter_core::Engine::builtin(), std::sync::Arc::new(NoWords));
    let seen: Vec<_> = leads
        .iter()
        .map(|(domain, days)| {
            let at = OffsetDateTime::now_utc() - time::Duration::days(*days);
            Observation::new(domain.parse().unwrap(), at)
        })
        .collect();
    let mut unit = test.db().begin().await.unwrap();
    recorder.keep(&mut unit, &seen).await.unwrap();
    unit.commit().await.unwrap();
}

async fn due(test: &TestDb, days: i64, limit: u32) -> Vec<String> {
    let before = OffsetDateTime::now_utc() - time::Duration::days(days);
    let mut unit = test.db().read().await.unwrap();
    let due = unit.due_domains(before.into(), limit).await.unwrap();
    due.into_iter().map(|domain| domain.to_string()).collect()
}

async fn what_is_due_is_enqueued_once(backend: Backend) {
    let test = TestDb::new(backend).await;
    leads(&test, &[("a.com.tr", 40), ("b.com.tr", 60), ("c.com.tr", 1), ("d.com.tr", 90)]).await;
    assert_eq!(due(&test, 30, 10).await, ["d.com.tr", "b.com.tr", "a.com.tr"], "the oldest first");
    assert_eq!(due(&test, 30, 1).await, ["d.com.tr"]);
    let mut unit = test.db().begin().await.unwrap();
    let opt_out = OptOut {
        domain: "b.com.tr".into(),
        ground: "asked us".into(),
        recorded_by: None,
        recorded_at: OffsetDateTime::now_utc(),
    };
    unit.opt_out(opt_out).await.unwrap();
    // One that waits already is not enqueued twice.
    let mut waits = ["d.com.tr".parse().unwrap()].into_iter();
    let waiting = unit.enqueue_domains(&NewJob::new(KIND), &mut waits, 10).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(due(&test, 30, 10).await, ["a.com.tr"]);
    let mut unit = test.db().begin().await.unwrap();
    unit.cancel(waiting.job_id).await.unwrap();
    let before = OffsetDateTime::now_utc() - time::Duration::days(30);
    let enqueued = unit.enqueue_due_domains(before.into(), 10).await.unwrap().expect("a job");
    let job = unit.job(enqueued.job_id).await.unwrap().expect("the job");
    assert_eq!((job.kind.as_str(), job.total), (KIND, 2));
    assert_eq!(job.payload["is_rescan"], true);
    assert_eq!(unit.enqueue_due_domains(before.into(), 10).await.unwrap(), None);
}

async fn a_schedule_enqueues_what_is_due(backend: Backend) {
    const JOBS: &str = "SELECT COUNT(*) FROM jobs WHERE kind = 'scan'";
    let test = TestDb::new(backend).await;
    leads(&test, &[("a.com.tr", 40), ("b.com.tr", 10)]).await;
    let mut unit = test.db().begin().await.unwrap();
    unit.rescan_after(30, 50).await.unwrap();
    unit.commit().await.unwrap();
    let settings = WorkerSettings { poll: Duration::from_millis(20), ..WorkerSettings::default() };
    let handlers: Vec<std::sync::Arc<dyn hunter_store::queue::Handler>> =
        vec![std::sync::Arc::new(RescanDue)];
    let worker = Running::start(Worker::new(test.db().clone(), handlers, settings));
    for _ in 0..500 {
        if number(test.db(), JOBS).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    worker.stop().await;
    assert_eq!(number(test.db(), JOBS).await, 1);
    assert_eq!(number(test.db(), "SELECT COUNT(*) FROM batch_items").await, 1, "the older one");
    let mut unit = test.db().begin().await.unwrap();
    unit.rescan_after(0, 50).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(number(test.db(), "SELECT COUNT(*) FROM schedules").await, 0);
    assert_eq!(RESCAN_DUE, "rescan_due", "schedules that are kept name it");
}
