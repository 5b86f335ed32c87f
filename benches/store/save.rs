//! Assessments kept in one unit of work after another, for companies that are there.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hunter_benches::manifest::Workload;
use hunter_core::Engine;
use hunter_store::Backend;
use hunter_store::bulk::{LeadRecorder, NoWords};
use hunter_store::testing::TestDb;

use crate::bulk::AtOnce;
use crate::{import, table};

/// Leads of one unit of work.
const CHUNK: usize = 500;

pub(crate) async fn measure(backend: Backend, workload: &Workload, size: usize) {
    let test = TestDb::new(backend).await;
    let engine = Engine::builtin();
    let seen = AtOnce::new(&engine);
    let recorder = LeadRecorder::new(engine, Arc::new(NoWords));
    let mut took = [Duration::ZERO; 2];
    for first in (0..size).step_by(CHUNK) {
        let numbers = first..(first + CHUNK).min(size);
        let mut batch: Vec<_> =
            numbers.map(|n| seen.seen(&import::domain(n).parse().unwrap())).collect();
        // The first time all is new; the second time a day later.
        for took in &mut took {
            let begun = Instant::now();
            let mut unit = test.db().begin().await.unwrap();
            recorder.keep(&mut unit, &batch).await.unwrap();
            unit.commit().await.unwrap();
            *took += begun.elapsed();
            for seen in &mut batch {
                seen.observed_at += Duration::from_hours(24);
            }
        }
    }
    table::rate(workload, size, took[0], None);
    println!("scanned again, a day later:");
    table::rate(workload, size, took[1], None);
}
