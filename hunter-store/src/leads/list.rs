//! The statement behind a page of the list: always one, whatever is asked.

use hunter_core::vocabulary::PriorityCategory;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::conditions::{Conditions, IN_SAMPLE, rank_of, where_all};
use super::cursor::{Cursor, Key};
use super::query::{LeadQuery, LeadSort, MAX_NUMBERED_ROWS, Order, Page};
use super::row::{CONFIRMED, LeadRow, selected};
use crate::config::Backend;
use crate::db::{Timestamp, Unit, Value};
use crate::error::{Result, StoreError};

/// How many leads there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Counted.
    Exact(u64),
    /// Estimated from one lead in 128: there are more than are counted for a page.
    Estimate(u64),
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadPage {
    /// The rows.
    pub leads: Vec<LeadRow>,
    /// How many there are on all pages, where that was asked.
    pub total: Option<Total>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<String>,
}

/// One lead in so many is in the sample.
const SAMPLE: u64 = 128;
/// From so many leads of the sample on nothing is counted, since the count would end at its bound: three
/// standard deviations above what 10,000 leads show there.
const SURELY_MANY: u64 = 78 + 27;
/// Up to so many leads of the sample, some 6,400 of all, what a search finds is gathered and put in order;
/// of more, the first ones are found sooner by walking the list in its order.
const FEW: u64 = 50;

/// A statement and its values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) values: Vec<Value>,
}

pub(super) async fn list(unit: &mut Unit, query: &LeadQuery) -> Result<LeadPage> {
    let statement = statement(unit.backend(), query)?;
    let rows: Vec<Listed> = unit.fetch_all(statement.text, statement.values).await?;
    let total = rows.first().filter(|_| query.count).map(Listed::total);
    let mut leads: Vec<LeadRow> = rows.into_iter().filter_map(|row| row.lead).collect();
    let size = query.page_size as usize;
    // One row more than asked for says that there is a next page.
    let more = leads.len() > size;
    leads.truncate(size);
    let next = leads.last().filter(|_| more).map(|last| cursor(query, last).encode());
    Ok(LeadPage { leads, total, next })
}

/// The statement of a page. Its inner part finds the page by an index that has the order; only the
/// rows of the page are read whole.
pub(crate) fn statement(backend: Backend, query: &LeadQuery) -> Result<Statement> {
    let offset = query.offset()?;
    let mut conditions = Conditions::new(backend, query);
    let filter = conditions.text();
    let (column, order) = (query.sort.column(), query.direction());
    let (way, beyond) = match order {
        Order::Ascending => ("", ">"),
        Order::Descending => (" DESC", "<"),
    };
    let mut cursor = None;
    if let Page::After(text) = &query.page {
        let Cursor { key, company_id, .. } = Cursor::decode(text, query.mark())?;
        let key = conditions.value(key_value(query.sort, key)?);
        let id = conditions.value(company_id.into());
        cursor = Some((key, id));
    }
    let mut placed = Placed {
        column,
        way,
        after: cursor
            .as_ref()
            .map(|(k, id)| format!("(l.{column}, l.company_id) {beyond} ({k}, {id})")),
        // A union is cut once more as a whole, so that its parts need all rows before the page too.
        rows: (u64::from(query.page_size) + 1 + offset).to_string(),
    };
    let limit = format!("LIMIT {} OFFSET {offset}", query.page_size + 1);
    let ordered = format!("ORDER BY sort_key{way}, company_id{way} {limit}");
    let (with, totals, page) = if let Some(hits) = conditions.hits(backend, column) {
        let after = cursor.map_or_else(String::new, |(key, id)| {
            format!(" AND (sort_key, company_id) {beyond} ({key}, {id})")
        });
        let few = format!("(SELECT sampled FROM sample) <= {FEW}");
        let (gathered, walked) = backend.only_one_of(&few, &placed.rows);
        placed.rows = walked;
        let page = format!(
            "SELECT company_id, sort_key FROM (SELECT company_id, sort_key FROM hits WHERE {few}{after} \
             UNION ALL SELECT company_id, sort_key FROM ({}) walk WHERE NOT {few}) both_ways {ordered}",
            placed.walk(&conditions.all)
        );
        // Each part is computed only where it is asked for.
        let with = format!(
            "WITH sample AS MATERIALIZED ({}), hits AS MATERIALIZED ({hits}{gathered}) ",
            sample(backend, &conditions.sampled)
        );
        let totals = format!(
            "SELECT (SELECT sampled FROM sample) AS sampled, \
             CASE WHEN {few} THEN (SELECT count(*) FROM hits) END AS counted"
        );
        (with, totals, page)
    } else {
        let parts: Vec<String> = ranks(query)
            .into_iter()
            .map(|range| {
                let all: Vec<String> = conditions.all.iter().cloned().chain(range).collect();
                format!("SELECT company_id, sort_key FROM ({}) part", placed.walk(&all))
            })
            .collect();
        let page = format!(
            "SELECT company_id, sort_key FROM ({}) parts {ordered}",
            parts.join(" UNION ALL ")
        );
        (String::new(), totals(backend, &filter, &conditions.sampled), page)
    };
    let nothing =
        "SELECT CAST(NULL AS BIGINT) AS sampled, CAST(NULL AS BIGINT) AS counted".to_owned();
    let totals = if query.count { totals } else { nothing };
    // The outer joins keep the totals where the page is empty.
    let text = format!(
        "{with}SELECT t.sampled, t.counted, {} FROM ({totals}) t LEFT JOIN ({page}) p ON 1 = 1 \
         LEFT JOIN leads l ON l.company_id = p.company_id {CONFIRMED} \
         ORDER BY p.sort_key{way}, p.company_id{way}",
        selected()
    );
    Ok(Statement { text, values: conditions.values })
}

/// The way through the list in its order, which an index has.
struct Placed<'a> {
    column: &'a str,
    way: &'a str,
    after: Option<String>,
    rows: String,
}

impl Placed<'_> {
    fn walk(&self, conditions: &[String]) -> String {
        let Self { column, way, after, rows } = self;
        let conditions: Vec<&str> = conditions.iter().chain(after).map(String::as_str).collect();
        format!(
            "SELECT l.company_id, l.{column} AS sort_key FROM leads l{} \
             ORDER BY l.{column}{way}, l.company_id{way} LIMIT {rows}",
            where_all(&conditions)
        )
    }
}

/// The stretches of the list, sorted by priority, in which leads with the wanted scores stand: one for
/// each category, since within it the rank is the score. Without them a list of low scores would be
/// looked for from the top. One stretch without a condition where they say nothing.
fn ranks(query: &LeadQuery) -> Vec<Option<String>> {
    let filter = &query.filter;
    let wanted = query.sort == LeadSort::PriorityCategory || filter.priority_category.is_some();
    if !wanted || (filter.min_score.is_none() && filter.max_score.is_none()) {
        return vec![None];
    }
    let (low, high) =
        (filter.min_score.unwrap_or(0).min(100), filter.max_score.unwrap_or(100).min(100));
    let categories = match filter.priority_category {
        Some(category) => vec![rank_of(category)],
        None => PriorityCategory::ALL.iter().copied().map(rank_of).chain([9_000]).collect(),
    };
    categories
        .into_iter()
        .map(|rank| {
            let (best, worst) = (rank + 100 - i64::from(high), rank + 100 - i64::from(low));
            Some(format!("l.sort_rank BETWEEN {best} AND {worst}"))
        })
        .collect()
}

/// Counts the sample; counts all, up to the bound, only where the sample does not show that there are
/// more.
fn totals(backend: Backend, filter: &str, sampled: &[String]) -> String {
    let bound = MAX_NUMBERED_ROWS + 1;
    format!(
        "SELECT s.sampled, CASE WHEN s.sampled > {SURELY_MANY} THEN NULL ELSE \
         (SELECT count(*) FROM (SELECT 1 AS one FROM leads l{filter} LIMIT {bound}) c) END AS counted \
         FROM ({}) s",
        sample(backend, sampled)
    )
}

fn sample(backend: Backend, conditions: &[String]) -> String {
    let of_sample = format!("l.{IN_SAMPLE}");
    let all: Vec<&str> =
        conditions.iter().map(String::as_str).chain([of_sample.as_str()]).collect();
    let by = backend.by_the_sample();
    format!("SELECT count(*) AS sampled FROM leads l{by}{}", where_all(&all))
}

fn cursor(query: &LeadQuery, last: &LeadRow) -> Cursor {
    let key = match query.sort {
        LeadSort::PriorityCategory => Key::Number(last.keys.sort_rank.into()),
        LeadSort::ReadinessScore => Key::Number(last.keys.sort_score.into()),
        LeadSort::PriorityScore => Key::Number(last.keys.sort_priority.into()),
        LeadSort::ScannedAt => Key::Number(last.scanned_at.as_micros()),
        LeadSort::Domain => Key::Text(last.domain.clone()),
        LeadSort::Segment => Key::Text(last.keys.sort_segment.clone()),
        LeadSort::Provider => Key::Text(last.provider.clone()),
    };
    Cursor { list: query.mark(), key, company_id: last.company_id }
}

pub(super) fn key_value(sort: LeadSort, key: Key) -> Result<Value> {
    let wrong = || StoreError::request("cursor_invalid", "cursor", "holds a key of another kind");
    Ok(match (sort, key) {
        (LeadSort::ScannedAt, Key::Number(micros)) => {
            Timestamp::from_micros(micros).ok_or_else(wrong)?.into()
        }
        (LeadSort::Domain | LeadSort::Segment | LeadSort::Provider, Key::Text(text)) => text.into(),
        (
            LeadSort::PriorityCategory | LeadSort::ReadinessScore | LeadSort::PriorityScore,
            Key::Number(number),
        ) => number.into(),
        _ => return Err(wrong()),
    })
}

/// A row of the statement: the totals, and a lead unless the page is empty.
struct Listed {
    sampled: Option<i64>,
    counted: Option<i64>,
    lead: Option<LeadRow>,
}

impl Listed {
    fn total(&self) -> Total {
        let number = |n: Option<i64>| n.and_then(|n| u64::try_from(n).ok());
        match number(self.counted) {
            Some(counted) if counted <= MAX_NUMBERED_ROWS => Total::Exact(counted),
            _ => Total::Estimate(
                (number(self.sampled).unwrap_or(0) * SAMPLE).max(MAX_NUMBERED_ROWS + 1),
            ),
        }
    }
}

impl<'r, R> FromRow<'r, R> for Listed
where
    R: Row,
    LeadRow: FromRow<'r, R>,
    &'static str: ColumnIndex<R>,
    Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        let company: Option<i64> = row.try_get("company_id")?;
        Ok(Self {
            sampled: row.try_get("sampled")?,
            counted: row.try_get("counted")?,
            lead: company.map(|_| LeadRow::from_row(row)).transpose()?,
        })
    }
}

/// How the database would find the page, line by line, in its own words.
pub(super) async fn explain(unit: &mut Unit, query: &LeadQuery) -> Result<Vec<String>> {
    let statement = statement(unit.backend(), query)?;
    unit.explain(&statement.text, statement.values).await
}
