//! One suite for both limiters.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use hunter_store::limiter::{Limiter, Settings, Source};
use tokio::time::{Instant, sleep};

use super::support::RedisServer;
use super::{LATE, allowed, excess, per_second};

struct Setup {
    redis: Option<RedisServer>,
}

impl Setup {
    async fn limiter(&self) -> Limiter {
        match &self.redis {
            None => Limiter::in_process(),
            Some(redis) => {
                let limiter = Limiter::with_redis(redis.link(), "test", Settings::default()).await;
                assert!(limiter.metrics().shared);
                // A Redis that has just come up counts buckets as empty.
                sleep(Duration::from_millis(1100)).await;
                limiter
            }
        }
    }
}

macro_rules! on_both_limiters {
    ($($name:ident),+ $(,)?) => {
        mod in_process {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::Setup { redis: None }).await;
            })+
        }
        mod over_redis {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::Setup { redis: Some(super::RedisServer::start()) }).await;
            })+
        }
    };
}

on_both_limiters!(
    a_burst_is_given_and_then_the_rate,
    keys_do_not_touch_each_other,
    d23_the_limit_holds_however_many_ask_at_once,
    those_who_wait_are_served_in_order,
    what_comes_too_late_is_refused_at_once_and_costs_nothing,
    who_gives_up_leaves_the_moment_to_the_next,
);

async fn a_burst_is_given_and_then_the_rate(setup: Setup) {
    let limiter = setup.limiter().await;
    let limit = per_second(10, 5);
    let mut remaining = Vec::new();
    for _ in 0..5 {
        let permit = limiter.try_acquire("k", limit).await.expect("within the burst");
        assert_eq!(permit.by, Source::Shared);
        remaining.push(permit.remaining);
    }
    assert_eq!(remaining, [4, 3, 2, 1, 0]);
    let refused = limiter.try_acquire("k", limit).await.expect_err("above the burst");
    assert!(refused.retry_after <= Duration::from_millis(100), "{refused}");
    sleep(refused.retry_after + Duration::from_millis(2)).await;
    limiter.try_acquire("k", limit).await.expect("it said when");
    let seen = limiter.metrics();
    assert_eq!((seen.admitted_shared, seen.admitted_local, seen.refused), (6, 0, 1));
}

async fn keys_do_not_touch_each_other(setup: Setup) {
    let limiter = setup.limiter().await;
    limiter.try_acquire("one", per_second(5, 1)).await.expect("one");
    limiter.try_acquire("one", per_second(5, 1)).await.expect_err("no more of one");
    limiter.try_acquire("two", per_second(5, 3)).await.expect("each key has its own limit");
    limiter.try_acquire("two", per_second(5, 3)).await.expect("and its own burst");
}

/// Reading first and writing later admits several times the limit; so does a wait after which the
/// permit is not taken anew.
async fn d23_the_limit_holds_however_many_ask_at_once(setup: Setup) {
    let limiter = setup.limiter().await;
    let (rate, burst) = (50, 10);
    let begun = Instant::now();
    let permits = Arc::new(Mutex::new(Vec::new()));
    let tasks: Vec<_> = (0..64)
        .map(|task| {
            let (limiter, permits) = (limiter.clone(), Arc::clone(&permits));
            tokio::spawn(async move {
                let limit = per_second(rate, burst);
                while begun.elapsed() < Duration::from_secs(2) {
                    let given = if task % 2 == 0 {
                        limiter.acquire("k", limit, Duration::from_secs(5)).await.is_ok()
                    } else {
                        let given = limiter.try_acquire("k", limit).await.is_ok();
                        sleep(Duration::from_millis(3)).await;
                        given
                    };
                    if given {
                        permits.lock().expect("not poisoned").push(begun.elapsed());
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
    let permits = permits.lock().expect("not poisoned");
    let within = permits.iter().filter(|at| at.as_secs() < 2).count();
    let theory = allowed(rate, burst, Duration::from_secs(2));
    let within = f64::from(u32::try_from(within).expect("few"));
    assert!(within <= theory, "{within} of {theory}");
    assert!(within >= 0.95 * theory, "{within} of {theory}");
    let over = excess(&permits, rate, burst);
    assert!(over <= LATE * f64::from(rate), "{over}");
}

async fn those_who_wait_are_served_in_order(setup: Setup) {
    let limiter = setup.limiter().await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..20 {
        let (limiter, order) = (limiter.clone(), Arc::clone(&order));
        tasks.push(tokio::spawn(async move {
            limiter
                .acquire("k", per_second(100, 1), Duration::from_secs(5))
                .await
                .expect("in time");
            order.lock().expect("not poisoned").push(number);
        }));
        tokio::task::yield_now().await;
    }
    for task in tasks {
        task.await.expect("no panic");
    }
    assert_eq!(*order.lock().expect("not poisoned"), (0..20).collect::<Vec<_>>());
}

async fn what_comes_too_late_is_refused_at_once_and_costs_nothing(setup: Setup) {
    let limiter = setup.limiter().await;
    let limit = per_second(2, 1);
    limiter.acquire("k", limit, Duration::ZERO).await.expect("the first");
    let begun = Instant::now();
    for _ in 0..5 {
        let patience = Duration::from_millis(200);
        let refused = limiter.acquire("k", limit, patience).await.expect_err("half a second away");
        assert!(refused.retry_after > patience && refused.retry_after <= limit.interval());
    }
    assert!(begun.elapsed() < Duration::from_millis(150), "nobody waited");
    limiter.acquire("k", limit, Duration::from_millis(600)).await.expect("nothing was taken");
    assert!(begun.elapsed() >= Duration::from_millis(300));

    // The same for those who stand in line behind somebody.
    let waiting = limiter.clone();
    let first =
        tokio::spawn(async move { waiting.acquire("k", limit, Duration::from_secs(1)).await });
    tokio::task::yield_now().await;
    let begun = Instant::now();
    limiter.acquire("k", limit, Duration::from_millis(100)).await.expect_err("too late");
    assert!(begun.elapsed() < Duration::from_millis(300));
    first.await.expect("no panic").expect("in time");
}

async fn who_gives_up_leaves_the_moment_to_the_next(setup: Setup) {
    let limiter = setup.limiter().await;
    let limit = per_second(2, 1);
    limiter.acquire("k", limit, Duration::ZERO).await.expect("the first");
    let begun = Instant::now();
    let waiting = limiter.clone();
    let gives_up =
        tokio::spawn(async move { waiting.acquire("k", limit, Duration::from_secs(5)).await });
    sleep(Duration::from_millis(50)).await;
    gives_up.abort();
    limiter.acquire("k", limit, Duration::from_secs(5)).await.expect("in time");
    let waited = begun.elapsed();
    assert!(waited < Duration::from_millis(700), "the moment was not lost: {waited:?}");
    assert!(waited > Duration::from_millis(400), "and not given early: {waited:?}");
}
