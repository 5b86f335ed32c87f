//! What the store promises, on SQLite and on PostgreSQL: every test runs on both.
//!
//! A test is a function of the kind of database, listed in its file's `contract!`; one that is not
//! listed is dead code, which the lints refuse.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

/// Makes two tests of each function: one on SQLite, one on PostgreSQL.
macro_rules! contract {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $( #[tokio::test] async fn $test() { super::$test(hunter_store::Backend::Sqlite).await; } )+
        }
        mod postgres {
            $( #[tokio::test] async fn $test() { super::$test(hunter_store::Backend::Postgres).await; } )+
        }
    };
}

mod companies;
mod connections;
mod dashboard;
mod erasing;
mod fixtures;
mod lead_export;
mod lead_list;
mod lead_plans;
mod lead_saving;
mod migrations;
mod people;
