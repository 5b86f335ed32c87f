//! The one error type of this crate: a batch that cannot be done at all. Faults of single rows stand in
//! the column `error`.

use hunter_core::error::CodeInfo;

/// Why a batch cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// The bytes are no Arrow IPC.
    #[error("arrow: {problem}")]
    Syntax {
        /// What is wrong with them.
        problem: String,
    },
    /// A column does not fit the batch.
    #[error("column `{column}`: {problem}")]
    Column {
        /// Stable code, one of [`CODES`].
        code: &'static str,
        /// Its name.
        column: String,
        /// What is wrong with it and what would do.
        problem: String,
    },
}

/// What part of the work a [`BatchError`] belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes.
    Format,
    /// The columns.
    Schema,
}

impl BatchError {
    pub(crate) fn syntax(problem: &dyn std::fmt::Display) -> Self {
        Self::Syntax { problem: problem.to_string() }
    }

    pub(crate) fn column(code: &'static str, column: &str, problem: impl Into<String>) -> Self {
        Self::Column { code, column: column.to_owned(), problem: problem.into() }
    }

    /// The part of the work the error belongs to.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Syntax { .. } => ErrorKind::Format,
            Self::Column { .. } => ErrorKind::Schema,
        }
    }

    /// The stable code; see [`CODES`].
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "arrow_syntax",
            Self::Column { code, .. } => code,
        }
    }

    /// Whether the same call can succeed later without a change. None of these can.
    pub const fn is_retryable(&self) -> bool {
        false
    }
}

/// Every code that this crate can return.
pub const CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "arrow_syntax",
        meaning: "the bytes are no Arrow IPC stream or file, or are compressed, or a column's bytes are \
                  not what its type says",
        remedy: "write them as an Arrow IPC stream without compression; make text UTF-8",
    },
    CodeInfo {
        code: "column_missing",
        meaning: "a batch has none of the columns that it is made from",
        remedy: "name the columns as the message says",
    },
    CodeInfo {
        code: "column_type",
        meaning: "a column of a batch is of a type that cannot be read",
        remedy: "use the type that the message names",
    },
    CodeInfo {
        code: "column_unknown",
        meaning: "a batch has a column that is not known, perhaps misspelt",
        remedy: "use the names that the message gives, and leave other columns out",
    },
];
