//! How many times in a row one domain has to wait for answers, counted without a clock: a gate
//! holds every question until no more come, then lets all of them through at once.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hunter_core::observation::{Observation, Outcome};
use hunter_nameserver::NameServer;
use hunter_scan::{Profile, ScanConfig, Scanner};
use tokio::net::UdpSocket;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;

/// So long no question comes when all of a round are there.
const QUIET: Duration = Duration::from_millis(250);
/// A key, service names, an own MX host with a name of its address, and SPF three includes deep.
const ZONE: &str = "$ORIGIN ornek.com.tr.
$TTL 300
@ IN SOA ns1 hostmaster 7 3600 600 86400 120
@ IN NS ns1
@ IN MX 10 mail
@ IN TXT \"v=spf1 include:a.example.net -all\"
@ IN A 192.0.2.7
mail IN A 192.0.2.8
selector1._domainkey IN TXT \"v=DKIM1; p=abc\"
google._domainkey IN TXT \"v=DKIM1; p=abc\"
autodiscover IN CNAME autodiscover.outlook.com.
$ORIGIN example.net.
a IN TXT \"v=spf1 include:b.example.net -all\"
b IN TXT \"v=spf1 include:c.example.net -all\"
c IN TXT \"v=spf1 ip4:192.0.2.0/24 -all\"
8.2.0.192.in-addr.arpa. IN PTR mail.ornek.com.tr.
";

struct Gate {
    addr: SocketAddr,
    rounds: Arc<AtomicUsize>,
    task: AbortHandle,
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn gate(behind: SocketAddr) -> Gate {
    let front = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let addr = front.local_addr().expect("bound");
    let rounds = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&rounds);
    let task = tokio::spawn(async move {
        let mut held: Vec<(Vec<u8>, SocketAddr)> = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            match timeout(QUIET, front.recv_from(&mut buffer)).await {
                Ok(came) => {
                    let (length, from) = came.expect("a question");
                    held.push((buffer[..length].to_vec(), from));
                }
                Err(_) if held.is_empty() => {}
                Err(_) => {
                    counted.fetch_add(1, Ordering::Relaxed);
                    let mut asked = JoinSet::new();
                    for (question, from) in held.drain(..) {
                        asked.spawn(async move { (ask(behind, &question).await, from) });
                    }
                    for (answer, from) in asked.join_all().await {
                        front.send_to(&answer, from).await.expect("sent");
                    }
                }
            }
        }
    });
    Gate { addr, rounds, task: task.abort_handle() }
}

async fn ask(server: SocketAddr, question: &[u8]) -> Vec<u8> {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    socket.send_to(question, server).await.expect("sent");
    let mut buffer = [0; 4096];
    let (length, _) = socket.recv_from(&mut buffer).await.expect("answered");
    buffer[..length].to_vec()
}

async fn rounds(profile: Profile, zone: &str) -> usize {
    let server = NameServer::builder().zone_text(zone).spawn().await.expect("a server");
    let gate = gate(server.addr()).await;
    let config = ScanConfig {
        resolvers: vec![gate.addr.into()],
        profile,
        timeout: Duration::from_secs(20),
        ..ScanConfig::default()
    };
    let scanner = Scanner::new(config, |_: &Observation| Vec::new()).expect("a scanner");
    let seen = scanner.observe(&"ornek.com.tr".parse().expect("a domain")).await;
    let failed = |outcome: &Outcome<Vec<String>>| {
        matches!(outcome, Outcome::TempFail { .. } | Outcome::PermFail { .. })
    };
    assert!(!seen.answers.iter().any(|answer| failed(&answer.outcome)), "{:?}", seen.answers);
    gate.rounds.load(Ordering::Relaxed)
}

#[tokio::test(flavor = "multi_thread")]
async fn light_waits_twice_and_standard_three_times_and_once_for_each_deeper_include() {
    let flat = ZONE.replace("include:b.example.net ", "");
    assert_eq!(rounds(Profile::Light, ZONE).await, 2);
    assert_eq!(rounds(Profile::Standard, &flat).await, 3);
    // The first include goes with the second round, each further one takes its own.
    assert_eq!(rounds(Profile::Standard, ZONE).await, 4);
    assert_eq!(rounds(Profile::Full, ZONE).await, 4);
}
