//! Opening: what every connection is told before it is used.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::Pools;
use crate::config::{Backend, Environment, StoreConfig};
use crate::error::Result;

/// No pool reaps connections by their age. The task of sqlx 0.9 that does (`spawn_maintenance_tasks`) goes
/// round as often as the pool counts idle connections; that count falls below zero, which is the largest of all
/// numbers, for the moment in which a connection is taken that was given back and not counted yet. A task that
/// looks at that moment never ends, and with it neither does the runtime. Dead connections are found when
/// they are taken.
pub(super) async fn pools(config: &StoreConfig) -> Result<Pools> {
    match config.backend()? {
        Backend::Sqlite => {
            let options = sqlite_options(config)?;
            // The writer first: it makes the file, and sets the journal mode that readers need.
            let writer = SqlitePoolOptions::new()
                .max_connections(1)
                .acquire_timeout(config.acquire_timeout)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .connect_with(options.clone())
                .await?;
            let readers = SqlitePoolOptions::new()
                .max_connections(config.max_connections)
                .min_connections(config.min_connections)
                .acquire_timeout(config.acquire_timeout)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .connect_with(options.pragma("query_only", "on"))
                .await?;
            Ok(Pools::Sqlite { readers, writer })
        }
        Backend::Postgres => {
            let pool = PgPoolOptions::new()
                .max_connections(config.max_connections)
                .min_connections(config.min_connections)
                .acquire_timeout(config.acquire_timeout)
                .idle_timeout(None)
                .max_lifetime(None)
                .connect_with(postgres_options(config)?)
                .await?;
            Ok(Pools::Postgres(pool))
        }
    }
}

pub(crate) fn sqlite_options(config: &StoreConfig) -> Result<SqliteConnectOptions> {
    let synchronous = match config.environment {
        // In the write-ahead log NORMAL survives a crash of the process, FULL one of the machine too.
        Environment::Development => SqliteSynchronous::Normal,
        Environment::Production => SqliteSynchronous::Full,
    };
    Ok(SqliteConnectOptions::from_str(&config.url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .busy_timeout(config.lock_timeout)
        .pragma("temp_store", "memory")
        // Pages of 64 MiB; the default of 2 MiB reads the same index pages over and over.
        .pragma("cache_size", "-65536")
        .pragma("mmap_size", "268435456")
        .statement_cache_capacity(256))
}

pub(crate) fn postgres_options(config: &StoreConfig) -> Result<PgConnectOptions> {
    let milliseconds = |duration: Duration| duration.as_millis().to_string();
    Ok(PgConnectOptions::from_str(&config.url)?
        .application_name(&config.application_name)
        .options([
            ("statement_timeout", milliseconds(config.statement_timeout)),
            ("lock_timeout", milliseconds(config.lock_timeout)),
            ("idle_in_transaction_session_timeout", milliseconds(config.idle_transaction_timeout)),
            ("timezone", "UTC".to_owned()),
            // A plan that fits any value of a filter fits none: a rare tag wants another one than a frequent.
            ("plan_cache_mode", "force_custom_plan".to_owned()),
            // Short statements by the thousand: compiling them costs more than running them.
            ("jit", "off".to_owned()),
            // For the same reason: to start a process that helps takes twenty times as long as a page of the list.
            ("max_parallel_workers_per_gather", "0".to_owned()),
        ])
        .statement_cache_capacity(256))
}
