//! Databases that live as long as one test.
//!
//! Each is made anew under a random name and dropped at its end; nothing that was there before is ever
//! dropped, whatever the environment points to.

mod fill;
mod statement;

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

pub use self::fill::fill_leads;
pub use self::statement::{execute, lead_statement, page_statement};
use crate::config::{Backend, StoreConfig};
use crate::db::Db;
use crate::migrate;

/// Where the test's PostgreSQL server is: an address whose user may create databases.
/// `cargo xtask test` starts a server and sets it.
pub const DATABASE_URL: &str = "HUNTER_TEST_DATABASE_URL";

/// The names of all databases that tests make begin so.
const PREFIX: &str = "hunter_test_";

/// A database of one test's own.
#[derive(Debug)]
pub struct TestDb {
    db: Db,
    /// Dropped after the handle, with the file or the database.
    _place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(#[expect(dead_code, reason = "removes the folder when dropped")] tempfile::TempDir),
    Database(#[expect(dead_code, reason = "drops the database when dropped")] OwnDatabase),
}

impl TestDb {
    /// A database with the newest schema.
    ///
    /// # Panics
    /// When it cannot be made; a missing server is never a reason to skip a test.
    pub async fn new(backend: Backend) -> Self {
        let made = Self::empty(backend).await;
        migrate::up(&made.db, None).await.expect("the schema can be made on an empty database");
        made
    }

    /// A database without any table.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub async fn empty(backend: Backend) -> Self {
        Self::with(backend, |_| ()).await
    }

    /// A database without any table, opened with other settings.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub async fn with(backend: Backend, change: impl FnOnce(&mut StoreConfig)) -> Self {
        let (url, place) = match backend {
            Backend::Sqlite => {
                let folder = tempfile::tempdir().expect("a folder for the database");
                let url = format!("sqlite:{}", folder.path().join("test.db").display());
                (url, Place::Folder(folder))
            }
            Backend::Postgres => {
                let own = OwnDatabase::create().await;
                (own.url.clone(), Place::Database(own))
            }
        };
        let mut config = StoreConfig::development(url);
        config.application_name = "hunter-test".into();
        change(&mut config);
        let db = Db::open(config).await.expect("the database that was just made opens");
        Self { db, _place: place }
    }

    /// The handle.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Another handle to the same database, as another process would have.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn reopen(&self) -> Db {
        Db::open(self.db.config().clone()).await.expect("a database that is open opens twice")
    }
}

/// A PostgreSQL database that this value made, and that only this value drops.
#[derive(Debug)]
struct OwnDatabase {
    server: String,
    name: String,
    url: String,
}

impl OwnDatabase {
    async fn create() -> Self {
        let server = server_url();
        let name = format!("{PREFIX}{}", uuid::Uuid::now_v7().simple());
        let mut connection = PgConnection::connect(&server)
            .await
            .expect("the PostgreSQL server of the tests answers");
        connection
            .execute(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0")))
            .await
            .expect("the user of the tests may create databases");
        let url = with_database(&server, &name);
        Self { server, name, url }
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        // A runtime of its own: this may run while the test's unwinds.
        let (server, name) = (self.server.clone(), self.name.clone());
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                tokio::time::timeout(Duration::from_secs(20), drop_database(&server, &name)).await
            })
        });
        // A database that could not be dropped costs only its space.
        let _ = dropped.join();
    }
}

/// Drops a database that a test made, and refuses any other.
///
/// # Errors
/// What the server said.
///
/// # Panics
/// When the name is not one that tests give.
pub async fn drop_database(server: &str, name: &str) -> Result<(), sqlx::Error> {
    let random = name.strip_prefix(PREFIX).and_then(|rest| uuid::Uuid::try_parse(rest).ok());
    assert!(random.is_some(), "`{name}` was not made by a test and is not dropped");
    let mut connection = PgConnection::connect(server).await?;
    connection
        .execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")))
        .await?;
    connection.close().await
}

/// The address of the server that tests make their databases on.
///
/// # Panics
/// When it is not set: a contract that is only held on one database is not held.
pub fn server_url() -> String {
    std::env::var(DATABASE_URL).unwrap_or_else(|_| {
        panic!(
            "{DATABASE_URL} is not set: run `cargo xtask test --only store`, or name a PostgreSQL server \
             whose user may create databases"
        )
    })
}

/// The same address with another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
    let scheme = address.find("://").map_or(0, |at| at + 3);
    let end = address[scheme..].find('/').map_or(address.len(), |at| scheme + at);
    let separator = if parameters.is_empty() { "" } else { "?" };
    format!("{}/{name}{separator}{parameters}", &address[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_of_an_address_is_changed() {
        for (from, to) in [
            ("postgres://u:p@h:1/db?sslmode=disable", "postgres://u:p@h:1/x?sslmode=disable"),
            ("postgres://h", "postgres://h/x"),
            ("postgres://%2Ftmp%2Fsocket/db", "postgres://%2Ftmp%2Fsocket/x"),
        ] {
            assert_eq!(with_database(from, "x"), to);
        }
    }
}
