//! Totals over all leads: by segment, provider, priority and score.
//!
//! Counting a million leads takes a second or less, and whoever looks at a dashboard does not wait for that: the
//! totals are kept, and counted again by the first who asks when they are older than a minute. Everybody
//! else is given what was kept, also while they are being counted. What they cost to read does not grow
//! with the leads; what they cost to keep is one count a minute, and only while somebody looks.

use std::collections::BTreeMap;
use std::time::Duration;

use hunter_core::assess::Tag;
use hunter_core::vocabulary::PriorityCategory;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::config::Backend;
use crate::db::{Db, Timestamp, Value};
use crate::error::{Result, StoreError};

/// How old the totals of a dashboard are at most when somebody looks at it.
pub const MAX_AGE: Duration = Duration::from_mins(1);
/// How long whoever counts is waited for; then another one counts.
const PATIENCE: Duration = Duration::from_secs(30);
/// The categories that are called high.
const HIGH: &[PriorityCategory] = &[PriorityCategory::P1, PriorityCategory::P2];

/// Totals over all leads.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// All leads.
    pub leads: u64,
    /// Those with a score.
    pub scored: u64,
    /// The mean of the scores; `None` where there is none.
    pub average_score: Option<f64>,
    /// The highest score; `None` where there is none.
    pub max_score: Option<u8>,
    /// Those of the categories P1 and P2.
    pub high_priority: u64,
    /// Those that the rules tag as `migration-ready`.
    pub migration_ready: u64,
    /// How many are of each segment; leads without a verdict are in none.
    pub by_segment: BTreeMap<String, u64>,
    /// How many are of each provider class.
    pub by_provider: BTreeMap<String, u64>,
    /// How many are of each priority category.
    pub by_priority_category: BTreeMap<String, u64>,
    /// How many are of each commercial segment.
    pub by_commercial_segment: BTreeMap<String, u64>,
    /// How many have a score of 0 to 9, of 10 to 19, and so on, by the lowest; 100 stands alone.
    pub by_score: BTreeMap<u8, u64>,
}

/// Totals, and when they were counted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Counted {
    /// What was counted.
    pub totals: Totals,
    /// When.
    pub counted_at: Timestamp,
}

/// The totals, no older than `max_age` unless they are being counted at this moment.
///
/// # Errors
/// What the database said.
pub async fn totals(db: &Db, max_age: Duration) -> Result<Counted> {
    let kept = kept(db).await?;
    let age = i64::try_from(max_age.as_micros()).unwrap_or(i64::MAX);
    match kept {
        Some((counted, old)) if old < age => Ok(counted),
        Some((counted, _)) if !claim(db, age).await? => Ok(counted),
        _ => refresh(db).await,
    }
}

/// Counts, and keeps what was counted.
///
/// # Errors
/// What the database said.
pub async fn refresh(db: &Db) -> Result<Counted> {
    let totals = count(db).await?;
    let mut unit = db.begin().await?;
    let (now, json) = (unit.backend().now(), unit.backend().json("$1"));
    let sql = format!(
        "UPDATE dashboard SET totals = {json}, counted_at = {now}, counting_until = NULL \
         WHERE dashboard_id = 1 RETURNING counted_at"
    );
    let (counted_at,) = unit.fetch_one(sql, [Value::json(&totals)]).await?;
    unit.commit().await?;
    Ok(Counted { totals, counted_at })
}

/// What is kept, and how old it is in microseconds, on the database's clock.
async fn kept(db: &Db) -> Result<Option<(Counted, i64)>> {
    let mut unit = db.read().await?;
    let old = unit.backend().micros_between("counted_at", unit.backend().now());
    let text = unit.backend().text("totals");
    let sql = format!(
        "SELECT {text} AS totals, counted_at, {old} AS old FROM dashboard WHERE totals IS NOT NULL"
    );
    let row: Option<(String, Timestamp, i64)> = unit.fetch_optional(sql, []).await?;
    let Some((totals, counted_at, old)) = row else { return Ok(None) };
    // What another version kept is counted again.
    Ok(serde_json::from_str(&totals).ok().map(|totals| (Counted { totals, counted_at }, old)))
}

/// Whether it is this one who counts.
async fn claim(db: &Db, age: i64) -> Result<bool> {
    let mut unit = db.begin().await?;
    let backend = unit.backend();
    let now = backend.now();
    let until = backend.later(now, "$1");
    let old = backend.micros_between("counted_at", now);
    let sql = format!(
        "UPDATE dashboard SET counting_until = {until} WHERE dashboard_id = 1 AND {old} >= $2 \
         AND (counting_until IS NULL OR counting_until <= {now})"
    );
    let patience = i64::try_from(PATIENCE.as_micros()).unwrap_or(i64::MAX);
    let claimed = unit.execute(sql, [patience.into(), age.into()]).await? == 1;
    unit.commit().await?;
    Ok(claimed)
}

/// The leads of one combination.
#[derive(sqlx::FromRow)]
struct Group {
    segment: Option<String>,
    provider: String,
    commercial_segment: Option<String>,
    category: i64,
    tens: i64,
    leads: i64,
    score: i64,
    highest: i64,
}

/// Everything in one pass over an index that has all of it.
fn groups(backend: Backend) -> String {
    let (leads, category, score) = backend.leads_by_totals();
    format!(
        "SELECT segment, provider, commercial_segment, CAST({category} AS BIGINT) AS category, \
         CAST(CASE WHEN {score} < 0 THEN -1 ELSE {score} / 10 END AS BIGINT) AS tens, \
         COUNT(*) AS leads, CAST(SUM({score}) AS BIGINT) AS score, \
         CAST(MAX({score}) AS BIGINT) AS highest FROM {leads} \
         GROUP BY segment, provider, commercial_segment, category, tens"
    )
}

/// Something that happened lately: a change of a company, or a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Activity {
    /// When: for a job, when it was enqueued.
    pub at: Timestamp,
    /// A word of [`ChangeKind`](hunter_core::changes::ChangeKind), or the kind of the job.
    pub kind: String,
    /// The company's domain; `None` for a job.
    pub domain: Option<String>,
    /// The value before a change.
    pub before: Option<String>,
    /// The value after it.
    pub after: Option<String>,
    /// The job; `None` for a change.
    pub job_id: Option<Uuid>,
    /// Where the job stands.
    pub status: Option<String>,
    /// How many items the job has.
    pub total: Option<i64>,
    /// How many of them succeeded.
    pub succeeded: Option<i64>,
    /// How many of them failed.
    pub failed: Option<i64>,
}

/// What happened before a moment, the latest first, in one statement: each half is read from the end of
/// its index, and no further than the limit.
///
/// # Errors
/// What the database said.
pub async fn activity(db: &Db, before: Timestamp, limit: u32) -> Result<Vec<Activity>> {
    let sql = "SELECT * FROM (SELECT h.changed_at AS at, h.change_id AS id, h.kind, c.domain, h.before, h.after, \
               j.job_id, j.status, j.total, j.succeeded, j.failed \
               FROM changes h JOIN companies c ON c.company_id = h.company_id \
               LEFT JOIN jobs j ON FALSE WHERE h.changed_at < $1 \
               ORDER BY h.changed_at DESC, h.change_id DESC LIMIT $2) AS moved \
               UNION ALL SELECT * FROM (SELECT created_at AS at, job_id AS id, kind, NULL, NULL, NULL, \
               job_id, status, total, succeeded, failed FROM jobs WHERE created_at < $1 \
               ORDER BY created_at DESC, job_id DESC LIMIT $2) AS worked \
               ORDER BY 1 DESC, 2 DESC LIMIT $2";
    db.read().await?.fetch_all(sql.to_owned(), [before.into(), limit.into()]).await
}

/// How the database would count, line by line, in its own words.
///
/// # Errors
/// What the database said.
pub async fn explain(db: &Db) -> Result<Vec<String>> {
    let mut unit = db.read().await?;
    let groups = groups(unit.backend());
    unit.explain(&groups, []).await
}

async fn count(db: &Db) -> Result<Totals> {
    let mut unit = db.read().await?;
    let groups: Vec<Group> = unit.fetch_all(groups(unit.backend()), []).await?;
    let sql = "SELECT COUNT(*) FROM lead_tags WHERE tag = $1";
    let (ready,): (i64,) = unit.fetch_one(sql, [Tag::MigrationReady.as_str().into()]).await?;
    let mut totals = Totals { migration_ready: number(ready)?, ..Totals::default() };
    let mut scores = 0;
    for group in groups {
        let leads = number(group.leads)?;
        totals.leads += leads;
        *totals.by_provider.entry(group.provider).or_default() += leads;
        if let Some(segment) = group.segment {
            *totals.by_segment.entry(segment).or_default() += leads;
        }
        if let Some(segment) = group.commercial_segment {
            *totals.by_commercial_segment.entry(segment).or_default() += leads;
        }
        let category = usize::try_from(group.category - 1).ok();
        if let Some(category) = category.and_then(|index| PriorityCategory::ALL.get(index)) {
            *totals.by_priority_category.entry(category.as_str().to_owned()).or_default() += leads;
            totals.high_priority += if HIGH.contains(category) { leads } else { 0 };
        }
        if let Ok(tens) = u8::try_from(group.tens) {
            totals.scored += leads;
            scores += number(group.score)?;
            totals.max_score = totals.max_score.max(u8::try_from(group.highest).ok());
            *totals.by_score.entry(tens.saturating_mul(10)).or_default() += leads;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "no list has 2^52 leads")]
    let average = (totals.scored > 0).then(|| scores as f64 / totals.scored as f64);
    totals.average_score = average;
    Ok(totals)
}

fn number(count: i64) -> Result<u64> {
    u64::try_from(count)
        .map_err(|_| StoreError::Corrupt { place: "leads", problem: format!("a count of {count}") })
}
