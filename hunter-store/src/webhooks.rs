//! Webhook calls that failed, kept until they are done or given up.

use async_trait::async_trait;
use hunter_core::Domain;
use serde::Serialize;
use uuid::Uuid;

use crate::db::{Timestamp, Unit, Value};
use crate::error::Result;

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Serialize, sqlx::FromRow)]
pub struct WebhookRetry {
    /// Its identifier.
    pub retry_id: Uuid,
    /// The key it came with.
    pub key_id: Option<Uuid>,
    /// The domain it is about, where one could be read.
    pub domain: Option<String>,
    /// The call.
    #[sqlx(json)]
    pub payload: serde_json::Value,
    /// `waiting`, `done` or `given_up`.
    pub status: String,
    /// How often it was tried again.
    pub attempts: i16,
    /// When it may be tried again.
    pub due_at: Timestamp,
    /// Why it failed last.
    pub last_error: Option<String>,
    /// When it first failed.
    pub created_at: Timestamp,
    /// When its state last changed.
    pub updated_at: Timestamp,
}

/// A call to be tried again.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedCall {
    /// The key it came with.
    pub key_id: Option<Uuid>,
    /// The domain it is about, where one could be read.
    pub domain: Option<Domain>,
    /// The call.
    pub payload: serde_json::Value,
    /// Why it failed.
    pub error: String,
    /// When it failed.
    pub at: Timestamp,
    /// When it may be tried again.
    pub due_at: Timestamp,
}

/// Webhook calls that failed.
#[async_trait]
pub trait WebhookRetries: Send {
    /// Keeps a call and gives its identifier.
    async fn keep_call(&mut self, call: FailedCall) -> Result<Uuid>;

    /// Takes calls that are due, the longest waiting first, and counts an attempt of each. Nobody else
    /// gets them before `lease_until`; should the taker die, they are due again then.
    async fn take_due_calls(
        &mut self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<WebhookRetry>>;

    /// Says that a call was done; false when it is not there.
    async fn call_done(&mut self, retry_id: Uuid, at: Timestamp) -> Result<bool>;

    /// Says that a call failed again. After `most` attempts it is given up, else it is due at `due_at`.
    /// False when it is not there.
    async fn call_failed(
        &mut self,
        retry_id: Uuid,
        error: &str,
        at: Timestamp,
        due_at: Timestamp,
        most: u8,
    ) -> Result<bool>;

    /// One call; `None` when it is not there.
    async fn kept_call(&mut self, retry_id: Uuid) -> Result<Option<WebhookRetry>>;
}

const ALL: &str = "retry_id, key_id, domain, payload, status, attempts, due_at, last_error, created_at, updated_at";

#[async_trait]
impl WebhookRetries for Unit {
    async fn keep_call(&mut self, call: FailedCall) -> Result<Uuid> {
        let id = Uuid::now_v7();
        let payload = self.backend().json("$4");
        let sql = format!(
            "INSERT INTO webhook_retries (retry_id, key_id, domain, payload, status, attempts, due_at, \
             last_error, created_at, updated_at) VALUES ($1, $2, $3, {payload}, 'waiting', 0, $5, $6, $7, $7)"
        );
        let values = [
            id.into(),
            call.key_id.into(),
            call.domain.as_ref().map(Domain::as_str).into(),
            Value::json(&call.payload),
            call.due_at.into(),
            call.error.into(),
            call.at.into(),
        ];
        self.execute(sql, values).await?;
        Ok(id)
    }

    async fn take_due_calls(
        &mut self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<WebhookRetry>> {
        let lock = self.backend().for_update_of_free("r");
        let sql = format!(
            "UPDATE webhook_retries SET attempts = attempts + 1, due_at = $2, updated_at = $1 \
             WHERE retry_id IN (SELECT r.retry_id FROM webhook_retries r \
             WHERE r.status = 'waiting' AND r.due_at <= $1 ORDER BY r.due_at LIMIT $3{lock}) RETURNING {ALL}"
        );
        self.fetch_all(sql, [now.into(), lease_until.into(), limit.into()]).await
    }

    async fn call_done(&mut self, retry_id: Uuid, at: Timestamp) -> Result<bool> {
        let sql = "UPDATE webhook_retries SET status = 'done', last_error = NULL, updated_at = $2 \
                   WHERE retry_id = $1";
        Ok(self.execute(sql, [retry_id.into(), at.into()]).await? > 0)
    }

    async fn call_failed(
        &mut self,
        retry_id: Uuid,
        error: &str,
        at: Timestamp,
        due_at: Timestamp,
        most: u8,
    ) -> Result<bool> {
        let sql = "UPDATE webhook_retries SET last_error = $2, updated_at = $3, due_at = $4, \
                   status = CASE WHEN attempts >= $5 THEN 'given_up' ELSE 'waiting' END WHERE retry_id = $1";
        let values = [retry_id.into(), error.into(), at.into(), due_at.into(), most.into()];
        Ok(self.execute(sql, values).await? > 0)
    }

    async fn kept_call(&mut self, retry_id: Uuid) -> Result<Option<WebhookRetry>> {
        let sql = format!("SELECT {ALL} FROM webhook_retries WHERE retry_id = $1");
        self.fetch_optional(sql, [retry_id.into()]).await
    }
}
