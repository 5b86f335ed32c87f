//! Redis goes away and comes back.

use std::time::Duration;

use hunter_store::limiter::{Limiter, Settings, Source};
use tokio::time::{Instant, sleep};

use super::per_second;
use super::support::{Log, RedisServer, eventually};

const SETTINGS: Settings = {
    // Short, so that the test is.
    Settings { processes: 1, open: Duration::from_millis(500) }
};

#[tokio::test]
async fn the_own_share_is_taken_over_without_a_burst_and_logged_once() {
    Log::take();
    let mut redis = RedisServer::start();
    let one = Limiter::with_redis(redis.link(), "test", SETTINGS).await;
    let two = Limiter::with_redis(redis.link(), "test", SETTINGS).await;
    sleep(Duration::from_millis(1600)).await;
    let limit = per_second(20, 10);
    one.try_acquire("k", limit).await.expect("redis decides");

    redis.kill();
    let begun = Instant::now();
    let mut given = [0_u32; 2];
    while begun.elapsed() < Duration::from_secs(2) {
        for (limiter, given) in [&one, &two].into_iter().zip(&mut given) {
            if let Ok(permit) = limiter.try_acquire("k", limit).await {
                assert_eq!(permit.by, Source::Local);
                *given += 1;
            }
        }
        sleep(Duration::from_millis(2)).await;
    }
    for given in given {
        assert!((15..=21).contains(&given), "half of 20/s for 2 s, without a burst: {given}");
    }
    assert!(one.metrics().redis_failures >= 5 && !one.metrics().shared);
    let failed = one.metrics().redis_failures;
    assert!(failed < 40, "the breaker keeps calls from Redis: {failed}");

    redis.start_again();
    eventually("redis decides again", Duration::from_secs(3), async || {
        matches!(one.try_acquire("k", limit).await, Ok(permit) if permit.by == Source::Shared)
    })
    .await;
    assert_eq!(one.metrics().fallbacks, 1);
    eventually("both are back", Duration::from_secs(3), async || two.metrics().shared).await;
    assert_eq!(Log::count("takes its share"), 2, "once a process: {}", Log::text());
    assert_eq!(Log::count("redis is back"), 2, "once a process: {}", Log::text());
}

#[tokio::test]
async fn a_redis_that_lost_its_memory_gives_no_second_burst() {
    let mut redis = RedisServer::start();
    let limiter = Limiter::with_redis(redis.link(), "test", SETTINGS).await;
    sleep(Duration::from_millis(1100)).await;
    let limit = per_second(10, 10);
    let begun = Instant::now();
    let mut given = 0_u32;
    for round in 0..3 {
        if round > 0 {
            redis.kill();
            redis.start_again();
        }
        let until = begun.elapsed() + Duration::from_secs(1);
        while begun.elapsed() < until {
            given += u32::from(limiter.try_acquire("k", limit).await.is_ok());
            sleep(Duration::from_millis(2)).await;
        }
    }
    let theory = super::allowed(10, 10, begun.elapsed());
    assert!(f64::from(given) <= theory, "{given} of {theory}");
    assert!(given > 20, "{given}");
}

#[tokio::test]
async fn a_process_without_any_redis_takes_the_share_it_was_told() {
    let mut redis = RedisServer::start();
    let link = redis.link();
    redis.kill();
    let begun = Instant::now();
    let settings = Settings { processes: 4, ..SETTINGS };
    let limiter = Limiter::with_redis(link, "test", settings).await;
    assert!(begun.elapsed() < Duration::from_millis(1500));
    sleep(Duration::from_millis(1100)).await;
    let limit = per_second(40, 8);
    let mut burst = 0;
    while let Ok(permit) = limiter.try_acquire("k", limit).await {
        assert_eq!(permit.by, Source::Local);
        burst += 1;
    }
    assert_eq!(burst, 2, "a quarter of 8");
}
