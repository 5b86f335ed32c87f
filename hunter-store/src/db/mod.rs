//! The two databases behind one handle.

mod bulk;
mod dialect;
mod health;
mod holds;
mod open;
mod sqlite_transaction;
mod timestamp;
mod unit;
mod value;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use sqlx::{PgPool, SqlitePool};

pub(crate) use self::bulk::Insert;
pub use self::health::{Health, PoolHealth};
pub use self::holds::Held;
use self::holds::Holds;
pub(crate) use self::open::postgres_options;
pub use self::timestamp::Timestamp;
pub(crate) use self::unit::on;
pub use self::unit::{Executor, Unit};
pub(crate) use self::value::{Kind, Value, bind};
use crate::config::{Backend, StoreConfig};
use crate::error::Result;

/// A handle to the database; clones share their connections.
#[derive(Debug, Clone)]
pub struct Db(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pools: Pools,
    config: StoreConfig,
    holds: Arc<Holds>,
    /// Units of work that were begun, for the metrics.
    units: AtomicU64,
}

/// The connections of each kind of database.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Pools {
    /// SQLite: many readers beside one writer, which waits its turn in this process instead of failing
    /// on the file's lock.
    Sqlite {
        /// Connections that read.
        readers: SqlitePool,
        /// The one connection that writes.
        writer: SqlitePool,
    },
    /// PostgreSQL.
    Postgres(PgPool),
}

impl Db {
    /// Opens the database; a SQLite file is made where there is none. The schema is not looked at:
    /// see [`migrate`](crate::migrate).
    ///
    /// # Errors
    /// `store_setting` names the setting; `store_unreachable` that nothing answers there.
    pub async fn open(config: StoreConfig) -> Result<Self> {
        config.check()?;
        let pools = open::pools(&config).await?;
        let holds = Arc::new(Holds::new(config.hold_warning));
        holds::watch(&holds);
        Ok(Self(Arc::new(Inner { pools, config, holds, units: AtomicU64::new(0) })))
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        match self.0.pools {
            Pools::Sqlite { .. } => Backend::Sqlite,
            Pools::Postgres(_) => Backend::Postgres,
        }
    }

    /// The connections themselves, for what needs its own.
    pub fn pools(&self) -> &Pools {
        &self.0.pools
    }

    /// The settings it was opened with.
    pub fn config(&self) -> &StoreConfig {
        &self.0.config
    }

    /// The units of work that hold a connection now, the longest first.
    pub fn held(&self) -> Vec<Held> {
        self.0.holds.all()
    }

    /// Closes the connections once the units of work in flight have ended.
    pub async fn close(&self) {
        match &self.0.pools {
            Pools::Sqlite { readers, writer } => {
                readers.close().await;
                // The last one to close writes the log back into the file.
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}
