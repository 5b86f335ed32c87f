//! Resolvers over TLS and HTTPS: the same answers as over datagrams, and nothing from strangers.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use hunter_core::Domain;
use hunter_core::observation::{Observation, Outcome, RecordType};
use hunter_nameserver::{NameServer, Running};
use hunter_scan::{CommonSelectors, Profile, Protocol, Resolver, ScanConfig, Scanner};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

const NAME: &str = "dns.example.net";
const COUNT: usize = 40;

/// A server with a certificate for [`NAME`], and the authority that signed it.
struct Encrypted {
    running: Running,
    root: Vec<u8>,
}

async fn server() -> Encrypted {
    let authority_key = KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = authority.self_signed(&authority_key).expect("a root").der().to_vec();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(vec![NAME.to_owned()]).expect("a name");
    let leaf = leaf.signed_by(&key, &issuer).expect("a certificate").der().clone();
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let key = ring::sign::any_supported_type(&key).expect("a key that signs");
    let certificate = SingleCertAndKey::from(CertifiedKey::new(vec![leaf], key));

    let mut text = String::from("$TTL 60\n");
    for n in 0..COUNT {
        writeln!(text, "firma{n}.com.tr. IN MX 10 mx{n}.example.net.").expect("a string");
        writeln!(text, "firma{n}.com.tr. IN TXT \"v=spf1 include:s{n}.example.net -all\"")
            .expect("a string");
        writeln!(text, "mx{n}.example.net. IN A 192.0.2.{n}").expect("a string");
    }
    for n in 0..30 {
        // Too much for a datagram, which makes no difference here.
        writeln!(text, "firma0.com.tr. IN TXT \"{n} {}\"", "x".repeat(200)).expect("a string");
    }
    let running = NameServer::builder()
        .zone_text(&text)
        .certificate(Arc::new(certificate))
        .spawn()
        .await
        .expect("a server");
    Encrypted { running, root }
}

impl Encrypted {
    fn tls(&self, name: &str) -> Resolver {
        tls(self.running.tls_addr().expect("a certificate"), name)
    }

    fn https(&self, name: &str) -> Resolver {
        https(self.running.https_addr().expect("a certificate"), name)
    }

    fn config(&self, resolver: Resolver) -> ScanConfig {
        ScanConfig {
            resolvers: vec![resolver],
            resolver_roots: vec![self.root.clone()],
            ..ScanConfig::default()
        }
    }
}

fn tls(addr: SocketAddr, name: &str) -> Resolver {
    Resolver { addr, protocol: Protocol::Tls { name: name.to_owned() } }
}

fn https(addr: SocketAddr, name: &str) -> Resolver {
    let protocol = Protocol::Https { name: name.to_owned(), path: "/dns-query".to_owned() };
    Resolver { addr, protocol }
}

fn domains() -> Vec<Domain> {
    (0..COUNT).map(|n| format!("firma{n}.com.tr").parse().expect("a domain")).collect()
}

/// What was seen of each domain, without what differs from run to run.
async fn facts(config: ScanConfig) -> Vec<Vec<(String, RecordType, Outcome<Vec<String>>)>> {
    let scanner = Scanner::new(config, CommonSelectors).expect("a scanner");
    let mut all: Vec<_> =
        scanner.observe_all(futures::stream::iter(domains())).collect::<Vec<_>>().await;
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, seen)| facts_of(seen)).collect()
}

fn facts_of(seen: Observation) -> Vec<(String, RecordType, Outcome<Vec<String>>)> {
    let mut facts: Vec<_> = seen
        .answers
        .into_iter()
        .map(|answer| {
            let outcome = match answer.outcome {
                Outcome::Found(mut records) => {
                    records.sort();
                    Outcome::Found(records)
                }
                other => other,
            };
            (answer.name, answer.record_type, outcome)
        })
        .collect();
    facts.sort_by(|a, b| (&a.0, a.1.to_string()).cmp(&(&b.0, b.1.to_string())));
    facts
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_the_same_however_they_are_fetched() {
    let server = server().await;
    let plain = facts(server.config(server.running.addr().into())).await;
    assert_eq!(plain.len(), COUNT);
    let found = plain.iter().flatten().filter(|(_, _, outcome)| outcome.found().is_some());
    assert!(found.count() >= COUNT * 3);
    assert!(plain.iter().flatten().all(|(_, _, outcome)| {
        outcome.is_answered() || matches!(outcome, Outcome::NotAsked { .. })
    }));
    assert_eq!(facts(server.config(server.tls(NAME))).await, plain, "over TLS");
    assert_eq!(facts(server.config(server.https(NAME))).await, plain, "over HTTPS");
}

/// The outcome of the MX question about the first domain.
async fn mx(config: ScanConfig) -> Outcome<Vec<String>> {
    let scanner = Scanner::new(config, CommonSelectors).expect("a scanner");
    let seen = scanner.observe(&domains()[0]).await;
    let mx = seen.answers.into_iter().find(|a| a.answers("firma0.com.tr", &RecordType::Mx));
    mx.expect("MX").outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_not_spoken_to() {
    let server = server().await;
    let network = Outcome::TempFail { reason: "network".to_owned() };
    for resolver in [server.tls("other.example.net"), server.https("other.example.net")] {
        let wrong_name = server.config(resolver.clone());
        assert_eq!(mx(wrong_name).await, network, "{resolver}: it is not who it should be");
    }
    for resolver in [server.tls(NAME), server.https(NAME)] {
        let untrusted =
            ScanConfig { resolver_roots: Vec::new(), ..server.config(resolver.clone()) };
        assert_eq!(mx(untrusted).await, network, "{resolver}: nobody vouches for it");
    }
    assert!(server.running.queries().is_empty(), "no question went to it");
}

/// Passes connections on, and breaks them all when told to.
async fn breakable(behind: SocketAddr) -> (SocketAddr, watch::Sender<u32>) {
    let front = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = front.local_addr().expect("bound");
    let (cut, watching) = watch::channel(0);
    tokio::spawn(async move {
        while let Ok((mut near, _)) = front.accept().await {
            let mut watching = watching.clone();
            watching.mark_unchanged();
            tokio::spawn(async move {
                let mut far = TcpStream::connect(behind).await.expect("a server behind");
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                    _ = watching.changed() => {}
                }
            });
        }
    });
    (addr, cut)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_is_opened_again() {
    let server = server().await;
    let behind = [server.running.tls_addr(), server.running.https_addr()];
    for (behind, resolver) in behind.into_iter().zip([tls, https]) {
        let (addr, cut) = breakable(behind.expect("a certificate")).await;
        let config = ScanConfig {
            attempts: 4,
            profile: Profile::Light,
            timeout: Duration::from_secs(1),
            concurrency: 8,
            ..server.config(resolver(addr, NAME))
        };
        let scanner = Scanner::new(config, CommonSelectors).expect("a scanner");
        let stream = futures::stream::iter((0..5).flat_map(|_| domains()));
        let mut results = Box::pin(scanner.observe_all(stream));
        let mut done = 0;
        while let Some((index, seen)) = results.next().await {
            done += 1;
            if done % 40 == 20 {
                cut.send_modify(|times| *times += 1);
            }
            let name = seen.domain.as_str();
            let reply = seen.ask(name, &RecordType::Mx);
            let wanted = format!("10 mx{}.example.net", index % COUNT);
            assert_eq!(
                reply.found().map(|records| records.to_vec()),
                Some(vec![wanted]),
                "{name}: {reply:?}"
            );
        }
        assert_eq!(done, COUNT * 5);
        assert_eq!(*cut.borrow(), 5, "the connections were broken on the way");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_questions_at_once_lose_none() {
    let server = server().await;
    for resolver in [server.tls(NAME), server.https(NAME)] {
        // Forty domains with some six questions each in the first round.
        let config = ScanConfig {
            concurrency: COUNT,
            attempts: 1,
            profile: Profile::Light,
            timeout: Duration::from_secs(10),
            ..server.config(resolver.clone())
        };
        let before = server.running.queries().len();
        let failed = facts(config).await.into_iter().flatten().find(|(_, _, outcome)| {
            matches!(outcome, Outcome::TempFail { .. } | Outcome::PermFail { .. })
        });
        assert_eq!(failed, None, "{resolver}");
        assert!(server.running.queries().len() - before >= 200);
    }
}
