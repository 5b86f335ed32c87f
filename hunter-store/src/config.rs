//! What the store takes from the operator. The defaults are the ones that hold on a laptop.

use std::fmt;
use std::time::Duration;

use crate::error::{Result, StoreError};

/// What surrounds the store: it decides what a start may do by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// One person's machine: pending migrations are applied at the start.
    Development,
    /// Many processes over one database: a start with pending migrations is refused, and every commit
    /// reaches the disk before it is acknowledged.
    Production,
}

/// The settings of the store.
#[derive(Clone)]
pub struct StoreConfig {
    /// `sqlite:PATH`, or `postgres://USER:PASSWORD@HOST/DATABASE`.
    pub url: String,
    /// What surrounds the store.
    pub environment: Environment,
    /// How PostgreSQL names the connections in `pg_stat_activity`.
    pub application_name: String,
    /// The most connections of this process. SQLite has one writer besides, whatever is set.
    pub max_connections: u32,
    /// Connections that are kept open while nothing is to do.
    pub min_connections: u32,
    /// How long a unit of work waits for a connection.
    pub acquire_timeout: Duration,
    /// How long one statement may run.
    pub statement_timeout: Duration,
    /// How long one statement may wait for a lock.
    pub lock_timeout: Duration,
    /// After how long an idle transaction is ended by PostgreSQL, should this process forget it.
    pub idle_transaction_timeout: Duration,
    /// After how long a unit of work that still holds its connection is reported, with its place in
    /// the code.
    pub hold_warning: Duration,
}

impl StoreConfig {
    /// The settings for one person's machine.
    pub fn development(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            environment: Environment::Development,
            application_name: "hunter".into(),
            max_connections: 8,
            min_connections: 0,
            acquire_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(30),
            lock_timeout: Duration::from_secs(10),
            idle_transaction_timeout: Duration::from_mins(1),
            hold_warning: Duration::from_secs(10),
        }
    }

    /// The settings for many processes over one database.
    pub fn production(url: impl Into<String>) -> Self {
        Self {
            environment: Environment::Production,
            max_connections: 16,
            min_connections: 2,
            acquire_timeout: Duration::from_secs(5),
            ..Self::development(url)
        }
    }

    pub(crate) fn backend(&self) -> Result<Backend> {
        match self.url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") if self.url.contains(":memory:") => Err(StoreError::setting(
                "url",
                "a database in memory is lost with its connection: name a file, as in `sqlite:hunter.db`",
            )),
            Some("sqlite") => Ok(Backend::Sqlite),
            Some("postgres" | "postgresql") => Ok(Backend::Postgres),
            // The text may hold a password, so that it is not repeated.
            _ => Err(StoreError::setting(
                "url",
                "use `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`",
            )),
        }
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.max_connections == 0 {
            return Err(StoreError::setting("max_connections", "is 0: use 1 or more"));
        }
        if self.min_connections > self.max_connections {
            return Err(StoreError::setting(
                "min_connections",
                format!("is above `max_connections` ({})", self.max_connections),
            ));
        }
        for (name, value) in [
            ("acquire_timeout", self.acquire_timeout),
            ("statement_timeout", self.statement_timeout),
            ("lock_timeout", self.lock_timeout),
            ("idle_transaction_timeout", self.idle_transaction_timeout),
            ("hold_warning", self.hold_warning),
        ] {
            if value < Duration::from_millis(1) {
                return Err(StoreError::setting(
                    name,
                    "is under a millisecond, so that nothing could end in time",
                ));
            }
        }
        Ok(())
    }
}

/// The two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Backend {
    /// A file on this machine.
    Sqlite,
    /// A server that many machines share.
    Postgres,
}

impl Backend {
    /// The name of the folder with its migrations, and how messages call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

impl fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreConfig")
            .field("url", &redacted(&self.url))
            .field("environment", &self.environment)
            .field("application_name", &self.application_name)
            .field("max_connections", &self.max_connections)
            .field("min_connections", &self.min_connections)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("statement_timeout", &self.statement_timeout)
            .field("lock_timeout", &self.lock_timeout)
            .field("idle_transaction_timeout", &self.idle_transaction_timeout)
            .field("hold_warning", &self.hold_warning)
            .finish()
    }
}

/// The address without what stands between scheme and host, and without parameters: either may hold
/// a password.
fn redacted(url: &str) -> String {
    let plain = url.split_once('?').map_or(url, |(before, _)| before);
    match (plain.split_once("://"), plain.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://***@{host}"),
        _ => plain.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_printed() {
        for url in [
            "postgres://u:geheim@h/db",
            "postgres://h/db?password=geheim",
            "postgres://u:ge@heim@h/db",
        ] {
            let text = format!("{:?}", StoreConfig::production(url));
            assert!(!text.contains("heim"), "{text}");
            assert!(text.contains("h/db"), "{text}");
        }
    }

    #[test]
    fn an_address_is_understood_or_refused() {
        let backend = |url: &str| StoreConfig::development(url).backend();
        assert_eq!(backend("sqlite:hunter.db").ok(), Some(Backend::Sqlite));
        assert_eq!(backend("postgresql://h/db").ok(), Some(Backend::Postgres));
        for wrong in ["", "hunter.db", "mysql://h/db", "sqlite::memory:"] {
            assert_eq!(backend(wrong).expect_err(wrong).code(), "store_setting");
        }
    }

    #[test]
    fn settings_out_of_range_are_named() {
        let mut config = StoreConfig::development("sqlite:x");
        config.min_connections = 9;
        assert!(config.check().expect_err("9 > 8").to_string().starts_with("`min_connections`"));
        config =
            StoreConfig { lock_timeout: Duration::ZERO, ..StoreConfig::development("sqlite:x") };
        assert!(config.check().expect_err("zero").to_string().starts_with("`lock_timeout`"));
    }
}
