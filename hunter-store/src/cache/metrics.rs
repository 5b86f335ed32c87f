//! What a cache did, counted.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

/// The counters of one cache, since the process started.
///
/// Each call is a hit, a failure hit or a miss; callers who miss together share one shared hit or
/// one load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CacheMetrics {
    /// The cache's name.
    pub name: &'static str,
    /// Values given from memory.
    pub hits: u64,
    /// Failures given from memory.
    pub failure_hits: u64,
    /// Calls that found nothing in memory.
    pub misses: u64,
    /// Values and failures found in Redis.
    pub shared_hits: u64,
    /// Loads from the source.
    pub loads: u64,
    /// Loads that failed.
    pub failures: u64,
    /// Values dropped from memory for want of room.
    pub evictions: u64,
    /// Values dropped from memory because their time was over.
    pub expirations: u64,
    /// Keys invalidated by this process.
    pub invalidations: u64,
}

macro_rules! counters {
    ($($name:ident),+) => {
        /// The live side of [`CacheMetrics`].
        pub(super) struct Counters {
            cache: &'static str,
            $($name: AtomicU64,)+
        }

        impl Counters {
            pub(super) fn new(cache: &'static str) -> Self {
                Self { cache, $($name: AtomicU64::new(0),)+ }
            }

            $(pub(super) fn $name(&self) {
                self.$name.fetch_add(1, Ordering::Relaxed);
            })+

            pub(super) fn snapshot(&self) -> CacheMetrics {
                CacheMetrics {
                    name: self.cache,
                    $($name: self.$name.load(Ordering::Relaxed),)+
                }
            }
        }
    };
}

counters!(
    hits,
    failure_hits,
    misses,
    shared_hits,
    loads,
    failures,
    evictions,
    expirations,
    invalidations
);
