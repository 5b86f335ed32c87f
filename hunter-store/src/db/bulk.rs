//! Many rows in one statement: arrays that PostgreSQL unfolds, lists of values on SQLite.

use std::fmt::Write as _;

use sqlx::AssertSqlSafe;

use super::value::{AnyRow, Kind, Value, bind};
use super::{Executor, Unit};
use crate::error::Result;

macro_rules! bind_column {
    ($query:expr, $column:expr) => {
        match $column {
            Column::Text(v) => $query.bind(v),
            Column::Int(v) => $query.bind(v),
            Column::Real(v) => $query.bind(v),
            Column::Bool(v) => $query.bind(v),
            Column::Time(v) => $query.bind(v),
            Column::Date(v) => $query.bind(v),
            Column::Uuid(v) => $query.bind(v),
            Column::Bytes(v) => $query.bind(v),
        }
    };
}

/// An insert of rows that all have the same columns.
#[derive(Debug)]
pub(crate) struct Insert<'a> {
    pub(crate) table: &'a str,
    pub(crate) columns: &'a [(&'a str, Kind)],
    /// What follows the rows: `ON CONFLICT …`, `RETURNING …`.
    pub(crate) suffix: &'a str,
    /// The rows; each has a value for each column.
    pub(crate) rows: Vec<Vec<Value>>,
}

/// The most rows of one statement on PostgreSQL; more save nothing and hold locks for longer.
const POSTGRES_ROWS: usize = 2_000;
/// The most values of one statement on SQLite, whose own limit is 32,766.
const SQLITE_VALUES: usize = 8_000;

impl Unit {
    /// Inserts the rows and gives the number that was touched.
    pub(crate) async fn insert(&mut self, insert: Insert<'_>) -> Result<u64> {
        let mut touched = 0;
        for (sql, values) in self.statements(insert) {
            touched += self.execute_columns(sql, values).await?;
        }
        Ok(touched)
    }

    /// Inserts the rows and gives what the suffix returns.
    pub(crate) async fn insert_returning<T: AnyRow>(
        &mut self,
        insert: Insert<'_>,
    ) -> Result<Vec<T>> {
        let mut returned = Vec::new();
        for (sql, values) in self.statements(insert) {
            returned.extend(match (self.executor(), values) {
                (Executor::Sqlite(connection), Values::Rows(values)) => {
                    let query = sqlx::query_as(AssertSqlSafe(sql));
                    let query = values.into_iter().fold(query, |q, v| bind!(q, v));
                    query.fetch_all(connection).await?
                }
                (Executor::Postgres(connection), Values::Columns(columns)) => {
                    let query = sqlx::query_as(AssertSqlSafe(sql));
                    let query = columns.into_iter().fold(query, |q, c| bind_column!(q, c));
                    query.fetch_all(connection).await?
                }
                _ => unreachable!("statements are made for the connection they run on"),
            });
        }
        Ok(returned)
    }

    async fn execute_columns(&mut self, sql: String, values: Values) -> Result<u64> {
        Ok(match (self.executor(), values) {
            (Executor::Sqlite(connection), Values::Rows(values)) => {
                let query = sqlx::query(AssertSqlSafe(sql));
                let query = values.into_iter().fold(query, |q, v| bind!(q, v));
                query.execute(connection).await?.rows_affected()
            }
            (Executor::Postgres(connection), Values::Columns(columns)) => {
                let query = sqlx::query(AssertSqlSafe(sql));
                let query = columns.into_iter().fold(query, |q, c| bind_column!(q, c));
                query.execute(connection).await?.rows_affected()
            }
            _ => unreachable!("statements are made for the connection they run on"),
        })
    }

    fn statements(&mut self, insert: Insert<'_>) -> Vec<(String, Values)> {
        let is_sqlite = matches!(self.executor(), Executor::Sqlite(_));
        let width = insert.columns.len();
        let most = if is_sqlite { (SQLITE_VALUES / width).max(1) } else { POSTGRES_ROWS };
        let head = {
            let names: Vec<&str> = insert.columns.iter().map(|(name, _)| *name).collect();
            format!("INSERT INTO {} ({})", insert.table, names.join(", "))
        };
        let mut statements = Vec::new();
        let mut rows = insert.rows.into_iter();
        loop {
            let chunk: Vec<Vec<Value>> = rows.by_ref().take(most).collect();
            if chunk.is_empty() {
                return statements;
            }
            debug_assert!(chunk.iter().all(|row| row.len() == width), "{head}: a value is missing");
            statements.push(if is_sqlite {
                let sql = format!("{head} {} {}", value_lists(chunk.len(), width), insert.suffix);
                (sql, Values::Rows(chunk.into_iter().flatten().collect()))
            } else {
                let sql = format!("{head} {} {}", unfolded(insert.columns), insert.suffix);
                (sql, Values::Columns(transposed(insert.columns, chunk)))
            });
        }
    }
}

enum Values {
    Rows(Vec<Value>),
    Columns(Vec<Column>),
}

/// A column of values, as PostgreSQL takes it.
enum Column {
    Text(Vec<Option<String>>),
    Int(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
    Bool(Vec<Option<bool>>),
    Time(Vec<Option<super::Timestamp>>),
    Date(Vec<Option<time::Date>>),
    Uuid(Vec<Option<uuid::Uuid>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

fn transposed(columns: &[(&str, Kind)], rows: Vec<Vec<Value>>) -> Vec<Column> {
    let mut made: Vec<Column> = columns
        .iter()
        .map(|(_, kind)| match kind {
            Kind::Text | Kind::Json => Column::Text(Vec::with_capacity(rows.len())),
            Kind::Int => Column::Int(Vec::with_capacity(rows.len())),
            Kind::Real => Column::Real(Vec::with_capacity(rows.len())),
            Kind::Bool => Column::Bool(Vec::with_capacity(rows.len())),
            Kind::Time => Column::Time(Vec::with_capacity(rows.len())),
            Kind::Date => Column::Date(Vec::with_capacity(rows.len())),
            Kind::Uuid => Column::Uuid(Vec::with_capacity(rows.len())),
            Kind::Bytes => Column::Bytes(Vec::with_capacity(rows.len())),
        })
        .collect();
    for row in rows {
        for (column, value) in made.iter_mut().zip(row) {
            match (column, value) {
                (Column::Text(all), Value::Text(one) | Value::Json(one)) => all.push(one),
                (Column::Int(all), Value::Int(one)) => all.push(one),
                (Column::Real(all), Value::Real(one)) => all.push(one),
                (Column::Bool(all), Value::Bool(one)) => all.push(one),
                (Column::Time(all), Value::Time(one)) => all.push(one),
                (Column::Date(all), Value::Date(one)) => all.push(one),
                (Column::Uuid(all), Value::Uuid(one)) => all.push(one),
                (Column::Bytes(all), Value::Bytes(one)) => all.push(one),
                (_, value) => unreachable!("{value:?} is not of its column's kind"),
            }
        }
    }
    made
}

/// `SELECT c1, c2::jsonb FROM unnest($1::text[], …)`.
fn unfolded(columns: &[(&str, Kind)]) -> String {
    let (mut select, mut arrays, mut names) = (String::new(), String::new(), String::new());
    for (i, (_, kind)) in columns.iter().enumerate() {
        let separator = if i == 0 { "" } else { ", " };
        let (array, cast) = match kind {
            Kind::Text => ("text", ""),
            Kind::Json => ("text", "::jsonb"),
            Kind::Int => ("bigint", ""),
            Kind::Real => ("double precision", ""),
            Kind::Bool => ("boolean", ""),
            Kind::Time => ("timestamptz", ""),
            Kind::Date => ("date", ""),
            Kind::Uuid => ("uuid", ""),
            Kind::Bytes => ("bytea", ""),
        };
        let n = i + 1;
        // Writing to a string cannot fail.
        let _ = write!(select, "{separator}c{n}{cast}");
        let _ = write!(arrays, "{separator}${n}::{array}[]");
        let _ = write!(names, "{separator}c{n}");
    }
    format!("SELECT {select} FROM unnest({arrays}) AS rows({names})")
}

/// `VALUES (?, ?), (?, ?)`. To SQLite `$1` is a name, and it looks through all names for each: with
/// thousands of values that takes longer than everything else.
fn value_lists(rows: usize, width: usize) -> String {
    let row = format!("({})", vec!["?"; width].join(", "));
    format!("VALUES {}", vec![row.as_str(); rows].join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_forms_of_many_rows() {
        assert_eq!(value_lists(2, 2), "VALUES (?, ?), (?, ?)");
        assert_eq!(
            unfolded(&[("a", Kind::Text), ("b", Kind::Json)]),
            "SELECT c1, c2::jsonb FROM unnest($1::text[], $2::text[]) AS rows(c1, c2)"
        );
    }
}
