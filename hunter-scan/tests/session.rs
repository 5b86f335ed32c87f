//! A session as a host uses it: outputs for inputs, and an end that leaves nothing behind.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use hunter_core::{Engine, Observation};
use hunter_nameserver::NameServer;
use hunter_scan::ScanSettings;
use hunter_scan::session::{Output, Session, SessionEnded};
use tokio::net::UdpSocket;

const ZONE: &str = "\
. 60 IN NS a.root.example.
ornek.com.tr. 60 IN MX 10 ornek-com-tr.mail.protection.outlook.com.
ikinci.com.tr. 60 IN MX 10 mx.yandex.net.
";
const PATIENCE: Duration = Duration::from_secs(20);

fn session(resolver: String, check: bool) -> Session {
    let settings = ScanSettings {
        resolvers: vec![resolver],
        profile: "light".into(),
        timeout_ms: 300,
        attempts: 1,
        ..ScanSettings::default()
    };
    let (scanner, problems) = settings.scanner(&Engine::builtin()).expect("good settings");
    assert!(problems.is_empty());
    Session::new(scanner, check).expect("threads")
}

/// A resolver that says nothing, with its address.
async fn silence() -> (UdpSocket, String) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
    let resolver = socket.local_addr().expect("an address").to_string();
    (socket, resolver)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_input_gives_one_output_and_the_host_is_woken() {
    let server = NameServer::builder().zone_text(ZONE).spawn().await.expect("a name server");
    let session = session(server.addr().to_string(), true);
    let inputs = ["https://www.ornek.com.tr/", "no domain", "ikinci.com.tr", "ornek.com.tr"];
    for (index, input) in inputs.iter().enumerate() {
        session.submit(index, (*input).to_owned()).expect("open");
    }
    let mut seen = Vec::new();
    while seen.len() < inputs.len() {
        let (wake, woken) = mpsc::channel();
        session.wake(Box::new(move || wake.send(()).expect("somebody listens")));
        woken.recv_timeout(PATIENCE).expect("an output");
        while let Some(output) = session.poll() {
            let Output::Observed(observed) = output else { panic!("{output:?}") };
            seen.push(observed);
        }
    }
    seen.sort_by_key(|observed| observed.index);
    for (observed, input) in seen.iter().zip(inputs) {
        assert_eq!(observed.input, input);
    }
    let refused = seen[1].outcome.as_ref().expect_err("no domain");
    assert!(refused.fault.code().starts_with("domain_"), "{refused}");
    let first = seen[0].outcome.as_ref().expect("a domain");
    assert_eq!(first.domain.as_str(), "ornek.com.tr");
    let observation = Observation::from_json(&first.observation).expect("an observation");
    let provider = Engine::builtin().assess(&observation, &hunter_core::Lead::default()).provider;
    assert_eq!(provider.as_str(), "M365");
    assert!(session.wait_idle(PATIENCE));
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_resolvers_refuse_a_scan_that_checks() {
    let (_socket, resolver) = silence().await;
    let session = session(resolver, true);
    session.submit(0, "ornek.com.tr".to_owned()).expect("open");
    let output = session.wait(PATIENCE).expect("an output");
    let Output::Refused(error) = output else { panic!("{output:?}") };
    assert_eq!(error.code(), "scan_resolvers_silent");
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_gives_up_what_is_under_way() {
    let (_socket, resolver) = silence().await;
    let settings = ScanSettings {
        resolvers: vec![resolver],
        timeout_ms: 60_000,
        deadline_ms: 60_000,
        ..ScanSettings::default()
    };
    let (scanner, _) = settings.scanner(&Engine::builtin()).expect("good settings");
    let session = Session::new(scanner, false).expect("threads");
    for index in 0..50 {
        session.submit(index, format!("d{index}.example")).expect("open");
    }
    assert_eq!(session.wait(Duration::from_millis(100)), None);
    let (wake, woken) = mpsc::channel();
    session.wake(Box::new(move || wake.send(()).expect("somebody listens")));
    let began = Instant::now();
    std::thread::scope(|scope| {
        // What is given up is no output.
        let waiting = scope.spawn(|| session.wait(PATIENCE));
        session.close();
        assert_eq!(waiting.join().expect("no panic"), None);
    });
    woken.recv_timeout(PATIENCE).expect("whoever waits is told");
    assert!(session.wait_idle(PATIENCE), "tasks go on");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(session.submit(50, "ornek.com.tr".to_owned()), Err(SessionEnded::Closed));
    assert_eq!((session.usable(), session.poll()), (Err(SessionEnded::Closed), None));
    assert_eq!(session.wait(PATIENCE), None, "at once");
}
