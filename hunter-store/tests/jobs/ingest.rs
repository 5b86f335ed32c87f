//! Files of companies, taken in by jobs.

use std::sync::Arc;
use std::time::Duration;

use hunter_core::sheet::Layout;
use hunter_store::companies::Source;
use hunter_store::ingest::{Ingest, IngestResult, Ingests as _, KIND, Order, Packer};
use hunter_store::opt_outs::{OptOut, OptOuts as _};
use hunter_store::queue::{Jobs as _, NewJob, Worker, WorkerSettings};
use hunter_store::raw_leads::RawLeads as _;
use hunter_store::testing::TestDb;
use hunter_store::{Backend, Db};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Running, done, job, number};

contract!(
    every_row_of_a_file_is_a_company_or_a_rejected_one,
    a_worker_that_dies_doubles_and_loses_no_row,
    what_is_waiting_goes_with_its_job,
);

const WORKER: WorkerSettings = WorkerSettings {
    concurrency: 2,
    lease: Duration::from_millis(900),
    poll: Duration::from_millis(20),
    attempts: 3,
    pause: Duration::from_millis(20),
    grace: Duration::from_secs(5),
};

/// Rows of which every tenth names nobody, and every second domain stands twice.
async fn enqueue(db: &Db, rows: i64, scan: Option<u32>) -> Uuid {
    let layout = Layout::by_names(&[["Firma".to_owned(), "Domain".to_owned()]]);
    let source = Source { name: "upload".into(), rank: 10 };
    let order = Order { source, layout, scan, about: serde_json::Value::Null };
    let job = NewJob { payload: serde_json::to_value(order).unwrap(), ..NewJob::new(KIND) };
    let mut packer = Packer::default();
    let mut packed = Vec::new();
    for line in 2..rows + 2 {
        let domain = if line % 10 == 0 { "nan".into() } else { format!("d{}.com.tr", line / 2) };
        packed.extend(packer.push(line, vec![format!("Firma {line}"), domain]).unwrap());
    }
    packed.extend(packer.pack().unwrap());
    let mut unit = db.begin().await.unwrap();
    let enqueued = unit.enqueue_rows(&job, &mut packed.into_iter()).await.unwrap();
    unit.commit().await.unwrap();
    enqueued.job_id
}

fn start(db: &Db) -> Running {
    Running::start(Worker::new(db.clone(), vec![Arc::new(Ingest)], WORKER))
}

async fn result(db: &Db, id: Uuid) -> IngestResult {
    db.read().await.unwrap().ingest_result(id).await.unwrap()
}

async fn every_row_of_a_file_is_a_company_or_a_rejected_one(backend: Backend) {
    let test = TestDb::new(backend).await;
    let db = test.db();
    let mut unit = db.begin().await.unwrap();
    let opt_out = OptOut {
        domain: "d6.com.tr".into(),
        ground: "asked by letter".into(),
        recorded_by: None,
        recorded_at: OffsetDateTime::now_utc(),
    };
    unit.opt_out(opt_out).await.unwrap();
    unit.commit().await.unwrap();
    let id = enqueue(db, 2_500, Some(100)).await;
    let running = start(db);
    let ended = done(db, id).await;
    running.stop().await;
    assert_eq!((ended.total, ended.succeeded, ended.failed), (2_500, 2_248, 252));
    let result = result(db, id).await;
    let rejected = [("domain_placeholder".to_owned(), 250), ("opted_out".to_owned(), 2)];
    assert_eq!((result.taken_in, &result.rejected[..]), (2_248, &rejected[..]));
    let mut unit = db.read().await.unwrap();
    let rejects = unit.rejected(id, 0, 5_000).await.unwrap();
    assert_eq!(rejects.len(), 252);
    let refused = rejects.iter().find(|row| row.rejected.as_deref() == Some("opted_out")).unwrap();
    assert_eq!((refused.line, &refused.payload), (Some(12), &serde_json::Value::Null));
    assert_eq!(rejects[0].payload, serde_json::json!(["Firma 10", "nan"]));
    // The scan has each domain once.
    let scan = unit.job(result.scan_job.expect("a scan")).await.unwrap().unwrap();
    drop(unit);
    let companies = number(db, "SELECT count(*) FROM companies").await;
    assert_eq!(scan.total, companies);
    assert_eq!(number(db, "SELECT count(*) FROM batch_items").await, companies);
    assert_eq!(
        number(db, "SELECT count(DISTINCT batch_no) FROM batch_items").await,
        companies / 100 + 1
    );
    assert_eq!(number(db, "SELECT count(*) FROM ingest_batches").await, 0, "nothing waits");
}

async fn a_worker_that_dies_doubles_and_loses_no_row(backend: Backend) {
    let test = TestDb::new(backend).await;
    let db = test.db();
    let id = enqueue(db, 6_000, Some(100)).await;
    for pause in [5, 40, 80, 160] {
        let running = start(db);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        running.kill();
    }
    let running = start(db);
    let ended = done(db, id).await;
    running.stop().await;
    assert_eq!((ended.total, ended.succeeded, ended.failed), (6_000, 5_400, 600));
    assert_eq!(number(db, "SELECT count(*) FROM raw_leads").await, 6_000);
    assert_eq!(number(db, "SELECT count(DISTINCT line) FROM raw_leads").await, 6_000);
    assert_eq!(number(db, "SELECT count(*) FROM jobs").await, 2, "one file, one scan");
}

async fn what_is_waiting_goes_with_its_job(backend: Backend) {
    let test = TestDb::new(backend).await;
    let db = test.db();
    let id = enqueue(db, 1_500, None).await;
    assert_eq!(job(db, id).await.total, 1_500);
    assert_eq!(number(db, "SELECT count(*) FROM ingest_batches").await, 2);
    let mut unit = db.begin().await.unwrap();
    assert!(unit.cancel(id).await.unwrap());
    unit.commit().await.unwrap();
    assert_eq!(
        number(db, "SELECT count(*) FROM ingest_batches").await,
        0,
        "a cancelled job keeps no rows"
    );
}
