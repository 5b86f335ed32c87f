//! The unit of work: one connection, one transaction.

use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

use super::holds::Hold;
use super::sqlite_transaction::SqliteTransaction;
use super::{Db, Pools};
use crate::config::Backend;
use crate::error::Result;

/// A unit of work. What it writes is seen by others when it is [committed](Unit::commit), all at once;
/// dropped, it leaves nothing behind. Repositories are its methods: see the traits of this crate.
#[derive(Debug)]
pub struct Unit {
    connection: Connection,
    limit: Option<Limit>,
    pub(super) backend: Backend,
    /// Tells who holds the connection, until it is given back.
    _hold: Hold,
}

#[derive(Debug)]
enum Connection {
    Sqlite(PoolConnection<Sqlite>),
    SqliteTransaction(SqliteTransaction),
    Postgres(PoolConnection<Postgres>),
    PostgresTransaction(Transaction<'static, Postgres>),
}

/// The connection under a unit of work, of either kind.
#[derive(Debug)]
pub enum Executor<'a> {
    /// SQLite.
    Sqlite(&'a mut SqliteConnection),
    /// PostgreSQL.
    Postgres(&'a mut PgConnection),
}

/// Runs the same expression on either connection. Inside, `DB` is the database's type.
macro_rules! on {
    ($unit:expr, $connection:ident => $body:expr) => {
        match $unit.executor() {
            $crate::db::Executor::Sqlite($connection) => {
                #[allow(
                    dead_code,
                    clippy::allow_attributes,
                    reason = "not every body names its database"
                )]
                type DB = sqlx::Sqlite;
                $body
            }
            $crate::db::Executor::Postgres($connection) => {
                #[allow(
                    dead_code,
                    clippy::allow_attributes,
                    reason = "not every body names its database"
                )]
                type DB = sqlx::Postgres;
                $body
            }
        }
    };
}
pub(crate) use on;

/// SQLite has no time-out for statements: its progress callback looks at the clock instead.
#[derive(Debug)]
struct Limit {
    epoch: Instant,
    timeout: Duration,
    /// When the running statement must end, in milliseconds after `epoch`.
    deadline: Arc<AtomicI64>,
}

/// How many steps of SQLite's machine pass between two looks at the clock; some 100 µs.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

impl Limit {
    async fn set(connection: &mut SqliteConnection, timeout: Duration) -> Result<Self> {
        let epoch = Instant::now();
        let deadline = Arc::new(AtomicI64::new(i64::MAX));
        let looked_at = Arc::clone(&deadline);
        connection.lock_handle().await?.set_progress_handler(STEPS_BETWEEN_LOOKS, move || {
            let now = i64::try_from(epoch.elapsed().as_millis()).unwrap_or(i64::MAX);
            now <= looked_at.load(Ordering::Relaxed)
        });
        Ok(Self { epoch, timeout, deadline })
    }

    fn restart(&self) {
        let ends = (self.epoch.elapsed() + self.timeout).as_millis();
        self.deadline.store(i64::try_from(ends).unwrap_or(i64::MAX), Ordering::Relaxed);
    }
}

impl Drop for Limit {
    /// The connection goes back to the pool, whose next user may know of no limit.
    fn drop(&mut self) {
        self.deadline.store(i64::MAX, Ordering::Relaxed);
    }
}

impl Db {
    /// Begins a unit of work that writes. On SQLite units that write come one after the other.
    ///
    /// # Errors
    /// `store_busy` when no connection becomes free in time, `store_unreachable` when nothing answers.
    #[track_caller]
    pub fn begin(&self) -> BoxFuture<'_, Result<Unit>> {
        let holder = Location::caller();
        Box::pin(self.begin_for(holder))
    }

    /// Takes a connection for reading, outside of any transaction: each statement sees what is
    /// committed at its start.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    #[track_caller]
    pub fn read(&self) -> BoxFuture<'_, Result<Unit>> {
        let holder = Location::caller();
        Box::pin(self.read_for(holder))
    }

    async fn begin_for(&self, holder: &'static Location<'static>) -> Result<Unit> {
        let (connection, limit) = match self.pools() {
            Pools::Sqlite { writer, .. } => {
                let mut transaction = SqliteTransaction::begin(writer).await?;
                let timeout = self.config().statement_timeout;
                let limit = Limit::set(transaction.connection(), timeout).await?;
                (Connection::SqliteTransaction(transaction), Some(limit))
            }
            Pools::Postgres(pool) => (Connection::PostgresTransaction(pool.begin().await?), None),
        };
        Ok(self.unit(connection, limit, holder))
    }

    async fn read_for(&self, holder: &'static Location<'static>) -> Result<Unit> {
        let (connection, limit) = match self.pools() {
            Pools::Sqlite { readers, .. } => {
                let mut connection = readers.acquire().await?;
                let limit = Limit::set(&mut connection, self.config().statement_timeout).await?;
                (Connection::Sqlite(connection), Some(limit))
            }
            Pools::Postgres(pool) => (Connection::Postgres(pool.acquire().await?), None),
        };
        Ok(self.unit(connection, limit, holder))
    }

    fn unit(
        &self,
        connection: Connection,
        limit: Option<Limit>,
        holder: &'static Location<'static>,
    ) -> Unit {
        self.0.units.fetch_add(1, Ordering::Relaxed);
        Unit { connection, limit, backend: self.backend(), _hold: self.0.holds.begin(holder) }
    }
}

impl Unit {
    /// The connection, for the next statement, whose time begins now.
    pub fn executor(&mut self) -> Executor<'_> {
        if let Some(limit) = &self.limit {
            limit.restart();
        }
        match &mut self.connection {
            Connection::Sqlite(connection) => Executor::Sqlite(connection),
            Connection::SqliteTransaction(transaction) => {
                Executor::Sqlite(transaction.connection())
            }
            Connection::Postgres(connection) => Executor::Postgres(connection),
            Connection::PostgresTransaction(transaction) => Executor::Postgres(transaction),
        }
    }

    /// Makes what the unit wrote permanent.
    ///
    /// # Errors
    /// `store_serialization` when the unit must be done again; `store_unreachable` leaves open whether
    /// it was committed, so that what is written must bear to be written twice.
    pub async fn commit(mut self) -> Result<()> {
        self.executor();
        match self.connection {
            Connection::SqliteTransaction(transaction) => transaction.commit().await?,
            Connection::PostgresTransaction(transaction) => transaction.commit().await?,
            Connection::Sqlite(_) | Connection::Postgres(_) => {}
        }
        Ok(())
    }

    /// Takes back what the unit wrote, now rather than when the connection is next used.
    ///
    /// # Errors
    /// `store_unreachable` when the connection broke: then nothing was written either.
    pub async fn roll_back(self) -> Result<()> {
        match self.connection {
            Connection::SqliteTransaction(transaction) => transaction.roll_back().await,
            Connection::PostgresTransaction(transaction) => transaction.rollback().await?,
            Connection::Sqlite(_) | Connection::Postgres(_) => {}
        }
        Ok(())
    }
}
