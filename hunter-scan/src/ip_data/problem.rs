//! Why a database file cannot be used.

use std::path::{Path, PathBuf};

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IpDataProblemKind {
    /// There is no such file.
    Missing,
    /// It cannot be read: no leave, no regular file, too large.
    Unreadable,
    /// It is no database that is known, or its records have another form.
    Unknown,
    /// It contradicts itself, or breaks off.
    Corrupt,
}

/// A file that cannot be used. The others answer without it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("IP database `{}`: {problem}", path.display())]
pub struct IpDataProblem {
    /// The file as named in the settings.
    pub path: PathBuf,
    /// What is wrong.
    pub kind: IpDataProblemKind,
    /// In words, with what would do.
    pub problem: String,
}

impl IpDataProblem {
    /// The stable code; see [`CODES`](crate::CODES).
    pub fn code(&self) -> &'static str {
        match self.kind {
            IpDataProblemKind::Missing => "ip_data_missing",
            IpDataProblemKind::Unreadable => "ip_data_unreadable",
            IpDataProblemKind::Unknown => "ip_data_unknown",
            IpDataProblemKind::Corrupt => "ip_data_corrupt",
        }
    }
}

/// What is wrong with the bytes, wherever they come from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct BadDatabase {
    /// What is wrong.
    pub kind: IpDataProblemKind,
    /// In words.
    pub problem: String,
}

impl BadDatabase {
    pub(super) fn corrupt(problem: impl Into<String>) -> Self {
        Self { kind: IpDataProblemKind::Corrupt, problem: problem.into() }
    }

    pub(super) fn unknown(problem: impl Into<String>) -> Self {
        Self { kind: IpDataProblemKind::Unknown, problem: problem.into() }
    }

    pub(super) fn at(self, path: &Path) -> IpDataProblem {
        IpDataProblem { path: path.to_owned(), kind: self.kind, problem: self.problem }
    }
}
