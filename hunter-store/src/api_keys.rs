//! Keys of the HTTP interface. A secret is never kept: only its hash is.

use async_trait::async_trait;
use serde::Serialize;
use uuid::Uuid;

use crate::db::{Timestamp, Unit};
use crate::error::Result;

/// A key. Its hash is not part of it, so that no answer can hold one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct ApiKey {
    /// Its identifier.
    pub key_id: Uuid,
    /// What people call it.
    pub name: String,
    /// The first letters of the secret.
    pub prefix: String,
    /// How many requests a minute it may make.
    pub per_minute: i32,
    /// Whether it is accepted.
    pub active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// Keys of the HTTP interface.
#[async_trait]
pub trait ApiKeys: Send {
    /// Adds a key with the hash of its secret.
    ///
    /// # Errors
    /// `store_conflict` for a secret that is there already, or a limit below 1.
    async fn add_api_key(&mut self, key: ApiKey, secret_hash: String) -> Result<()>;

    /// Every key, active or not, the oldest first.
    async fn api_keys(&mut self) -> Result<Vec<ApiKey>>;

    /// The active key whose secret has this hash; `None` for any other.
    async fn api_key_of(&mut self, secret_hash: &str) -> Result<Option<ApiKey>>;

    /// Accepts a key, or no longer; false when it is not there.
    async fn set_api_key_active(&mut self, key_id: Uuid, active: bool) -> Result<bool>;

    /// Remembers when a key was used.
    async fn api_key_used(&mut self, key_id: Uuid, at: Timestamp) -> Result<()>;
}

const ALL: &str =
    "SELECT key_id, name, prefix, per_minute, active, created_at, last_used_at FROM api_keys";

#[async_trait]
impl ApiKeys for Unit {
    async fn add_api_key(&mut self, key: ApiKey, secret_hash: String) -> Result<()> {
        let sql = "INSERT INTO api_keys (key_id, name, prefix, secret_hash, per_minute, active, created_at, \
                   last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = [
            key.key_id.into(),
            key.name.into(),
            key.prefix.into(),
            secret_hash.into(),
            key.per_minute.into(),
            key.active.into(),
            key.created_at.into(),
            key.last_used_at.into(),
        ];
        self.execute(sql, values).await.map(|_| ())
    }

    async fn api_keys(&mut self) -> Result<Vec<ApiKey>> {
        self.fetch_all(format!("{ALL} ORDER BY created_at, key_id"), []).await
    }

    async fn api_key_of(&mut self, secret_hash: &str) -> Result<Option<ApiKey>> {
        let sql = format!("{ALL} WHERE secret_hash = $1 AND active = $2");
        self.fetch_optional(sql, [secret_hash.into(), true.into()]).await
    }

    async fn set_api_key_active(&mut self, key_id: Uuid, active: bool) -> Result<bool> {
        let sql = "UPDATE api_keys SET active = $2 WHERE key_id = $1";
        Ok(self.execute(sql, [key_id.into(), active.into()]).await? > 0)
    }

    async fn api_key_used(&mut self, key_id: Uuid, at: Timestamp) -> Result<()> {
        let sql = "UPDATE api_keys SET last_used_at = $2 \
                   WHERE key_id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
        self.execute(sql, [key_id.into(), at.into()]).await.map(|_| ())
    }
}
