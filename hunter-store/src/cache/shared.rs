//! The tier in Redis: three keys a cached key, read and written by scripts.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::ConnectionLike;
use redis::{RedisError, Script};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::key::CacheKey;
use super::local::Epochs;
use crate::RedisLink;

/// What is kept, and the time left to it; else the generation under which a load may be written.
static FIND: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        for kind = 1, 2 do
            local kept = redis.call('GET', KEYS[kind])
            if kept then return {kind, kept, redis.call('PTTL', KEYS[kind])} end
        end
        return {0, redis.call('GET', KEYS[3]) or '', 0}",
    )
});

/// Writes only where nobody invalidated since the load began. A value ends the failure before it.
static KEEP: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        if (redis.call('GET', KEYS[3]) or '') ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        if ARGV[4] == 'value' then redis.call('DEL', KEYS[2]) end
        return 1",
    )
});

/// A generation is drawn, not counted: after Redis lost its memory a count would come again.
static FORGET: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        redis.call('DEL', KEYS[1], KEYS[2])
        redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2])
        return redis.call('PUBLISH', ARGV[3], ARGV[4])",
    )
});

/// Longer than any load takes.
const GENERATION_LIFETIME: Duration = Duration::from_hours(1);

/// What Redis said of a key.
pub(super) enum Found<V, F> {
    Value(V, Duration),
    Failure(F, Duration),
    /// Nothing; a load may be written under this generation.
    Nothing(String),
    Away,
}

/// The names of one cached key in Redis.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Names {
    value: String,
    failure: String,
    generation: String,
}

/// An invalidation that Redis has not heard of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Owed {
    cache: &'static str,
    names: Names,
    text: String,
}

/// Redis as all caches of this process use it.
pub(super) struct Shared {
    link: RedisLink,
    namespace: String,
    /// Tells this process's messages from those of others.
    sender: String,
    in_use: AtomicBool,
    told: Mutex<HashMap<&'static str, Arc<Epochs>>>,
    owed: Mutex<HashSet<Owed>>,
}

impl Shared {
    pub(super) fn new(link: RedisLink, namespace: &str) -> Self {
        Self {
            link,
            namespace: namespace.to_owned(),
            sender: Uuid::now_v7().as_simple().to_string(),
            in_use: AtomicBool::new(false),
            told: Mutex::default(),
            owed: Mutex::default(),
        }
    }

    pub(super) fn link(&self) -> &RedisLink {
        &self.link
    }

    pub(super) fn channel(&self) -> String {
        format!("{}:invalidated", self.namespace)
    }

    pub(super) fn in_use(&self) -> bool {
        self.in_use.load(Ordering::SeqCst)
    }

    pub(super) fn names<K: CacheKey>(&self, text: &str) -> Names {
        let name = |kind| format!("{}:{}:{}:{kind}:{text}", self.namespace, K::NAME, K::SCHEMA);
        Names { value: name("value"), failure: name("failure"), generation: name("generation") }
    }

    /// Enters a cache among those that hear of invalidations.
    pub(super) fn tell(&self, cache: &'static str, epochs: &Arc<Epochs>) {
        let before = lock(&self.told).insert(cache, Arc::clone(epochs));
        debug_assert!(before.is_none(), "two key types share the name `{cache}`");
    }

    /// A message that came over the channel: sender, cache and key, a line each. This process has
    /// forgotten its own before; to do so once more would drop what was loaded since.
    pub(super) fn heard(&self, message: &[u8]) {
        let text = String::from_utf8_lossy(message);
        let mut lines = text.splitn(3, '\n');
        let (Some(sender), Some(cache), Some(key)) = (lines.next(), lines.next(), lines.next())
        else {
            return;
        };
        if sender == self.sender {
            return;
        }
        if let Some(epochs) = lock(&self.told).get(cache) {
            epochs.pass(key);
        }
    }

    /// Forgets all that is in memory, since invalidations may have been missed.
    pub(super) fn missed(&self) {
        for epochs in lock(&self.told).values() {
            epochs.pass_all();
        }
    }

    pub(super) fn away(&self, why: &dyn std::fmt::Display) {
        if self.in_use.swap(false, Ordering::SeqCst) {
            tracing::warn!(error = %why, "redis is away: the cache serves from memory alone");
        }
    }

    pub(super) fn back(&self) {
        if !self.in_use.swap(true, Ordering::SeqCst) {
            tracing::info!("redis is in use: the cache serves from memory and redis");
        }
    }

    pub(super) async fn find<K: CacheKey>(&self, names: &Names) -> Found<K::Value, K::Failure> {
        if !self.in_use() {
            return Found::Away;
        }
        let mut call = FIND.prepare_invoke();
        call.key(&names.value).key(&names.failure).key(&names.generation);
        match call.invoke_async::<(u8, Vec<u8>, i64)>(&mut self.link.commands()).await {
            Ok((0, generation, _)) => {
                Found::Nothing(String::from_utf8_lossy(&generation).into_owned())
            }
            Ok((kind, bytes, left)) => {
                // Below zero: it ended in this very moment.
                let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
                let read = if kind == 1 {
                    read::<K, _>(&bytes).map(|value| Found::Value(value, left))
                } else {
                    read::<K, _>(&bytes).map(|failure| Found::Failure(failure, left))
                };
                read.unwrap_or(Found::Away)
            }
            Err(error) => {
                self.away(&error);
                Found::Away
            }
        }
    }

    pub(super) async fn keep_value<K: CacheKey>(
        &self,
        names: &Names,
        generation: &str,
        value: &K::Value,
        lifetime: Duration,
    ) {
        if let Some(bytes) = write::<K, _>(value) {
            let keys = [&names.value, &names.failure, &names.generation];
            self.keep(keys, generation, &bytes, lifetime, "value").await;
        }
    }

    pub(super) async fn keep_failure<K: CacheKey>(
        &self,
        names: &Names,
        generation: &str,
        failure: &K::Failure,
        lifetime: Duration,
    ) {
        if let Some(bytes) = write::<K, _>(failure) {
            let keys = [&names.failure, &names.value, &names.generation];
            self.keep(keys, generation, &bytes, lifetime, "failure").await;
        }
    }

    async fn keep(
        &self,
        keys: [&String; 3],
        generation: &str,
        bytes: &[u8],
        lifetime: Duration,
        kind: &str,
    ) {
        let lifetime = millis(lifetime);
        if lifetime == 0 || !self.in_use() {
            return;
        }
        let mut call = KEEP.prepare_invoke();
        keys.into_iter().fold(&mut call, |call, key| call.key(key));
        call.arg(generation).arg(bytes).arg(lifetime).arg(kind);
        if let Err(error) = call.invoke_async::<()>(&mut self.link.commands()).await {
            self.away(&error);
        }
    }

    /// Removes a key from Redis and tells every process; or remembers to do so.
    pub(super) async fn forget(&self, cache: &'static str, names: &Names, text: &str) {
        let owed = Owed { cache, names: names.clone(), text: text.to_owned() };
        if self.in_use() {
            match self.send(&owed, &mut self.link.commands()).await {
                Ok(()) => return,
                Err(error) => self.away(&error),
            }
        }
        lock(&self.owed).insert(owed);
    }

    /// Does what was remembered; afterwards Redis may be read again.
    pub(super) async fn settle(&self, over: &mut impl ConnectionLike) -> Result<(), RedisError> {
        loop {
            let Some(owed) = lock(&self.owed).iter().next().cloned() else { return Ok(()) };
            self.send(&owed, over).await?;
            lock(&self.owed).remove(&owed);
        }
    }

    async fn send(&self, owed: &Owed, over: &mut impl ConnectionLike) -> Result<(), RedisError> {
        let Owed { cache, names, text } = owed;
        let mut call = FORGET.prepare_invoke();
        call.key(&names.value).key(&names.failure).key(&names.generation);
        call.arg(Uuid::now_v7().as_simple().to_string()).arg(millis(GENERATION_LIFETIME));
        call.arg(self.channel()).arg(format!("{}\n{cache}\n{text}", self.sender));
        call.invoke_async::<()>(over).await
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What cannot be read is loaded anew: the schema was not raised when it should have been.
fn read<K: CacheKey, T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes)
        .inspect_err(|error| {
            let (cache, schema) = (K::NAME, K::SCHEMA);
            tracing::error!(cache, schema, %error, "what redis holds cannot be read: raise SCHEMA");
        })
        .ok()
}

fn write<K: CacheKey, T: serde::Serialize>(value: &T) -> Option<Vec<u8>> {
    serde_json::to_vec(value)
        .inspect_err(|error| {
            let cache = K::NAME;
            tracing::error!(cache, %error, "a value has no JSON form and is kept in memory alone");
        })
        .ok()
}
