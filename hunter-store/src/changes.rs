//! What changed, as [`save_leads`](crate::leads::Leads::save_leads) found it.

use async_trait::async_trait;
use serde::Serialize;
use uuid::Uuid;

use crate::db::{Timestamp, Unit};
use crate::error::Result;

/// A change of a company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredChange {
    /// Its identifier.
    pub change_id: Uuid,
    /// The company.
    pub company_id: i64,
    /// The company's domain.
    pub domain: String,
    /// What changed: a word of [`ChangeKind`](hunter_core::changes::ChangeKind).
    pub kind: String,
    /// The value before; `None` where it was not known.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
    /// When it was seen.
    pub changed_at: Timestamp,
}

/// The history of changes.
#[async_trait]
pub trait Changes: Send {
    /// The changes of one company, the latest first.
    async fn changes_of(&mut self, company_id: i64, limit: u32) -> Result<Vec<StoredChange>>;

    /// The changes of all companies before a moment, the latest first.
    async fn changes_before(&mut self, before: Timestamp, limit: u32) -> Result<Vec<StoredChange>>;
}

const ALL: &str = "SELECT h.change_id, h.company_id, c.domain, h.kind, h.before, h.after, h.changed_at \
                   FROM changes h JOIN companies c ON c.company_id = h.company_id";

#[async_trait]
impl Changes for Unit {
    async fn changes_of(&mut self, company_id: i64, limit: u32) -> Result<Vec<StoredChange>> {
        let sql = format!(
            "{ALL} WHERE h.company_id = $1 ORDER BY h.changed_at DESC, h.kind DESC LIMIT $2"
        );
        self.fetch_all(sql, [company_id.into(), limit.into()]).await
    }

    async fn changes_before(&mut self, before: Timestamp, limit: u32) -> Result<Vec<StoredChange>> {
        let sql = format!(
            "{ALL} WHERE h.changed_at < $1 ORDER BY h.changed_at DESC, h.change_id DESC LIMIT $2"
        );
        self.fetch_all(sql, [before.into(), limit.into()]).await
    }
}
