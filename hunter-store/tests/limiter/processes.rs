//! Many processes on one key: this program starts itself as a child.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hunter_store::RedisLink;
use hunter_store::limiter::{Limiter, Settings};

use super::support::RedisServer;
use super::{LATE, allowed, excess, per_second};

const RATE: u32 = 10;
const BURST: u32 = 10;
const RUN: Duration = Duration::from_secs(30);
/// So that every process is counted, and a new Redis has filled its buckets.
const WARM_UP: Duration = Duration::from_secs(3);

const URL: &str = "HUNTER_TEST_CHILD_REDIS";
const BEGIN: &str = "HUNTER_TEST_CHILD_BEGIN";

/// What a child does: takes permits from a moment on for a time, and prints when it got each.
#[tokio::test]
#[ignore = "the other tests of this file start it as a process of its own"]
async fn child() {
    let url = std::env::var(URL).expect("started by a test of this file");
    let begin: u64 = std::env::var(BEGIN).expect("started by a test").parse().expect("a number");
    let begin = UNIX_EPOCH + Duration::from_micros(begin);
    let link = RedisLink::open(&url).expect("a Redis URL");
    let settings = Settings { processes: 1, open: Duration::from_secs(2) };
    let limiter = Limiter::with_redis(link, "test", settings).await;
    let wait = begin.duration_since(SystemTime::now()).expect("the parent left time to start");
    tokio::time::sleep(wait).await;
    let limit = per_second(RATE, BURST);
    while begin.elapsed().is_ok_and(|since| since < RUN) {
        let left = RUN.saturating_sub(begin.elapsed().unwrap_or_default());
        if limiter.acquire("k", limit, left).await.is_ok() {
            let at = begin.elapsed().expect("after the begin");
            println!("permit {}", at.as_micros());
        } else {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    limiter.close().await;
}

/// The permits that each of so many processes got, by time.
struct Run {
    by_process: Vec<Vec<Duration>>,
}

impl Run {
    fn start(processes: usize, redis: &RedisServer) -> (Vec<Child>, Instant) {
        let begin = SystemTime::now() + WARM_UP;
        let micros = begin.duration_since(UNIX_EPOCH).expect("after 1970").as_micros();
        let children = (0..processes)
            .map(|_| {
                Command::new(std::env::current_exe().expect("this program"))
                    .args(["--exact", "processes::child", "--ignored", "--nocapture"])
                    .env(URL, redis.url())
                    .env(BEGIN, micros.to_string())
                    .stdout(Stdio::piped())
                    .spawn()
                    .expect("this program starts twice")
            })
            .collect();
        (children, Instant::now() + WARM_UP)
    }

    fn end(children: Vec<Child>) -> Self {
        let by_process = children
            .into_iter()
            .map(|mut child| {
                let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
                let permits = lines
                    .filter_map(|line| {
                        let line = line.expect("text");
                        line.split_once("permit ").map(|(_, at)| at.parse().expect("a number"))
                    })
                    .map(Duration::from_micros)
                    .collect();
                assert!(child.wait().expect("a child").success());
                permits
            })
            .collect();
        Self { by_process }
    }

    fn permits(&self) -> Vec<Duration> {
        let mut all: Vec<_> = self.by_process.iter().flatten().copied().collect();
        all.sort();
        all
    }
}

fn d23(processes: usize) {
    let redis = RedisServer::start();
    let (children, _) = Run::start(processes, &redis);
    let run = Run::end(children);
    let permits = run.permits();
    for (count, at) in (1_u32..).zip(&permits) {
        let most = allowed(RATE, BURST, *at);
        assert!(f64::from(count) <= most, "{processes} processes: {count} after {at:?}");
    }
    let within = u32::try_from(permits.iter().filter(|at| **at <= RUN).count()).expect("few");
    let theory = allowed(RATE, BURST, RUN);
    assert!(f64::from(within) >= 0.98 * theory, "{processes} processes: {within} of {theory}");
    let over = excess(&permits, RATE, BURST);
    assert!(
        over <= LATE * f64::from(RATE),
        "{processes} processes: {over} above the limit in some stretch of time"
    );
    // After the burst, which goes to whoever is first, they take turns.
    let fair = (permits.len() - 10) / processes;
    for permits in &run.by_process {
        assert!(permits.len() >= fair * 8 / 10, "{} of {fair}", permits.len());
    }
}

/// At the same time, since each takes half a minute and next to no work.
#[test]
fn d23_processes_together_keep_the_limit_and_nobody_starves() {
    std::thread::scope(|scope| {
        for processes in [1, 2, 4, 8] {
            scope.spawn(move || d23(processes));
        }
    });
}

#[test]
fn redis_killed_and_back_never_gives_more_than_one_burst_on_top() {
    let mut redis = RedisServer::start();
    let (children, begun) = Run::start(8, &redis);
    let at = |seconds| begun + Duration::from_secs(seconds);
    std::thread::sleep(at(8).duration_since(Instant::now()));
    redis.kill();
    std::thread::sleep(at(15).duration_since(Instant::now()));
    redis.start_again();
    let run = Run::end(children);
    let permits = run.permits();
    for (count, at) in (1_u32..).zip(&permits) {
        let most = allowed(RATE, 2 * BURST, *at);
        assert!(f64::from(count) <= most, "{count} after {at:?}");
    }
    let over = excess(&permits, RATE, 2 * BURST);
    assert!(over <= 0.0, "{over} above the limit and one burst in some stretch of time");
    let (lowest, highest) = (run.by_process.iter().map(Vec::len).min(), permits.len());
    assert!(lowest.expect("eight") >= 10, "nobody starves: {lowest:?} of {highest}");
    assert!(highest >= 200, "the work went on: {highest}");
}
