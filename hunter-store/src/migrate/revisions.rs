//! The history of the schema: one line a revision, for both databases.

use std::borrow::Cow;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use crate::config::Backend;

/// The table that remembers what was applied. Not the driver's usual name: libraries that keep their
/// own tables in the same database use that one.
pub(super) const TABLE: &str = "hunter_migrations";

/// One step of the schema, there and back, for both databases.
#[derive(Debug)]
pub(crate) struct Revision {
    pub(crate) version: i64,
    pub(crate) name: &'static str,
    postgres: Script,
    sqlite: Script,
}

#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) up: &'static str,
    pub(crate) down: &'static str,
}

macro_rules! revision {
    ($version:literal, $number:literal, $name:literal) => {
        Revision {
            version: $version,
            name: $name,
            postgres: revision!(@script "postgres", $number, $name),
            sqlite: revision!(@script "sqlite", $number, $name),
        }
    };
    (@script $folder:literal, $number:literal, $name:literal) => {
        Script {
            up: include_str!(concat!("../../migrations/", $folder, "/", $number, "_", $name, ".up.sql")),
            down: include_str!(concat!("../../migrations/", $folder, "/", $number, "_", $name, ".down.sql")),
        }
    };
}

/// Every revision, the oldest first. A new one is a line here and four files; see
/// [`new_revision`](super::new_revision).
pub(crate) const REVISIONS: &[Revision] = &[
    revision!(1, "0001", "base"),
    revision!(2, "0002", "jobs"),
    revision!(3, "0003", "lead_search"),
    revision!(4, "0004", "queue"),
    revision!(5, "0005", "confirmed"),
    revision!(6, "0006", "dashboard"),
    revision!(7, "0007", "counting"),
    revision!(8, "0008", "security"),
    revision!(9, "0009", "alert_numbers"),
    revision!(10, "0010", "ingest"),
];

impl Revision {
    pub(crate) const fn script(&self, backend: Backend) -> &Script {
        match backend {
            Backend::Sqlite => &self.sqlite,
            Backend::Postgres => &self.postgres,
        }
    }

    /// What tells an applied revision from one whose text was changed since.
    pub(super) fn checksum(&self, backend: Backend) -> Vec<u8> {
        sqlx::migrate::Migration::new(
            self.version,
            Cow::Borrowed(self.name),
            MigrationType::ReversibleUp,
            self.script(backend).up.into_sql_str(),
            false,
        )
        .checksum
        .into_owned()
    }
}

/// The version that this program is written for.
pub(crate) fn newest() -> i64 {
    REVISIONS.last().map_or(0, |revision| revision.version)
}

pub(super) fn migrator(backend: Backend) -> Migrator {
    let migrations = REVISIONS
        .iter()
        .flat_map(|revision| {
            let script = revision.script(backend);
            [(MigrationType::ReversibleUp, script.up), (MigrationType::ReversibleDown, script.down)]
                .map(|(kind, text)| {
                    let name = Cow::Borrowed(revision.name);
                    Migration::new(revision.version, name, kind, text.into_sql_str(), false)
                })
        })
        .collect();
    let mut migrator = Migrator::with_migrations(migrations);
    migrator.dangerous_set_table_name(TABLE);
    migrator
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn both_folders_hold_the_files_of_the_list_and_no_others() {
        for backend in [Backend::Sqlite, Backend::Postgres] {
            let folder =
                Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(backend.as_str());
            let found: BTreeSet<String> = std::fs::read_dir(folder)
                .expect("the folder is there")
                .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
                .collect();
            let listed = REVISIONS.iter().flat_map(|r| {
                ["up", "down"].map(|way| format!("{:04}_{}.{way}.sql", r.version, r.name))
            });
            assert_eq!(found, listed.collect::<BTreeSet<_>>(), "{backend}");
        }
    }

    #[test]
    fn versions_rise_and_start_with_the_base() {
        assert_eq!(REVISIONS[0].name, "base");
        assert!(REVISIONS.len() > 1, "a history");
        assert!(REVISIONS.windows(2).all(|pair| pair[0].version + 1 == pair[1].version));
    }
}
