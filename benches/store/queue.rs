//! Rates of the queue and of the limiter.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use hunter_store::limiter::{Limit, Limiter, Settings};
use hunter_store::queue::{Claim, Failure, Handler, JobStatus, Jobs as _, NewJob};
use hunter_store::testing::TestDb;
use hunter_store::{Backend, Db, RedisLink};

use crate::{bulk, cache, table};

/// Does nothing but end its batch.
struct Nothing;

#[async_trait]
impl Handler for Nothing {
    fn kind(&self) -> &'static str {
        "nothing"
    }

    async fn run(&self, db: &Db, claim: &Claim) -> Result<(), Failure> {
        let mut unit = db.begin().await?;
        unit.finish(claim, 1, 0).await?;
        unit.commit().await?;
        Ok(())
    }
}

pub(crate) async fn measure(backend: Backend, size: usize) {
    let test = TestDb::new(backend).await;
    let mut last = None;
    let begun = Instant::now();
    let mut unit = test.db().begin().await.unwrap();
    for _ in 0..size {
        last = Some(unit.enqueue(&NewJob::new("nothing")).await.unwrap().job_id);
    }
    unit.commit().await.unwrap();
    table::plain("jobs enqueued", size, begun.elapsed());
    let begun = Instant::now();
    let last = last.unwrap();
    bulk::work(test.db(), Arc::new(Nothing), last).await;
    let job = test.db().read().await.unwrap().job(last).await.unwrap().unwrap();
    assert_eq!(job.status, JobStatus::Done);
    table::plain("empty jobs claimed and ended", size, begun.elapsed());
}

/// Permits of a limit that never refuses, so that only the way to them is measured.
pub(crate) async fn limiter(rounds: usize) {
    println!("\n## Limiter");
    let plenty = NonZeroU32::new(1_000_000_000).unwrap();
    let limit = Limit::new(plenty, Duration::from_secs(1), plenty);
    let in_process = Limiter::in_process();
    let begun = Instant::now();
    for _ in 0..rounds {
        in_process.try_acquire("bench", limit).await.unwrap();
    }
    table::plain("permits in one process", rounds, begun.elapsed());
    let link = RedisLink::open(&cache::redis_url()).unwrap();
    let shared = Limiter::with_redis(link, "hunter-bench", Settings::default()).await;
    let begun = Instant::now();
    for _ in 0..rounds {
        shared.try_acquire("bench", limit).await.unwrap();
    }
    table::plain("permits over Redis, one after the other", rounds, begun.elapsed());
    let begun = Instant::now();
    let asking = (0..50).map(|task| {
        let shared = &shared;
        async move {
            for _ in 0..rounds / 50 {
                shared.try_acquire(&format!("bench-{task}"), limit).await.unwrap();
            }
        }
    });
    futures::future::join_all(asking).await;
    table::plain("permits over Redis, 50 at a time", rounds / 50 * 50, begun.elapsed());
    shared.close().await;
}
