//! Fault × question × outcome: whatever goes wrong on the way, nothing that exists is ever said to
//! be absent.

mod wire;

use std::fmt::Write as _;
use std::time::Duration;

use futures::StreamExt;
use hunter_core::observation::{Observation, Outcome, RecordType, Signal};
use hunter_core::{Domain, Engine, Lead};
use hunter_nameserver::{Builder, Fault, NameServer};
use hunter_scan::{Profile, ScanConfig, Scanner, SecondOpinion};
use wire::{Spoil, relay};

/// Long enough for a busy machine to answer, short enough to wait for silence.
const TIMEOUT: Duration = Duration::from_secs(1);
const DOMAIN: &str = "ornek.com.tr";
const ZONE: &str = "$ORIGIN ornek.com.tr.
$TTL 300
@ IN SOA ns1 hostmaster 7 3600 600 86400 120
@ IN NS ns1
@ IN MX 10 mx1.example.net.
@ IN TXT \"v=spf1 include:spf.example.net -all\"
@ IN A 192.0.2.7
_dmarc IN TXT \"v=DMARC1; p=reject\"
_domainkey IN TXT \"o=~\"
selector1._domainkey IN TXT \"v=DKIM1; p=abc\"
autodiscover IN CNAME autodiscover.outlook.com.
$ORIGIN example.net.
mx1 IN A 192.0.2.9
spf IN TXT \"v=spf1 ip4:192.0.2.0/24 -all\"
";
/// One question of each kind: the apex, the policy, a key, an alias, a name of somebody else. All
/// of them have records.
const QUESTIONS: [(&str, &str); 7] = [
    (DOMAIN, "MX"),
    (DOMAIN, "TXT"),
    ("_dmarc.ornek.com.tr", "TXT"),
    ("selector1._domainkey.ornek.com.tr", "TXT"),
    ("autodiscover.ornek.com.tr", "CNAME"),
    ("mx1.example.net", "A"),
    ("spf.example.net", "TXT"),
];

/// Something that goes wrong with one question.
#[derive(Debug, Clone, Copy)]
enum Wrong {
    Server(Fault),
    OnTheWay(Spoil),
}

/// With one resolver: what goes wrong, and the state and reason it leaves.
const TABLE: &[(Wrong, &str, &str)] = &[
    (Wrong::Server(Fault::Lose(1)), "found", ""),
    (Wrong::Server(Fault::Lose(2)), "temp_fail", "timeout"),
    (Wrong::Server(Fault::Timeout), "temp_fail", "timeout"),
    (Wrong::Server(Fault::Slow(Duration::from_millis(100))), "found", ""),
    (Wrong::Server(Fault::Slow(Duration::from_secs(4))), "temp_fail", "timeout"),
    (Wrong::Server(Fault::Truncate), "found", ""),
    (Wrong::Server(Fault::Stall), "temp_fail", "timeout"),
    (Wrong::Server(Fault::ServFail), "temp_fail", "servfail"),
    (Wrong::Server(Fault::Refused), "temp_fail", "refused"),
    (Wrong::Server(Fault::Lame), "temp_fail", "refused"),
    (Wrong::Server(Fault::FormErr), "perm_fail", "malformed"),
    (Wrong::Server(Fault::NotImp), "perm_fail", "malformed"),
    (Wrong::Server(Fault::CnameLoop), "perm_fail", "cname_loop"),
    (Wrong::OnTheWay(Spoil::WrongId), "temp_fail", "timeout"),
    (Wrong::OnTheWay(Spoil::WrongQuestion), "temp_fail", "timeout"),
    (Wrong::OnTheWay(Spoil::Garbage), "perm_fail", "malformed"),
    (Wrong::OnTheWay(Spoil::Short), "perm_fail", "malformed"),
    (Wrong::OnTheWay(Spoil::Cut), "temp_fail", "network"),
    (Wrong::OnTheWay(Spoil::WrongIdOverTcp), "perm_fail", "malformed"),
];

fn zone() -> Builder {
    NameServer::builder().zone_text(ZONE)
}

fn scanner(resolvers: &[std::net::SocketAddr], second_opinion: SecondOpinion) -> Scanner {
    let config = ScanConfig {
        resolvers: resolvers.iter().copied().map(Into::into).collect(),
        timeout: TIMEOUT,
        second_opinion,
        profile: Profile::Standard,
        ..ScanConfig::default()
    };
    Scanner::new(config, |_: &Observation| Vec::new()).expect("a scanner")
}

async fn look(scanner: &Scanner) -> Observation {
    let domain: Domain = DOMAIN.parse().expect("a domain");
    scanner.observe(&domain).await
}

/// The state and its reason of the answer under exactly this name.
fn state(seen: &Observation, (name, of_type): (&str, &str)) -> (&'static str, String) {
    let of_type = RecordType::from(of_type);
    let answer = seen.answers.iter().find(|answer| answer.answers(name, &of_type));
    let answer = answer.unwrap_or_else(|| panic!("{name} {of_type} is not written down"));
    match &answer.outcome {
        Outcome::Found(_) => ("found", String::new()),
        Outcome::Absent { rcode } => ("absent", rcode.clone().unwrap_or_default()),
        Outcome::TempFail { reason } => ("temp_fail", reason.clone()),
        Outcome::PermFail { reason } => ("perm_fail", reason.clone()),
        Outcome::NotAsked { reason } => ("not_asked", reason.clone()),
    }
}

async fn observe(wrong: Wrong, (name, of_type): (&str, &str)) -> Observation {
    match wrong {
        Wrong::Server(fault) => {
            let running = zone().fault(name, Some(of_type), fault).spawn().await.expect("a server");
            look(&scanner(&[running.addr()], SecondOpinion::Apex)).await
        }
        Wrong::OnTheWay(spoil) => {
            let running = zone().spawn().await.expect("a server");
            let relay = relay(running.addr(), name, of_type, spoil).await;
            look(&scanner(&[relay.addr], SecondOpinion::Apex)).await
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_every_question_ends_as_the_table_says() {
    let cells = TABLE.iter().flat_map(|row| QUESTIONS.map(|question| (row, question)));
    let mut done = futures::stream::iter(cells)
        .map(|((wrong, wanted, reason), question)| async move {
            let seen = observe(*wrong, question).await;
            (format!("{wrong:?} × {question:?}"), question, seen, (*wanted, *reason))
        })
        .buffer_unordered(16);
    let (mut cells, mut problems) = (0, String::new());
    while let Some((cell, question, seen, wanted)) = done.next().await {
        cells += 1;
        // Where the alias itself is asked for, it is the answer, wherever it leads.
        let is_alias = matches!(question, (_, "CNAME")) && wanted.1 == "cname_loop";
        let wanted = if is_alias { ("found", "") } else { wanted };
        let (got, reason) = state(&seen, question);
        if (got, reason.as_str()) != wanted {
            writeln!(problems, "{cell}: {got} {reason}, not {wanted:?}").expect("a string");
        }
        // What was asked beside it is not touched, unless it depends on it.
        for other in QUESTIONS.iter().filter(|other| **other != question) {
            let depends = (question.1 == "MX" && other.1 == "A")
                || (question == (DOMAIN, "TXT") && other.0 == "spf.example.net");
            if !depends && state(&seen, *other).0 != "found" {
                writeln!(problems, "{cell}: {other:?} is {:?}", state(&seen, *other))
                    .expect("a string");
            }
        }
    }
    assert_eq!(cells, TABLE.len() * QUESTIONS.len());
    assert!(problems.is_empty(), "\n{problems}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lie_about_the_domain_is_a_contradiction_with_one_resolver() {
    for of_type in ["MX", "TXT", "NS", "SOA", "A"] {
        let lying = zone().fault(DOMAIN, Some(of_type), Fault::NxDomain);
        let running = lying.spawn().await.expect("a server");
        let seen = look(&scanner(&[running.addr()], SecondOpinion::Apex)).await;
        let wanted = ("temp_fail", "contradiction".to_owned());
        assert_eq!(state(&seen, (DOMAIN, of_type)), wanted, "{of_type}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lie_is_a_disagreement_where_a_second_resolver_is_asked() {
    let honest = zone().spawn().await.expect("a server");
    for lie in [Fault::NxDomain, Fault::NoData] {
        for question in QUESTIONS {
            let lying = zone().fault(question.0, Some(question.1), lie);
            let lying = lying.spawn().await.expect("a server");
            let both = [lying.addr(), honest.addr()];
            let seen = look(&scanner(&both, SecondOpinion::Every)).await;
            let wanted = ("temp_fail", "resolvers_disagree".to_owned());
            assert_eq!(state(&seen, question), wanted, "{lie:?} × {question:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lied_about_the_domain_is_not_believed_about_its_other_names() {
    let honest = zone().spawn().await.expect("a server");
    let key = "selector1._domainkey.ornek.com.tr";
    let lying = zone()
        .fault(DOMAIN, Some("TXT"), Fault::NoData)
        .fault(key, Some("TXT"), Fault::NxDomain)
        .spawn()
        .await
        .expect("a server");
    let both = [lying.addr(), honest.addr()];
    let seen = look(&scanner(&both, SecondOpinion::Apex)).await;
    assert_eq!(state(&seen, (key, "TXT")), ("temp_fail", "resolvers_disagree".to_owned()));
}

#[tokio::test]
async fn a_text_of_64_kib_comes_whole() {
    let mut text = String::from(ZONE);
    // Names may stand in full: 27 octets of head and 256 of data, near the 65,535 of a message.
    for n in 0..230 {
        writeln!(text, "big.example.net. IN TXT \"{n:03} {}\"", "x".repeat(251)).expect("a string");
    }
    text.push_str("fat.com.tr. IN CNAME big.example.net.\n");
    let running = NameServer::builder().zone_text(&text).spawn().await.expect("a server");
    let domain: Domain = "fat.com.tr".parse().expect("a domain");
    let seen = scanner(&[running.addr()], SecondOpinion::Apex).observe(&domain).await;
    let reply = seen.ask("fat.com.tr", &RecordType::Txt);
    let records = reply.found().expect("all of it");
    assert_eq!(records.len(), 230);
    assert!(records.iter().map(String::len).sum::<usize>() > 58_000);
}

#[tokio::test]
async fn an_alias_to_nowhere_is_found_and_its_target_does_not_exist() {
    let text = "$TTL 60
ornek.com.tr. IN MX 10 mx.ornek.com.tr.
selector1._domainkey.ornek.com.tr. IN CNAME gone.example.net.
";
    let running = NameServer::builder().zone_text(text).spawn().await.expect("a server");
    let seen = look(&scanner(&[running.addr()], SecondOpinion::Apex)).await;
    let key = "selector1._domainkey.ornek.com.tr";
    assert_eq!(state(&seen, (key, "CNAME")), ("found", String::new()));
    assert_eq!(state(&seen, ("gone.example.net", "TXT")), ("absent", "NXDOMAIN".to_owned()));
    assert!(seen.ask(key, &RecordType::Txt).is_absent());
}

#[tokio::test]
async fn a_wildcard_that_answers_every_selector_is_no_key() {
    let text = "$TTL 60
ornek.com.tr. IN MX 10 ornek-com-tr.mail.protection.outlook.com.
*._domainkey.ornek.com.tr. IN TXT \"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP\"
";
    let running = NameServer::builder().zone_text(text).spawn().await.expect("a server");
    let seen = look(&scanner(&[running.addr()], SecondOpinion::Apex)).await;
    let key = ("selector1._domainkey.ornek.com.tr", "TXT");
    assert_eq!(state(&seen, key).0, "found", "it is written down as it was answered");
    let no_such = format!("{}._domainkey.{DOMAIN}", hunter_core::records::dkim::WILDCARD_SELECTOR);
    assert_eq!(state(&seen, (&no_such, "TXT")).0, "found");
    let assessment = Engine::builtin().assess(&seen, &Lead::default());
    assert!(assessment.authentication.dkim_selectors_found.is_empty());
    assert_ne!(assessment.authentication.signals.dkim, Signal::Present);
}

async fn refusal(server: Builder) -> &'static str {
    let running = server.spawn().await.expect("a server");
    let checked = scanner(&[running.addr()], SecondOpinion::Apex).check().await;
    checked.expect_err("not to be believed").code()
}

#[tokio::test(flavor = "multi_thread")]
async fn resolvers_that_invent_or_deny_everything_are_refused_before_the_first_domain() {
    let portal = zone().zone_text("*. 60 IN A 198.51.100.1\n");
    assert_eq!(refusal(portal).await, "scan_resolver_lies");
    let parked = zone().zone_text("*.com. 60 IN TXT \"for sale\"\n");
    assert_eq!(refusal(parked).await, "scan_resolver_lies");
    assert_eq!(refusal(zone().fault(".", None, Fault::NxDomain)).await, "scan_resolver_lies");
    let silent = zone().fault(".", None, Fault::Timeout).fault("*.", None, Fault::Timeout);
    assert_eq!(refusal(silent).await, "scan_resolvers_silent");
    let refusing = zone().fault(".", None, Fault::Refused).fault("*.", None, Fault::Refused);
    assert_eq!(refusal(refusing).await, "scan_resolvers_silent");
    let honest = zone().spawn().await.expect("a server");
    let sound = scanner(&[honest.addr()], SecondOpinion::Apex).check().await.expect("sound");
    assert_eq!(sound.iter().map(|one| one.silent).collect::<Vec<_>>(), [None]);
}
