//! Every state that a question can end in, against a real server on the loopback address.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use hunter_core::Domain;
use hunter_core::observation::{Answer, Observation, Outcome, RecordType};
use hunter_nameserver::{Builder, Fault, NameServer, Running, Transport};
use hunter_scan::{Profile, ScanConfig, Scanner};

/// For tests that wait for a time-out; the others take the default, which a busy machine keeps.
const SHORT: Duration = Duration::from_millis(400);
const ZONE: &str = r#"
$ORIGIN ornek.com.tr.
$TTL 300
@ IN SOA NS1.ornek.com.tr. hostmaster.ornek.com.tr. 7 3600 600 86400 120
@ IN NS ns1
@ IN MX 20 mx2
@ IN MX 10 MX1.Example.net.
@ IN TXT "v=spf1 include:spf.exa" "mple.net -all"
@ IN A 192.0.2.7
_dmarc IN TXT "v=DMARC1; p=reject"
selector1._domainkey IN CNAME selector1-ornek.hop.example.net.
selector2._domainkey IN CNAME selector1-ornek.hop.example.net.
google._domainkey IN TXT "v=DKIM1; p=abc"
autodiscover IN CNAME autodiscover.outlook.com.
mx2 IN A 192.0.2.8
$ORIGIN example.net.
mx1 IN A 192.0.2.9
selector1-ornek.hop IN CNAME key.example.net.
key IN TXT "v=DKIM1; p=def"
$ORIGIN outlook.com.
ornek-com-tr.mail.protection IN A 192.0.2.10
"#;

fn domain(text: &str) -> Domain {
    text.parse().expect("a domain")
}

fn config(resolver: SocketAddr) -> ScanConfig {
    ScanConfig { resolvers: vec![resolver.into()], ..ScanConfig::default() }
}

async fn observe(server: Builder, name: &str) -> (Observation, Running) {
    observe_within(ScanConfig::default().timeout, server, name).await
}

async fn observe_within(timeout: Duration, server: Builder, name: &str) -> (Observation, Running) {
    let running = server.spawn().await.expect("a server");
    let plan = |_: &Observation| vec!["google".to_owned(), "not a selector".to_owned()];
    let config = ScanConfig { timeout, ..config(running.addr()) };
    let scanner = Scanner::new(config, plan).expect("a scanner");
    (scanner.observe(&domain(name)).await, running)
}

fn zone() -> Builder {
    NameServer::builder().zone_text(ZONE)
}

fn answer<'a>(seen: &'a Observation, name: &str, record_type: &RecordType) -> &'a Answer {
    seen.answers
        .iter()
        .find(|answer| answer.answers(name, record_type))
        .unwrap_or_else(|| panic!("no answer to {name} {record_type}: {}", seen.to_json()))
}

fn why<'a>(seen: &'a Observation, name: &str, record_type: &RecordType) -> (&'a str, &'a str) {
    match &answer(seen, name, record_type).outcome {
        Outcome::Found(_) => ("found", ""),
        Outcome::Absent { rcode } => ("absent", rcode.as_deref().expect("a response code")),
        Outcome::TempFail { reason } => ("temp_fail", reason),
        Outcome::PermFail { reason } => ("perm_fail", reason),
        Outcome::NotAsked { reason } => ("not_asked", reason),
    }
}

fn records<'a>(seen: &'a Observation, name: &str, record_type: &RecordType) -> &'a [String] {
    answer(seen, name, record_type).outcome.found().expect("records")
}

#[tokio::test]
async fn a_whole_domain_is_written_down() {
    let (seen, running) = observe(zone(), "ornek.com.tr").await;
    let apex = |record_type| records(&seen, "ornek.com.tr", record_type);
    assert_eq!(apex(&RecordType::Mx), ["20 mx2.ornek.com.tr", "10 mx1.example.net"]);
    assert_eq!(apex(&RecordType::Txt), ["v=spf1 include:spf.example.net -all"]);
    assert_eq!(apex(&RecordType::Ns), ["ns1.ornek.com.tr"]);
    assert_eq!(
        apex(&RecordType::Soa),
        ["ns1.ornek.com.tr hostmaster.ornek.com.tr 7 3600 600 86400 120"]
    );
    assert_eq!(apex(&RecordType::A), ["192.0.2.7"]);
    assert_eq!(why(&seen, "ornek.com.tr", &RecordType::Aaaa), ("absent", "NOERROR"));
    assert_eq!(why(&seen, "sip.ornek.com.tr", &RecordType::Cname), ("absent", "NXDOMAIN"));
    assert_eq!(
        records(&seen, "autodiscover.ornek.com.tr", &RecordType::Cname),
        ["autodiscover.outlook.com"]
    );
    assert_eq!(records(&seen, "mx1.example.net", &RecordType::A), ["192.0.2.9"]);
    assert_eq!(records(&seen, "mx2.ornek.com.tr", &RecordType::A), ["192.0.2.8"]);
    let online = "ornek-com-tr.mail.protection.outlook.com";
    assert_eq!(records(&seen, online, &RecordType::A), ["192.0.2.10"]);

    let mx = answer(&seen, "ornek.com.tr", &RecordType::Mx);
    assert_eq!((mx.ttl, mx.attempts), (Some(300), Some(1)));
    assert_eq!(mx.server, Some(running.addr().to_string()));
    assert!(mx.ms.is_some());
    assert_eq!(seen.profile, "standard");
    assert_eq!(Observation::from_json(&seen.to_json()), Ok(seen));
}

#[tokio::test]
async fn each_hop_of_a_chain_is_one_answer_and_no_question_stands_twice() {
    let (seen, running) = observe(zone(), "ornek.com.tr").await;
    for selector in ["selector1", "selector2"] {
        let name = format!("{selector}._domainkey.ornek.com.tr");
        assert_eq!(records(&seen, &name, &RecordType::Cname), ["selector1-ornek.hop.example.net"]);
        let found = seen.ask(&name, &RecordType::Txt);
        assert_eq!(found.found().map(|r| r[0].as_str()), Some("v=DKIM1; p=def"));
    }
    let hop = "selector1-ornek.hop.example.net";
    assert_eq!(records(&seen, hop, &RecordType::Cname), ["key.example.net"]);
    for (i, one) in seen.answers.iter().enumerate() {
        assert!(
            !seen.answers[..i].iter().any(|other| other.answers(&one.name, &one.record_type)),
            "{} {} stands twice",
            one.name,
            one.record_type
        );
    }
    let queries = running.queries();
    for (i, one) in queries.iter().enumerate() {
        assert!(!queries[..i].contains(one), "{one:?} was put twice");
    }
}

#[tokio::test]
async fn failures_say_why_and_how_often() {
    let server = zone()
        .fault("ornek.com.tr", Some("MX"), Fault::Timeout)
        .fault("ornek.com.tr", Some("TXT"), Fault::ServFail)
        .fault("_dmarc.ornek.com.tr", None, Fault::Refused)
        .fault("google._domainkey.ornek.com.tr", None, Fault::CnameLoop)
        .fault("selector1._domainkey.ornek.com.tr", None, Fault::Slow(Duration::from_millis(100)));
    let (seen, running) = observe_within(SHORT, server, "ornek.com.tr").await;
    let apex = |record_type| why(&seen, "ornek.com.tr", record_type);
    assert_eq!(apex(&RecordType::Mx), ("temp_fail", "timeout"));
    assert_eq!(apex(&RecordType::Txt), ("temp_fail", "servfail"));
    assert_eq!(why(&seen, "_dmarc.ornek.com.tr", &RecordType::Txt), ("temp_fail", "refused"));
    let google = "google._domainkey.ornek.com.tr";
    assert_eq!(why(&seen, google, &RecordType::Txt), ("perm_fail", "cname_loop"));
    assert_eq!(seen.ask(google, &RecordType::Txt).why_unanswered(), Some("cname_loop"));

    let mx = answer(&seen, "ornek.com.tr", &RecordType::Mx);
    assert_eq!((mx.attempts, mx.server.as_deref()), (Some(2), None));
    assert!(mx.ms.is_some_and(|ms| ms >= 800), "{mx:?}");
    let put = running
        .queries()
        .into_iter()
        .filter(|q| q.name == "ornek.com.tr" && (q.record_type == "MX" || q.record_type == "TXT"));
    assert_eq!(put.count(), 4, "two tries each");
    let txt = answer(&seen, "ornek.com.tr", &RecordType::Txt);
    assert_eq!(txt.server, Some(running.addr().to_string()));
    let slow = answer(&seen, "selector1._domainkey.ornek.com.tr", &RecordType::Cname);
    assert!(slow.outcome.found().is_some());
    assert!(!seen.answers.iter().any(|a| a.name == "_dmarc.com.tr"), "no walk after a failure");
}

#[tokio::test]
async fn a_domain_that_cannot_be_reached_is_left_at_once() {
    let server = zone().fault("ornek.com.tr", None, Fault::Timeout);
    let (seen, running) = observe_within(SHORT, server, "ornek.com.tr").await;
    let domainkey = "_domainkey.ornek.com.tr";
    assert_eq!(why(&seen, domainkey, &RecordType::Txt), ("not_asked", "apex_failed"));
    let dmarc = "_dmarc.ornek.com.tr";
    assert_eq!(why(&seen, dmarc, &RecordType::Txt), ("found", ""), "it was asked beside the apex");
    let is_first = |name: &str| ["ornek.com.tr", dmarc].contains(&name);
    assert!(running.queries().iter().all(|query| is_first(&query.name)));
}

#[tokio::test]
async fn a_loop_in_the_zone_is_a_loop() {
    let text =
        "ornek.com.tr. 60 IN CNAME b.example.net.\nb.example.net. 60 IN CNAME ornek.com.tr.\n";
    let (seen, _running) = observe(NameServer::builder().zone_text(text), "ornek.com.tr").await;
    assert_eq!(why(&seen, "ornek.com.tr", &RecordType::Mx), ("perm_fail", "cname_loop"));
    assert_eq!(records(&seen, "ornek.com.tr", &RecordType::Cname), ["b.example.net"]);
    assert_eq!(why(&seen, "_dmarc.ornek.com.tr", &RecordType::Txt), ("absent", "NXDOMAIN"));
}

#[tokio::test]
async fn what_does_not_fit_comes_over_tcp() {
    let mut text = String::from("$TTL 60\n");
    for n in 0..40 {
        let filler = "x".repeat(200);
        writeln!(text, "ornek.com.tr. IN TXT \"{n} {filler}\"").expect("a string");
    }
    text.push_str("ornek.com.tr. IN MX 10 mx.ornek.com.tr.\n");
    let server =
        NameServer::builder().zone_text(&text).fault("ornek.com.tr", Some("MX"), Fault::Truncate);
    let (seen, running) = observe(server, "ornek.com.tr").await;
    assert_eq!(records(&seen, "ornek.com.tr", &RecordType::Txt).len(), 40);
    assert_eq!(records(&seen, "ornek.com.tr", &RecordType::Mx), ["10 mx.ornek.com.tr"]);
    for record_type in ["TXT", "MX"] {
        let put: Vec<Transport> = running
            .queries()
            .into_iter()
            .filter(|q| q.name == "ornek.com.tr" && q.record_type == record_type)
            .map(|q| q.transport)
            .collect();
        assert_eq!(put, [Transport::Udp, Transport::Tcp], "{record_type}");
    }
}

#[tokio::test]
async fn foreign_bytes_are_escaped() {
    let server = NameServer::builder().txt_bytes("ornek.com.tr", &[b"v=spf1 \xfe", b"-all\x00"]);
    let (seen, _running) = observe(server, "ornek.com.tr").await;
    assert_eq!(records(&seen, "ornek.com.tr", &RecordType::Txt), ["v=spf1 \\254-all\0"]);
}

#[tokio::test]
async fn nothing_is_asked_below_a_name_that_does_not_exist() {
    let (seen, running) = observe(zone(), "yok.com.tr").await;
    assert_eq!(why(&seen, "yok.com.tr", &RecordType::Mx), ("absent", "NXDOMAIN"));
    let domainkey = "_domainkey.yok.com.tr";
    assert_eq!(why(&seen, domainkey, &RecordType::Txt), ("not_asked", "nxdomain_above"));
    assert_eq!(running.queries().len(), 7, "six of the apex and the policy");

    let bare = "ornek.com.tr. 60 IN MX 10 mx.ornek.com.tr.\n";
    let (seen, running) = observe(NameServer::builder().zone_text(bare), "ornek.com.tr").await;
    assert_eq!(why(&seen, "_domainkey.ornek.com.tr", &RecordType::Txt), ("absent", "NXDOMAIN"));
    let state = |selector: &str| {
        why(&seen, &format!("{selector}._domainkey.ornek.com.tr"), &RecordType::Txt)
    };
    assert_eq!(state("zoho"), ("not_asked", "nxdomain_above"), "a guess is not worth the question");
    for likely in ["selector1", "selector2", "google"] {
        // Servers that deny a name although there are names below it are not rare.
        assert_eq!(state(likely), ("absent", "NXDOMAIN"));
    }
    assert!(!running.queries().iter().any(|query| query.name.starts_with("zoho")));
}

#[tokio::test]
async fn a_null_mx_leaves_only_the_policy_to_ask() {
    let text =
        "$TTL 60\nornek.com.tr. IN MX 0 .\n_dmarc.ornek.com.tr. IN TXT \"v=DMARC1; p=reject\"\n";
    let (seen, running) = observe(NameServer::builder().zone_text(text), "ornek.com.tr").await;
    assert_eq!(records(&seen, "ornek.com.tr", &RecordType::Mx), ["0 ."]);
    assert_eq!(why(&seen, "_dmarc.ornek.com.tr", &RecordType::Txt), ("found", ""));
    assert_eq!(why(&seen, "_domainkey.ornek.com.tr", &RecordType::Txt), ("not_asked", "null_mx"));
    assert_eq!(running.queries().len(), 7, "six of the apex and the policy");
}

#[tokio::test]
async fn the_policy_of_a_parent_is_found_by_walking_up() {
    let text = "$TTL 60
a.b.ornek.com.tr. IN MX 10 mx.example.net.
_dmarc.a.b.ornek.com.tr. IN TXT \"v=DMARC1; p=none\"
_dmarc.a.b.ornek.com.tr. IN TXT \"v=DMARC1; p=reject\"
_dmarc.ornek.com.tr. IN TXT \"v=DMARC1; p=quarantine; psd=n\"
_dmarc.com.tr. IN TXT \"v=DMARC1; p=none\"
";
    let (seen, running) = observe(NameServer::builder().zone_text(text), "a.b.ornek.com.tr").await;
    let mut walked: Vec<String> = running
        .queries()
        .into_iter()
        .map(|query| query.name)
        .filter(|name| name.starts_with("_dmarc"))
        .collect();
    walked.sort();
    assert_eq!(
        walked,
        [
            "_dmarc.a.b.ornek.com.tr",
            "_dmarc.b.ornek.com.tr",
            "_dmarc.com.tr",
            "_dmarc.ornek.com.tr",
            "_dmarc.tr"
        ]
    );
    assert_eq!(why(&seen, "_dmarc.b.ornek.com.tr", &RecordType::Txt), ("absent", "NXDOMAIN"));
}

#[tokio::test]
async fn wildcards_are_only_written_down() {
    let text = "$TTL 60
ornek.com.tr. IN MX 10 mx.ornek.com.tr.
*.ornek.com.tr. IN CNAME web.example.net.
*._domainkey.ornek.com.tr. IN TXT \"v=DKIM1; p=\"
web.example.net. IN A 192.0.2.7
";
    let (seen, _running) = observe(NameServer::builder().zone_text(text), "ornek.com.tr").await;
    assert_eq!(records(&seen, "sip.ornek.com.tr", &RecordType::Cname), ["web.example.net"]);
    for selector in ["selector1", "selector2", "google"] {
        let name = format!("{selector}._domainkey.ornek.com.tr");
        assert_eq!(records(&seen, &name, &RecordType::Txt), ["v=DKIM1; p="]);
    }
    assert_eq!(records(&seen, "_dmarc.ornek.com.tr", &RecordType::Cname), ["web.example.net"]);
    assert!(seen.ask("_dmarc.ornek.com.tr", &RecordType::Txt).is_absent());
}

#[tokio::test]
async fn the_light_profile_asks_little() {
    let running = zone().spawn().await.expect("a server");
    let light = ScanConfig {
        profile: Profile::Light,
        dkim_selectors: vec!["Ntr".into()],
        ..config(running.addr())
    };
    let scanner = Scanner::new(light, |_: &Observation| Vec::new()).expect("a scanner");
    let seen = scanner.observe(&domain("ornek.com.tr")).await;
    let mut asked: Vec<String> =
        running.queries().into_iter().map(|q| format!("{} {}", q.name, q.record_type)).collect();
    asked.sort();
    assert_eq!(
        asked,
        [
            "_dmarc.ornek.com.tr TXT",
            "autodiscover.ornek.com.tr CNAME",
            "ntr._domainkey.ornek.com.tr TXT",
            "ornek.com.tr A",
            "ornek.com.tr MX",
            "ornek.com.tr NS",
            "ornek.com.tr SOA",
            "ornek.com.tr TXT",
            "selector1._domainkey.ornek.com.tr TXT",
            "selector2._domainkey.ornek.com.tr TXT",
        ]
    );
    assert_eq!(seen.profile, "light");
}

#[tokio::test]
async fn a_name_too_long_to_ask_is_not_asked() {
    let name = format!("{0}.{0}.{0}.{1}.com.tr", "a".repeat(60), "b".repeat(50));
    assert_eq!(name.len(), 240, "short enough for `x._domainkey`");
    let text =
        format!("{name}. 60 IN MX 10 mx.example.net.\nx._domainkey.{name}. 60 IN A 192.0.2.7\n");
    let (seen, _running) = observe(NameServer::builder().zone_text(&text), &name).await;
    let key = format!("selector1._domainkey.{name}");
    assert_eq!(why(&seen, &key, &RecordType::Txt), ("not_asked", "bad_name"));
}
