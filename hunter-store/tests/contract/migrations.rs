//! The schema and its history.

use hunter_store::leads::{LeadFilter, LeadQuery, Leads};
use hunter_store::migrate::{self, RevisionState};
use hunter_store::testing::{TestDb, drop_database, server_url};
use hunter_store::{Backend, Environment, Executor, Unit};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::fixtures::{GOOGLE, MICROSOFT, leads};

contract!(
    d29_an_empty_database_gets_the_whole_schema,
    up_down_and_up_again_gives_the_same_schema,
    data_survives_a_way_down_and_up_again,
    a_fresh_schema_has_no_drift,
    drift_is_found,
    a_newer_schema_stops_an_older_program,
    a_changed_revision_is_refused,
    only_development_brings_a_schema_up_by_itself,
    processes_that_start_together_make_one_schema,
);

async fn run(unit: &mut Unit, statement: &str) {
    let statement = AssertSqlSafe(statement);
    match unit.executor() {
        Executor::Sqlite(c) => drop(sqlx::raw_sql(statement).execute(c).await.unwrap()),
        Executor::Postgres(c) => drop(sqlx::raw_sql(statement).execute(c).await.unwrap()),
    }
}

async fn change(test: &TestDb, statement: &str) {
    let mut unit = test.db().begin().await.unwrap();
    run(&mut unit, statement).await;
    unit.commit().await.unwrap();
}

async fn d29_an_empty_database_gets_the_whole_schema(backend: Backend) {
    let test = TestDb::empty(backend).await;
    let before = migrate::status(test.db()).await.unwrap();
    assert_eq!(before.current(), None);
    assert!(before.revisions.iter().all(|r| r.state == RevisionState::Pending));
    let moved = migrate::up(test.db(), None).await.unwrap();
    assert_eq!(moved.from, None);
    assert_eq!(moved.steps.len(), before.revisions.len());
    let after = migrate::status(test.db()).await.unwrap();
    assert!(after.revisions.iter().all(|r| r.state == RevisionState::Applied));
    assert!(migrate::up(test.db(), None).await.unwrap().steps.is_empty(), "nothing is left to do");
}

async fn up_down_and_up_again_gives_the_same_schema(backend: Backend) {
    let test = TestDb::new(backend).await;
    let all = migrate::status(test.db()).await.unwrap().revisions.len();
    for steps in 1..=all {
        let down = migrate::down(test.db(), steps).await.unwrap();
        assert_eq!(down.steps.len(), steps);
        assert!(down.steps.is_sorted_by(|a, b| a > b), "{:?}", down.steps);
        let up = migrate::up(test.db(), None).await.unwrap();
        assert_eq!(up.steps.len(), steps);
        let check = migrate::check(test.db()).await.unwrap();
        assert!(check.is_clean(), "{:#?}", check.drift);
    }
}

async fn data_survives_a_way_down_and_up_again(backend: Backend) {
    let test = TestDb::new(backend).await;
    leads(&test, &[("igdir.com.tr", "IĞDIR Şişe", GOOGLE), ("b.com", "B", MICROSOFT)]).await;
    let search = LeadFilter { search: Some("ığdır şişe".into()), ..LeadFilter::default() };
    let all = |filter| {
        let query = LeadQuery { filter, ..LeadQuery::default() };
        async { test.db().read().await.unwrap().leads(&{ query }).await.unwrap().leads }
    };
    let (before, found) = (all(LeadFilter::default()).await, all(search.clone()).await);
    assert_eq!((before.len(), found.len()), (2, 1));
    // Down to the first revision, which leaves what it holds.
    let all = migrate::status(test.db()).await.unwrap().revisions.len();
    migrate::down(test.db(), all - 1).await.unwrap();
    assert_eq!(migrate::status(test.db()).await.unwrap().current(), Some(1));
    migrate::up(test.db(), None).await.unwrap();
    assert_eq!(all(LeadFilter::default()).await, before);
    assert_eq!(all(search).await, found, "the search knows them again");
}

async fn a_fresh_schema_has_no_drift(backend: Backend) {
    let test = TestDb::new(backend).await;
    let check = migrate::check(test.db()).await.unwrap();
    assert!(check.is_clean(), "{:#?}", check.drift);
    // Others' tables in the same database are their own matter.
    change(&test, "CREATE TABLE somebody_elses (n INTEGER)").await;
    assert!(migrate::check(test.db()).await.unwrap().is_clean());
    migrate::down(test.db(), 1).await.unwrap();
    let check = migrate::check(test.db()).await.unwrap();
    assert!(check.drift.is_empty() && !check.is_clean(), "behind is no drift, and not clean");
}

async fn drift_is_found(backend: Backend) {
    for (statement, part) in [
        ("DROP INDEX leads_by_rank", "index leads_by_rank on leads"),
        ("CREATE INDEX mine ON leads (country)", "index mine on leads"),
        ("DROP TABLE favourites", "favourites"),
        ("ALTER TABLE notes ADD COLUMN colour TEXT", "notes"),
    ] {
        let test = TestDb::new(backend).await;
        change(&test, statement).await;
        let check = migrate::check(test.db()).await.unwrap();
        assert!(
            check.drift.iter().any(|d| d.part.contains(part)),
            "{statement}: {:#?}",
            check.drift
        );
    }
}

async fn a_newer_schema_stops_an_older_program(backend: Backend) {
    let test = TestDb::new(backend).await;
    change(
        &test,
        "INSERT INTO hunter_migrations (version, description, success, checksum, execution_time) \
         SELECT 9999, 'of the future', success, checksum, 0 FROM hunter_migrations WHERE version = 1",
    )
    .await;
    for error in [
        migrate::ensure(test.db()).await.expect_err("newer"),
        migrate::up(test.db(), None).await.expect_err("newer"),
        migrate::down(test.db(), 1).await.expect_err("newer"),
    ] {
        assert_eq!(error.code(), "schema_newer");
        assert!(error.to_string().contains("revision 9999 (of the future)"), "{error}");
    }
}

async fn a_changed_revision_is_refused(backend: Backend) {
    let test = TestDb::new(backend).await;
    change(
        &test,
        "UPDATE hunter_migrations SET checksum = \
         (SELECT checksum FROM hunter_migrations WHERE version = 1) WHERE version = 2",
    )
    .await;
    let error = migrate::ensure(test.db()).await.expect_err("changed");
    assert_eq!(error.code(), "schema_changed");
    assert!(error.to_string().starts_with("revision 2 (jobs)"), "{error}");
}

async fn only_development_brings_a_schema_up_by_itself(backend: Backend) {
    let test = TestDb::with(backend, |config| config.environment = Environment::Production).await;
    let error = migrate::ensure(test.db()).await.expect_err("behind");
    assert_eq!(error.code(), "schema_behind");
    assert_eq!(migrate::status(test.db()).await.unwrap().current(), None, "nothing was done");
    let test = TestDb::empty(backend).await;
    migrate::ensure(test.db()).await.unwrap();
    assert!(migrate::check(test.db()).await.unwrap().is_clean());
}

async fn processes_that_start_together_make_one_schema(backend: Backend) {
    let test = TestDb::empty(backend).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let db = test.reopen().await;
        tasks.spawn(async move { migrate::ensure(&db).await });
    }
    for ended in tasks.join_all().await {
        ended.unwrap();
    }
    assert!(migrate::check(test.db()).await.unwrap().is_clean());
}

#[tokio::test]
async fn d32_a_test_takes_its_own_database_away() {
    let test = TestDb::empty(Backend::Postgres).await;
    let name = test.db().config().url.rsplit_once('/').unwrap().1.to_owned();
    let there = || async {
        let mut server = PgConnection::connect(&server_url()).await.unwrap();
        let sql = "SELECT count(*) FROM pg_database WHERE datname = $1";
        sqlx::query_scalar::<_, i64>(sql).bind(&name).fetch_one(&mut server).await.unwrap()
    };
    assert_eq!(there().await, 1);
    drop(test);
    assert_eq!(there().await, 0);
}

#[tokio::test]
async fn d32_only_what_a_test_made_is_dropped() {
    for name in ["postgres", "hunter", "hunter_test_", "hunter_test_mine"] {
        let attempt = tokio::spawn(async move { drop_database(&server_url(), name).await });
        assert!(attempt.await.expect_err(name).is_panic(), "`{name}` must be refused");
    }
}
