//! The one error type of this crate.

use std::error::Error as _;

use hunter_core::error::CodeInfo;

/// Why the store could not do what was asked. That something is not there is no error but `None`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A setting is outside what the store takes.
    #[error("`{setting}`: {problem}")]
    Setting {
        /// The setting's name, a field of [`StoreConfig`](crate::StoreConfig).
        setting: &'static str,
        /// What is wrong and what would do.
        problem: String,
    },
    /// A request that no database can answer.
    #[error("`{argument}`: {problem}")]
    Request {
        /// The stable code.
        code: &'static str,
        /// The field of the request.
        argument: &'static str,
        /// What is wrong and what would do.
        problem: String,
    },
    /// What was to be written contradicts what is there.
    #[error("{what}: {source}")]
    Conflict {
        /// The rule that was broken: unique, foreign key, check or not-null, with its name where known.
        what: String,
        /// What the database said.
        source: sqlx::Error,
    },
    /// The schema does not fit this program.
    #[error("{problem}")]
    Schema {
        /// The stable code.
        code: &'static str,
        /// What is wrong and what would do.
        problem: String,
    },
    /// A stored value cannot be read back.
    #[error("`{place}` holds what cannot be read: {problem}")]
    Corrupt {
        /// Table and column.
        place: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The database failed, or cannot be reached.
    #[error("{during}: {source}")]
    Database {
        /// The stable code.
        code: &'static str,
        /// What was being done, with the remedy where one is known.
        during: &'static str,
        /// What the database or the driver said.
        source: sqlx::Error,
    },
}

/// What part of the work a [`StoreError`] belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operator's settings.
    Config,
    /// The caller's request.
    Request,
    /// What is already stored.
    Conflict,
    /// The schema and its migrations.
    Schema,
    /// The content of the database.
    Data,
    /// The database is away, busy or full; it may be back soon.
    Unavailable,
    /// Anything else that the database said.
    Database,
}

impl StoreError {
    pub(crate) fn setting(setting: &'static str, problem: impl Into<String>) -> Self {
        Self::Setting { setting, problem: problem.into() }
    }

    pub(crate) fn request(
        code: &'static str,
        argument: &'static str,
        problem: impl Into<String>,
    ) -> Self {
        Self::Request { code, argument, problem: problem.into() }
    }

    pub(crate) fn schema(code: &'static str, problem: impl Into<String>) -> Self {
        Self::Schema { code, problem: problem.into() }
    }

    /// The part of the work the error belongs to.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Setting { .. } => ErrorKind::Config,
            Self::Request { .. } => ErrorKind::Request,
            Self::Conflict { .. } => ErrorKind::Conflict,
            Self::Schema { .. } => ErrorKind::Schema,
            Self::Corrupt { .. } => ErrorKind::Data,
            Self::Database { .. } if self.is_retryable() => ErrorKind::Unavailable,
            Self::Database { .. } => ErrorKind::Database,
        }
    }

    /// The stable code; see [`CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Setting { .. } => "store_setting",
            Self::Conflict { .. } => "store_conflict",
            Self::Corrupt { .. } => "store_corrupt",
            Self::Request { code, .. }
            | Self::Schema { code, .. }
            | Self::Database { code, .. } => code,
        }
    }

    /// Whether the same call can succeed later without a change.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.code(),
            "store_unreachable"
                | "store_busy"
                | "store_timeout"
                | "store_serialization"
                | "store_full"
        )
    }
}

/// The answer of every call of the store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl From<sqlx::Error> for StoreError {
    fn from(source: sqlx::Error) -> Self {
        let named = |code, during| (code, during);
        let (code, during) = match &source {
            sqlx::Error::Database(error) => {
                if error.is_unique_violation()
                    || error.is_foreign_key_violation()
                    || error.is_check_violation()
                    || matches!(error.kind(), sqlx::error::ErrorKind::NotNullViolation)
                {
                    let what = error.constraint().map_or_else(
                        || "a rule of the schema".to_owned(),
                        |name| format!("the rule `{name}`"),
                    );
                    return Self::Conflict { what, source };
                }
                database_code(error.as_ref())
            }
            sqlx::Error::PoolTimedOut => named(
                "store_busy",
                "no connection became free in time: raise `max_connections`, or see which unit holds one",
            ),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => {
                named("store_unreachable", "the connection to the database broke")
            }
            sqlx::Error::Configuration(_) => {
                let problem =
                    source.source().map_or_else(|| source.to_string(), ToString::to_string);
                return Self::setting("url", problem);
            }
            _ => named("store_database", "the database answered what was not expected"),
        };
        Self::Database { code, during, source }
    }
}

/// The code for what a database said: SQLSTATE on PostgreSQL, the (extended) result code on SQLite.
fn database_code(error: &dyn sqlx::error::DatabaseError) -> (&'static str, &'static str) {
    let code = error.code().unwrap_or_default();
    // SQLite's extended codes keep the primary one in their low byte; a SQLSTATE has five characters.
    let primary = code.parse::<u32>().ok().filter(|_| code.len() != 5).map(|code| code & 0xff);
    match (primary, code.as_ref()) {
        (Some(9), _) | (None, "57014") => {
            ("store_timeout", "the statement ran longer than `statement_timeout` and was stopped")
        }
        (Some(5 | 6), _) | (None, "55P03") => {
            ("store_busy", "another unit of work holds what this one needs")
        }
        (None, "40001" | "40P01") => {
            ("store_serialization", "two units of work met; one was rolled back")
        }
        (Some(13), _) | (None, "53100") => {
            ("store_full", "the disk under the database is full: make room, then try again")
        }
        (Some(14), _) | (None, "57P01" | "57P02" | "57P03" | "53300") => {
            ("store_unreachable", "the database takes no connection now")
        }
        (None, state) if state.starts_with("08") => {
            ("store_unreachable", "the connection to the database broke")
        }
        _ => ("store_database", "the database refused a statement"),
    }
}

/// Every code that this crate can return.
pub const CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "store_setting",
        meaning: "a setting of the store is out of its range",
        remedy: "use a value that the message names",
    },
    CodeInfo {
        code: "store_conflict",
        meaning: "what was to be written contradicts what is stored",
        remedy: "read the stored value first; the message names the rule",
    },
    CodeInfo {
        code: "store_corrupt",
        meaning: "a stored value cannot be read back",
        remedy: "restore it from a backup, or erase the lead and scan it again",
    },
    CodeInfo {
        code: "store_unreachable",
        meaning: "the database takes no connection, or the connection broke",
        remedy: "check that the database runs at the address of the setting; then try again",
    },
    CodeInfo {
        code: "store_busy",
        meaning: "no connection, or a lock, became free in time",
        remedy: "try again; if it lasts, see which unit of work holds a connection",
    },
    CodeInfo {
        code: "store_timeout",
        meaning: "a statement ran longer than it may",
        remedy: "try again with a narrower request, or raise `statement_timeout`",
    },
    CodeInfo {
        code: "store_serialization",
        meaning: "two units of work met, and this one was rolled back",
        remedy: "do the unit of work again",
    },
    CodeInfo {
        code: "store_full",
        meaning: "the disk under the database is full",
        remedy: "make room; nothing was half written",
    },
    CodeInfo {
        code: "store_database",
        meaning: "the database refused a statement or answered what was not expected",
        remedy: "report it with the message",
    },
    CodeInfo {
        code: "schema_behind",
        meaning: "the schema is older than the program",
        remedy: "run `hunter migrate up`",
    },
    CodeInfo {
        code: "schema_newer",
        meaning: "the schema is newer than the program",
        remedy: "use the newer program, or go back with the newer one's `hunter migrate down`",
    },
    CodeInfo {
        code: "schema_changed",
        meaning: "a migration was applied in another form than the program carries",
        remedy: "restore the migration's file; what changes is a new migration",
    },
    CodeInfo {
        code: "schema_migration",
        meaning: "a migration failed and was rolled back",
        remedy: "see the message for the statement, correct it and run it again",
    },
    CodeInfo {
        code: "use_cursor",
        meaning: "pages by number end at 10,000 rows",
        remedy: "page on with the `cursor` of the last answer",
    },
    CodeInfo {
        code: "cursor_invalid",
        meaning: "a cursor was not made by this list, or by an older version of it",
        remedy: "start again from the first page",
    },
    CodeInfo {
        code: "bulk_timeout",
        meaning: "a domain of a bulk scan took longer than one domain may",
        remedy: "scan it again; if it lasts, see which of its name servers is silent",
    },
    CodeInfo {
        code: "bulk_poisoned",
        meaning: "workers died again and again while they had this domain of a bulk scan",
        remedy: "report it with the domain; the others of its job are done",
    },
    CodeInfo {
        code: "opted_out",
        meaning: "the domain's owner does not want it to be scanned",
        remedy: "leave it, or end the opt-out where it was a mistake",
    },
    CodeInfo {
        code: "store_request",
        meaning: "a field of a request is out of its range",
        remedy: "use a value that the message names",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<StoreError> {
        vec![
            StoreError::setting("url", "empty"),
            StoreError::request("use_cursor", "page", "too deep"),
            StoreError::schema("schema_newer", "newer"),
            StoreError::Corrupt { place: "observations.body", problem: "no frame".into() },
            sqlx::Error::PoolTimedOut.into(),
            sqlx::Error::PoolClosed.into(),
            sqlx::Error::RowNotFound.into(),
        ]
    }

    #[test]
    fn every_error_has_its_row() {
        for error in all() {
            assert!(CODES.iter().any(|row| row.code == error.code()), "{error}");
        }
    }

    #[test]
    fn what_may_pass_is_retryable_and_what_is_wrong_is_not() {
        assert!(StoreError::from(sqlx::Error::PoolTimedOut).is_retryable());
        assert_eq!(StoreError::from(sqlx::Error::PoolTimedOut).kind(), ErrorKind::Unavailable);
        assert!(!StoreError::from(sqlx::Error::RowNotFound).is_retryable());
        assert!(!StoreError::request("use_cursor", "page", "too deep").is_retryable());
    }
}
