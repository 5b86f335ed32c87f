//! Erasing a domain: afterwards nothing tells that it was ever known.

use async_trait::async_trait;
use hunter_core::Domain;

use crate::db::Unit;
use crate::error::Result;

/// Erasing.
#[async_trait]
pub trait Erase: Send {
    /// Erases a domain from every table; false when nothing was known of it. Its opt-out stays, for without
    /// it the domain would come back with the next import: taking that back is a decision of its own.
    async fn erase(&mut self, domain: &Domain) -> Result<bool>;
}

/// The tables that name domains by themselves; all others hang on `companies` and go with it.
const BY_DOMAIN: &[&str] = &[
    "companies",
    "raw_leads",
    "referrals",
    "refusals",
    "webhook_retries",
    "batch_items",
    "commit_log",
    "segment_changes",
];

#[async_trait]
impl Erase for Unit {
    async fn erase(&mut self, domain: &Domain) -> Result<bool> {
        let mut erased = 0;
        for table in BY_DOMAIN {
            let sql = format!("DELETE FROM {table} WHERE domain = $1");
            erased += self.execute(sql, [domain.as_str().into()]).await?;
        }
        Ok(erased > 0)
    }
}
