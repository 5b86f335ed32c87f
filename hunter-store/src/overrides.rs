//! Mail hosts that the operator assigned to a provider, over the built-in table.

use async_trait::async_trait;
use serde::Serialize;

use crate::db::{Timestamp, Unit};
use crate::error::Result;

/// An assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderOverride {
    /// The registrable domain of the mail host.
    pub mx_root: String,
    /// The provider's identifier in the table.
    pub provider: String,
    /// Why.
    pub note: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Assignments over the built-in table.
#[async_trait]
pub trait ProviderOverrides: Send {
    /// Writes an assignment, in place of an earlier one of the same mail host.
    async fn set_override(&mut self, assignment: ProviderOverride) -> Result<()>;

    /// Takes an assignment back; false when there was none.
    async fn remove_override(&mut self, mx_root: &str) -> Result<bool>;

    /// How many leads have their first mail host there.
    async fn leads_of_mx_root(&mut self, mx_root: &str) -> Result<u64>;

    /// Every assignment, by mail host.
    async fn overrides(&mut self) -> Result<Vec<ProviderOverride>>;
}

#[async_trait]
impl ProviderOverrides for Unit {
    async fn set_override(&mut self, assignment: ProviderOverride) -> Result<()> {
        let sql = "INSERT INTO provider_overrides (mx_root, provider, note, created_at, updated_at) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (mx_root) DO UPDATE SET provider = excluded.provider, \
                   note = excluded.note, updated_at = excluded.updated_at";
        let ProviderOverride { mx_root, provider, note, created_at, updated_at } = assignment;
        let values =
            [mx_root.into(), provider.into(), note.into(), created_at.into(), updated_at.into()];
        self.execute(sql, values).await.map(|_| ())
    }

    async fn remove_override(&mut self, mx_root: &str) -> Result<bool> {
        let sql = "DELETE FROM provider_overrides WHERE mx_root = $1";
        Ok(self.execute(sql, [mx_root.into()]).await? > 0)
    }

    async fn leads_of_mx_root(&mut self, mx_root: &str) -> Result<u64> {
        let sql = "SELECT count(*) FROM leads WHERE mx_root = $1";
        let (count,): (i64,) = self.fetch_one(sql, [mx_root.into()]).await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn overrides(&mut self) -> Result<Vec<ProviderOverride>> {
        let sql = "SELECT mx_root, provider, note, created_at, updated_at FROM provider_overrides ORDER BY mx_root";
        self.fetch_all(sql, []).await
    }
}
