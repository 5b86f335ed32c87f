//! The tier in this process: moka, with epochs that make an invalidation exact.

use std::hash::BuildHasher;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use moka::notification::RemovalCause;

use super::key::CacheKey;
use super::metrics::Counters;

/// What one load gives, with the time for which it may be kept.
pub(super) type Flight<K> =
    Result<(Arc<<K as CacheKey>::Value>, Duration), (Arc<<K as CacheKey>::Failure>, Duration)>;

/// A key as memory knows it. The epoch is part of it: once the epoch has passed, neither what is
/// kept nor a load under way is found any more.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Slot {
    text: Arc<str>,
    epoch: u64,
}

impl Slot {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }
}

/// Enough that a key rarely loses its copy to another one's invalidation.
const BUCKETS: usize = 4096;

/// Counts the invalidations, for all keys and for each of [`BUCKETS`] groups of keys. Both only
/// grow, so that their sum is another one after each.
pub(super) struct Epochs {
    all: AtomicU64,
    buckets: Box<[AtomicU64]>,
    hasher: std::hash::RandomState,
}

impl Epochs {
    fn new() -> Self {
        Self {
            all: AtomicU64::new(0),
            buckets: (0..BUCKETS).map(|_| AtomicU64::new(0)).collect(),
            hasher: std::hash::RandomState::new(),
        }
    }

    fn bucket(&self, text: &str) -> &AtomicU64 {
        let hash = self.hasher.hash_one(text);
        &self.buckets[usize::try_from(hash % BUCKETS as u64).expect("below BUCKETS")]
    }

    pub(super) fn of(&self, text: &str) -> u64 {
        self.all.load(Ordering::SeqCst) + self.bucket(text).load(Ordering::SeqCst)
    }

    /// Forgets one key.
    pub(super) fn pass(&self, text: &str) {
        self.bucket(text).fetch_add(1, Ordering::SeqCst);
    }

    /// Forgets every key.
    pub(super) fn pass_all(&self) {
        self.all.fetch_add(1, Ordering::SeqCst);
    }
}

/// A value or failure, and for how long.
type Kept<T> = (Arc<T>, Duration);

/// The entries of one cache in this process.
pub(super) struct Local<K: CacheKey> {
    values: moka::future::Cache<Slot, Kept<K::Value>>,
    failures: moka::future::Cache<Slot, Kept<K::Failure>>,
    epochs: Arc<Epochs>,
    counters: Arc<Counters>,
}

impl<K: CacheKey> Local<K> {
    pub(super) fn new() -> Self {
        let counters = Arc::new(Counters::new(K::NAME));
        Self {
            values: tier::<K, _>(&counters),
            failures: tier::<K, _>(&counters),
            epochs: Arc::new(Epochs::new()),
            counters,
        }
    }

    pub(super) fn epochs(&self) -> &Arc<Epochs> {
        &self.epochs
    }

    pub(super) fn counters(&self) -> &Arc<Counters> {
        &self.counters
    }

    pub(super) fn slot(&self, text: String) -> Slot {
        let epoch = self.epochs.of(&text);
        Slot { text: text.into(), epoch }
    }

    pub(super) async fn value(&self, slot: &Slot) -> Option<Arc<K::Value>> {
        self.values.get(slot).await.map(|(value, _)| value)
    }

    pub(super) async fn failure(&self, slot: &Slot) -> Option<Arc<K::Failure>> {
        self.failures.get(slot).await.map(|(failure, _)| failure)
    }

    /// Runs the load unless one is under way for this slot, and keeps what it gives.
    pub(super) async fn fly(
        &self,
        slot: &Slot,
        load: impl Future<Output = Flight<K>>,
    ) -> Result<Arc<K::Value>, Arc<K::Failure>> {
        let keeping = async {
            match load.await {
                Ok(kept) => Ok(kept),
                Err(kept) => {
                    self.failures.insert(slot.clone(), kept.clone()).await;
                    Err(kept.0)
                }
            }
        };
        match self.values.try_get_with(slot.clone(), keeping).await {
            Ok((value, _)) => Ok(value),
            Err(failure) => Err(Arc::clone(&failure)),
        }
    }
}

fn tier<K: CacheKey, T: Send + Sync + 'static>(
    counters: &Arc<Counters>,
) -> moka::future::Cache<Slot, Kept<T>> {
    let counters = Arc::clone(counters);
    moka::future::Cache::builder()
        .max_capacity(K::CAPACITY)
        .expire_after(OwnLifetime(PhantomData))
        .eviction_listener(move |_, _, cause| match cause {
            RemovalCause::Size => counters.evictions(),
            RemovalCause::Expired => counters.expirations(),
            RemovalCause::Explicit | RemovalCause::Replaced => {}
        })
        .build()
}

/// Each entry lives as long as it says.
struct OwnLifetime<T>(PhantomData<fn() -> T>);

impl<T> moka::Expiry<Slot, Kept<T>> for OwnLifetime<T> {
    fn expire_after_create(&self, _: &Slot, kept: &Kept<T>, _: Instant) -> Option<Duration> {
        Some(kept.1)
    }

    fn expire_after_update(
        &self,
        _: &Slot,
        kept: &Kept<T>,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(kept.1)
    }
}
