//! The one error type of this crate.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use hunter_core::error::CodeInfo;
use hunter_scan::ScanError;
use hunter_store::StoreError;

use crate::config::Origin;
use crate::services::export::{ExportError, UnknownColumn};

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
    /// A list of companies is not one that can be taken in.
    #[error(transparent)]
    Sheet(#[from] hunter_sheets::SheetError),
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
    /// The file of settings cannot be read.
    #[error("cannot read the settings in `{}`: {source}", path.display())]
    ConfigRead {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file of settings is no TOML.
    #[error("settings in `{}`: {problem}", path.display())]
    ConfigSyntax {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        problem: String,
    },
    /// A name that is no setting.
    #[error("`{key}` ({origin}) is no setting{}", near.as_ref().map(|near| format!(": did you mean `{near}`?")).unwrap_or_default())]
    ConfigUnknown {
        /// The name.
        key: String,
        /// Where it stands.
        origin: Origin,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A value that its setting does not take.
    #[error("`{key}` ({origin}): {problem}")]
    ConfigValue {
        /// The setting.
        key: String,
        /// Where the value stands.
        origin: Origin,
        /// What is wrong with it.
        problem: String,
    },
    /// The address of Redis cannot be understood.
    #[error("`redis.url`: {0}: use `redis://HOST:PORT`")]
    Redis(String),
    /// The API cannot listen.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// Others could connect, and nobody could administer the service.
    #[error(
        "requests need keys and there is no active key of an administrator: make one with \
         `hunter keys create --name NAME --scope admin` and start again"
    )]
    NoAdmin,
    /// A column that no export has.
    #[error(transparent)]
    ExportColumn(#[from] UnknownColumn),
    /// A workbook has no place for so many leads.
    #[error("{0}")]
    ExportTooLarge(ExportError),
    /// There is no such key.
    #[error("there is no key {0}: `hunter keys list` shows them")]
    NoKey(i64),
    /// The operating system gives no random numbers.
    #[error("no key can be made: {0}")]
    Random(String),
    /// The runtime could not be started.
    #[error("cannot start: {0}")]
    Start(#[source] io::Error),
}

impl From<ExportError> for ServerError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Store(error) => error.into(),
            ExportError::TooManyRows => Self::ExportTooLarge(error),
            ExportError::File(error) => Self::Output(error),
        }
    }
}

impl ServerError {
    /// The stable code; see [`CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Core(error) => error.code(),
            Self::Scan(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Sheet(error) => error.code(),
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
            Self::ConfigRead { .. } => "config_read",
            Self::ConfigSyntax { .. } => "config_syntax",
            Self::ConfigUnknown { .. } => "config_unknown",
            Self::ConfigValue { .. } => "config_value",
            Self::Redis(_) => "redis_address",
            Self::Listen { .. } => "listen_failed",
            Self::NoAdmin => "admin_key_missing",
            Self::ExportColumn(_) => "export_column",
            Self::ExportTooLarge(_) => "export_too_large",
            Self::NoKey(_) => "key_unknown",
            Self::Random(_) => "random_failed",
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
            Self::Listen { source, .. } => source.kind() == io::ErrorKind::AddrInUse,
            Self::Sheet(_)
            | Self::ConfigRead { .. }
            | Self::ConfigSyntax { .. }
            | Self::ConfigUnknown { .. }
            | Self::ConfigValue { .. }
            | Self::Redis(_)
            | Self::NoAdmin
            | Self::NoKey(_)
            | Self::ExportColumn(_)
            | Self::ExportTooLarge(_)
            | Self::Random(_)
            | Self::DataFolder { .. }
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
    row("config_read", "the file of settings cannot be read", "check the path and the permissions"),
    row("config_syntax", "the file of settings is no TOML", "mend the line that the message shows"),
    row(
        "config_unknown",
        "a name in the file of settings or in the environment is no setting",
        "use a name of `hunter config print`",
    ),
    row(
        "config_value",
        "a setting does not take the value it was given",
        "mend it where the message says that it stands",
    ),
    row("redis_address", "the address of Redis cannot be understood", "use `redis://HOST:PORT`"),
    row(
        "listen_failed",
        "the API cannot listen on its address",
        "end what listens there, or choose another `server.listen`",
    ),
    row(
        "admin_key_missing",
        "requests need keys and no active key has the scope `admin`",
        "make one with `hunter keys create --name NAME --scope admin`",
    ),
    row(
        "export_column",
        "an export has no column of this name",
        "use names of the lead row, separated by commas, or `all`",
    ),
    row(
        "export_too_large",
        "a workbook of Excel has no place for so many leads",
        "narrow the filter, or use CSV",
    ),
    row("key_unknown", "there is no key of this number", "use a number of `hunter keys list`"),
    row(
        "random_failed",
        "the operating system gives no random numbers",
        "check that the system's random source works",
    ),
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
            ServerError::ConfigRead { path: path.clone(), source: io() },
            ServerError::ConfigSyntax { path, problem: "y".into() },
            ServerError::ConfigUnknown { key: "x".into(), origin: Origin::Default, near: None },
            ServerError::ConfigValue {
                key: "x".into(),
                origin: Origin::Default,
                problem: "y".into(),
            },
            ServerError::Redis("x".into()),
            ServerError::Listen { address: ([127, 0, 0, 1], 1).into(), source: io() },
            ServerError::NoAdmin,
            ServerError::NoKey(1),
            UnknownColumn::of("x").into(),
            ExportError::TooManyRows.into(),
            ServerError::Random("x".into()),
            ServerError::Start(io()),
        ];
        assert_eq!(errors.len(), CODES.len());
        for error in errors {
            assert!(CODES.iter().any(|row| row.code == error.code()), "{error}");
        }
    }
}
