//! Drift: where a live schema differs from what its revisions make.

use std::collections::BTreeMap;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::revisions::REVISIONS;
use super::run::status;
use super::{RevisionState, Status};
use crate::config::Backend;
use crate::db::{Db, Pools};
use crate::error::Result;

/// A part of the schema that is not as its revisions make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The part, such as `table leads` or `index leads_by_rank on leads`.
    pub part: String,
    /// What the revisions make of it; `None` when they make no such part.
    pub wanted: Option<String>,
    /// What stands in the database; `None` when it is missing.
    pub found: Option<String>,
}

/// What [`check`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The state of the revisions.
    pub status: Status,
    /// Where the live schema differs; empty when all is well.
    pub drift: Vec<Difference>,
}

impl Check {
    /// Whether everything is applied, and stands as it was applied.
    pub fn is_clean(&self) -> bool {
        self.drift.is_empty()
            && self.status.revisions.iter().all(|r| r.state == RevisionState::Applied)
    }
}

/// Compares the live schema with one that is made afresh from the applied revisions. Tables that no
/// revision makes are others' and are left alone; nothing is changed.
///
/// # Errors
/// `store_unreachable` when the database does not answer; on PostgreSQL `store_database` when the user
/// may not create a schema, which the fresh one is made in and taken back with.
pub async fn check(db: &Db) -> Result<Check> {
    let status = status(db).await?;
    let applied: Vec<&'static str> = REVISIONS
        .iter()
        .filter(|revision| Some(revision.version) <= status.current())
        .map(|revision| revision.script(db.backend()).up)
        .collect();
    let (live, wanted) = match db.pools() {
        Pools::Sqlite { readers, .. } => {
            let live = sqlite_parts(&mut *readers.acquire().await?).await?;
            let fresh = SqliteConnectOptions::new().in_memory(true);
            let mut fresh = SqliteConnection::connect_with(&fresh).await?;
            for script in applied {
                sqlx::raw_sql(script).execute(&mut fresh).await?;
            }
            (live, sqlite_parts(&mut fresh).await?)
        }
        Pools::Postgres(pool) => {
            let mut transaction = pool.begin().await?;
            let live = postgres_parts(&mut transaction).await?;
            // Everything until the end of this transaction happens in a schema that nobody else sees.
            let schema = format!("hunter_check_{}", uuid::Uuid::now_v7().simple());
            let make = format!(
                "CREATE SCHEMA {schema}; \
                 SELECT set_config('search_path', '{schema},' || current_setting('search_path'), true)"
            );
            sqlx::raw_sql(AssertSqlSafe(make)).execute(&mut *transaction).await?;
            for script in applied {
                sqlx::raw_sql(script).execute(&mut *transaction).await?;
            }
            let wanted = postgres_parts(&mut transaction).await?;
            transaction.rollback().await?;
            (live, wanted)
        }
    };
    Ok(Check { drift: differences(db.backend(), live, wanted), status })
}

/// A part's owner table, its name, and how it is made.
type Parts = BTreeMap<(String, String), String>;

async fn sqlite_parts(connection: &mut SqliteConnection) -> Result<Parts> {
    let rows: Vec<(String, String, String, Option<String>)> = sqlx::query_as(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(kind, name, table, sql)| {
            let part = if kind == "table" {
                format!("table {name}")
            } else {
                format!("{kind} {name} on {table}")
            };
            // The text is kept as it was written, but for the quotes around the name of a table that was
            // renamed; how it is broken into lines is no difference.
            let made = sql.unwrap_or_default();
            let made = made.replacen(
                &format!("CREATE TABLE \"{name}\""),
                &format!("CREATE TABLE {name}"),
                1,
            );
            ((table, part), made.split_whitespace().collect::<Vec<_>>().join(" "))
        })
        .collect())
}

async fn postgres_parts(connection: &mut PgConnection) -> Result<Parts> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT c.relname::text, 'column ' || a.attname || ' on ' || c.relname,
                concat_ws(' ', format_type(a.atttypid, a.atttypmod),
                    CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || l.collname END,
                    CASE WHEN a.attnotnull THEN 'not null' END,
                    CASE a.attidentity WHEN '' THEN NULL ELSE 'identity' END,
                    CASE a.attgenerated WHEN '' THEN 'default ' ELSE 'generated ' END
                        || pg_get_expr(d.adbin, d.adrelid))
         FROM pg_attribute a
         JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
         JOIN pg_type t ON t.oid = a.atttypid
         LEFT JOIN pg_collation l ON l.oid = a.attcollation
         LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
         UNION ALL
         SELECT c.relname::text, 'constraint ' || k.conname || ' on ' || c.relname,
                replace(pg_get_constraintdef(k.oid), current_schema() || '.', '')
         FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
         WHERE c.relnamespace = current_schema()::regnamespace
         UNION ALL
         SELECT tablename::text, 'index ' || indexname || ' on ' || tablename,
                replace(indexdef, current_schema() || '.', '')
         FROM pg_indexes WHERE schemaname = current_schema()
         UNION ALL
         SELECT c.relname::text, 'trigger ' || g.tgname || ' on ' || c.relname,
                replace(pg_get_triggerdef(g.oid), current_schema() || '.', '')
         FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
         WHERE c.relnamespace = current_schema()::regnamespace AND NOT g.tgisinternal",
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(table, part, made)| ((table, part), made)).collect())
}

fn differences(backend: Backend, mut live: Parts, wanted: Parts) -> Vec<Difference> {
    let tables: std::collections::BTreeSet<String> =
        wanted.keys().map(|(table, _)| table.clone()).collect();
    let mut found = Vec::new();
    for ((table, part), made) in wanted {
        let there = live.remove(&(table, part.clone()));
        if there.as_ref() != Some(&made) {
            found.push(Difference { part, wanted: Some(made), found: there });
        }
    }
    for ((table, part), made) in live {
        if tables.contains(&table) {
            found.push(Difference { part, wanted: None, found: Some(made) });
        }
    }
    tracing::debug!(%backend, differences = found.len(), "compared the schema with its revisions");
    found
}
