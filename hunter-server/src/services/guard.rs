//! Who asks, and how often: keys that were checked a moment ago, and limits per key and address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hunter_store::api_keys::{ApiKey, ApiKeys as _};
use hunter_store::limiter::{Limit, Limiter};
use hunter_store::{Db, StoreError};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use tokio::sync::Semaphore;

use super::keys;

/// How long a key that was found right is believed. A key that another process switched off is taken for
/// as long.
const LIFETIME: Duration = Duration::from_mins(1);
/// Keys that are remembered; beyond, those are dropped whose time is over.
const MANY: usize = 4096;
/// Each check takes 19 MiB and a core for tens of milliseconds.
const CHECKS_AT_ONCE: usize = 2;
/// Checks that one address may cause, in a minute and at once. Keys that were right lately cost none.
const CHECKS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
const MINUTE: Duration = Duration::from_mins(1);

type Digest = [u8; 32];

/// Checks keys and keeps limits.
pub struct Guard {
    limiter: Limiter,
    known: Mutex<HashMap<Digest, (Arc<ApiKey>, Instant)>>,
    /// Grows when a key is switched off, so that a check that began before is not remembered.
    changes: AtomicU64,
    checks: Semaphore,
}

/// What a limit says of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Requests a minute.
    pub per_minute: u32,
    /// How many more could come at once.
    pub remaining: u32,
    /// When it is worth asking again; `None` for a request that is taken.
    pub retry_after: Option<Duration>,
}

/// What came of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// It is right.
    Right(Arc<ApiKey>),
    /// It is not known, not right, or not active.
    Wrong,
    /// The address had too many keys checked.
    TooMany(Duration),
}

impl Guard {
    /// A guard whose limits are those of this limiter.
    pub fn new(limiter: Limiter) -> Self {
        Self {
            limiter,
            known: Mutex::default(),
            changes: AtomicU64::new(0),
            checks: Semaphore::new(CHECKS_AT_ONCE),
        }
    }

    /// The limiter, which also paces scans.
    pub const fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// Whose key this is.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn check(
        &self,
        db: &Db,
        text: &str,
        address: Option<IpAddr>,
    ) -> Result<Checked, StoreError> {
        let Some(prefix) = keys::prefix(text) else { return Ok(Checked::Wrong) };
        // Looking up by a hash says nothing about the key in the time it takes.
        let digest: Digest = Sha256::digest(text).into();
        if let Some(key) = self.remembered(&digest) {
            return Ok(Checked::Right(key));
        }
        let limit = Limit::new(CHECKS_PER_MINUTE, MINUTE, CHECKS_PER_MINUTE).forgiving();
        // What follows `#` is not told apart in metrics.
        let name = format!("check#{}", named(address));
        if let Err(refused) = self.limiter.try_acquire(&name, limit).await {
            return Ok(Checked::TooMany(refused.retry_after));
        }
        let _place = self.checks.acquire().await;
        // Another request may have had it checked while this one waited.
        if let Some(key) = self.remembered(&digest) {
            return Ok(Checked::Right(key));
        }
        let before = self.changes.load(Ordering::Acquire);
        let candidate = db.read().await?.api_key_candidate(prefix).await?;
        let Some(candidate) = candidate.filter(|candidate| candidate.key.active) else {
            return Ok(Checked::Wrong);
        };
        let (text, hash) = (text.to_owned(), candidate.secret_hash);
        let is_right = tokio::task::spawn_blocking(move || keys::verify(&text, &hash)).await;
        if !is_right.unwrap_or(false) {
            return Ok(Checked::Wrong);
        }
        let key = Arc::new(candidate.key);
        self.remember(digest, &key, before);
        used(db.clone(), key.id);
        Ok(Checked::Right(key))
    }

    fn remembered(&self, digest: &Digest) -> Option<Arc<ApiKey>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (key, since) = known.get(digest)?;
        (since.elapsed() < LIFETIME).then(|| Arc::clone(key))
    }

    fn remember(&self, digest: Digest, key: &Arc<ApiKey>, before: u64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if self.changes.load(Ordering::Acquire) != before {
            return;
        }
        if known.len() >= MANY {
            known.retain(|_, (_, since)| since.elapsed() < LIFETIME);
        }
        if known.len() < MANY {
            known.insert(digest, (Arc::clone(key), Instant::now()));
        }
    }

    /// Forgets a key that was switched on or off.
    pub fn forget(&self, id: i64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        self.changes.fetch_add(1, Ordering::AcqRel);
        known.retain(|_, (key, _)| key.id != id);
    }

    /// A request of a key.
    pub async fn admit_key(&self, key: &ApiKey) -> Quota {
        let per_minute = u32::try_from(key.per_minute).unwrap_or(0);
        self.admit(&format!("key:{}", key.id), per_minute).await
    }

    /// A request from an address.
    pub async fn admit_address(&self, address: Option<IpAddr>, per_minute: u32) -> Quota {
        self.admit(&format!("address#{}", named(address)), per_minute).await
    }

    async fn admit(&self, name: &str, per_minute: u32) -> Quota {
        let most = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
        let limit = Limit::new(most, MINUTE, most).forgiving();
        match self.limiter.try_acquire(name, limit).await {
            Ok(permit) => Quota { per_minute, remaining: permit.remaining, retry_after: None },
            Err(refused) => {
                Quota { per_minute, remaining: 0, retry_after: Some(refused.retry_after) }
            }
        }
    }
}

/// An address as the limits know it. One customer has a whole /64 of IPv6 (RFC 6177).
fn named(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        None => "unknown".into(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Remembers that a key was used. No request waits for it, and none fails by it.
fn used(db: Db, id: i64) {
    tokio::spawn(async move {
        let write = async {
            let mut unit = db.begin().await?;
            unit.api_key_used(id, OffsetDateTime::now_utc().into()).await?;
            unit.commit().await
        };
        if let Err(error) = write.await {
            tracing::warn!(%error, id, "that a key was used could not be written down");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_network_are_one() {
        let name = |text: &str| named(Some(text.parse().unwrap()));
        assert_eq!(name("2001:db8::1"), name("2001:db8::ffff:1"));
        assert_ne!(name("2001:db8::1"), name("2001:db8:0:1::1"));
        assert_eq!(name("::ffff:192.0.2.1"), name("192.0.2.1"));
        assert_ne!(name("192.0.2.1"), name("192.0.2.2"));
    }
}
