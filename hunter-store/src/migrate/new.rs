//! The files of a new revision.

use std::path::{Path, PathBuf};

use super::revisions::newest;
use crate::config::Backend;
use crate::error::{Result, StoreError};

/// Makes the four files of the next revision below `migrations`, the folder of this crate's sources,
/// and gives their paths. They hold the line that has to be added to the list of revisions.
///
/// # Errors
/// `store_request` for a name that is no plain word, or a folder that cannot be written.
pub fn new_revision(migrations: &Path, name: &str) -> Result<Vec<PathBuf>> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || !name.chars().all(plain) {
        return Err(StoreError::request(
            "store_request",
            "name",
            format!("`{name}` is no name for a revision: use lower-case letters, digits and `_`"),
        ));
    }
    let version = newest() + 1;
    let mut made = Vec::new();
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let folder = migrations.join(backend.as_str());
        for way in ["up", "down"] {
            let path = folder.join(format!("{version:04}_{name}.{way}.sql"));
            let text = format!(
                "-- What it is for, and what becomes of the data that is there.\n\
                 -- Add to REVISIONS: revision!({version}, \"{version:04}\", \"{name}\"),\n"
            );
            let written = std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&path)
                .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
            written.map_err(|error| {
                StoreError::request(
                    "store_request",
                    "migrations",
                    format!("{}: {error}", path.display()),
                )
            })?;
            made.push(path);
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_files_are_made_once() {
        let folder = tempfile::tempdir().expect("a folder");
        for backend in [Backend::Sqlite, Backend::Postgres] {
            std::fs::create_dir(folder.path().join(backend.as_str())).expect("a folder");
        }
        let made = new_revision(folder.path(), "more_tags").expect("made");
        assert_eq!(made.len(), 4);
        let text = std::fs::read_to_string(&made[0]).expect("readable");
        assert!(text.contains("\"more_tags\""), "{text}");
        assert_eq!(
            new_revision(folder.path(), "more_tags").expect_err("twice").code(),
            "store_request"
        );
    }

    #[test]
    fn a_name_is_a_plain_word() {
        for name in ["", "More", "a b", "../x"] {
            let error = new_revision(Path::new("."), name).expect_err(name);
            assert!(error.to_string().starts_with("`name`"), "{error}");
        }
    }
}
