//! The one error type of this crate.

use std::io;
use std::path::PathBuf;

use hunter_core::error::CodeInfo;

/// Why a name server could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NameServerError {
    /// A zone file or a fault file cannot be read.
    #[error("`{}`: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A zone is not well-formed.
    #[error("{origin}: {problem}")]
    Zone {
        /// Which zone: the file's name, or the number of the text.
        origin: String,
        /// What is wrong.
        problem: String,
    },
    /// A fault rule cannot be used.
    #[error("fault rule `{rule}`: {problem}")]
    Fault {
        /// The rule as given.
        rule: String,
        /// What is wrong and what would do.
        problem: String,
    },
    /// No loopback port could be bound.
    #[error("no free port on the loopback address: {0}")]
    Bind(#[source] io::Error),
}

/// What part of the work a [`NameServerError`] belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Zone files and fault rules.
    Data,
    /// Sockets.
    Network,
}

impl NameServerError {
    /// The part of the work the error belongs to.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::File { .. } | Self::Zone { .. } | Self::Fault { .. } => ErrorKind::Data,
            Self::Bind(_) => ErrorKind::Network,
        }
    }

    /// The stable code; see [`CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "nameserver_file",
            Self::Zone { .. } => "nameserver_zone",
            Self::Fault { .. } => "nameserver_fault",
            Self::Bind(_) => "nameserver_bind",
        }
    }

    /// Whether the same call can succeed later without a change.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Bind(_))
    }
}

/// Every code that this crate can return.
pub const CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "nameserver_file",
        meaning: "a zone file or fault file cannot be read",
        remedy: "check the path; files are UTF-8",
    },
    CodeInfo {
        code: "nameserver_zone",
        meaning: "a zone file is not well-formed",
        remedy: "mend the file; RFC 1035 §5 describes the format",
    },
    CodeInfo {
        code: "nameserver_fault",
        meaning: "a fault rule cannot be used",
        remedy: "write `name type fault`, such as `ornek.com MX timeout`",
    },
    CodeInfo {
        code: "nameserver_bind",
        meaning: "no free port on the loopback address",
        remedy: "try again, or close programs that hold many ports",
    },
];
