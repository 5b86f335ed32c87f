//! Waiting for leave makes no unknown, and silent domains hold up nobody.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::StreamExt;
use hunter_core::Domain;
use hunter_core::observation::{Observation, Outcome};
use hunter_nameserver::{Builder, Fault, NameServer, Running};
use hunter_scan::{LocalThrottle, Permit, Profile, Rates, ScanConfig, ScannerBuilder, Throttle};

/// Healthy domains `firma0.com.tr` and so on, and silence for all below `silent.com.tr`.
fn zone(healthy: usize) -> Builder {
    let mut text = String::from("$TTL 60\n");
    for n in 0..healthy {
        writeln!(text, "firma{n}.com.tr. IN MX 10 mx.example.net.").expect("a string");
        writeln!(text, "firma{n}.com.tr. IN TXT \"v=spf1 mx -all\"").expect("a string");
    }
    NameServer::builder().zone_text(&text).fault("*.silent.com.tr", None, Fault::Timeout)
}

fn domains(names: impl Iterator<Item = String>) -> Vec<Domain> {
    names.map(|name| name.parse().expect("a domain")).collect()
}

fn config(server: &Running) -> ScanConfig {
    ScanConfig {
        resolvers: vec![server.addr().into()],
        profile: Profile::Light,
        ..ScanConfig::default()
    }
}

/// Whether every question has an answer, or needed none.
fn is_known(observation: &Observation) -> bool {
    observation.answers.iter().all(|answer| match &answer.outcome {
        Outcome::Found(_) | Outcome::Absent { .. } => true,
        Outcome::NotAsked { reason } => reason == "nxdomain_above" || reason == "null_mx",
        Outcome::TempFail { .. } | Outcome::PermFail { .. } => false,
    })
}

/// Sockets of this process.
fn sockets() -> usize {
    let open = std::fs::read_dir("/proc/self/fd").expect("Linux").flatten();
    open.filter_map(|fd| std::fs::read_link(fd.path()).ok())
        .filter(|link| link.to_string_lossy().starts_with("socket:"))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_pace_makes_no_unknown() {
    let server = zone(200).spawn().await.expect("a server");
    // The last of a round waits longer for its turn than its domain has time: 200 domains in flight
    // put 1,200 questions at once, which takes 3 seconds.
    let config = ScanConfig {
        deadline: Duration::from_millis(1_500),
        timeout: Duration::from_secs(1),
        concurrency: 200,
        ..config(&server)
    };
    let rates = Rates { resolver: Some(400.0), ..Rates::default() };
    let throttle = Arc::new(LocalThrottle::new(rates).expect("a throttle"));
    let scanner = ScannerBuilder::new(config).throttle(throttle).build().expect("a scanner");
    let domains = domains((0..200).map(|n| format!("firma{n}.com.tr")));
    let started = Instant::now();
    let seen: Vec<_> = scanner.observe_all(futures::stream::iter(domains)).collect().await;
    assert!(started.elapsed() > Duration::from_secs(3), "nothing had to wait");
    assert_eq!(seen.len(), 200);
    for (_, observation) in &seen {
        assert!(is_known(observation), "{observation:?}");
        // Nor is the waiting counted as the server's slowness.
        assert!(observation.answers.iter().all(|answer| answer.ms < Some(1_000)));
    }
}

/// Writes down when each domain begins.
#[derive(Default)]
struct Begun(Mutex<HashMap<Domain, Instant>>);

#[async_trait]
impl Throttle for Begun {
    async fn leave(&self, permit: Permit<'_>) {
        if let Permit::Domain(domain) = permit {
            self.0.lock().expect("no panic").insert(domain.clone(), Instant::now());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_domains_hold_up_no_healthy_one() {
    let server = zone(200).spawn().await.expect("a server");
    let timeout = Duration::from_secs(3);
    let config = ScanConfig { concurrency: 1_000, timeout, ..config(&server) };
    let begun = Arc::new(Begun::default());
    let scanner = ScannerBuilder::new(config)
        .throttle(Arc::<Begun>::clone(&begun))
        .build()
        .expect("a scanner");
    // Ten silent ones between any two healthy ones.
    let domains = domains((0..2_200).map(|n| match (n / 11, n % 11) {
        (tens, 5) => format!("firma{tens}.com.tr"),
        (tens, ones) => {
            format!("s{}.silent.com.tr", tens * 10 + if ones > 5 { ones - 1 } else { ones })
        }
    }));
    let (mut healthy, mut silent, mut slowest) = (0, 0, Duration::ZERO);
    let mut results = Box::pin(scanner.observe_all(futures::stream::iter(domains)));
    while let Some((_, observation)) = results.next().await {
        let took = begun.0.lock().expect("no panic")[&observation.domain].elapsed();
        if observation.domain.as_str().ends_with("silent.com.tr") {
            silent += 1;
            assert!(took >= 2 * timeout, "it was given its time: {took:?}");
            assert!(
                observation.answers.iter().any(|a| a.outcome.why_unanswered() == Some("timeout"))
            );
        } else {
            healthy += 1;
            slowest = slowest.max(took);
            assert!(is_known(&observation), "{observation:?}");
        }
        assert!(sockets() < 400, "{} sockets", sockets());
    }
    assert_eq!((healthy, silent), (200, 2_000));
    assert!(slowest < 2 * timeout, "a healthy domain waited for silent ones: {slowest:?}");
}
