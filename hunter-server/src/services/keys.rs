//! Keys as text: how one is made, and how a secret is checked against its hash.
//!
//! A key reads `hk_0123456789ab.<64 hexadecimal digits>`: a prefix by which it is found, and a secret of
//! 256 bits. Kept is the Argon2id hash of the whole text (RFC 9106), with a salt of its own.

use std::fmt::Write as _;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use hunter_core::Domain;
use hunter_store::api_keys::{ApiKey, ApiKeys as _, NewApiKey, Scopes};
use hunter_store::audit::{Audit as _, AuditEntry};
use hunter_store::{Db, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::error::ServerError;
use crate::services::webhooks::fingerprint;

/// How many requests a minute a key may make unless it is said.
pub const PER_MINUTE: i32 = 60;
/// No key is longer; what is, is not looked at.
const LONGEST: usize = 128;

/// A key that was just made: the only time that its text is at hand.
#[derive(Debug)]
pub struct Minted {
    /// The part that is no secret.
    pub prefix: String,
    /// The whole key.
    pub text: SecretString,
    /// What is kept of it.
    pub hash: String,
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Makes a key from the random numbers of the operating system.
///
/// # Errors
/// `random_failed` when the system gives none.
pub fn mint() -> Result<Minted, ServerError> {
    let mut bytes = [0_u8; 38];
    getrandom::fill(&mut bytes).map_err(|error| ServerError::Random(error.to_string()))?;
    let (prefix, secret) = bytes.split_at(6);
    let prefix = format!("hk_{}", hex(prefix));
    let text = format!("{prefix}.{}", hex(secret));
    let hash = Argon2::default()
        .hash_password(text.as_bytes())
        .map_err(|error| ServerError::Random(error.to_string()))?
        .to_string();
    Ok(Minted { prefix, text: text.into(), hash })
}

/// The prefix of what may be a key; `None` for what cannot be one.
pub fn prefix(text: &str) -> Option<&str> {
    let (prefix, secret) = text.split_once('.')?;
    (text.len() <= LONGEST && prefix.starts_with("hk_") && !secret.is_empty()).then_some(prefix)
}

/// Whether a key is the one that was hashed. The hashes are compared in constant time. It takes tens of
/// milliseconds and 19 MiB: call it where that may block.
pub fn verify(text: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(text.as_bytes(), &hash).is_ok())
}

/// What a key is made with.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// How many requests a minute it may make.
    pub per_minute: i32,
    /// Who asked for it.
    pub created_by: Option<String>,
}

/// Who does something to the service itself.
#[derive(Debug, Clone)]
pub struct Actor {
    /// A key by number and name, or the command line.
    pub name: String,
    /// The request, if it came over HTTP.
    pub request_id: Option<String>,
}

impl Actor {
    /// The one who sits at the machine.
    pub fn command_line() -> Self {
        Self { name: "command line".into(), request_id: None }
    }

    /// An entry of the audit log about a domain. The log outlives what is erased, and does not say its
    /// name: whoever knows it finds the entry.
    pub fn entry_about(&self, action: &str, domain: &Domain) -> AuditEntry {
        let hash = fingerprint(domain.as_str().as_bytes());
        self.entry(action, &format!("sha256:{hash}"))
    }

    /// An entry of the audit log.
    pub fn entry(&self, action: &str, target: &impl ToString) -> AuditEntry {
        AuditEntry {
            audit_id: Uuid::now_v7(),
            done_at: OffsetDateTime::now_utc().into(),
            actor: self.name.clone(),
            action: action.to_owned(),
            target: target.to_string(),
            request_id: self.request_id.clone(),
        }
    }
}

/// Makes a key and writes down who made it. The text is given once, here.
///
/// # Errors
/// `random_failed`, and those of the database.
pub async fn create(
    db: &Db,
    wanted: Wanted,
    actor: &Actor,
) -> Result<(ApiKey, SecretString), ServerError> {
    let minted = tokio::task::spawn_blocking(mint)
        .await
        .map_err(|error| ServerError::Random(error.to_string()))??;
    let new = NewApiKey {
        name: wanted.name,
        prefix: minted.prefix,
        scopes: wanted.scopes,
        per_minute: wanted.per_minute,
        created_by: wanted.created_by,
        created_at: Timestamp::from(OffsetDateTime::now_utc()),
    };
    let mut unit = db.begin().await?;
    let key = unit.add_api_key(new, minted.hash).await?;
    unit.audit(actor.entry("api_key.create", &key.id)).await?;
    unit.commit().await?;
    Ok((key, minted.text))
}

/// Accepts a key, or no longer, and writes down who said so; `None` when there is no such key.
///
/// # Errors
/// Those of the database.
pub async fn set_active(
    db: &Db,
    id: i64,
    active: bool,
    actor: &Actor,
) -> Result<Option<ApiKey>, hunter_store::StoreError> {
    let mut unit = db.begin().await?;
    let Some(key) = unit.set_api_key_active(id, active).await? else { return Ok(None) };
    let action = if active { "api_key.activate" } else { "api_key.deactivate" };
    unit.audit(actor.entry(action, &id)).await?;
    unit.commit().await?;
    Ok(Some(key))
}

/// The text of a key, where it is shown for the first and last time.
pub fn shown_once(text: &SecretString) -> &str {
    text.expose_secret()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_fits_its_own_hash_and_no_other() {
        let (one, two) = (mint().unwrap(), mint().unwrap());
        let text = one.text.expose_secret();
        assert_eq!(prefix(text), Some(one.prefix.as_str()));
        assert!(one.hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", one.hash);
        assert!(!one.hash.contains(text.split_once('.').unwrap().1));
        assert!(verify(text, &one.hash));
        assert!(!verify(text, &two.hash));
        assert!(!verify(&text[..text.len() - 1], &one.hash));
        assert!(!verify(text, "no hash"));
        assert!(!format!("{one:?}").contains(text), "a key is not for logs");
    }

    #[test]
    fn what_cannot_be_a_key_is_not_looked_up() {
        for text in ["", "hk_12", "hk_12.", "other.secret", &format!("hk_1.{}", "a".repeat(200))] {
            assert_eq!(prefix(text), None, "{text}");
        }
    }
}
