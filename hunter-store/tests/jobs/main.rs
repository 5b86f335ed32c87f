//! Jobs and bulk scans, on SQLite and on PostgreSQL: every test runs on both.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

/// Makes two tests of each function: one on SQLite, one on PostgreSQL.
macro_rules! contract {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $( #[tokio::test(flavor = "multi_thread")] async fn $test() {
                super::$test(hunter_store::Backend::Sqlite).await;
            } )+
        }
        mod postgres {
            $( #[tokio::test(flavor = "multi_thread")] async fn $test() {
                super::$test(hunter_store::Backend::Postgres).await;
            } )+
        }
    };
}

mod bulk;
mod ingest;
mod queue;
mod reassess;
mod rescan;

use std::time::{Duration, Instant};

use hunter_core::Domain;
use hunter_store::queue::{Job, JobStatus, Jobs as _, Worker};
use hunter_store::{Db, Executor};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A worker that runs until it is told to stop.
struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    worker: Worker,
}

impl Running {
    fn start(worker: Worker) -> Self {
        let (stop, stopped) = watch::channel(false);
        let running = worker.clone();
        let task = tokio::spawn(async move { running.run(stopped).await });
        Self { stop, task, worker }
    }

    async fn stop(self) {
        self.stop.send_replace(true);
        self.task.await.unwrap();
    }

    /// The same to the database as SIGKILL: nothing is given back.
    fn kill(&self) {
        self.task.abort();
    }
}

async fn job(db: &Db, job_id: uuid::Uuid) -> Job {
    db.read().await.unwrap().job(job_id).await.unwrap().unwrap()
}

async fn done(db: &Db, job_id: uuid::Uuid) -> Job {
    let begun = Instant::now();
    loop {
        let job = job(db, job_id).await;
        if job.status == JobStatus::Done {
            return job;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{job:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn number(db: &Db, sql: &'static str) -> i64 {
    let mut unit = db.read().await.unwrap();
    match unit.executor() {
        Executor::Sqlite(c) => sqlx::query_scalar(sql).fetch_one(c).await.unwrap(),
        Executor::Postgres(c) => sqlx::query_scalar(sql).fetch_one(c).await.unwrap(),
    }
}

fn domains(count: usize) -> impl Iterator<Item = Domain> + Send {
    (0..count).map(|number| format!("d{number:06}.com.tr").parse().unwrap())
}
