//! A cache of what is dear to find out, in memory or in memory and Redis.
//!
//! A [`CacheKey`] says what is kept under which name and for how long; [`Caches`] gives the
//! [`Cache`] of a key type, and all of one process share it.
//!
//! ```
//! use std::time::Duration;
//! use hunter_store::cache::{CacheKey, Caches};
//!
//! struct Registrar(&'static str);
//!
//! impl CacheKey for Registrar {
//!     type Value = String;
//!     type Failure = String;
//!     const NAME: &'static str = "registrar";
//!     const SCHEMA: u32 = 1;
//!     const LIFETIME: Duration = Duration::from_hours(24);
//!     fn key(&self) -> String {
//!         self.0.to_owned()
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let cache = Caches::in_memory().cache::<Registrar>();
//! let asked = || async { Ok("Ornek Bilisim".to_owned()) };
//! assert_eq!(*cache.get_or_load(&Registrar("ornek.com.tr"), asked()).await.unwrap(), "Ornek Bilisim");
//! let again = || async { unreachable!("it is kept") };
//! assert_eq!(*cache.get_or_load(&Registrar("ornek.com.tr"), again()).await.unwrap(), "Ornek Bilisim");
//! assert_eq!((cache.metrics().loads, cache.metrics().hits), (1, 1));
//! # }
//! ```
//!
//! # What holds in both tiers
//!
//! * A failure is kept apart from results and for a short time only: it neither hides a result nor
//!   reads as "not cached".
//! * Any number of concurrent callers who miss share one load. A load that panics or is dropped
//!   passes to the next of them.
//! * Who asks after [`Cache::invalidate`] has returned never gets what was loaded before: a load
//!   that was under way is given to those who waited for it, and is not kept.
//! * A value whose schema or rules changed is under another key, and ends with its lifetime.
//!
//! # With Redis
//!
//! Memory is asked first, then Redis, then the source. An invalidation is published: every process
//! drops its copy when it hears of it, in milliseconds. The connection that listens is probed four
//! times a second. When it was lost, invalidations may have been missed, so all of memory is dropped
//! before Redis is used again.
//!
//! While Redis is away, memory alone serves and no call waits for Redis. What is invalidated
//! meanwhile is removed from Redis before it is read again. Both changes of state are logged once.

mod key;
mod local;
mod metrics;
mod shared;
mod watch;

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use key::CacheKey;
pub use metrics::CacheMetrics;

use self::local::{Local, Slot};
use self::metrics::Counters;
use self::shared::{Found, Shared};
use crate::RedisLink;

/// The caches of one process. Cheap to clone.
#[derive(Clone, Default)]
pub struct Caches {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    by_type: Mutex<HashMap<TypeId, Kept>>,
    shared: Option<Arc<Shared>>,
}

/// A [`Cache`] of some type, with its counters, which have the same type for all.
type Kept = (Arc<Counters>, Box<dyn Any + Send>);

impl Caches {
    /// Caches in this process alone.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// Caches in memory and Redis; `namespace` keeps installations on one Redis apart.
    ///
    /// Waits for the first connection, but no longer than a second: when Redis is away, memory serves
    /// until it comes.
    pub async fn with_redis(link: RedisLink, namespace: &str) -> Self {
        let shared = Arc::new(Shared::new(link, namespace));
        watch::start(&shared, Duration::from_secs(1)).await;
        Self { inner: Arc::new(Inner { by_type: Mutex::default(), shared: Some(shared) }) }
    }

    /// The cache of a key type: the same one, each time it is asked for.
    pub fn cache<K: CacheKey>(&self) -> Cache<K> {
        let mut by_type = self.inner.by_type.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let local = Arc::new(Local::<K>::new());
            if let Some(shared) = &self.inner.shared {
                shared.tell(K::NAME, local.epochs());
            }
            let counters = Arc::clone(local.counters());
            (counters, Box::new(Cache { local, shared: self.inner.shared.clone() }) as Box<_>)
        };
        let (_, cache) = by_type.entry(TypeId::of::<K>()).or_insert_with(make);
        cache.downcast_ref::<Cache<K>>().expect("kept under its own type").clone()
    }

    /// What each cache did so far, by name.
    pub fn metrics(&self) -> Vec<CacheMetrics> {
        let by_type = self.inner.by_type.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = by_type.values().map(|(counters, _)| counters.snapshot()).collect();
        all.sort_by_key(|metrics| metrics.name);
        all
    }

    /// Whether Redis is in use now; `None` for caches in memory alone.
    pub fn redis_in_use(&self) -> Option<bool> {
        self.inner.shared.as_ref().map(|shared| shared.in_use())
    }
}

/// The cache of one type of key. Cheap to clone.
pub struct Cache<K: CacheKey> {
    local: Arc<Local<K>>,
    shared: Option<Arc<Shared>>,
}

impl<K: CacheKey> Clone for Cache<K> {
    fn clone(&self) -> Self {
        Self { local: Arc::clone(&self.local), shared: self.shared.clone() }
    }
}

impl<K: CacheKey> Cache<K> {
    /// The value or the failure that is kept, or what `load` gives, which is then kept.
    ///
    /// `load` is polled only when nothing is kept and nobody else is loading the same key.
    ///
    /// # Errors
    /// The failure that `load` gave, now or within its lifetime.
    pub async fn get_or_load<F>(&self, key: &K, load: F) -> Result<Arc<K::Value>, Arc<K::Failure>>
    where
        F: Future<Output = Result<K::Value, K::Failure>>,
    {
        let counters = self.local.counters();
        let slot = self.local.slot(key.key());
        if let Some(value) = self.local.value(&slot).await {
            counters.hits();
            return Ok(value);
        }
        if let Some(failure) = self.local.failure(&slot).await {
            counters.failure_hits();
            return Err(failure);
        }
        counters.misses();
        // On the heap: only who misses pays for the size of a load.
        self.local.fly(&slot, Box::pin(self.find(key, &slot, load))).await
    }

    /// Forgets a key in every process.
    ///
    /// When this returns, nobody in this process gets what was known before; in other processes that
    /// holds as soon as they hear of it, within a second. While Redis is away it holds in this
    /// process alone, and in others when Redis comes back.
    pub async fn invalidate(&self, key: &K) {
        let text = key.key();
        self.local.counters().invalidations();
        if let Some(shared) = &self.shared {
            shared.forget(K::NAME, &shared.names::<K>(&text), &text).await;
        }
        // After Redis, or what Redis still had could be read back in between.
        self.local.epochs().pass(&text);
    }

    /// What this cache did so far.
    pub fn metrics(&self) -> CacheMetrics {
        self.local.counters().snapshot()
    }

    /// The one flight: Redis, then the source.
    async fn find<F>(&self, key: &K, slot: &Slot, load: F) -> local::Flight<K>
    where
        F: Future<Output = Result<K::Value, K::Failure>>,
    {
        let counters = self.local.counters();
        let names = self.shared.as_ref().map(|shared| (shared, shared.names::<K>(slot.text())));
        let mut generation = None;
        if let Some((shared, names)) = &names {
            match shared.find::<K>(names).await {
                Found::Value(value, left) => {
                    counters.shared_hits();
                    return Ok((Arc::new(value), left));
                }
                Found::Failure(failure, left) => {
                    counters.shared_hits();
                    return Err((Arc::new(failure), left));
                }
                Found::Nothing(now) => generation = Some(now),
                Found::Away => {}
            }
        }
        counters.loads();
        let loaded = load.await;
        // What was invalidated meanwhile stays with those who waited for it.
        let current = self.local.epochs().of(slot.text()) == slot.epoch();
        let keep = names.zip(generation).filter(|_| current);
        match loaded {
            Ok(value) => {
                let lifetime = key.lifetime(&value).min(K::LIFETIME);
                if let Some(((shared, names), generation)) = keep {
                    shared.keep_value::<K>(&names, &generation, &value, lifetime).await;
                }
                Ok((Arc::new(value), lifetime))
            }
            Err(failure) => {
                counters.failures();
                let lifetime = key.failure_lifetime(&failure).min(K::LIFETIME);
                if let Some(((shared, names), generation)) = keep {
                    shared.keep_failure::<K>(&names, &generation, &failure, lifetime).await;
                }
                Err((Arc::new(failure), lifetime))
            }
        }
    }
}
