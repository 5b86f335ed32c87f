//! The statement behind a page of the list: always one, whatever is asked.

use std::fmt::Write as _;

use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::cursor::{Cursor, Key};
use super::query::{LeadFilter, LeadQuery, LeadSort, MAX_NUMBERED_ROWS, Order, Page};
use super::row::LeadRow;
use crate::config::Backend;
use crate::db::{Timestamp, Unit, Value};
use crate::error::{Result, StoreError};
use crate::fold::folded;

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

/// One lead in so many is in the index `leads_sample`.
const SAMPLE: u64 = 128;
/// From so many leads of the sample on nothing is counted: the count would end at its bound.
const SURELY_MANY: u64 = 2 * MAX_NUMBERED_ROWS / SAMPLE;

/// A statement and its values.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
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
pub(super) fn statement(backend: Backend, query: &LeadQuery) -> Result<Statement> {
    let offset = query.offset()?;
    let mut conditions = Conditions::new(backend, &query.filter);
    let filter = conditions.text();
    let (column, order) = (query.sort.column(), query.direction());
    let (way, beyond) = match order {
        Order::Ascending => ("", ">"),
        Order::Descending => (" DESC", "<"),
    };
    if let Page::After(text) = &query.page {
        let cursor = Cursor::decode(text, query.mark())?;
        let key = conditions.value(key_value(query.sort, cursor.key)?);
        let id = conditions.value(cursor.company_id.into());
        conditions.add(format!("(l.{column}, l.company_id) {beyond} ({key}, {id})"));
    }
    let after = conditions.text();
    let limit = conditions.value((query.page_size + 1).into());
    let mut page = format!(
        "SELECT l.company_id, l.{column} AS sort_key FROM leads l{after} \
         ORDER BY l.{column}{way}, l.company_id{way} LIMIT {limit}"
    );
    if offset > 0 {
        let offset = conditions.value(Value::Int(i64::try_from(offset).ok()));
        let _ = write!(page, " OFFSET {offset}");
    }
    let totals = if query.count {
        totals(&filter)
    } else {
        "SELECT CAST(NULL AS BIGINT) AS sampled, CAST(NULL AS BIGINT) AS counted".into()
    };
    // The outer joins keep the totals where the page is empty.
    let text = format!(
        "SELECT t.sampled, t.counted, l.* FROM ({totals}) t LEFT JOIN ({page}) p ON 1 = 1 \
         LEFT JOIN leads l ON l.company_id = p.company_id ORDER BY p.sort_key{way}, p.company_id{way}"
    );
    Ok(Statement { text, values: conditions.values })
}

/// Counts the sample; counts all, up to the bound, only where the sample does not show that there are
/// more.
fn totals(filter: &str) -> String {
    let and = if filter.is_empty() { " WHERE " } else { " AND " };
    let bound = MAX_NUMBERED_ROWS + 1;
    format!(
        "SELECT s.sampled, CASE WHEN s.sampled > {SURELY_MANY} THEN NULL ELSE \
         (SELECT count(*) FROM (SELECT 1 AS one FROM leads l{filter} LIMIT {bound}) c) END AS counted \
         FROM (SELECT count(*) AS sampled FROM leads l{filter}{and}l.company_id % {SAMPLE} = 0) s"
    )
}

/// Conditions and their values; a value that stands in the statement twice is bound once.
struct Conditions {
    all: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    fn new(backend: Backend, filter: &LeadFilter) -> Self {
        let mut made = Self { all: Vec::new(), values: Vec::new() };
        for (column, word) in [
            ("segment", filter.segment.map(hunter_core::vocabulary::Segment::as_str)),
            ("provider", filter.provider.map(hunter_core::vocabulary::ProviderClass::as_str)),
            (
                "commercial_segment",
                filter.commercial_segment.map(hunter_core::vocabulary::CommercialSegment::as_str),
            ),
            ("tenant_size", filter.tenant_size.map(hunter_core::vocabulary::TenantSize::as_str)),
            ("referral_type", filter.referral_type.map(hunter_core::assess::ReferralType::as_str)),
        ] {
            if let Some(word) = word {
                let value = made.value(word.into());
                made.add(format!("l.{column} = {value}"));
            }
        }
        if let Some(category) = filter.priority_category {
            // A range of the rank, which the lists' own index begins with.
            let first = 1000 * (i64::try_from(category.index()).unwrap_or(0) + 1);
            let (low, high) = (made.value(first.into()), made.value((first + 999).into()));
            made.add(format!("l.sort_rank BETWEEN {low} AND {high}"));
        }
        if let Some(score) = filter.min_score {
            let value = made.value(score.into());
            made.add(format!("l.sort_score >= {value}"));
        }
        if let Some(score) = filter.max_score {
            let value = made.value(score.into());
            // Unknown is not low.
            made.add(format!("l.sort_score BETWEEN 0 AND {value}"));
        }
        if let Some(tag) = &filter.tag {
            let value = made.value(tag.as_str().into());
            made.add(format!(
                "l.company_id IN (SELECT t.company_id FROM lead_tags t WHERE t.tag = {value})"
            ));
        }
        if let Some(favourite) = filter.favourite {
            let not = if favourite { "" } else { "NOT " };
            made.add(format!("l.company_id {not}IN (SELECT f.company_id FROM favourites f)"));
        }
        if let Some(search) = &filter.search {
            made.search(backend, &folded(search));
        }
        made
    }

    fn search(&mut self, backend: Backend, folded: &str) {
        let (long, short): (Vec<&str>, Vec<&str>) = folded
            .split(' ')
            .filter(|term| !term.is_empty())
            .partition(|term| term.chars().count() >= 3);
        for term in &long {
            let value = self.value(backend.contained(term).into());
            self.add(backend.contains(&value));
        }
        for term in short {
            if long.is_empty() {
                // No index finds fewer than three letters; the order of domains does.
                let first = self.value(term.into());
                let beyond = self.value(format!("{term}\u{10ffff}").into());
                self.add(format!("l.domain >= {first} AND l.domain < {beyond}"));
            } else {
                let value = self.value(term.into());
                self.add(backend.has(&value));
            }
        }
    }

    fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn add(&mut self, condition: String) {
        self.all.push(condition);
    }

    fn text(&self) -> String {
        if self.all.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", self.all.join(" AND "))
        }
    }
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

fn key_value(sort: LeadSort, key: Key) -> Result<Value> {
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
    let backend = unit.backend();
    let statement = statement(backend, query)?;
    let text = format!("{} {}", backend.explain(), statement.text);
    Ok(match backend {
        Backend::Sqlite => {
            let rows: Vec<(i64, i64, i64, String)> = unit.fetch_all(text, statement.values).await?;
            rows.into_iter().map(|row| row.3).collect()
        }
        Backend::Postgres => {
            let rows: Vec<(String,)> = unit.fetch_all(text, statement.values).await?;
            rows.into_iter().map(|row| row.0).collect()
        }
    })
}
