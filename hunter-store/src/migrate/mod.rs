//! The schema and its history: up, down, status, check, new.
//!
//! Both databases have the same revisions under the same numbers. A program refuses a schema that is
//! newer than itself, and one that is older unless it may bring it up by itself
//! ([`Environment::Development`]).

mod check;
mod new;
mod revisions;
mod run;

use time::OffsetDateTime;

pub use self::check::{Check, Difference, check};
pub use self::new::new_revision;
pub use self::run::{down, status, up};
use crate::config::{Backend, Environment};
use crate::db::Db;
use crate::error::{Result, StoreError};

/// Where a revision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevisionState {
    /// Applied as the program carries it.
    Applied,
    /// To be applied.
    Pending,
    /// Applied in another form than the program carries.
    Changed,
    /// Applied by a newer program: this one does not know it.
    Unknown,
}

/// One revision of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionStatus {
    /// Its number.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: RevisionState,
    /// When it was applied.
    pub applied_at: Option<OffsetDateTime>,
}

/// The state of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Which database it is.
    pub backend: Backend,
    /// Every revision that the program or the database knows, the oldest first.
    pub revisions: Vec<RevisionStatus>,
}

impl Status {
    /// The newest applied revision; `None` on an empty database.
    pub fn current(&self) -> Option<i64> {
        self.revisions
            .iter()
            .filter(|revision| revision.state != RevisionState::Pending)
            .map(|revision| revision.version)
            .max()
    }

    /// The revisions in a state.
    pub fn in_state(&self, state: RevisionState) -> impl Iterator<Item = &RevisionStatus> {
        self.revisions.iter().filter(move |revision| revision.state == state)
    }

    fn refuse_strangers(&self) -> Result<()> {
        if let Some(newer) = self.in_state(RevisionState::Unknown).last() {
            return Err(StoreError::schema(
                "schema_newer",
                format!(
                    "the database is at revision {} ({}), this program knows revisions up to {}: use the newer \
                     program, or go back with its `hunter migrate down`",
                    newer.version,
                    newer.name,
                    revisions::newest()
                ),
            ));
        }
        if let Some(changed) = self.in_state(RevisionState::Changed).next() {
            return Err(StoreError::schema(
                "schema_changed",
                format!(
                    "revision {} ({}) was applied in another form than this program carries: restore its file, \
                     and make the change a new revision",
                    changed.version, changed.name
                ),
            ));
        }
        Ok(())
    }
}

/// What [`up`] or [`down`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The revision before; `None` for an empty database.
    pub from: Option<i64>,
    /// The revision after.
    pub to: Option<i64>,
    /// The revisions that were applied or taken back, in the order that it was done.
    pub steps: Vec<i64>,
}

/// Brings the schema to where this program wants it, or refuses: what every start does first.
///
/// # Errors
/// `schema_newer` and `schema_changed` always; `schema_behind` in production, where `hunter migrate up`
/// is a decision of its own.
pub async fn ensure(db: &Db) -> Result<()> {
    let status = status(db).await?;
    status.refuse_strangers()?;
    let pending = status.in_state(RevisionState::Pending).count();
    if pending == 0 {
        return Ok(());
    }
    match db.config().environment {
        Environment::Development => up(db, None).await.map(|_| ()),
        Environment::Production => Err(StoreError::schema(
            "schema_behind",
            format!(
                "{pending} revisions of the schema are not applied yet: run `hunter migrate up`"
            ),
        )),
    }
}
