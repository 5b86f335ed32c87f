//! Leave to do what others ration: so many a second, over all processes together.
//!
//! ```
//! use std::num::NonZeroU32;
//! use std::time::Duration;
//! use hunter_store::limiter::{Limit, Limiter};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let ten = NonZeroU32::new(10).unwrap();
//! let limit = Limit::new(ten, Duration::from_secs(1), ten);
//! let limiter = Limiter::in_process();
//! for _ in 0..10 {
//!     limiter.try_acquire("whois:com.tr", limit).await.expect("within the burst");
//! }
//! let refused = limiter.try_acquire("whois:com.tr", limit).await.expect_err("above it");
//! assert!(refused.retry_after <= Duration::from_millis(100));
//! limiter.acquire("whois:com.tr", limit, Duration::from_secs(1)).await.expect("after a while");
//! # }
//! ```
//!
//! # What holds
//!
//! In any time `t` no more than `burst + rate × t` permits of a key are given, however many ask and
//! from however many processes. One script decides in Redis, on Redis' clock, by the generic cell
//! rate algorithm (GCRA, ITU-T I.371): a key costs one number, the time at which its bucket would be
//! full again.
//!
//! Who waits has taken a permit before it waits, for a moment to come: nobody has to race for it
//! again. Within a process those who wait for a key stand in line in the order in which they came;
//! only the first of them holds a moment, so that processes take turns.
//!
//! # Without Redis
//!
//! Each process takes its share of the rate, by the number of processes that it last knew of, and
//! starts with an empty bucket. Five failures in a row open a circuit breaker: for a minute no call
//! waits for Redis. A process that comes back needs leave from both, Redis and its share, until the
//! others are back too or must have come back; the same holds when another process was lost without
//! a farewell, since it may go on by itself. Redis that lost its memory starts with empty buckets.
//! So the limit is kept through all of it, with at most one burst on top. A limit that is
//! [forgiving](Limit::forgiving) protects ourselves: its buckets start full instead.
//!
//! A process that starts while Redis is away knows of no others, unless [`Settings::processes`]
//! says how many there are.

mod breaker;
mod gcra;
mod line;
mod local;
mod peers;
mod shared;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, sleep_until, timeout_at};

use self::gcra::Answer;
use self::line::Lines;
use self::local::Local;
use self::shared::Shared;
use crate::RedisLink;

/// So many permits in a time, and how many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limit {
    interval: Duration,
    burst: NonZeroU32,
    /// Whether a bucket of which nothing is known any more counts as full.
    forgives: bool,
}

impl Limit {
    /// `permits` for each `per`, and after a pause up to `burst` at once.
    pub fn new(permits: NonZeroU32, per: Duration, burst: NonZeroU32) -> Self {
        let interval = (per / permits.get()).max(Duration::from_micros(1));
        Self { interval, burst, forgives: false }
    }

    /// The same limit for those who ask us, instead of those whom we ask: where Redis is new, lost its
    /// memory or is away, nobody is refused for what others may have done. A bucket of which nothing is
    /// known starts full then, so that at most one burst comes on top each time.
    #[must_use]
    pub const fn forgiving(self) -> Self {
        Self { forgives: true, ..self }
    }

    /// The time from one permit to the next.
    pub const fn interval(&self) -> Duration {
        self.interval
    }

    /// How many permits at once.
    pub const fn burst(&self) -> NonZeroU32 {
        self.burst
    }
}

/// Who decided on a permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Redis, for all processes; or this process, where it is the only one.
    Shared,
    /// This process, by its share of the rate, since Redis is away.
    Local,
}

/// Leave, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Permit {
    /// Who decided.
    pub by: Source,
    /// How many more could be had at once.
    pub remaining: u32,
}

/// No leave within the time given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the rate limit gives no leave for another {} ms", retry_after.as_millis())]
#[non_exhaustive]
pub struct Refused {
    /// When it is worth asking again, as far as is known.
    pub retry_after: Duration,
    /// Who decided.
    pub by: Source,
}

/// How a limiter over Redis behaves when it is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How many processes there are at least; more are counted.
    pub processes: u32,
    /// How long the circuit breaker stays open.
    pub open: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { processes: 1, open: Duration::from_mins(1) }
    }
}

/// The keys that are counted apart; calls of further ones are counted together, as `other`.
const COUNTED_APART: usize = 200;

/// What became of the calls of one key, since the process started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct KeyMetrics {
    /// Permits that were given.
    pub acquired: u64,
    /// Calls that got no permit in time.
    pub refused: u64,
}

/// What a limiter did, since the process started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LimiterMetrics {
    /// Permits that Redis gave, or the only process there is.
    pub admitted_shared: u64,
    /// Permits by this process's share.
    pub admitted_local: u64,
    /// Calls that got no permit in time.
    pub refused: u64,
    /// Calls to Redis that failed.
    pub redis_failures: u64,
    /// How often the limiter fell back to this process's share.
    pub fallbacks: u64,
    /// Whether Redis decides now; true for a limiter without Redis.
    pub shared: bool,
}

/// Gives leave. Cheap to clone.
#[derive(Clone)]
pub struct Limiter {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Backend,
    lines: Lines,
    admitted_shared: AtomicU64,
    admitted_local: AtomicU64,
    refused: AtomicU64,
    by_key: Mutex<BTreeMap<String, KeyMetrics>>,
}

enum Backend {
    Alone(Local),
    Redis(Arc<Shared>),
}

impl Limiter {
    /// A limiter of one process, for those that share nothing.
    pub fn in_process() -> Self {
        Self::over(Backend::Alone(Local::alone()))
    }

    /// A limiter over all processes with the same Redis and namespace.
    ///
    /// Waits until Redis has counted this process among the others, but no longer than a second.
    pub async fn with_redis(link: RedisLink, namespace: &str, settings: Settings) -> Self {
        let shared = Shared::start(link, namespace, settings).await;
        Self::over(Backend::Redis(shared))
    }

    fn over(backend: Backend) -> Self {
        let (admitted_shared, admitted_local, refused, by_key) = Default::default();
        let lines = Lines::default();
        let inner = Inner { backend, lines, admitted_shared, admitted_local, refused, by_key };
        Self { inner: Arc::new(inner) }
    }

    /// A permit now, or none.
    ///
    /// # Errors
    /// [`Refused`] says when it is worth asking again.
    pub async fn try_acquire(&self, key: &str, limit: Limit) -> Result<Permit, Refused> {
        let (answer, source) = self.reserve(key, limit, Duration::ZERO).await;
        self.count(
            key,
            match answer {
                Answer::Leave { remaining, .. } => Ok(Permit { by: source, remaining }),
                Answer::Wait(retry_after) => Err(Refused { retry_after, by: source }),
            },
        )
    }

    /// A permit, as soon as those who came before have theirs and the rate allows.
    ///
    /// When the caller is dropped while it waits, the moment it held passes to the next in line.
    ///
    /// # Errors
    /// [`Refused`] where that would be later than in `patience`. It is said at once where it can be
    /// known, and no permit is taken.
    pub async fn acquire(
        &self,
        key: &str,
        limit: Limit,
        patience: Duration,
    ) -> Result<Permit, Refused> {
        let deadline = Instant::now() + patience;
        let line = self.inner.lines.join(key);
        let Ok(mut first) = timeout_at(deadline, line.lock()).await else {
            return self
                .count(key, Err(Refused { retry_after: limit.interval, by: self.source() }));
        };
        let moment = match first.take().filter(|left| left.at > Instant::now()) {
            Some(left) if left.at > deadline => {
                let (retry_after, source) = (left.at - Instant::now(), left.permit.by);
                *first = Some(left);
                return self.count(key, Err(Refused { retry_after, by: source }));
            }
            Some(left) => left,
            None => {
                let left = deadline.saturating_duration_since(Instant::now());
                match self.reserve(key, limit, left).await {
                    (Answer::Wait(retry_after), source) => {
                        return self.count(key, Err(Refused { retry_after, by: source }));
                    }
                    (Answer::Leave { delay, remaining }, source) => {
                        let permit = Permit { by: source, remaining };
                        line::Moment { at: Instant::now() + delay, permit }
                    }
                }
            }
        };
        *first = Some(moment);
        sleep_until(moment.at).await;
        *first = None;
        self.count(key, Ok(moment.permit))
    }

    /// Says farewell, so that the others need not count on this process any more.
    pub async fn close(&self) {
        if let Backend::Redis(shared) = &self.inner.backend {
            shared.leave().await;
        }
    }

    /// What this limiter did so far.
    pub fn metrics(&self) -> LimiterMetrics {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (redis_failures, fallbacks, shared) = match &self.inner.backend {
            Backend::Alone(_) => (0, 0, true),
            Backend::Redis(shared) => shared.state(),
        };
        LimiterMetrics {
            admitted_shared: read(&self.inner.admitted_shared),
            admitted_local: read(&self.inner.admitted_local),
            refused: read(&self.inner.refused),
            redis_failures,
            fallbacks,
            shared,
        }
    }

    /// The calls of each key, of which there are at most some two hundred: what follows a `#` in a key,
    /// such as an address, is not told apart.
    pub fn by_key(&self) -> BTreeMap<String, KeyMetrics> {
        self.inner.by_key.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn source(&self) -> Source {
        if self.metrics().shared { Source::Shared } else { Source::Local }
    }

    async fn reserve(&self, key: &str, limit: Limit, patience: Duration) -> (Answer, Source) {
        match &self.inner.backend {
            Backend::Alone(local) => (local.reserve(key, limit, 1, patience), Source::Shared),
            Backend::Redis(shared) => shared.reserve(key, limit, patience).await,
        }
    }

    fn count(&self, key: &str, answer: Result<Permit, Refused>) -> Result<Permit, Refused> {
        let counter = match &answer {
            Ok(Permit { by: Source::Shared, .. }) => &self.inner.admitted_shared,
            Ok(Permit { by: Source::Local, .. }) => &self.inner.admitted_local,
            Err(_) => &self.inner.refused,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        self.count_key(key.split('#').next().unwrap_or(key), answer.is_ok());
        answer
    }

    fn count_key(&self, name: &str, acquired: bool) {
        let mut by_key = self.inner.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        let name =
            if by_key.contains_key(name) || by_key.len() < COUNTED_APART { name } else { "other" };
        if !by_key.contains_key(name) {
            by_key.insert(name.to_owned(), KeyMetrics::default());
        }
        if let Some(counts) = by_key.get_mut(name) {
            let counter = if acquired { &mut counts.acquired } else { &mut counts.refused };
            *counter += 1;
        }
    }
}
