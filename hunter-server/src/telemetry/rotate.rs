//! A log file that is put aside by day or by size; so many of those are kept.
//!
//! `hunter.log` is the one that is written; the one before it is `hunter.log.1`, and so on. A file that
//! somebody else moved or removed is begun anew, and a disk that is full loses lines and not the process.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use time::{Date, OffsetDateTime};

use crate::config::{LogConfig, LogRotation};

/// When files are put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotation {
    /// By what.
    pub by: LogRotation,
    /// The size for [`LogRotation::Size`].
    pub bytes: u64,
    /// How many files are kept beside the one that is written.
    pub kept: u32,
}

impl From<&LogConfig> for Rotation {
    fn from(config: &LogConfig) -> Self {
        Self { by: config.rotate, bytes: config.rotate_bytes, kept: config.keep }
    }
}

/// A file that rotates. Each write is one line, and is not torn.
#[derive(Debug)]
pub struct RotatingFile {
    path: PathBuf,
    rotation: Rotation,
    file: File,
    size: u64,
    day: Date,
}

impl RotatingFile {
    /// Goes on with a file, or begins it.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn open(path: impl Into<PathBuf>, rotation: Rotation) -> io::Result<Self> {
        let path = path.into();
        let file = append(&path)?;
        let metadata = file.metadata()?;
        // A file of yesterday is put aside with the first line of today.
        let day =
            metadata.modified().map_or_else(|_| today(), |at| OffsetDateTime::from(at).date());
        Ok(Self { path, rotation, file, size: metadata.len(), day })
    }

    fn is_over(&self, more: u64, today: Date) -> bool {
        self.size > 0
            && match self.rotation.by {
                LogRotation::Never => false,
                LogRotation::Daily => today > self.day,
                LogRotation::Size => self.size + more > self.rotation.bytes,
            }
    }

    fn rotate(&mut self, today: Date) -> io::Result<()> {
        let aside = |number: u32| {
            let mut name = self.path.clone().into_os_string();
            name.push(format!(".{number}"));
            PathBuf::from(name)
        };
        ignore_missing(fs::remove_file(aside(self.rotation.kept)))?;
        for number in (1..self.rotation.kept).rev() {
            ignore_missing(fs::rename(aside(number), aside(number + 1)))?;
        }
        if self.rotation.kept == 0 {
            ignore_missing(fs::remove_file(&self.path))?;
        } else {
            ignore_missing(fs::rename(&self.path, aside(1)))?;
        }
        self.file = append(&self.path)?;
        (self.size, self.day) = (self.file.metadata()?.len(), today);
        Ok(())
    }

    fn write_at(&mut self, line: &[u8], today: Date) -> io::Result<()> {
        if self.is_over(line.len() as u64, today) {
            // Where it cannot be put aside, it grows on: that is better than no log.
            let _ = self.rotate(today);
            self.day = today;
        }
        self.file.write_all(line)?;
        self.size += line.len() as u64;
        Ok(())
    }
}

impl Write for RotatingFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.write_at(line, today())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn append(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().create(true).append(true).open(path)
}

fn ignore_missing(done: io::Result<()>) -> io::Result<()> {
    done.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

fn today() -> Date {
    OffsetDateTime::now_utc().date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> Vec<(String, String)> {
        let mut files: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| {
                let text = fs::read_to_string(entry.path()).unwrap();
                (entry.file_name().into_string().unwrap(), text)
            })
            .collect();
        files.sort();
        files
    }

    fn named(files: &[(&str, &str)]) -> Vec<(String, String)> {
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn by_size_the_oldest_goes_and_no_line_is_torn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/hunter.log");
        let rotation = Rotation { by: LogRotation::Size, bytes: 10, kept: 2 };
        let mut file = RotatingFile::open(&path, rotation).unwrap();
        for line in ["one\n", "two\n", "three\n", "longer than all\n", "five\n", "six\n"] {
            file.write_all(line.as_bytes()).unwrap();
        }
        let wanted = [
            ("hunter.log", "five\nsix\n"),
            ("hunter.log.1", "longer than all\n"),
            ("hunter.log.2", "three\n"),
        ];
        assert_eq!(files(&folder.path().join("deep")), named(&wanted));
        // Another start goes on where the last one ended.
        let mut file = RotatingFile::open(&path, rotation).unwrap();
        file.write_all(b"seven\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "seven\n");
    }

    #[test]
    fn by_day_each_has_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hunter.log");
        let rotation = Rotation { by: LogRotation::Daily, bytes: 0, kept: 1 };
        let mut file = RotatingFile::open(&path, rotation).unwrap();
        let days = [today(), today(), today().next_day().unwrap()];
        for (day, line) in days.into_iter().zip(["a\n", "b\n", "c\n"]) {
            file.write_at(line.as_bytes(), day).unwrap();
        }
        assert_eq!(
            files(folder.path()),
            named(&[("hunter.log", "c\n"), ("hunter.log.1", "a\nb\n")])
        );
        file.write_at(b"d\n", days[2].next_day().unwrap()).unwrap();
        assert_eq!(files(folder.path()), named(&[("hunter.log", "d\n"), ("hunter.log.1", "c\n")]));
    }

    #[test]
    fn a_file_that_is_taken_away_ends_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hunter.log");
        let rotation = Rotation { by: LogRotation::Size, bytes: 4, kept: 3 };
        let mut file = RotatingFile::open(&path, rotation).unwrap();
        file.write_all(b"abc\n").unwrap();
        fs::remove_file(&path).unwrap();
        file.write_all(b"def\n").unwrap();
        assert_eq!(files(folder.path()), named(&[("hunter.log", "def\n")]));
    }
}
