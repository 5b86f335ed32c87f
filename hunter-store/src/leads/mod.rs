//! Leads: what was concluded of each company, to be listed, filtered, sorted and searched.

mod conditions;
mod cursor;
mod export;
mod list;
mod query;
mod row;
mod save;
mod signals;

use std::collections::HashMap;

use async_trait::async_trait;
use hunter_core::Domain;
use hunter_core::changes::Snapshot;

pub use self::export::{Cell, ExportLeads, ExportPage, LeadColumn, LeadExport, Place};
#[cfg(feature = "testing")]
pub(crate) use self::list::statement;
pub use self::list::{LeadPage, Total};
pub use self::query::{
    LeadFilter, LeadQuery, LeadSort, MAX_NUMBERED_ROWS, MAX_PAGE_SIZE, Order, Page,
};
pub use self::row::LeadRow;
pub use self::save::{AssessedLead, Saved};
use crate::db::{Timestamp, Unit, Value};
use crate::error::Result;

/// One verdict of a company's history.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(missing_docs, reason = "the fields are those of the lead row")]
pub struct Score {
    pub scored_at: Timestamp,
    pub readiness_score: Option<i16>,
    pub score_low: Option<i16>,
    pub score_high: Option<i16>,
    pub segment: Option<String>,
    pub priority_category: Option<String>,
    pub priority_score: Option<i16>,
    pub signals_hash: String,
    pub rules_version: String,
    pub rules_hash: String,
}

/// What was concluded of companies.
#[async_trait]
pub trait Leads: Send {
    /// Keeps assessments with all that follows from them: list row, observation, signals, verdict, tags,
    /// addresses, changes and alerts. Saving the same again changes nothing; an older assessment takes
    /// its place in the history and leaves the list as it is; one without an answer never takes the
    /// place of one with an answer. The answer has one entry for each lead, in their order: `None` for a
    /// company that is not there, as when it was erased while it was scanned.
    async fn save_leads(&mut self, leads: &[AssessedLead]) -> Result<Vec<Option<Saved>>>;

    /// A page of the list.
    async fn leads(&mut self, query: &LeadQuery) -> Result<LeadPage>;

    /// How the database would find a page, line by line, in its own words.
    async fn explain_leads(&mut self, query: &LeadQuery) -> Result<Vec<String>>;

    /// The row of a domain; `None` when it was not assessed.
    async fn lead(&mut self, domain: &Domain) -> Result<Option<LeadRow>>;

    /// Every verdict of a company that differed from the one before, the latest first.
    async fn scores(&mut self, company_id: i64, limit: u32) -> Result<Vec<Score>>;

    /// What is known of companies for the next comparison; those never observed are left out.
    async fn snapshots(&mut self, company_ids: &[i64]) -> Result<HashMap<i64, Snapshot>>;

    /// Writes the folded text of leads that have none, as after a migration; gives how many were done,
    /// at most `limit`.
    async fn fold_leads(&mut self, limit: u32) -> Result<u64>;
}

/// The statement of one lead.
pub(crate) fn lead_statement() -> String {
    format!("SELECT {} FROM leads l {} WHERE l.domain = $1", row::selected(), row::CONFIRMED)
}

#[async_trait]
impl Leads for Unit {
    async fn save_leads(&mut self, leads: &[AssessedLead]) -> Result<Vec<Option<Saved>>> {
        save::save(self, leads).await
    }

    async fn leads(&mut self, query: &LeadQuery) -> Result<LeadPage> {
        list::list(self, query).await
    }

    async fn explain_leads(&mut self, query: &LeadQuery) -> Result<Vec<String>> {
        list::explain(self, query).await
    }

    async fn lead(&mut self, domain: &Domain) -> Result<Option<LeadRow>> {
        self.fetch_optional(lead_statement(), [domain.as_str().into()]).await
    }

    async fn scores(&mut self, company_id: i64, limit: u32) -> Result<Vec<Score>> {
        let sql = "SELECT scored_at, readiness_score, score_low, score_high, segment, priority_category, \
                   priority_score, signals_hash, rules_version, rules_hash FROM scores \
                   WHERE company_id = $1 ORDER BY scored_at DESC LIMIT $2";
        self.fetch_all(sql, [company_id.into(), limit.into()]).await
    }

    async fn snapshots(&mut self, company_ids: &[i64]) -> Result<HashMap<i64, Snapshot>> {
        signals::read(self, company_ids).await
    }

    async fn fold_leads(&mut self, limit: u32) -> Result<u64> {
        let sql =
            "SELECT company_id, domain, canonical_name FROM leads WHERE search_text = '' LIMIT $1";
        let rows: Vec<(i64, String, Option<String>)> = self.fetch_all(sql, [limit.into()]).await?;
        let mut done = 0;
        for (id, domain, name) in rows {
            let text = row::search_text_of(&domain, name.as_deref());
            let sql = "UPDATE leads SET search_text = $1 WHERE company_id = $2";
            done += self.execute(sql, [Value::from(text), id.into()]).await?;
        }
        Ok(done)
    }
}
