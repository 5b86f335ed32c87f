//! What a hit costs, beside what is computed anew: in memory, in Redis, and without a cache.

use std::hint::black_box;
use std::time::{Duration, Instant};

use hunter_benches::inputs;
use hunter_core::{Engine, Lead, Observation};
use hunter_store::RedisLink;
use hunter_store::cache::{Cache, CacheKey, Caches};

use crate::table::{self, Latencies};

/// Where the Redis of this run is; `cargo xtask bench store` starts one and sets it.
pub(crate) fn redis_url() -> String {
    std::env::var("HUNTER_TEST_REDIS_URL").expect("a Redis: run `cargo xtask bench store`")
}

macro_rules! key {
    ($key:ident, $value:ty, $name:literal) => {
        struct $key(String);

        impl CacheKey for $key {
            type Value = $value;
            type Failure = ();
            const NAME: &'static str = $name;
            const SCHEMA: u32 = 1;
            const LIFETIME: Duration = Duration::from_hours(1);

            fn key(&self) -> String {
                self.0.clone()
            }
        }
    };
}

key!(OfProvider, String, "bench-provider");
key!(OfScoring, serde_json::Value, "bench-scoring");
key!(OfScan, Observation, "bench-scan");

/// Keys of each kind.
const KEYS: usize = 256;

pub(crate) async fn measure(rounds: usize) {
    println!("\n## Cache\n");
    let engine = Engine::builtin();
    let hosts = inputs::hosts(KEYS, 3, engine.fingerprints());
    let facts = inputs::facts(KEYS, 3);
    let seen = inputs::observations(KEYS, 3, engine.fingerprints());
    table::heading(&["what", "p50", "p95"]);
    let mut times = Latencies::default();
    for round in 0..rounds {
        let host = &hosts[round % KEYS];
        times.add(|| black_box(engine.fingerprints().match_mx(black_box(host))));
    }
    times.row("provider of an MX host, computed");
    let mut times = Latencies::default();
    for round in 0..rounds {
        let facts = &facts[round % KEYS];
        times.add(|| black_box(engine.rules().verdict(black_box(facts))));
    }
    times.row("score, computed from its facts");
    let mut times = Latencies::default();
    for round in 0..rounds {
        let seen = &seen[round % KEYS];
        times.add(|| black_box(engine.assess(black_box(seen), &Lead::default())));
    }
    times.row("whole assessment, computed");

    let provider = |n: usize| {
        let name = engine.fingerprints().match_mx(&hosts[n]).map(|found| found.provider.id.clone());
        (OfProvider(hosts[n].clone()), name.unwrap_or_default())
    };
    let scoring = |n: usize| {
        let assessed = engine.assess(&seen[n], &Lead::default());
        let signals = &assessed.authentication.signals;
        let key = format!("{}:{}:{}", assessed.domain, assessed.provider, signals.hash());
        let verdict =
            assessed.verdict.map(|v| (v.score, v.score_low, v.score_high, v.segment.as_str()));
        (OfScoring(key), serde_json::json!(verdict))
    };
    let scan = |n: usize| (OfScan(seen[n].domain.to_string()), seen[n].clone());
    for (what, redis) in [("memory", false), ("Redis", true)] {
        one(&format!("provider, hit in {what}"), redis, rounds, &provider).await;
        one(&format!("score, hit in {what}"), redis, rounds, &scoring).await;
        one(&format!("observation, hit in {what}"), redis, rounds, &scan).await;
    }
}

/// Times hits of one kind of key.
async fn one<K: CacheKey>(
    what: &str,
    redis: bool,
    rounds: usize,
    entry: &dyn Fn(usize) -> (K, K::Value),
) {
    // What one process keeps in memory another finds in Redis only: each hit is made in a fresh one.
    let caches = async || {
        if redis {
            let link = RedisLink::open(&redis_url()).unwrap();
            Caches::with_redis(link, "hunter-bench").await
        } else {
            Caches::in_memory()
        }
    };
    let filled = caches().await;
    let fill: Cache<K> = filled.cache();
    let mut keys = Vec::new();
    for number in 0..KEYS {
        let (key, value) = entry(number);
        let load = async { Ok(value) };
        assert!(fill.get_or_load(&key, load).await.is_ok());
        keys.push(key);
    }
    let mut times = Latencies::default();
    let mut round = 0;
    while round < rounds {
        let (cache, count) =
            if redis { (caches().await.cache::<K>(), KEYS) } else { (fill.clone(), rounds) };
        for n in 0..count {
            let key = &keys[n % KEYS];
            let begun = Instant::now();
            let hit = cache.get_or_load(key, async { unreachable!("it is kept") }).await;
            times.push(begun.elapsed());
            assert!(black_box(hit).is_ok());
        }
        round += count;
    }
    times.row(what);
}
