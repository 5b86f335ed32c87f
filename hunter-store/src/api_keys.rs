//! Keys of the HTTP interface. A secret is never kept: only its salted hash is.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::{Timestamp, Unit};
use crate::error::Result;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Scope {
    /// Read leads, jobs and figures.
    Read,
    /// Take companies in, and write down who opted out.
    Ingest,
    /// Scan domains.
    Scan,
    /// Everything, and with it keys, the audit log and the erasing of leads.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Read, Self::Ingest, Self::Scan, Self::Admin];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Ingest => "ingest",
            Self::Scan => "scan",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(word: &str) -> std::result::Result<Self, UnknownScope> {
        let found = Self::ALL.into_iter().find(|scope| scope.as_str() == word);
        found.ok_or_else(|| UnknownScope(word.to_owned()))
    }
}

/// A word that is no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no scope: use `read`, `ingest`, `scan` or `admin`")]
pub struct UnknownScope(String);

/// The scopes of a key, each once. They are kept as OAuth writes them: words with blanks between them
/// (RFC 6749 §3.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Scopes in any order.
    pub fn new(scopes: impl IntoIterator<Item = Scope>) -> Self {
        let mut scopes: Vec<Scope> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }

    /// Whether the scope is among them, or that of an administrator, who may do everything.
    pub fn allow(&self, scope: Scope) -> bool {
        self.0.contains(&scope) || self.0.contains(&Scope::Admin)
    }

    /// Each of them.
    pub fn as_slice(&self) -> &[Scope] {
        &self.0
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|scope| scope.as_str()).collect();
        f.write_str(&words.join(" "))
    }
}

impl TryFrom<String> for Scopes {
    type Error = UnknownScope;

    fn try_from(words: String) -> std::result::Result<Self, UnknownScope> {
        let scopes: std::result::Result<Vec<_>, _> =
            words.split_ascii_whitespace().map(str::parse).collect();
        scopes.map(Self::new)
    }
}

/// A key. Its hash is not part of it, so that no answer can hold one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct ApiKey {
    /// Its number, by which people name it.
    pub id: i64,
    /// Its identifier, by which other rows name it.
    #[serde(skip)]
    pub key_id: Uuid,
    /// What people call it.
    pub name: String,
    /// The part of the key that is no secret, by which it is found.
    pub prefix: String,
    /// What it may do.
    #[sqlx(try_from = "String")]
    pub scopes: Scopes,
    /// How many requests a minute it may make.
    pub per_minute: i32,
    /// Whether it is accepted.
    pub active: bool,
    /// Who asked for it, as far as they said.
    pub created_by: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// A key to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiKey {
    /// What people call it.
    pub name: String,
    /// The part of the key that is no secret.
    pub prefix: String,
    /// What it may do.
    pub scopes: Scopes,
    /// How many requests a minute it may make.
    pub per_minute: i32,
    /// Who asked for it.
    pub created_by: Option<String>,
    /// When it is made.
    pub created_at: Timestamp,
}

/// A key and what its secret is checked against.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The key.
    pub key: ApiKey,
    /// The salted hash of its secret.
    pub secret_hash: String,
}

impl fmt::Debug for Candidate {
    /// Without the hash.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Candidate").field("key", &self.key).finish_non_exhaustive()
    }
}

/// Keys of the HTTP interface.
#[async_trait]
pub trait ApiKeys: Send {
    /// Adds an active key with the hash of its secret, and gives it as it stands there.
    ///
    /// # Errors
    /// `store_conflict` for a prefix or a hash that is there already, or a limit below 1.
    async fn add_api_key(&mut self, key: NewApiKey, secret_hash: String) -> Result<ApiKey>;

    /// Every key, active or not, the oldest first.
    async fn api_keys(&mut self) -> Result<Vec<ApiKey>>;

    /// The key of a prefix, active or not, to check a secret against; `None` for any other prefix.
    async fn api_key_candidate(&mut self, prefix: &str) -> Result<Option<Candidate>>;

    /// Accepts a key, or no longer, and gives it as it stands then; `None` when it is not there.
    async fn set_api_key_active(&mut self, id: i64, active: bool) -> Result<Option<ApiKey>>;

    /// Remembers when a key was used.
    async fn api_key_used(&mut self, id: i64, at: Timestamp) -> Result<()>;

    /// Whether an active key has the scope of an administrator.
    async fn has_active_admin(&mut self) -> Result<bool>;
}

const COLUMNS: &str =
    "id, key_id, name, prefix, scopes, per_minute, active, created_by, created_at, last_used_at";

#[derive(sqlx::FromRow)]
struct CandidateRow {
    #[sqlx(flatten)]
    key: ApiKey,
    secret_hash: String,
}

#[async_trait]
impl ApiKeys for Unit {
    async fn add_api_key(&mut self, key: NewApiKey, secret_hash: String) -> Result<ApiKey> {
        let next = self.backend().next_number("api_keys", "id");
        let sql = format!(
            "INSERT INTO api_keys (id, key_id, name, prefix, secret_hash, scopes, per_minute, active, \
             created_by, created_at) VALUES ({next}, $1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING {COLUMNS}"
        );
        let values = [
            Uuid::now_v7().into(),
            key.name.into(),
            key.prefix.into(),
            secret_hash.into(),
            key.scopes.to_string().into(),
            key.per_minute.into(),
            true.into(),
            key.created_by.into(),
            key.created_at.into(),
        ];
        self.fetch_one(sql, values).await
    }

    async fn api_keys(&mut self) -> Result<Vec<ApiKey>> {
        self.fetch_all(format!("SELECT {COLUMNS} FROM api_keys ORDER BY id"), []).await
    }

    async fn api_key_candidate(&mut self, prefix: &str) -> Result<Option<Candidate>> {
        let sql = format!("SELECT {COLUMNS}, secret_hash FROM api_keys WHERE prefix = $1");
        let row: Option<CandidateRow> = self.fetch_optional(sql, [prefix.into()]).await?;
        Ok(row.map(|CandidateRow { key, secret_hash }| Candidate { key, secret_hash }))
    }

    async fn set_api_key_active(&mut self, id: i64, active: bool) -> Result<Option<ApiKey>> {
        let sql = format!("UPDATE api_keys SET active = $2 WHERE id = $1 RETURNING {COLUMNS}");
        self.fetch_optional(sql, [id.into(), active.into()]).await
    }

    async fn api_key_used(&mut self, id: i64, at: Timestamp) -> Result<()> {
        let sql = "UPDATE api_keys SET last_used_at = $2 \
                   WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
        self.execute(sql, [id.into(), at.into()]).await.map(|_| ())
    }

    async fn has_active_admin(&mut self) -> Result<bool> {
        let keys = self.api_keys().await?;
        Ok(keys.iter().any(|key| key.active && key.scopes.allow(Scope::Admin)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_read_back_and_an_administrator_may_do_everything() {
        let scopes = Scopes::new([Scope::Scan, Scope::Read, Scope::Scan]);
        assert_eq!(scopes.to_string(), "read scan");
        assert_eq!(Scopes::try_from(scopes.to_string()), Ok(scopes.clone()));
        assert!(scopes.allow(Scope::Read) && !scopes.allow(Scope::Ingest));
        assert!(!scopes.allow(Scope::Admin));
        let admin = Scopes::new([Scope::Admin]);
        assert!(Scope::ALL.into_iter().all(|scope| admin.allow(scope)));
        assert!(!Scopes::new([]).allow(Scope::Read));
    }

    #[test]
    fn an_unknown_scope_is_named() {
        let error = Scopes::try_from("read write".to_owned()).unwrap_err();
        assert!(error.to_string().starts_with("`write` is no scope"), "{error}");
    }
}
