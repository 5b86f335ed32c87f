//! Webhook calls: those that failed, kept until they are done or given up, and those that name themselves,
//! so that one that is sent again is not done again.

use async_trait::async_trait;
use hunter_core::Domain;
use serde::Serialize;
use uuid::Uuid;

use crate::db::{Timestamp, Unit, Value};
use crate::error::Result;

/// A call that failed, or that names itself.
#[derive(Debug, Clone, PartialEq, Serialize, sqlx::FromRow)]
pub struct WebhookRetry {
    /// Its identifier: for one that names itself, always the same.
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
    /// Its identifier.
    pub retry_id: Uuid,
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

/// A call that names itself and is done.
#[derive(Debug, Clone, PartialEq)]
pub struct DoneCall {
    /// Its identifier.
    pub retry_id: Uuid,
    /// The key it came with.
    pub key_id: Option<Uuid>,
    /// The domain it is about.
    pub domain: Domain,
    /// What tells it from others.
    pub payload: serde_json::Value,
    /// When it was done.
    pub at: Timestamp,
}

/// Webhook calls that failed, or that name themselves.
#[async_trait]
pub trait WebhookRetries: Send {
    /// Keeps a call that failed. False when one of its identifier is there: it stays as it is.
    async fn keep_call(&mut self, call: FailedCall) -> Result<bool>;

    /// Notes a call as done, in the unit of work that does it. False when one of its identifier is
    /// there: then nothing of the unit may be committed. Of two at once, one waits for the other.
    async fn note_call(&mut self, call: DoneCall) -> Result<bool>;

    /// When the next call is due; `None` where none waits.
    async fn next_call_due(&mut self) -> Result<Option<Timestamp>>;

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

    /// Calls in a state, the latest moved first.
    async fn kept_calls(&mut self, status: &str, limit: u32) -> Result<Vec<WebhookRetry>>;

    /// Forgets calls that were done, or given up, before a moment; gives how many.
    async fn forget_calls(&mut self, done: Timestamp, given_up: Timestamp) -> Result<u64>;
}

const ALL: &str = "retry_id, key_id, domain, payload, status, attempts, due_at, last_error, created_at, updated_at";

#[async_trait]
impl WebhookRetries for Unit {
    async fn keep_call(&mut self, call: FailedCall) -> Result<bool> {
        let payload = self.backend().json("$4");
        let sql = format!(
            "INSERT INTO webhook_retries (retry_id, key_id, domain, payload, status, attempts, due_at, \
             last_error, created_at, updated_at) \
             VALUES ($1, $2, $3, {payload}, 'waiting', 0, $5, $6, $7, $7) \
             ON CONFLICT (retry_id) DO NOTHING"
        );
        let values = [
            call.retry_id.into(),
            call.key_id.into(),
            call.domain.as_ref().map(Domain::as_str).into(),
            Value::json(&call.payload),
            call.due_at.into(),
            call.error.into(),
            call.at.into(),
        ];
        Ok(self.execute(sql, values).await? == 1)
    }

    async fn note_call(&mut self, call: DoneCall) -> Result<bool> {
        let payload = self.backend().json("$4");
        let sql = format!(
            "INSERT INTO webhook_retries (retry_id, key_id, domain, payload, status, attempts, due_at, \
             created_at, updated_at) VALUES ($1, $2, $3, {payload}, 'done', 0, $5, $5, $5) \
             ON CONFLICT (retry_id) DO NOTHING"
        );
        let values = [
            call.retry_id.into(),
            call.key_id.into(),
            call.domain.as_str().into(),
            Value::json(&call.payload),
            call.at.into(),
        ];
        Ok(self.execute(sql, values).await? == 1)
    }

    async fn next_call_due(&mut self) -> Result<Option<Timestamp>> {
        let sql = "SELECT MIN(due_at) FROM webhook_retries WHERE status = 'waiting'";
        let (due,) = self.fetch_one(sql, []).await?;
        Ok(due)
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
    async fn kept_calls(&mut self, status: &str, limit: u32) -> Result<Vec<WebhookRetry>> {
        let sql = format!(
            "SELECT {ALL} FROM webhook_retries WHERE status = $1 \
             ORDER BY updated_at DESC, retry_id DESC LIMIT $2"
        );
        self.fetch_all(sql, [status.into(), limit.into()]).await
    }

    async fn forget_calls(&mut self, done: Timestamp, given_up: Timestamp) -> Result<u64> {
        let sql = "DELETE FROM webhook_retries WHERE status = 'done' AND updated_at < $1 \
                   OR status = 'given_up' AND updated_at < $2";
        self.execute(sql, [done.into(), given_up.into()]).await
    }
}
