//! The one error type of this crate.

use std::io;
use std::path::PathBuf;

use hunter_core::error::CodeInfo;
use hunter_scan::ScanError;
use hunter_store::StoreError;

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// An error of the engine or of a data file.
    #[error(transparent)]
    Core(#[from] hunter_core::Error),
    /// An error of the scanner's settings.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// An error of the database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A data file, or a folder of data files, cannot be read.
    #[error("cannot read the data file `{}`: {source}", path.display())]
    DataFile {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A folder of data files cannot be used as it is.
    #[error("data folder `{}`: {problem}", path.display())]
    DataFolder {
        /// The folder, or the catalogue within it.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A file cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Standard output cannot be written.
    #[error("cannot write the output: {0}")]
    Output(#[source] io::Error),
    /// The address of a resolver cannot be understood or found.
    #[error("resolver `{address}`: {problem}: use `ADDRESS:PORT`, such as `192.0.2.53:53`")]
    Resolver {
        /// The address as given.
        address: String,
        /// What is wrong with it.
        problem: String,
    },
    /// There is nothing to work on.
    #[error("nothing to do: {0}")]
    NothingToDo(&'static str),
    /// A stored observation that was asked for is not in the file.
    #[error("`{}` holds no observation of `{domain}`", path.display())]
    NotStored {
        /// The domain asked for.
        domain: String,
        /// The file.
        path: PathBuf,
    },
    /// A file of observations cannot be taken up again; it was left as it is.
    #[error("cannot resume `{}`: {problem}: use its profile, or save to another file", path.display())]
    Resume {
        /// The file.
        path: PathBuf,
        /// What stands in the way.
        problem: String,
    },
    /// A file cannot be fetched.
    #[error("cannot fetch {url}: {problem}")]
    Download {
        /// From where.
        url: &'static str,
        /// What went wrong.
        problem: String,
    },
    /// The runtime could not be started.
    #[error("cannot start: {0}")]
    Start(#[source] io::Error),
}

impl ServerError {
    /// The stable code; see [`CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Core(error) => error.code(),
            Self::Scan(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Read { .. } => "file_read",
            Self::DataFile { .. } => "data_file_read",
            Self::DataFolder { .. } => "data_folder",
            Self::Write { .. } => "file_write",
            Self::Output(_) => "output_write",
            Self::Resolver { .. } => "resolver_address",
            Self::NothingToDo(_) => "nothing_to_do",
            Self::NotStored { .. } => "observation_not_stored",
            Self::Resume { .. } => "save_not_resumable",
            Self::Download { .. } => "download_failed",
            Self::Start(_) => "start_failed",
        }
    }

    /// Whether the same call can succeed later without a change.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Core(error) => error.is_retryable(),
            Self::Scan(error) => error.is_retryable(),
            Self::Store(error) => error.is_retryable(),
            Self::Read { source, .. }
            | Self::DataFile { source, .. }
            | Self::Write { source, .. }
            | Self::Output(source) => source.kind() == io::ErrorKind::Interrupted,
            Self::Download { .. } => true,
            Self::DataFolder { .. }
            | Self::Resume { .. }
            | Self::Resolver { .. }
            | Self::NothingToDo(_)
            | Self::NotStored { .. }
            | Self::Start(_) => false,
        }
    }
}

const fn row(code: &'static str, meaning: &'static str, remedy: &'static str) -> CodeInfo {
    CodeInfo { code, meaning, remedy }
}

/// Every code that this crate adds to those of the crates below it.
pub const CODES: &[CodeInfo] = &[
    row("file_read", "a file cannot be read", "check the path and the permissions"),
    row(
        "data_file_read",
        "a data file cannot be read",
        "check the path and the permissions; data files are UTF-8",
    ),
    row(
        "data_folder",
        "a folder of data files lacks what it should hold, or holds a name that is not known",
        "use the names that the message lists",
    ),
    row("file_write", "a file cannot be written", "check the path, the permissions and the space"),
    row("output_write", "standard output cannot be written", "check where the output goes"),
    row(
        "resolver_address",
        "the address of a resolver cannot be understood or found",
        "use `ADDRESS:PORT`, such as `192.0.2.53:53`",
    ),
    row("nothing_to_do", "no domain was given", "name a domain, or a list with `--file`"),
    row(
        "observation_not_stored",
        "the file holds no observation of the domain",
        "scan the domain first, or name another file",
    ),
    row(
        "save_not_resumable",
        "a file is not what a scan under this profile saved",
        "resume under the profile it was saved with, or save to another file",
    ),
    row("download_failed", "a file cannot be fetched", "check the network, or fetch it by hand"),
    row(
        "start_failed",
        "the program could not start its runtime",
        "check the limits of the system",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_codes_are_in_the_table() {
        let io = || io::Error::other("x");
        let path = PathBuf::from("x");
        let errors = [
            ServerError::Read { path: path.clone(), source: io() },
            ServerError::DataFile { path: path.clone(), source: io() },
            ServerError::DataFolder { path: path.clone(), problem: "y".into() },
            ServerError::Write { path: path.clone(), source: io() },
            ServerError::Output(io()),
            ServerError::Resolver { address: "x".into(), problem: "y".into() },
            ServerError::NothingToDo("x"),
            ServerError::NotStored { domain: "x".into(), path: path.clone() },
            ServerError::Resume { path: path.clone(), problem: "y".into() },
            ServerError::Download { url: "x", problem: "y".into() },
            ServerError::Start(io()),
        ];
        assert_eq!(errors.len(), CODES.len());
        for error in errors {
            assert!(CODES.iter().any(|row| row.code == error.code()), "{error}");
        }
    }
}
