//! Who does not want to be asked, and what was refused because of it.

use std::collections::HashSet;

use async_trait::async_trait;
use hunter_core::Domain;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::db::{Insert, Kind, Timestamp, Unit, Value};
use crate::error::Result;

/// A domain that is never scanned, exported or synced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OptOut {
    /// The domain.
    pub domain: String,
    /// Why: a request of its owner, a decision of the seller's.
    pub ground: String,
    /// Who wrote it down.
    pub recorded_by: Option<String>,
    /// When it was written down.
    #[sqlx(try_from = "Timestamp")]
    #[serde(with = "time::serde::rfc3339")]
    pub recorded_at: OffsetDateTime,
}

/// Something that was not done because of an opt-out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Refusal {
    /// The domain.
    pub domain: String,
    /// What was refused: `scan`, `export` or `sync`.
    pub action: String,
    /// When.
    #[sqlx(try_from = "Timestamp")]
    #[serde(with = "time::serde::rfc3339")]
    pub refused_at: OffsetDateTime,
}

/// The list of those who opted out.
#[async_trait]
pub trait OptOuts: Send {
    /// Writes an opt-out down; one that is there already keeps its date and ground.
    async fn opt_out(&mut self, opt_out: OptOut) -> Result<()>;

    /// Takes an opt-out back; false when there was none.
    async fn opt_in(&mut self, domain: &Domain) -> Result<bool>;

    /// Every opt-out after a domain, in the order of domains.
    async fn opt_outs(&mut self, after: Option<&str>, limit: u32) -> Result<Vec<OptOut>>;

    /// The opt-out of a domain; `None` when there is none.
    async fn opt_out_of(&mut self, domain: &Domain) -> Result<Option<OptOut>>;

    /// Those of the domains that opted out.
    async fn opted_out(&mut self, domains: &[Domain]) -> Result<HashSet<String>>;

    /// Writes down what was refused.
    async fn refuse(&mut self, refusals: Vec<Refusal>) -> Result<()>;

    /// What was refused for a domain, the latest first.
    async fn refusals(&mut self, domain: &Domain, limit: u32) -> Result<Vec<Refusal>>;
}

#[async_trait]
impl OptOuts for Unit {
    async fn opt_out(&mut self, opt_out: OptOut) -> Result<()> {
        let sql = "INSERT INTO opt_outs (domain, ground, recorded_by, recorded_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (domain) DO NOTHING";
        let OptOut { domain, ground, recorded_by, recorded_at } = opt_out;
        let values = [domain.into(), ground.into(), recorded_by.into(), recorded_at.into()];
        self.execute(sql, values).await.map(|_| ())
    }

    async fn opt_in(&mut self, domain: &Domain) -> Result<bool> {
        let sql = "DELETE FROM opt_outs WHERE domain = $1";
        Ok(self.execute(sql, [domain.as_str().into()]).await? > 0)
    }

    async fn opt_outs(&mut self, after: Option<&str>, limit: u32) -> Result<Vec<OptOut>> {
        let sql = "SELECT domain, ground, recorded_by, recorded_at FROM opt_outs WHERE domain > $1 \
                   ORDER BY domain LIMIT $2";
        self.fetch_all(sql, [after.unwrap_or_default().into(), limit.into()]).await
    }

    async fn opt_out_of(&mut self, domain: &Domain) -> Result<Option<OptOut>> {
        let sql = "SELECT domain, ground, recorded_by, recorded_at FROM opt_outs WHERE domain = $1";
        self.fetch_optional(sql, [domain.as_str().into()]).await
    }

    async fn opted_out(&mut self, domains: &[Domain]) -> Result<HashSet<String>> {
        among(self, &domains.iter().map(Domain::as_str).collect::<Vec<_>>()).await
    }

    async fn refuse(&mut self, refusals: Vec<Refusal>) -> Result<()> {
        let rows = refusals
            .into_iter()
            .map(|refusal| {
                vec![
                    Uuid::now_v7().into(),
                    refusal.domain.into(),
                    refusal.action.into(),
                    refusal.refused_at.into(),
                ]
            })
            .collect();
        let columns = &[
            ("refusal_id", Kind::Uuid),
            ("domain", Kind::Text),
            ("action", Kind::Text),
            ("refused_at", Kind::Time),
        ];
        self.insert(Insert { table: "refusals", columns, suffix: "", rows }).await.map(|_| ())
    }

    async fn refusals(&mut self, domain: &Domain, limit: u32) -> Result<Vec<Refusal>> {
        let sql = "SELECT domain, action, refused_at FROM refusals WHERE domain = $1 \
                   ORDER BY refused_at DESC LIMIT $2";
        self.fetch_all(sql, [domain.as_str().into(), limit.into()]).await
    }
}

pub(crate) async fn among(unit: &mut Unit, domains: &[&str]) -> Result<HashSet<String>> {
    let sql =
        format!("SELECT domain FROM opt_outs WHERE domain IN ({})", unit.backend().texts("$1"));
    let found: Vec<(String,)> = unit.fetch_all(sql, [Value::json(&domains)]).await?;
    Ok(found.into_iter().map(|(domain,)| domain).collect())
}
