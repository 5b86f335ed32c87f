//! Resolvers that are silent, wrong or closed.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use hunter_core::Domain;
use hunter_core::observation::{Observation, Outcome, RecordType};
use hunter_nameserver::{Fault, NameServer, Running};
use hunter_scan::{CommonSelectors, Profile, ScanConfig, Scanner, SecondOpinion};
use tokio::net::UdpSocket;

const ZONE: &str = "$TTL 60\nornek.com.tr. IN MX 10 mx.ornek.com.tr.\nornek.com.tr. IN TXT \"x\"\n";

fn scanner(resolvers: Vec<SocketAddr>, attempts: u32) -> Scanner {
    let config = ScanConfig {
        resolvers: resolvers.into_iter().map(Into::into).collect(),
        attempts,
        timeout: Duration::from_secs(1),
        profile: Profile::Light,
        second_opinion: SecondOpinion::Off,
        ..ScanConfig::default()
    };
    Scanner::new(config, |_: &Observation| Vec::new()).expect("a scanner")
}

async fn mx(scanner: &Scanner) -> hunter_core::observation::Answer {
    let domain: Domain = "ornek.com.tr".parse().expect("a domain");
    let seen = scanner.observe(&domain).await;
    seen.answers.into_iter().find(|a| a.answers("ornek.com.tr", &RecordType::Mx)).expect("MX")
}

async fn healthy() -> Running {
    NameServer::builder().zone_text(ZONE).spawn().await.expect("a server")
}

/// A port where nobody answers.
async fn silent() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0").await.expect("a socket")
}

#[tokio::test]
async fn the_second_resolver_answers_when_the_first_is_silent() {
    let (dead, alive) = (silent().await, healthy().await);
    let scanner = scanner(vec![dead.local_addr().expect("bound"), alive.addr()], 1);
    let answer = mx(&scanner).await;
    assert!(answer.outcome.found().is_some(), "{answer:?}");
    assert_eq!((answer.attempts, answer.server), (Some(2), Some(alive.addr().to_string())));

    let started = Instant::now();
    let answer = mx(&scanner).await;
    assert_eq!(answer.attempts, Some(1), "the silent one is asked last by now");
    assert!(started.elapsed() < Duration::from_millis(900), "{:?}", started.elapsed());
}

#[tokio::test]
async fn another_resolver_is_asked_after_a_refusal_and_the_telling_failure_is_kept() {
    let refusing = NameServer::builder()
        .fault("ornek.com.tr", None, Fault::Refused)
        .spawn()
        .await
        .expect("a server");
    let alive = healthy().await;
    let answer = mx(&scanner(vec![refusing.addr(), alive.addr()], 1)).await;
    assert!(answer.outcome.found().is_some());

    let dead = silent().await.local_addr().expect("bound");
    let answer = mx(&scanner(vec![refusing.addr(), dead], 2)).await;
    assert_eq!(answer.outcome, Outcome::TempFail { reason: "refused".to_owned() });
    assert_eq!(answer.server, Some(refusing.addr().to_string()));
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_a_permanent_failure() {
    let socket = silent().await;
    let addr = socket.local_addr().expect("bound");
    let echo = tokio::spawn(async move {
        let mut buffer = [0; 512];
        while let Ok((_, from)) = socket.recv_from(&mut buffer).await {
            // The id of the question, and a head that promises more than follows.
            let broken = [buffer[0], buffer[1], 0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0, 3, b'x'];
            let _ = socket.send_to(&broken, from).await;
        }
    });
    let answer = mx(&scanner(vec![addr], 2)).await;
    assert_eq!(answer.outcome, Outcome::PermFail { reason: "malformed".to_owned() });
    echo.abort();
}

#[tokio::test]
async fn a_connection_that_is_refused_is_a_network_failure() {
    let running = NameServer::builder()
        .zone_text(ZONE)
        .fault("ornek.com.tr", Some("MX"), Fault::Truncate)
        .spawn()
        .await
        .expect("a server");
    // Datagrams are passed on; connections find the port closed.
    let front = silent().await;
    let addr = front.local_addr().expect("bound");
    let behind = running.addr();
    let relay = tokio::spawn(async move {
        let mut buffer = [0; 2048];
        while let Ok((length, from)) = front.recv_from(&mut buffer).await {
            let back = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
            back.send_to(&buffer[..length], behind).await.expect("sent");
            let (length, _) = back.recv_from(&mut buffer).await.expect("answered");
            let _ = front.send_to(&buffer[..length], from).await;
        }
    });
    let answer = mx(&scanner(vec![addr], 1)).await;
    assert_eq!(answer.outcome, Outcome::TempFail { reason: "network".to_owned() });
    relay.abort();
}

#[tokio::test]
async fn shared_names_are_asked_once_and_failures_again() {
    let mut text = String::from("$TTL 60\nmx.example.net. IN A 192.0.2.7\n");
    for n in 0..5 {
        writeln!(text, "o{n}.com.tr. IN MX 10 mx.example.net.").expect("a string");
    }
    let running = NameServer::builder()
        .zone_text(&text)
        .fault("_dmarc.tr", None, Fault::ServFail)
        .spawn()
        .await
        .expect("a server");
    let config =
        ScanConfig { resolvers: vec![running.addr().into()], attempts: 1, ..ScanConfig::default() };
    let scanner = Scanner::new(config, CommonSelectors).expect("a scanner");
    for n in 0..5 {
        let domain: Domain = format!("o{n}.com.tr").parse().expect("a domain");
        let seen = scanner.observe(&domain).await;
        let host = seen.answers.iter().find(|a| a.answers("mx.example.net", &RecordType::A));
        let host = host.expect("the host is written down each time");
        assert_eq!(host.attempts, Some(u32::from(n == 0)));
    }
    let count = |name: &str| running.queries().iter().filter(|query| query.name == name).count();
    assert_eq!(count("mx.example.net"), 1);
    assert_eq!(count("_dmarc.com.tr"), 1);
    assert_eq!(count("_dmarc.tr"), 5);
}
