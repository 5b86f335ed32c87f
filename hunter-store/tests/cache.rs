//! The contract of the cache, on both tiers; and what Redis adds.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hunter_store::cache::{Cache, CacheKey, Caches};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::sync::Notify;
use tokio::time::sleep;

use support::{Log, RedisServer, eventually};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Registered {
    registrar: String,
    #[serde(with = "time::serde::rfc3339")]
    expires: OffsetDateTime,
    lifetime: Option<Duration>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Refused(String);

struct Whois(&'static str);

impl CacheKey for Whois {
    type Value = Registered;
    type Failure = Refused;
    const NAME: &'static str = "whois";
    const SCHEMA: u32 = 1;
    const LIFETIME: Duration = Duration::from_hours(24);
    const FAILURE_LIFETIME: Duration = Duration::from_millis(300);
    fn key(&self) -> String {
        self.0.to_owned()
    }
    fn lifetime(&self, value: &Registered) -> Duration {
        value.lifetime.unwrap_or(Self::LIFETIME)
    }
}

/// The same cache after the form of its values changed.
struct WhoisTwo(&'static str);

impl CacheKey for WhoisTwo {
    type Value = u64;
    type Failure = Refused;
    const NAME: &'static str = "whois-two";
    const SCHEMA: u32 = 2;
    const LIFETIME: Duration = Duration::from_mins(1);
    const CAPACITY: u64 = 10;
    fn key(&self) -> String {
        self.0.to_owned()
    }
}

fn registered(registrar: &str) -> Registered {
    let expires = datetime!(2027-05-02 12:00 UTC);
    Registered { registrar: registrar.to_owned(), expires, lifetime: None }
}

/// One tier under test, which stays until the test ends.
struct Tier {
    redis: Option<RedisServer>,
}

impl Tier {
    fn memory() -> Self {
        Self { redis: None }
    }

    fn memory_and_redis() -> Self {
        Self { redis: Some(RedisServer::start()) }
    }

    /// The caches of one more process.
    async fn caches(&self) -> Caches {
        match &self.redis {
            None => Caches::in_memory(),
            Some(redis) => {
                let caches = Caches::with_redis(redis.link(), "test").await;
                assert_eq!(caches.redis_in_use(), Some(true));
                caches
            }
        }
    }
}

macro_rules! on_both_tiers {
    ($($name:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::Tier::memory()).await;
            })+
        }
        mod memory_and_redis {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::Tier::memory_and_redis()).await;
            })+
        }
    };
}

on_both_tiers!(
    d27_a_result_with_a_date_is_kept_and_a_kept_failure_is_no_miss,
    a_thousand_who_miss_share_one_load,
    a_failed_load_is_shared_and_ends_early,
    a_lifetime_is_kept,
    what_was_invalidated_is_never_given_again,
    a_load_that_panics_or_is_dropped_passes_to_the_next,
    what_has_no_room_is_counted,
);

async fn d27_a_result_with_a_date_is_kept_and_a_kept_failure_is_no_miss(tier: Tier) {
    let cache = tier.caches().await.cache::<Whois>();
    let first = cache.get_or_load(&Whois("a.com"), async { Ok(registered("Ornek")) }).await;
    let again = cache.get_or_load(&Whois("a.com"), async { unreachable!("kept") }).await;
    assert_eq!(first, again);
    assert_eq!(*again.expect("a value"), registered("Ornek"));

    let failed = cache.get_or_load(&Whois("b.com"), async { Err(Refused("quota".into())) }).await;
    let again = cache.get_or_load(&Whois("b.com"), async { unreachable!("kept") }).await;
    assert_eq!(failed, again);
    assert_eq!(*again.expect_err("a failure"), Refused("quota".into()));

    let seen = cache.metrics();
    assert_eq!((seen.hits, seen.failure_hits, seen.misses), (1, 1, 2));
    assert_eq!((seen.loads, seen.failures), (2, 1));

    if tier.redis.is_some() {
        // Another process finds both, as what they are.
        let other = tier.caches().await.cache::<Whois>();
        let value = other.get_or_load(&Whois("a.com"), async { unreachable!("kept") }).await;
        assert_eq!(*value.expect("a value"), registered("Ornek"));
        let failure = other.get_or_load(&Whois("b.com"), async { unreachable!("kept") }).await;
        assert_eq!(*failure.expect_err("a failure"), Refused("quota".into()));
        assert_eq!((other.metrics().shared_hits, other.metrics().loads), (2, 0));
    }
}

async fn a_thousand_who_miss_share_one_load(tier: Tier) {
    let cache = tier.caches().await.cache::<Whois>();
    let loads = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let (cache, loads) = (cache.clone(), Arc::clone(&loads));
            tokio::spawn(async move {
                let load = async {
                    loads.fetch_add(1, Ordering::SeqCst);
                    sleep(Duration::from_millis(50)).await;
                    Ok(registered("Ornek"))
                };
                cache.get_or_load(&Whois("a.com"), load).await.expect("a value")
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.expect("no panic").registrar, "Ornek");
    }
    assert_eq!(loads.load(Ordering::SeqCst), 1);
    assert_eq!((cache.metrics().misses, cache.metrics().loads), (1000, 1));
}

async fn a_failed_load_is_shared_and_ends_early(tier: Tier) {
    let cache = tier.caches().await.cache::<Whois>();
    let failing = || async {
        sleep(Duration::from_millis(20)).await;
        Err(Refused("timeout".into()))
    };
    let key = Whois("a.com");
    let both = tokio::join!(cache.get_or_load(&key, failing()), cache.get_or_load(&key, failing()));
    assert!(both.0.is_err() && both.1.is_err());
    assert_eq!(cache.metrics().loads, 1);

    sleep(Whois::FAILURE_LIFETIME + Duration::from_millis(50)).await;
    let now = cache.get_or_load(&key, async { Ok(registered("Ornek")) }).await;
    assert_eq!(now.expect("the failure has ended").registrar, "Ornek");
    let later = cache.get_or_load(&key, async { unreachable!("kept") }).await;
    assert_eq!(later.expect("no failure hides a value").registrar, "Ornek");
}

async fn a_lifetime_is_kept(tier: Tier) {
    let cache = tier.caches().await.cache::<Whois>();
    let short = || Registered { lifetime: Some(Duration::from_millis(200)), ..registered("short") };
    cache.get_or_load(&Whois("a.com"), async { Ok(short()) }).await.expect("a value");
    if tier.redis.is_some() {
        sleep(Duration::from_millis(120)).await;
        // Whoever reads it from Redis keeps it for the time that is left, not for a new lifetime.
        let other = tier.caches().await.cache::<Whois>();
        other.get_or_load(&Whois("a.com"), async { unreachable!("kept") }).await.expect("a value");
        sleep(Duration::from_millis(130)).await;
        let load = async { Ok(registered("anew")) };
        let value = other.get_or_load(&Whois("a.com"), load).await.expect("a value");
        assert_eq!(value.registrar, "anew");
    } else {
        sleep(Duration::from_millis(250)).await;
        let load = async { Ok(registered("anew")) };
        let value = cache.get_or_load(&Whois("a.com"), load).await.expect("a value");
        assert_eq!(value.registrar, "anew");
    }
    let none = || Registered { lifetime: Some(Duration::ZERO), ..registered("none") };
    let key = Whois("never.com");
    cache.get_or_load(&key, async { Ok(none()) }).await.expect("a value");
    cache.get_or_load(&key, async { Ok(none()) }).await.expect("a value");
    assert_eq!(cache.metrics().hits, 0);
}

async fn what_was_invalidated_is_never_given_again(tier: Tier) {
    let cache = tier.caches().await.cache::<Whois>();
    let key = Whois("a.com");
    cache.get_or_load(&key, async { Ok(registered("old")) }).await.expect("a value");
    cache.invalidate(&key).await;
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (cache, begun, go) = (cache.clone(), Arc::clone(&begun), Arc::clone(&go));
        tokio::spawn(async move {
            let load = async {
                begun.notify_one();
                go.notified().await;
                Ok(registered("before"))
            };
            cache.get_or_load(&Whois("a.com"), load).await.expect("a value")
        })
    };
    begun.notified().await;
    cache.invalidate(&key).await;
    go.notify_one();
    assert_eq!(slow.await.expect("no panic").registrar, "before", "who waited is served");

    let after = cache.get_or_load(&key, async { Ok(registered("after")) }).await;
    assert_eq!(after.expect("a value").registrar, "after", "but it is not kept");
    assert_eq!(cache.metrics().invalidations, 2);

    let failing = Whois("b.com");
    let failed = cache.get_or_load(&failing, async { Err(Refused("quota".into())) }).await;
    assert!(failed.is_err());
    cache.invalidate(&failing).await;
    let now = cache.get_or_load(&failing, async { Ok(registered("now")) }).await;
    assert_eq!(now.expect("failures are invalidated too").registrar, "now");
}

async fn a_load_that_panics_or_is_dropped_passes_to_the_next(tier: Tier) {
    let cache = tier.caches().await.cache::<Whois>();
    let doomed = cache.clone();
    let panicking = tokio::spawn(async move {
        let load = async {
            sleep(Duration::from_millis(20)).await;
            panic!("on purpose")
        };
        doomed.get_or_load(&Whois("a.com"), load).await
    });
    let dropped = cache.clone();
    let dropping =
        tokio::spawn(
            async move { dropped.get_or_load(&Whois("b.com"), std::future::pending()).await },
        );
    sleep(Duration::from_millis(5)).await;
    let next = |key| {
        let cache = cache.clone();
        tokio::spawn(async move {
            cache.get_or_load(&Whois(key), async { Ok(registered("next")) }).await
        })
    };
    let (after_panic, after_drop) = (next("a.com"), next("b.com"));
    dropping.abort();
    assert!(panicking.await.expect_err("panicked").is_panic());
    assert_eq!(after_panic.await.expect("no panic").expect("a value").registrar, "next");
    assert_eq!(after_drop.await.expect("no panic").expect("a value").registrar, "next");
}

async fn what_has_no_room_is_counted(tier: Tier) {
    let caches = tier.caches().await;
    let cache: Cache<WhoisTwo> = caches.cache();
    let keys = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"];
    eventually("evictions", Duration::from_secs(5), async || {
        for key in keys {
            cache.get_or_load(&WhoisTwo(key), async { Ok(1) }).await.expect("a value");
        }
        cache.metrics().evictions > 0
    })
    .await;
    let names: Vec<_> = caches.metrics().iter().map(|metrics| metrics.name).collect();
    assert_eq!(names, ["whois-two"]);
}

#[tokio::test]
async fn every_process_forgets_within_a_second() {
    let tier = Tier::memory_and_redis();
    let one = tier.caches().await.cache::<Whois>();
    let mut others = Vec::new();
    for _ in 0..5 {
        others.push(tier.caches().await.cache::<Whois>());
    }
    let key = Whois("a.com");
    one.get_or_load(&key, async { Ok(registered("old")) }).await.expect("a value");
    for other in &others {
        other.get_or_load(&key, async { unreachable!("kept") }).await.expect("a value");
    }
    one.invalidate(&key).await;
    eventually("every process asks anew", Duration::from_secs(1), async || {
        let mut current = true;
        for other in &others {
            let seen = other.get_or_load(&key, async { Ok(registered("new")) }).await;
            current &= seen.expect("a value").registrar == "new";
        }
        current
    })
    .await;
}

#[tokio::test]
async fn another_schema_is_another_key() {
    let redis = RedisServer::start();
    let caches = Caches::with_redis(redis.link(), "test").await;
    let load = async { Ok(registered("Ornek")) };
    caches.cache::<Whois>().get_or_load(&Whois("a.com"), load).await.expect("a value");
    caches.cache::<WhoisTwo>().get_or_load(&WhoisTwo("a.com"), async { Ok(2) }).await.expect("2");
    let client = redis::Client::open(redis.url()).expect("a URL");
    let mut connection = client.get_multiplexed_async_connection().await.expect("Redis");
    let mut keys: Vec<String> =
        redis::cmd("KEYS").arg("*").query_async(&mut connection).await.expect("keys");
    keys.sort();
    assert_eq!(keys, ["test:whois-two:2:value:a.com", "test:whois:1:value:a.com"]);
}

#[tokio::test]
async fn redis_away_is_logged_once_and_ends_by_itself() {
    Log::take();
    let mut redis = RedisServer::start();
    let caches = Caches::with_redis(redis.link(), "test").await;
    let cache = caches.cache::<Whois>();
    cache.get_or_load(&Whois("a.com"), async { Ok(registered("old")) }).await.expect("a value");

    redis.kill();
    eventually("the loss is noticed", Duration::from_secs(1), async || {
        caches.redis_in_use() == Some(false)
    })
    .await;
    let kept = cache.get_or_load(&Whois("a.com"), async { unreachable!("kept") }).await;
    assert_eq!(kept.expect("memory serves").registrar, "old");
    let begun = tokio::time::Instant::now();
    for _ in 0..100 {
        cache.invalidate(&Whois("a.com")).await;
        cache.get_or_load(&Whois("a.com"), async { Ok(registered("new")) }).await.expect("a value");
    }
    assert!(begun.elapsed() < Duration::from_millis(500), "no call waits for Redis");

    redis.start_again();
    eventually("Redis is used again", Duration::from_secs(3), async || {
        caches.redis_in_use() == Some(true)
    })
    .await;
    cache.get_or_load(&Whois("b.com"), async { Ok(registered("b")) }).await.expect("a value");
    let other = Caches::with_redis(redis.link(), "test").await.cache::<Whois>();
    other.get_or_load(&Whois("b.com"), async { unreachable!("in Redis") }).await.expect("a value");
    assert_eq!(Log::count("redis is away"), 1, "{}", Log::text());
    assert_eq!(Log::count("redis is in use"), 3, "two starts and one return: {}", Log::text());
}

/// Redis lives on, but this process cannot reach it: what it invalidated must not come back.
#[tokio::test]
async fn what_is_invalidated_without_redis_is_removed_when_it_is_back() {
    let redis = RedisServer::start();
    let proxy = support::Proxy::start(redis.port()).await;
    let here = Caches::with_redis(proxy.link(), "test").await;
    let there = Caches::with_redis(redis.link(), "test").await;
    let (cut_off, connected) = (here.cache::<Whois>(), there.cache::<Whois>());
    let (one, two) = (Whois("one.com"), Whois("two.com"));
    for key in [&one, &two] {
        cut_off.get_or_load(key, async { Ok(registered("old")) }).await.expect("a value");
        connected.get_or_load(key, async { unreachable!("kept") }).await.expect("a value");
    }

    proxy.cut();
    eventually("the cut is noticed", Duration::from_secs(1), async || {
        here.redis_in_use() == Some(false)
    })
    .await;
    cut_off.invalidate(&one).await;
    connected.invalidate(&two).await;
    connected.get_or_load(&two, async { Ok(registered("new")) }).await.expect("a value");

    proxy.mend();
    eventually("Redis is used again", Duration::from_secs(3), async || {
        here.redis_in_use() == Some(true)
    })
    .await;
    let seen = cut_off.get_or_load(&two, async { unreachable!("in Redis") }).await;
    assert_eq!(seen.expect("a value").registrar, "new", "what was missed is not given");
    eventually("the other process hears of it", Duration::from_secs(1), async || {
        let seen = connected.get_or_load(&one, async { Ok(registered("new")) }).await;
        seen.expect("a value").registrar == "new"
    })
    .await;
}
