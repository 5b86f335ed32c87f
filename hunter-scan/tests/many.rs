//! Many domains at once: nothing is lost, doubled or mixed up.

use std::fmt::Write as _;
use std::time::Duration;

use futures::StreamExt;
use hunter_core::Domain;
use hunter_core::observation::{Observation, Outcome, RecordType};
use hunter_nameserver::{Fault, NameServer};
use hunter_scan::{ScanConfig, Scanner};

const COUNT: usize = 2_000;

/// One in twenty fails: by silence, SERVFAIL or REFUSED in turn.
fn fault(n: usize) -> Option<(Fault, &'static str)> {
    (n % 20 == 7).then_some(match n % 3 {
        0 => (Fault::Timeout, "timeout"),
        1 => (Fault::ServFail, "servfail"),
        _ => (Fault::Refused, "refused"),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_domain_comes_back_once_as_itself() {
    let mut text = String::from("$TTL 60\n");
    let mut server = NameServer::builder();
    for n in 0..COUNT {
        writeln!(text, "firma{n}.com.tr. IN MX 10 mx{n}.example.net.").expect("a string");
        writeln!(text, "firma{n}.com.tr. IN TXT \"v=spf1 mx -all\"").expect("a string");
        if let Some((fault, _)) = fault(n) {
            server = server.fault(&format!("firma{n}.com.tr"), Some("MX"), fault);
        }
    }
    let running = server.zone_text(&text).spawn().await.expect("a server");
    let config = ScanConfig {
        resolvers: vec![running.addr().into()],
        timeout: Duration::from_secs(1),
        ..ScanConfig::default()
    };
    let scanner = Scanner::new(config, |_: &Observation| Vec::new()).expect("a scanner");
    // The order of the input must not matter: 7 has no factor in common with the count.
    let numbers: Vec<usize> = (0..COUNT).map(|i| i * 7 % COUNT).collect();
    let domains: Vec<Domain> =
        numbers.iter().map(|n| format!("firma{n}.com.tr").parse().expect("a domain")).collect();

    let mut seen = vec![None; COUNT];
    let mut results = Box::pin(scanner.observe_all(futures::stream::iter(domains.clone())));
    while let Some((index, observation)) = results.next().await {
        assert!(seen[index].replace(observation).is_none(), "{index} came twice");
    }
    let mut failed = 0;
    for (index, observation) in seen.into_iter().enumerate() {
        let observation = observation.unwrap_or_else(|| panic!("{index} is lost"));
        assert_eq!(observation.domain, domains[index]);
        let name = observation.domain.as_str();
        let mx = observation.answers.iter().find(|a| a.answers(name, &RecordType::Mx));
        let expected = match fault(numbers[index]) {
            Some((_, reason)) => {
                failed += 1;
                Outcome::TempFail { reason: reason.to_owned() }
            }
            None => Outcome::Found(vec![format!("10 mx{}.example.net", numbers[index])]),
        };
        assert_eq!(mx.expect("MX").outcome, expected, "{name}");
        assert!(observation.ask(name, &RecordType::Txt).found().is_some(), "{name}");
    }
    assert_eq!(failed, COUNT / 20);
}

#[tokio::test]
async fn a_slow_domain_holds_up_no_other() {
    let text = "$TTL 60\na.com.tr. IN MX 10 x.net.\nb.com.tr. IN MX 10 x.net.\n";
    let running = NameServer::builder()
        .zone_text(text)
        .fault("a.com.tr", None, Fault::Slow(Duration::from_millis(500)))
        .spawn()
        .await
        .expect("a server");
    let config = ScanConfig { resolvers: vec![running.addr().into()], ..ScanConfig::default() };
    let scanner = Scanner::new(config, |_: &Observation| Vec::new()).expect("a scanner");
    let domains: Vec<Domain> =
        ["a.com.tr", "b.com.tr"].map(|name| name.parse().expect("a domain")).to_vec();
    // In a task of its own, as a server runs it.
    let results = scanner.observe_all(futures::stream::iter(domains));
    let order = tokio::spawn(results.map(|(index, _)| index).collect::<Vec<usize>>());
    assert_eq!(order.await.expect("no panic"), [1, 0]);
}
