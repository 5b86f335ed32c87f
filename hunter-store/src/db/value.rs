//! Values of statements that are put together at run time.

use sqlx::{AssertSqlSafe, FromRow};
use time::Date;
use uuid::Uuid;

use super::{Executor, Timestamp, Unit};
use crate::config::Backend;
use crate::error::Result;

/// The kind of a column, the same for both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Int,
    Real,
    Bool,
    Time,
    Date,
    Uuid,
    Bytes,
    /// JSON, carried as its text.
    Json,
}

/// A value for a column of some [`Kind`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Text(Option<String>),
    Int(Option<i64>),
    Real(Option<f64>),
    Bool(Option<bool>),
    Time(Option<Timestamp>),
    Date(Option<Date>),
    Uuid(Option<Uuid>),
    Bytes(Option<Vec<u8>>),
    Json(Option<String>),
}

macro_rules! from {
    ($($rust:ty => $variant:ident),+ $(,)?) => {
        $(
            impl From<$rust> for Value {
                fn from(value: $rust) -> Self { Self::$variant(Some(value.into())) }
            }
            impl From<Option<$rust>> for Value {
                fn from(value: Option<$rust>) -> Self { Self::$variant(value.map(Into::into)) }
            }
        )+
    };
}
from!(
    i64 => Int, i16 => Int, i32 => Int, u8 => Int, u32 => Int, f64 => Real,
    bool => Bool, Timestamp => Time, time::OffsetDateTime => Time, Date => Date, Uuid => Uuid, Vec<u8> => Bytes,
);

impl From<String> for Value {
    /// PostgreSQL takes no NUL in a text. It comes with broken files, and one must not spoil a batch.
    fn from(text: String) -> Self {
        Self::Text(Some(if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Text(None), Into::into)
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Text(None), Into::into)
    }
}

impl Value {
    /// What can be written as JSON.
    pub(crate) fn json(value: &impl serde::Serialize) -> Self {
        // Only a map with keys that are no text, or an own `Serialize` that fails, cannot be written.
        Self::Json(serde_json::to_string(value).ok().map(without_nul))
    }
}

impl Value {
    /// Adds what tells this value from every other to some bytes.
    pub(crate) fn write_to(&self, bytes: &mut Vec<u8>) {
        let mut add = |kind: u8, value: Option<&[u8]>| {
            bytes.push(kind);
            match value {
                None => bytes.push(0),
                Some(value) => {
                    bytes.push(1);
                    bytes.extend(u64::try_from(value.len()).unwrap_or(u64::MAX).to_le_bytes());
                    bytes.extend(value);
                }
            }
        };
        match self {
            Self::Text(v) => add(0, v.as_deref().map(str::as_bytes)),
            Self::Int(v) => add(1, v.map(i64::to_le_bytes).as_ref().map(|b| &b[..])),
            Self::Real(v) => add(2, v.map(f64::to_le_bytes).as_ref().map(|b| &b[..])),
            Self::Bool(v) => add(3, v.map(|b| [u8::from(b)]).as_ref().map(|b| &b[..])),
            Self::Time(v) => {
                add(4, v.map(|at| at.as_micros().to_le_bytes()).as_ref().map(|b| &b[..]));
            }
            Self::Date(v) => {
                add(5, v.map(|day| day.to_julian_day().to_le_bytes()).as_ref().map(|b| &b[..]));
            }
            Self::Uuid(v) => add(6, v.as_ref().map(|id| &id.as_bytes()[..])),
            Self::Bytes(v) => add(7, v.as_deref()),
            Self::Json(v) => add(8, v.as_deref().map(str::as_bytes)),
        }
    }
}

/// JSON text without the escape of NUL, which PostgreSQL refuses in `jsonb`.
fn without_nul(json: String) -> String {
    const NUL: &str = "\\u0000";
    if !json.contains(NUL) {
        return json;
    }
    let mut clean = String::with_capacity(json.len());
    let mut rest = json.as_str();
    while let Some(at) = rest.find('\\') {
        clean.push_str(&rest[..at]);
        rest = &rest[at..];
        // An escaped backslash before `u0000` is no escape of NUL.
        let (kept, taken) =
            if rest.starts_with(NUL) { ("\u{fffd}", NUL.len()) } else { (&rest[..2], 2) };
        clean.push_str(kept);
        rest = &rest[taken..];
    }
    clean.push_str(rest);
    clean
}

/// Adds a value to a statement of either database.
macro_rules! bind {
    ($query:expr, $value:expr) => {
        match $value {
            $crate::db::Value::Text(v) | $crate::db::Value::Json(v) => $query.bind(v),
            $crate::db::Value::Int(v) => $query.bind(v),
            $crate::db::Value::Real(v) => $query.bind(v),
            $crate::db::Value::Bool(v) => $query.bind(v),
            $crate::db::Value::Time(v) => $query.bind(v),
            $crate::db::Value::Date(v) => $query.bind(v),
            $crate::db::Value::Uuid(v) => $query.bind(v),
            $crate::db::Value::Bytes(v) => $query.bind(v),
        }
    };
}
pub(crate) use bind;

/// A row that can be read from either database.
pub(crate) trait AnyRow:
    for<'r> FromRow<'r, sqlx::sqlite::SqliteRow>
    + for<'r> FromRow<'r, sqlx::postgres::PgRow>
    + Send
    + Unpin
{
}

impl<T> AnyRow for T where
    T: for<'r> FromRow<'r, sqlx::sqlite::SqliteRow>
        + for<'r> FromRow<'r, sqlx::postgres::PgRow>
        + Send
        + Unpin
{
}

/// Statements by their text and values. The text is this crate's own; what a caller says is a value.
impl Unit {
    /// Runs a statement and gives the number of rows it touched.
    pub(crate) async fn execute(
        &mut self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64> {
        let sql = AssertSqlSafe(sql.into());
        Ok(match self.executor() {
            Executor::Sqlite(connection) => {
                let query = values.into_iter().fold(sqlx::query(sql), |q, v| bind!(q, v));
                query.execute(connection).await?.rows_affected()
            }
            Executor::Postgres(connection) => {
                let query = values.into_iter().fold(sqlx::query(sql), |q, v| bind!(q, v));
                query.execute(connection).await?.rows_affected()
            }
        })
    }

    /// Runs a statement and gives all its rows.
    pub(crate) async fn fetch_all<T: AnyRow>(
        &mut self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<T>> {
        let sql = AssertSqlSafe(sql.into());
        Ok(match self.executor() {
            Executor::Sqlite(connection) => {
                let query = values.into_iter().fold(sqlx::query_as(sql), |q, v| bind!(q, v));
                query.fetch_all(connection).await?
            }
            Executor::Postgres(connection) => {
                let query = values.into_iter().fold(sqlx::query_as(sql), |q, v| bind!(q, v));
                query.fetch_all(connection).await?
            }
        })
    }

    /// Runs a statement that always has a row.
    pub(crate) async fn fetch_one<T: AnyRow>(
        &mut self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<T> {
        let row = self.fetch_optional(sql, values).await?;
        row.ok_or_else(|| sqlx::Error::RowNotFound.into())
    }

    /// Runs a statement and gives its one row, if it has one.
    pub(crate) async fn fetch_optional<T: AnyRow>(
        &mut self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Option<T>> {
        Ok(self.fetch_all(sql, values).await?.pop())
    }

    /// How the database would run a statement, line by line, in its own words.
    pub(crate) async fn explain(
        &mut self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<String>> {
        let backend = self.backend();
        let text = format!("{} {sql}", backend.explain());
        Ok(match backend {
            Backend::Sqlite => {
                let rows: Vec<(i64, i64, i64, String)> = self.fetch_all(text, values).await?;
                rows.into_iter().map(|row| row.3).collect()
            }
            Backend::Postgres => {
                let rows: Vec<(String,)> = self.fetch_all(text, values).await?;
                rows.into_iter().map(|row| row.0).collect()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_replaced_and_nothing_else_is() {
        assert_eq!(Value::from("a\0b"), Value::Text(Some("a\u{fffd}b".into())));
        let text = "a\0b \\u0000 \" \n ş \u{1} \\\0";
        let Value::Json(Some(json)) = Value::json(&text) else { panic!("a text is JSON") };
        let back: String = serde_json::from_str(&json).expect("still JSON");
        assert_eq!(back, text.replace('\0', "\u{fffd}"));
    }
}
