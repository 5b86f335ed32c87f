//! The statements that the store sends, for those that compare them with other programs.

use crate::config::Backend;
use crate::db::Value;
use crate::error::Result;
use crate::leads::LeadQuery;

/// The statement behind a page of the list, and its parameters `$1`, `$2`, … as text.
///
/// # Errors
/// As for the page itself.
pub fn page_statement(backend: Backend, query: &LeadQuery) -> Result<(String, Vec<String>)> {
    let statement = crate::leads::statement(backend, query)?;
    Ok((statement.text, statement.values.into_iter().map(text).collect()))
}

/// The statement behind [`Leads::lead`](crate::leads::Leads::lead).
pub fn lead_statement() -> String {
    crate::leads::lead_statement()
}

fn text(value: Value) -> String {
    match value {
        Value::Text(v) | Value::Json(v) => v.unwrap_or_default(),
        Value::Int(v) => v.map_or_else(String::new, |number| number.to_string()),
        Value::Time(Some(at)) => at.as_micros().to_string(),
        other => format!("{other:?}"),
    }
}

/// Runs statements of a test's own: to break something, or to make time pass.
///
/// # Panics
/// When the database does not take them.
pub async fn execute(db: &crate::db::Db, sql: &str) {
    use crate::db::Executor;
    let mut unit = db.begin().await.expect("a unit of work");
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    match unit.executor() {
        Executor::Sqlite(c) => drop(sqlx::raw_sql(sql).execute(c).await.expect("SQL")),
        Executor::Postgres(c) => drop(sqlx::raw_sql(sql).execute(c).await.expect("SQL")),
    }
    unit.commit().await.expect("committed");
}
