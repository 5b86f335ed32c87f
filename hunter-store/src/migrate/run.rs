//! Applying revisions and taking them back.

use std::collections::BTreeMap;

use sqlx::migrate::MigrateError;
use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Row as _};
use time::OffsetDateTime;

use super::revisions::{REVISIONS, TABLE, migrator, newest};
use super::{Moved, RevisionState, RevisionStatus, Status};
use crate::config::Backend;
use crate::db::{Db, Pools, on, postgres_options};
use crate::error::{Result, StoreError};
use crate::leads::Leads as _;

/// The state of every revision. It writes nothing.
///
/// # Errors
/// `store_unreachable` when the database does not answer.
pub async fn status(db: &Db) -> Result<Status> {
    let mut applied = applied(db).await?;
    let mut revisions: Vec<RevisionStatus> = REVISIONS
        .iter()
        .map(|revision| {
            let (state, applied_at) = match applied.remove(&revision.version) {
                None => (RevisionState::Pending, None),
                Some(row) if row.checksum == revision.checksum(db.backend()) => {
                    (RevisionState::Applied, row.at)
                }
                Some(row) => (RevisionState::Changed, row.at),
            };
            RevisionStatus {
                version: revision.version,
                name: revision.name.to_owned(),
                state,
                applied_at,
            }
        })
        .collect();
    revisions.extend(applied.into_iter().map(|(version, row)| RevisionStatus {
        version,
        name: row.name,
        state: RevisionState::Unknown,
        applied_at: row.at,
    }));
    Ok(Status { backend: db.backend(), revisions })
}

struct Applied {
    name: String,
    checksum: Vec<u8>,
    at: Option<OffsetDateTime>,
}

async fn applied(db: &Db) -> Result<BTreeMap<i64, Applied>> {
    let exists = match db.backend() {
        Backend::Sqlite => {
            "SELECT count(*) > 0 FROM sqlite_master WHERE name = 'hunter_migrations'"
        }
        Backend::Postgres => "SELECT to_regclass('hunter_migrations') IS NOT NULL",
    };
    debug_assert!(exists.contains(TABLE));
    let select = "SELECT version, description, checksum, installed_on FROM hunter_migrations";
    let mut unit = db.read().await?;
    let exists: bool = on!(unit, connection => sqlx::query_scalar::<DB, bool>(exists).fetch_one(connection).await)?;
    if !exists {
        return Ok(BTreeMap::new());
    }
    on!(unit, connection => {
        let rows = sqlx::query::<DB>(select).fetch_all(connection).await?;
        rows.iter()
            .map(|row| {
                let applied = Applied {
                    name: row.try_get("description")?,
                    checksum: row.try_get("checksum")?,
                    // SQLite writes this column as text of its own form, which says nothing more.
                    at: row.try_get("installed_on").ok(),
                };
                Ok((row.try_get::<i64, _>("version")?, applied))
            })
            .collect()
    })
}

/// Applies pending revisions, up to `target` or all of them. Two processes that do it at once wait for
/// each other; a revision that fails leaves nothing behind.
///
/// # Errors
/// `schema_newer`, `schema_changed`, or `schema_migration` with what the database said.
pub async fn up(db: &Db, target: Option<i64>) -> Result<Moved> {
    let before = status(db).await?;
    before.refuse_strangers()?;
    let target = target.unwrap_or_else(newest);
    known(target)?;
    let migrator = migrator(db.backend());
    match db.pools() {
        Pools::Sqlite { writer, .. } => {
            // In one transaction: it is the lock, and it makes all of them one step.
            let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
            migrator.run_direct(Some(target), &mut *transaction, false).await.map_err(failed)?;
            transaction.commit().await?;
        }
        Pools::Postgres(_) => {
            let mut connection = unlimited(db).await?;
            migrator.run_direct(Some(target), &mut connection, false).await.map_err(failed)?;
            connection.close().await?;
        }
    }
    let moved = moved(db, &before).await?;
    if moved.steps.contains(&LEAD_SEARCH) {
        fold_leads(db).await?;
    }
    Ok(moved)
}

/// The revision that adds the folded text, which only this program can write.
const LEAD_SEARCH: i64 = 3;

/// Writes the folded text of the leads that were there before its column was.
async fn fold_leads(db: &Db) -> Result<()> {
    loop {
        let mut unit = db.begin().await?;
        let done = unit.fold_leads(1_000).await?;
        unit.commit().await?;
        if done == 0 {
            return Ok(());
        }
    }
}

/// Takes back the last `steps` revisions. What only they could hold is lost.
///
/// # Errors
/// `schema_newer`, `schema_changed`, or `schema_migration` with what the database said.
pub async fn down(db: &Db, steps: usize) -> Result<Moved> {
    let before = status(db).await?;
    before.refuse_strangers()?;
    let applied: Vec<i64> = before.in_state(RevisionState::Applied).map(|r| r.version).collect();
    let kept = applied.len().saturating_sub(steps);
    let target = kept.checked_sub(1).map_or(0, |last| applied[last]);
    let migrator = migrator(db.backend());
    match db.pools() {
        Pools::Sqlite { writer, .. } => {
            let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
            migrator.undo(&mut *transaction, target).await.map_err(failed)?;
            transaction.commit().await?;
        }
        Pools::Postgres(_) => {
            let mut connection = unlimited(db).await?;
            migrator.undo(&mut connection, target).await.map_err(failed)?;
            connection.close().await?;
        }
    }
    moved(db, &before).await
}

/// A connection on which a revision may take as long as it needs.
async fn unlimited(db: &Db) -> Result<PgConnection> {
    let options = postgres_options(db.config())?
        .options([("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0")]);
    Ok(PgConnection::connect_with(&options).await?)
}

async fn moved(db: &Db, before: &Status) -> Result<Moved> {
    let (from, to) = (before.current(), status(db).await?.current());
    let (low, high) = (from.min(to).unwrap_or(0), from.max(to).unwrap_or(0));
    let mut steps: Vec<i64> = (low + 1..=high).collect();
    if to < from {
        steps.reverse();
    }
    Ok(Moved { from, to, steps })
}

fn known(target: i64) -> Result<()> {
    if REVISIONS.iter().any(|revision| revision.version == target) {
        return Ok(());
    }
    Err(StoreError::request(
        "store_request",
        "target",
        format!("revision {target} is not known: use 1 to {}", newest()),
    ))
}

fn failed(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(source) => source.into(),
        MigrateError::ExecuteMigration(source, version) => StoreError::schema(
            "schema_migration",
            format!("revision {version} failed and was rolled back: {source}"),
        ),
        other => StoreError::schema("schema_migration", other.to_string()),
    }
}
