//! Whether the database answers, how fast, and what its connections do.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use sqlx::pool::Pool;
use time::OffsetDateTime;

use super::{Db, Held, Pools, Timestamp, on};
use crate::config::Backend;
use crate::error::{Result, StoreError};

/// A look at the database.
#[derive(Debug, Clone)]
pub struct Health {
    /// Which database it is.
    pub backend: Backend,
    /// The version the database gives for itself.
    pub version: String,
    /// How long it took to get a connection.
    pub acquire: Duration,
    /// How long the database took to answer.
    pub ping: Duration,
    /// The pools: one on PostgreSQL, readers and writer on SQLite.
    pub pools: Vec<PoolHealth>,
    /// Units of work that hold their connection longer than `hold_warning`.
    pub held_too_long: Vec<Held>,
    /// How many such units were reported since the start.
    pub holds_reported: u64,
    /// Units of work begun since the start.
    pub units: u64,
}

/// The state of one pool of connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolHealth {
    /// `shared`, `readers` or `writer`.
    pub name: &'static str,
    /// Connections that are open.
    pub size: u32,
    /// Those of them that nobody uses.
    pub idle: usize,
    /// The most that may be open.
    pub max: u32,
}

impl PoolHealth {
    fn of<DB: sqlx::Database>(name: &'static str, pool: &Pool<DB>) -> Self {
        let max = pool.options().get_max_connections();
        Self { name, size: pool.size(), idle: pool.num_idle(), max }
    }
}

impl Db {
    /// What time it is on the database's clock. On SQLite that is the machine's.
    ///
    /// # Errors
    /// As [`health`](Self::health).
    pub async fn clock(&self) -> Result<OffsetDateTime> {
        let mut unit = self.read().await?;
        let now = format!("SELECT {} AS now", self.backend().now());
        let row: Option<(Timestamp,)> = unit.fetch_optional(now, []).await?;
        row.map(|(now,)| now.into()).ok_or(StoreError::Corrupt {
            place: "the clock",
            problem: "the database does not tell the time".into(),
        })
    }

    /// Asks the database for its version and measures how long that takes.
    ///
    /// # Errors
    /// `store_busy` when no connection becomes free, `store_unreachable` when nothing answers.
    pub async fn health(&self) -> Result<Health> {
        let start = Instant::now();
        let mut unit = self.read().await?;
        let acquire = start.elapsed();
        let start = Instant::now();
        let statement = match self.backend() {
            Backend::Sqlite => "SELECT sqlite_version()",
            Backend::Postgres => "SELECT current_setting('server_version')",
        };
        let version: String = on!(unit, connection => sqlx::query_scalar::<DB, String>(statement).fetch_one(connection).await)?;
        let ping = start.elapsed();
        drop(unit);
        let pools = match self.pools() {
            Pools::Sqlite { readers, writer } => {
                vec![PoolHealth::of("readers", readers), PoolHealth::of("writer", writer)]
            }
            Pools::Postgres(pool) => vec![PoolHealth::of("shared", pool)],
        };
        Ok(Health {
            backend: self.backend(),
            version,
            acquire,
            ping,
            pools,
            held_too_long: self.held().into_iter().filter(|held| held.too_long).collect(),
            holds_reported: self.0.holds.reported(),
            units: self.0.units.load(Ordering::Relaxed),
        })
    }
}
