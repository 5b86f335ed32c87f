//! Connections: health, time-outs, units of work that are forgotten.

use std::time::{Duration, Instant};

use hunter_store::testing::TestDb;
use hunter_store::{Backend, ErrorKind, Executor, StoreError, Unit};

contract!(
    health_says_what_it_is_and_how_fast,
    a_unit_is_seen_once_it_is_committed,
    a_unit_that_is_dropped_leaves_nothing,
    a_connection_that_is_held_too_long_is_reported_with_its_holder,
    a_statement_ends_when_its_time_is_over,
    a_unit_waits_only_so_long_for_a_connection,
    writers_wait_for_each_other,
);

async fn run(unit: &mut Unit, statement: &'static str) -> Result<u64, StoreError> {
    Ok(match unit.executor() {
        Executor::Sqlite(c) => sqlx::query(statement).execute(c).await?.rows_affected(),
        Executor::Postgres(c) => sqlx::query(statement).execute(c).await?.rows_affected(),
    })
}

async fn number(unit: &mut Unit, statement: &'static str) -> Result<i64, StoreError> {
    Ok(match unit.executor() {
        Executor::Sqlite(c) => sqlx::query_scalar(statement).fetch_one(c).await?,
        Executor::Postgres(c) => sqlx::query_scalar(statement).fetch_one(c).await?,
    })
}

async fn health_says_what_it_is_and_how_fast(backend: Backend) {
    let test = TestDb::new(backend).await;
    let health = test.db().health().await.unwrap();
    assert_eq!(health.backend, backend);
    assert!(health.version.starts_with(|c: char| c.is_ascii_digit()), "{}", health.version);
    assert!(health.ping > Duration::ZERO && health.acquire > Duration::ZERO);
    assert!(health.held_too_long.is_empty());
    let names: Vec<_> = health.pools.iter().map(|pool| pool.name).collect();
    match backend {
        Backend::Sqlite => assert_eq!(names, ["readers", "writer"]),
        Backend::Postgres => assert_eq!(names, ["shared"]),
    }
}

async fn a_unit_is_seen_once_it_is_committed(backend: Backend) {
    let test = TestDb::empty(backend).await;
    let mut unit = test.db().begin().await.unwrap();
    run(&mut unit, "CREATE TABLE t (n BIGINT)").await.unwrap();
    run(&mut unit, "INSERT INTO t VALUES (1)").await.unwrap();
    unit.commit().await.unwrap();
    let other = test.reopen().await;
    let mut unit = test.db().begin().await.unwrap();
    run(&mut unit, "INSERT INTO t VALUES (2)").await.unwrap();
    let count = "SELECT count(*) FROM t";
    assert_eq!(number(&mut other.read().await.unwrap(), count).await.unwrap(), 1);
    unit.commit().await.unwrap();
    assert_eq!(number(&mut other.read().await.unwrap(), count).await.unwrap(), 2);
}

async fn a_unit_that_is_dropped_leaves_nothing(backend: Backend) {
    let test = TestDb::empty(backend).await;
    let mut unit = test.db().begin().await.unwrap();
    run(&mut unit, "CREATE TABLE t (n BIGINT)").await.unwrap();
    unit.commit().await.unwrap();
    let mut unit = test.db().begin().await.unwrap();
    run(&mut unit, "INSERT INTO t VALUES (1)").await.unwrap();
    drop(unit);
    let mut unit = test.db().begin().await.unwrap();
    run(&mut unit, "INSERT INTO t VALUES (1)").await.unwrap();
    unit.roll_back().await.unwrap();
    let left = number(&mut test.db().read().await.unwrap(), "SELECT count(*) FROM t").await;
    assert_eq!(left.unwrap(), 0);
}

async fn a_connection_that_is_held_too_long_is_reported_with_its_holder(backend: Backend) {
    let limit = Duration::from_millis(80);
    let test = TestDb::with(backend, |config| config.hold_warning = limit).await;
    let forgotten = test.db().begin().await.unwrap();
    let line = line!() - 1;
    let end = Instant::now() + Duration::from_secs(10);
    while test.db().health().await.unwrap().holds_reported == 0 {
        assert!(Instant::now() < end, "never reported");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let held = test.db().health().await.unwrap().held_too_long;
    assert_eq!(held.len(), 1, "{held:?}");
    assert!(held[0].holder.file().ends_with("connections.rs"));
    assert_eq!(held[0].holder.line(), line);
    drop(forgotten);
    assert!(test.db().held().is_empty());
}

async fn a_statement_ends_when_its_time_is_over(backend: Backend) {
    let test =
        TestDb::with(backend, |config| config.statement_timeout = Duration::from_millis(200)).await;
    let mut unit = test.db().read().await.unwrap();
    let started = Instant::now();
    let endless = "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n) \
                   SELECT max(i) FROM n";
    let error = number(&mut unit, endless).await.expect_err("it has no end");
    assert_eq!((error.code(), error.kind()), ("store_timeout", ErrorKind::Unavailable), "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));
    // The connection lives on.
    assert_eq!(number(&mut unit, "SELECT CAST(7 AS BIGINT)").await.unwrap(), 7);
}

async fn a_unit_waits_only_so_long_for_a_connection(backend: Backend) {
    let test = TestDb::with(backend, |config| {
        config.max_connections = 1;
        config.acquire_timeout = Duration::from_millis(100);
    })
    .await;
    let held = test.db().begin().await.unwrap();
    let error = test.db().begin().await.expect_err("the only connection is held");
    assert_eq!(error.code(), "store_busy", "{error}");
    assert!(error.is_retryable());
    drop(held);
    assert!(test.db().begin().await.is_ok());
}

async fn writers_wait_for_each_other(backend: Backend) {
    let test = TestDb::empty(backend).await;
    let mut unit = test.db().begin().await.unwrap();
    run(&mut unit, "CREATE TABLE t (n BIGINT)").await.unwrap();
    run(&mut unit, "INSERT INTO t VALUES (0)").await.unwrap();
    unit.commit().await.unwrap();
    // Half of them through another handle, as another process would.
    let other = test.reopen().await;
    let mut tasks = tokio::task::JoinSet::new();
    for i in 0..40 {
        let db = if i % 2 == 0 { test.db().clone() } else { other.clone() };
        tasks.spawn(async move {
            let mut unit = db.begin().await.unwrap();
            run(&mut unit, "UPDATE t SET n = n + 1").await.unwrap();
            unit.commit().await.unwrap();
        });
    }
    tasks.join_all().await;
    let sum = number(&mut test.db().read().await.unwrap(), "SELECT n FROM t").await.unwrap();
    assert_eq!(sum, 40);
}
