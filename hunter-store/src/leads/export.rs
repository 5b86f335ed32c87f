//! Leads for a file: all that a filter means, page by page, and of each only what the file holds.
//!
//! A page is one statement that goes on where the page before ended, so that memory does not grow with the
//! number of leads and no connection is held while a slow reader takes what it was given. Domains whose
//! owner opted out are never part of it.

use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Row};
use time::{Date, OffsetDateTime};

use super::conditions::Conditions;
use super::cursor::Key;
use super::list::key_value;
use super::query::{LeadFilter, LeadQuery, LeadSort, Order};
use super::row::{COLUMNS, CONFIRMED, STAMP};
use crate::db::{Executor, Kind, Timestamp, Unit, bind};
use crate::error::{Result, StoreError};

/// What a file of leads holds, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeadExport {
    /// Which leads.
    pub filter: LeadFilter,
    /// In which order.
    pub sort: LeadSort,
    /// In which direction; `None` for the natural one.
    pub order: Option<Order>,
    /// What is told of each.
    pub columns: Vec<LeadColumn>,
}

/// One thing that is told of a lead: a field of the [row](super::LeadRow), by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadColumn {
    name: &'static str,
    form: Form,
}

/// How a column is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Whole,
    Real,
    Flag,
    Moment,
    Day,
    List,
}

/// What a row is kept by, and nobody reads.
const INNER: &[&str] = &["search_text", "row_hash", "observation_id"];

impl LeadColumn {
    /// Every column, in the order of the row.
    pub fn all() -> impl Iterator<Item = Self> {
        let read = COLUMNS.iter().filter(|(name, _)| !INNER.contains(name));
        read.map(|&(name, kind)| Self { name, form: Form::of(kind) })
    }

    /// The column of that name; `None` when there is none.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|column| column.name == name)
    }

    /// Its name, that of the field of the row.
    pub const fn name(self) -> &'static str {
        self.name
    }

    fn selected(self) -> String {
        let name = self.name;
        let told = if STAMP.contains(&name) {
            format!("COALESCE(r.{name}, l.{name})")
        } else {
            format!("l.{name}")
        };
        match self.form {
            Form::List => format!("CAST({told} AS TEXT)"),
            Form::Whole => format!("CAST({told} AS BIGINT)"),
            _ => told,
        }
    }
}

impl Form {
    const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Int => Self::Whole,
            Kind::Real => Self::Real,
            Kind::Bool => Self::Flag,
            Kind::Time => Self::Moment,
            Kind::Date => Self::Day,
            Kind::Json => Self::List,
            Kind::Text | Kind::Uuid | Kind::Bytes => Self::Text,
        }
    }
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'r> {
    /// Nothing is known.
    Unknown,
    /// A text.
    Text(&'r str),
    /// A whole number.
    Whole(i64),
    /// A number.
    Real(f64),
    /// Yes or no.
    Flag(bool),
    /// A moment, in UTC.
    Moment(OffsetDateTime),
    /// A day.
    Day(Date),
    /// Several texts; of findings their kinds.
    List(Vec<String>),
}

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    key: Key,
    company_id: i64,
}

/// A page of a file.
#[derive(Debug)]
pub struct ExportPage {
    rows: Rows,
    columns: Vec<LeadColumn>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<Place>,
}

#[derive(Debug)]
enum Rows {
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

impl ExportPage {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Sqlite(rows) => rows.len(),
            Rows::Postgres(rows) => rows.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Hands over each row, in order, as the cells of the columns that were asked for.
    ///
    /// # Errors
    /// `store_corrupt` for a value that cannot be read, or what the taker said.
    pub fn each<E: From<StoreError>>(
        &self,
        mut take: impl FnMut(&[Cell<'_>]) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let mut cells = Vec::with_capacity(self.columns.len());
        match &self.rows {
            Rows::Sqlite(rows) => {
                for row in rows {
                    read(row, &self.columns, &mut cells)?;
                    take(&cells)?;
                }
            }
            Rows::Postgres(rows) => {
                for row in rows {
                    read(row, &self.columns, &mut cells)?;
                    take(&cells)?;
                }
            }
        }
        Ok(())
    }
}

/// Leads for a file.
#[async_trait]
pub trait ExportLeads: Send {
    /// Up to `rows` leads of a file after a place in it, without those whose owner opted out.
    async fn export_page(
        &mut self,
        export: &LeadExport,
        after: Option<&Place>,
        rows: u32,
    ) -> Result<ExportPage>;

    /// How many leads a file would hold; counting ends at `most`.
    async fn export_count(&mut self, export: &LeadExport, most: u64) -> Result<u64>;

    /// The domains that a file would hold had their owners not opted out, at most `limit`.
    async fn withheld(&mut self, export: &LeadExport, limit: u32) -> Result<Vec<String>>;
}

const OPTED_OUT: &str = "EXISTS (SELECT 1 FROM opt_outs o WHERE o.domain = l.domain)";

impl LeadExport {
    fn query(&self) -> LeadQuery {
        let Self { filter, sort, order, .. } = self;
        LeadQuery { filter: filter.clone(), sort: *sort, order: *order, ..LeadQuery::default() }
    }
}

/// The conditions of a file and one more, as the text behind `WHERE`.
fn joined(conditions: &Conditions, more: &[&str]) -> String {
    let all: Vec<&str> =
        conditions.all.iter().map(String::as_str).chain(more.iter().copied()).collect();
    all.join(" AND ")
}

#[async_trait]
impl ExportLeads for Unit {
    async fn export_page(
        &mut self,
        export: &LeadExport,
        after: Option<&Place>,
        rows: u32,
    ) -> Result<ExportPage> {
        let query = export.query();
        let mut conditions = Conditions::new(self.backend(), &query);
        let (column, order) = (query.sort.column(), query.direction());
        let (way, beyond) = match order {
            Order::Ascending => ("", ">"),
            Order::Descending => (" DESC", "<"),
        };
        let mut more = vec![format!("NOT {OPTED_OUT}")];
        if let Some(place) = after {
            let key = conditions.value(key_value(query.sort, place.key.clone())?);
            let id = conditions.value(place.company_id.into());
            more.push(format!("(l.{column}, l.company_id) {beyond} ({key}, {id})"));
        }
        let more: Vec<&str> = more.iter().map(String::as_str).collect();
        let key = match query.sort {
            LeadSort::ScannedAt | LeadSort::Domain | LeadSort::Segment | LeadSort::Provider => {
                format!("l.{column}")
            }
            _ => format!("CAST(l.{column} AS BIGINT)"),
        };
        let cells = export.columns.iter().map(|column| column.selected());
        let selected: Vec<String> = cells.chain([key, "l.company_id".to_owned()]).collect();
        let stamped = export.columns.iter().any(|column| STAMP.contains(&column.name));
        // The inner part finds the page by the index that has the order.
        let sql = format!(
            "SELECT {} FROM (SELECT l.* FROM leads l WHERE {} ORDER BY l.{column}{way}, l.company_id{way} \
             LIMIT {rows}) l {} ORDER BY l.{column}{way}, l.company_id{way}",
            selected.join(", "),
            joined(&conditions, &more),
            if stamped { CONFIRMED } else { "" },
        );
        let (sql, values) = (AssertSqlSafe(sql), conditions.values);
        let at = export.columns.len();
        let (found, next) = match self.executor() {
            Executor::Sqlite(connection) => {
                let query = values.into_iter().fold(sqlx::query(sql), |q, v| bind!(q, v));
                let found = query.fetch_all(connection).await?;
                let next = last(found.last(), export.sort, at)?;
                (Rows::Sqlite(found), next)
            }
            Executor::Postgres(connection) => {
                let query = values.into_iter().fold(sqlx::query(sql), |q, v| bind!(q, v));
                let found = query.fetch_all(connection).await?;
                let next = last(found.last(), export.sort, at)?;
                (Rows::Postgres(found), next)
            }
        };
        let mut page = ExportPage { rows: found, columns: export.columns.clone(), next };
        if page.len() < rows as usize {
            page.next = None;
        }
        Ok(page)
    }

    async fn export_count(&mut self, export: &LeadExport, most: u64) -> Result<u64> {
        let conditions = Conditions::new(self.backend(), &export.query());
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 AS one FROM leads l WHERE {} LIMIT {most}) c",
            joined(&conditions, &[&format!("NOT {OPTED_OUT}")])
        );
        let (count,): (i64,) = self.fetch_one(sql, conditions.values).await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn withheld(&mut self, export: &LeadExport, limit: u32) -> Result<Vec<String>> {
        let conditions = Conditions::new(self.backend(), &export.query());
        // From the few who opted out, not from all leads.
        let filter = joined(&conditions, &[]);
        let filter = if filter.is_empty() { filter } else { format!(" WHERE {filter}") };
        let sql = format!(
            "SELECT l.domain FROM opt_outs o JOIN leads l ON l.domain = o.domain{filter} \
             ORDER BY l.domain LIMIT {limit}"
        );
        let found: Vec<(String,)> = self.fetch_all(sql, conditions.values).await?;
        Ok(found.into_iter().map(|(domain,)| domain).collect())
    }
}

/// What a row of either database gives.
trait Reads<'r>: Row
where
    usize: ColumnIndex<Self>,
{
    fn take<T: Decode<'r, Self::Database>>(&'r self, at: usize) -> Result<Option<T>> {
        Ok(self.try_get_unchecked(at)?)
    }
}

impl<R: Row> Reads<'_> for R where usize: ColumnIndex<R> {}

/// Where a page ends.
fn last<'r, R>(row: Option<&'r R>, sort: LeadSort, at: usize) -> Result<Option<Place>>
where
    R: Row,
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database>,
    String: Decode<'r, R::Database>,
    Timestamp: Decode<'r, R::Database>,
{
    let Some(row) = row else { return Ok(None) };
    let missing = || StoreError::Corrupt { place: "leads", problem: "a key is null".to_owned() };
    let key = match sort {
        LeadSort::ScannedAt => {
            let at: Timestamp = row.take(at)?.ok_or_else(missing)?;
            Key::Number(at.as_micros())
        }
        LeadSort::Domain | LeadSort::Segment | LeadSort::Provider => {
            Key::Text(row.take(at)?.ok_or_else(missing)?)
        }
        _ => Key::Number(row.take(at)?.ok_or_else(missing)?),
    };
    Ok(Some(Place { key, company_id: row.take(at + 1)?.ok_or_else(missing)? }))
}

/// Reads the cells of a row.
fn read<'r, R>(row: &'r R, columns: &[LeadColumn], cells: &mut Vec<Cell<'r>>) -> Result<()>
where
    R: Row,
    usize: ColumnIndex<R>,
    &'r str: Decode<'r, R::Database>,
    i64: Decode<'r, R::Database>,
    f64: Decode<'r, R::Database>,
    bool: Decode<'r, R::Database>,
    Timestamp: Decode<'r, R::Database>,
    Date: Decode<'r, R::Database>,
{
    cells.clear();
    for (at, column) in columns.iter().enumerate() {
        let cell = match column.form {
            Form::Text => row.take(at)?.map(Cell::Text),
            Form::Whole => row.take(at)?.map(Cell::Whole),
            Form::Real => row.take(at)?.map(Cell::Real),
            Form::Flag => row.take(at)?.map(Cell::Flag),
            Form::Moment => row.take::<Timestamp>(at)?.map(|at| Cell::Moment(at.into())),
            Form::Day => row.take(at)?.map(Cell::Day),
            Form::List => row.take::<&str>(at)?.map(list).transpose()?,
        };
        cells.push(cell.unwrap_or(Cell::Unknown));
    }
    Ok(())
}

/// A list of texts; of objects, which findings are, the kind of each.
fn list<'r>(json: &str) -> Result<Cell<'r>> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Entry {
        Text(String),
        Finding { kind: String },
    }
    if json == "[]" {
        return Ok(Cell::List(Vec::new()));
    }
    let entries: Vec<Entry> = serde_json::from_str(json)
        .map_err(|error| StoreError::Corrupt { place: "leads", problem: error.to_string() })?;
    let texts = entries.into_iter().map(|entry| match entry {
        Entry::Text(text) | Entry::Finding { kind: text } => text,
    });
    Ok(Cell::List(texts.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_row_is_a_column_and_nothing_else_is() {
        let names: Vec<_> = LeadColumn::all().map(LeadColumn::name).collect();
        assert_eq!(names.len(), COLUMNS.len() - INNER.len());
        assert_eq!(LeadColumn::named("domain").map(LeadColumn::name), Some("domain"));
        assert_eq!(LeadColumn::named("search_text"), None);
    }

    #[test]
    fn of_findings_the_kinds_are_told() {
        let texts = |json| match list(json) {
            Ok(Cell::List(texts)) => texts,
            other => panic!("{other:?}"),
        };
        assert_eq!(texts(r#"["a","ş \" ;"]"#), ["a", "ş \" ;"]);
        assert_eq!(texts(r#"[{"kind":"old_tenant","records":["x"]}]"#), ["old_tenant"]);
        assert!(texts("[]").is_empty());
        assert_eq!(list("[1]").unwrap_err().code(), "store_corrupt");
    }
}
