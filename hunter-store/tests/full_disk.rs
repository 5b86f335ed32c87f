//! A SQLite database that cannot grow: the unit of work fails, and the next one works.

use std::time::Duration;

use hunter_store::testing::TestDb;
use hunter_store::{Backend, Executor, StoreError, Unit};
use tokio::time::timeout;

async fn run(unit: &mut Unit, sql: &'static str) -> Result<(), StoreError> {
    match unit.executor() {
        Executor::Sqlite(connection) => sqlx::raw_sql(sql).execute(connection).await?,
        Executor::Postgres(_) => unreachable!("SQLite was asked for"),
    };
    Ok(())
}

/// SQLite rolls such a transaction back by itself, so that a later `ROLLBACK` fails.
#[tokio::test]
async fn after_a_full_disk_the_next_unit_works() {
    let test = TestDb::empty(Backend::Sqlite).await;
    let mut unit = test.db().begin().await.expect("a unit");
    run(&mut unit, "CREATE TABLE t (b BLOB)").await.expect("a table");
    unit.commit().await.expect("committed");
    for explicitly in [true, false] {
        let mut unit = test.db().begin().await.expect("a unit");
        run(&mut unit, "PRAGMA max_page_count = 20").await.expect("a small disk");
        let full = run(&mut unit, "INSERT INTO t VALUES (zeroblob(1000000))").await;
        assert_eq!(full.expect_err("no room").code(), "store_full");
        if explicitly {
            // Whether it says that there was nothing to take back does not matter.
            let _ = unit.roll_back().await;
        } else {
            drop(unit);
        }
        let next = timeout(Duration::from_secs(8), test.db().begin()).await;
        let mut unit = next.expect("no hang").expect("a unit");
        run(&mut unit, "PRAGMA max_page_count = 100000").await.expect("a large disk");
        run(&mut unit, "INSERT INTO t VALUES (zeroblob(1000000))").await.expect("room");
        timeout(Duration::from_secs(8), unit.commit()).await.expect("no hang").expect("committed");
    }
}
