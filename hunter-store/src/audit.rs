//! What was done to the service itself: by whom, to what, when.

use async_trait::async_trait;
use serde::Serialize;
use uuid::Uuid;

use crate::db::{Timestamp, Unit};
use crate::error::Result;

/// One act of an administrator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Its identifier.
    pub audit_id: Uuid,
    /// When it was done.
    pub done_at: Timestamp,
    /// Who did it: a key by its number and name, or the command line.
    pub actor: String,
    /// What was done, such as `api_key.create`.
    pub action: String,
    /// What it was done to, such as the number of a key or a domain.
    pub target: String,
    /// The request, to be found in the log.
    pub request_id: Option<String>,
}

/// The log of what administrators do. Nothing takes entries out of it.
#[async_trait]
pub trait Audit: Send {
    /// Writes an entry. It belongs into the unit of work that does what it tells of.
    async fn audit(&mut self, entry: AuditEntry) -> Result<()>;

    /// Entries before a moment, the latest first.
    async fn audit_before(&mut self, before: Timestamp, limit: u32) -> Result<Vec<AuditEntry>>;
}

#[async_trait]
impl Audit for Unit {
    async fn audit(&mut self, entry: AuditEntry) -> Result<()> {
        let sql = "INSERT INTO audit_log (audit_id, done_at, actor, action, target, request_id) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let AuditEntry { audit_id, done_at, actor, action, target, request_id } = entry;
        let values = [
            audit_id.into(),
            done_at.into(),
            actor.into(),
            action.into(),
            target.into(),
            request_id.into(),
        ];
        self.execute(sql, values).await.map(|_| ())
    }

    async fn audit_before(&mut self, before: Timestamp, limit: u32) -> Result<Vec<AuditEntry>> {
        let sql = "SELECT audit_id, done_at, actor, action, target, request_id FROM audit_log \
                   WHERE done_at < $1 ORDER BY done_at DESC, audit_id DESC LIMIT $2";
        self.fetch_all(sql, [before.into(), limit.into()]).await
    }
}
