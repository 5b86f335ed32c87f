//! The limiter over all processes: one script in Redis, and this process's share when it is away.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use redis::{RedisError, Script};
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use super::breaker::Breaker;
use super::gcra::{Answer, micros};
use super::local::Local;
use super::peers::{FORGOTTEN, HEARTBEAT, Peers};
use super::{Limit, Settings, Source};
use crate::RedisLink;

/// [`take`](super::gcra::take), on the clock of Redis. Where it lost its memory, `KEYS[2]` is written
/// anew, and buckets count as empty at that moment, but for those of forgiving limits. Who is guarded leaves an empty bucket behind, or
/// what others took by their shares meanwhile could be had once more when the guard ends.
static TAKE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
        local since = redis.call('GET', KEYS[2])
        if not since then
            since = now
            redis.call('SET', KEYS[2], string.format('%.0f', now))
        end
        local room = burst * interval
        local unknown = since + room
        if ARGV[5] == '1' then unknown = now end
        local full_at = redis.call('GET', KEYS[1]) or unknown
        full_at = math.max(tonumber(full_at), now)
        if ARGV[4] == '1' then full_at = math.max(full_at, now + room - interval) end
        full_at = full_at + interval
        local delay = math.max(full_at - room - now, 0)
        if delay > tonumber(ARGV[3]) then return {0, delay, 0} end
        redis.call('SET', KEYS[1], string.format('%.0f', full_at),
            'PX', math.ceil((full_at - now) / 1000))
        return {1, delay, math.floor(math.max(room - (full_at - now), 0) / interval)}",
    )
});

/// Counts the processes that were heard of lately, this one among them, and the farewells.
static HEARTBEAT_SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        redis.call('SET', KEYS[3], string.format('%.0f', now * 1000), 'NX')
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
        redis.call('ZADD', KEYS[1], now, ARGV[1])
        return {redis.call('ZCARD', KEYS[1]), tonumber(redis.call('GET', KEYS[2]) or 0)}",
    )
});

static FAREWELL: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then redis.call('INCR', KEYS[2]) end",
    )
});

/// The limiter of one process among others.
pub(super) struct Shared {
    link: RedisLink,
    namespace: String,
    member: String,
    breaker: Breaker,
    local: Local,
    peers: Mutex<Peers>,
    away: AtomicBool,
    left: AtomicBool,
    failures: AtomicU64,
    fallbacks: AtomicU64,
}

impl Shared {
    pub(super) async fn start(link: RedisLink, namespace: &str, settings: Settings) -> Arc<Self> {
        let shared = Arc::new(Self {
            link,
            namespace: namespace.to_owned(),
            member: Uuid::now_v7().as_simple().to_string(),
            breaker: Breaker::new(settings.open),
            local: Local::alone(),
            peers: Mutex::new(Peers::new(settings.processes, settings.open)),
            away: AtomicBool::new(false),
            left: AtomicBool::new(false),
            failures: AtomicU64::new(0),
            fallbacks: AtomicU64::new(0),
        });
        if timeout(Duration::from_secs(1), shared.beat()).await.is_err() {
            shared.fell_back(&"no answer within a second");
        }
        tokio::spawn(beat_on(Arc::downgrade(&shared)));
        shared
    }

    pub(super) async fn reserve(
        &self,
        key: &str,
        limit: Limit,
        patience: Duration,
    ) -> (Answer, Source) {
        if self.guarded() && !limit.forgives {
            // Leave from the own share first: what Redis refuses then costs only this process.
            let own = self.own(key, limit, patience);
            if let Answer::Wait(_) = own {
                return (own, Source::Shared);
            }
            return match self.ask(key, limit, patience).await {
                Some(answer) => (answer.and(own), Source::Shared),
                None => (own, Source::Local),
            };
        }
        match self.ask(key, limit, patience).await {
            // Came back with this very call: its share counts from now on.
            Some(answer) if self.guarded() && !limit.forgives => {
                (answer.and(self.own(key, limit, patience)), Source::Shared)
            }
            Some(answer) => (answer, Source::Shared),
            None => (self.own(key, limit, patience), Source::Local),
        }
    }

    pub(super) async fn leave(&self) {
        self.left.store(true, Ordering::SeqCst);
        let mut call = FAREWELL.prepare_invoke();
        call.key(self.name("members")).key(self.name("farewells")).arg(&self.member);
        if let Err(error) = call.invoke_async::<()>(&mut self.link.commands()).await {
            tracing::debug!(%error, "no farewell: redis is away");
        }
    }

    /// Failures, fallbacks, and whether Redis decides now.
    pub(super) fn state(&self) -> (u64, u64, bool) {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (read(&self.failures), read(&self.fallbacks), !self.away.load(Ordering::SeqCst))
    }

    fn own(&self, key: &str, limit: Limit, patience: Duration) -> Answer {
        self.local.reserve(key, limit, self.peers().shares(), patience)
    }

    fn guarded(&self) -> bool {
        self.peers().is_guarded()
    }

    /// What Redis says; `None` when it is away.
    async fn ask(&self, key: &str, limit: Limit, patience: Duration) -> Option<Answer> {
        let mut call = TAKE.prepare_invoke();
        call.key(format!("{}:bucket:{key}", self.namespace)).key(self.name("since"));
        call.arg(micros(limit.interval)).arg(limit.burst.get()).arg(micros(patience));
        call.arg(u8::from(self.guarded() && !limit.forgives)).arg(u8::from(limit.forgives));
        let (leave, delay, remaining) =
            self.call(call.invoke_async::<(u8, u64, u32)>(&mut self.link.commands())).await?;
        let delay = Duration::from_micros(delay);
        Some(if leave == 1 { Answer::Leave { delay, remaining } } else { Answer::Wait(delay) })
    }

    async fn beat(&self) {
        let mut call = HEARTBEAT_SCRIPT.prepare_invoke();
        call.key(self.name("members")).key(self.name("farewells")).key(self.name("since"));
        call.arg(&self.member).arg(u64::try_from(FORGOTTEN.as_millis()).expect("seconds"));
        let mut commands = self.link.commands();
        let counted = call.invoke_async::<(u32, u64)>(&mut commands);
        let Some((alive, farewells)) = self.call(counted).await else { return };
        let guarded = {
            let mut peers = self.peers();
            let before = peers.is_guarded();
            peers.counted(alive, farewells, Instant::now());
            (before, peers.is_guarded())
        };
        match guarded {
            (false, true) => {
                self.local.empty();
                tracing::warn!(
                    alive,
                    "a process was lost: this one keeps to its share of the rate"
                );
            }
            (true, false) => tracing::info!(alive, "redis alone decides on rates again"),
            _ => {}
        }
    }

    async fn call<T>(&self, call: impl Future<Output = Result<T, RedisError>>) -> Option<T> {
        match self.breaker.call(call).await {
            Some(Ok(value)) => {
                self.came_back();
                Some(value)
            }
            Some(Err(error)) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                self.fell_back(&error);
                None
            }
            None => None,
        }
    }

    fn fell_back(&self, why: &dyn std::fmt::Display) {
        if !self.away.swap(true, Ordering::SeqCst) {
            let shares = {
                let peers = self.peers();
                if !peers.is_guarded() {
                    self.local.empty();
                }
                peers.shares()
            };
            self.fallbacks.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(
                error = %why, shares, limiter = "local",
                "redis is away: this process takes its share of the rate"
            );
        }
    }

    fn came_back(&self) {
        if self.away.load(Ordering::SeqCst) {
            self.peers().came_back(Instant::now());
            if self.away.swap(false, Ordering::SeqCst) {
                tracing::info!(limiter = "shared", "redis is back: it decides on rates");
            }
        }
    }

    fn name(&self, what: &str) -> String {
        format!("{}:{what}", self.namespace)
    }

    fn peers(&self) -> MutexGuard<'_, Peers> {
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the process be heard until its limiter is gone.
async fn beat_on(shared: Weak<Shared>) {
    loop {
        sleep(HEARTBEAT).await;
        let Some(shared) = shared.upgrade() else { return };
        if shared.left.load(Ordering::SeqCst) {
            return;
        }
        shared.beat().await;
    }
}
