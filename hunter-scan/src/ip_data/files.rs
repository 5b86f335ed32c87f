//! A database file: read when it is good, kept when its next version is not.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::database::{IpDatabase, read_database};
use super::maxmind::MaxMindDatabase;
use super::problem::{BadDatabase, IpDataProblem, IpDataProblemKind};

/// Length and time of change: what tells two versions of a file apart.
type Stamp = (u64, SystemTime);

/// A file that was named, with its database where it could be read.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) path: PathBuf,
    /// The version that was looked at last; `None` where there was none.
    stamp: Option<Stamp>,
    database: Option<Arc<dyn IpDatabase>>,
    /// What is wrong with that version.
    pub(super) problem: Option<IpDataProblem>,
}

impl File {
    pub(super) fn open(path: &Path, limit: u64) -> Self {
        let nothing = Self { path: path.to_owned(), stamp: None, database: None, problem: None };
        nothing.read(limit)
    }

    /// The file with its database, where it has one.
    pub(super) fn in_use(&self) -> Option<(&Self, &dyn IpDatabase)> {
        self.database.as_deref().map(|database| (self, database))
    }

    /// The file anew, if it has changed since; with the old database where the new one is bad.
    pub(super) fn changed(&self, limit: u64) -> Option<Self> {
        if stamp(&self.path).ok() == self.stamp {
            return None;
        }
        let new = self.read(limit);
        (new.stamp != self.stamp || new.problem != self.problem).then_some(new)
    }

    fn read(&self, limit: u64) -> Self {
        match load(&self.path, limit) {
            Ok((stamp, database)) => Self {
                path: self.path.clone(),
                stamp: Some(stamp),
                database: Some(database),
                problem: None,
            },
            Err((stamp, bad)) => Self { stamp, problem: Some(bad.at(&self.path)), ..self.clone() },
        }
    }
}

type Loaded = (Stamp, Arc<dyn IpDatabase>);

/// Reads a file, or says what is wrong with which version of it.
fn load(path: &Path, limit: u64) -> Result<Loaded, (Option<Stamp>, BadDatabase)> {
    let before = stamp(path).map_err(|bad| (None, bad))?;
    let fail = |bad| (Some(before), bad);
    if before.0 > limit {
        let problem = format!("{} bytes: at most {limit} are read (`max_file_bytes`)", before.0);
        return Err(fail(unreadable(problem)));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(before.0).unwrap_or(0));
    fs::File::open(path)
        // One byte more than the file had shows that it has grown.
        .and_then(|file| file.take(before.0 + 1).read_to_end(&mut bytes))
        // Leave to read it changes no stamp: the next check tries again.
        .map_err(|error| (None, unreadable(error.to_string())))?;
    let after = stamp(path).map_err(|bad| (None, bad))?;
    if after != before || bytes.len() as u64 != before.0 {
        // No version: the next check reads it again.
        let problem = "it changed while it was read: move a finished file into its place";
        return Err((None, unreadable(problem.into())));
    }
    let is_mmdb = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("mmdb"));
    if is_mmdb && !MaxMindDatabase::is_one(&bytes) {
        let problem = "it lacks the end of a MaxMind file: fetch it again";
        return Err(fail(BadDatabase::corrupt(problem)));
    }
    let database = read_database(bytes).map_err(fail)?;
    Ok((before, Arc::from(database)))
}

/// The version of a file. Only a regular file is one: others may never end.
fn stamp(path: &Path) -> Result<Stamp, BadDatabase> {
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => BadDatabase {
            kind: IpDataProblemKind::Missing,
            problem: "there is no such file: fetch it, or take it out of the settings".into(),
        },
        _ => unreadable(error.to_string()),
    })?;
    if !metadata.is_file() {
        return Err(unreadable("it is no regular file".into()));
    }
    let changed = metadata.modified().map_err(|error| unreadable(error.to_string()))?;
    Ok((metadata.len(), changed))
}

fn unreadable(problem: String) -> BadDatabase {
    BadDatabase { kind: IpDataProblemKind::Unreadable, problem }
}
