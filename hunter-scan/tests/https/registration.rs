//! Registration look-ups against local RDAP and WHOIS servers, faults included: no fault is ever read
//! as "nobody holds it".

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hunter_core::Domain;
use hunter_core::observation::{Outcome, Registration};
use hunter_scan::registration::{
    Bootstrap, RegistrationConfig, RegistrationLookup, WhoisServer, WhoisServers,
};
use hunter_scan::web::LookupError;
use hunter_scan::{Permit, Throttle};

use crate::server::{Does, Names, Server};
use crate::whois_server::{Says, WhoisResponder};

const RDAP: &str = "rdap.kayit.example";
const WHOIS: &str = "whois.kayit.example";

const DOMAIN_OBJECT: &str = r#"{"objectClassName":"domain","ldhName":"ornek.com",
  "events":[{"eventAction":"expiration","eventDate":"2027-05-02T00:00:00Z"}],
  "entities":[{"roles":["registrar"],"vcardArray":["vcard",[["fn",{},"text","Ornek Kayit"]]]}]}"#;
const FOUND: &str = "Domain Name: ORNEK.COM\r\nRegistrar: Ornek Whois\r\nCreation Date: 2010-05-03T00:00:00Z\r\nRegistry Expiry Date: 2027-05-02T00:00:00Z\r\n";

fn domain(text: &str) -> Domain {
    text.parse().expect("a domain")
}

/// Settings that know only these servers.
fn config(rdap: Option<&Server>, whois: Option<&WhoisResponder>) -> RegistrationConfig {
    let base = rdap
        .map_or_else(|| "https://rdap.invalid/".to_owned(), |server| server.url(RDAP, "/base/"));
    let suffix = if rdap.is_some() { "com" } else { "other" };
    let bootstrap = Bootstrap::parse(&format!(
        r#"{{"version":"1.0","publication":"2026-11-24T00:00:00Z","services":[[["{suffix}"],["{base}"]]]}}"#
    ))
    .expect("a bootstrap file");
    let mut servers = WhoisServers::parse("gr -").expect("a table");
    let mut config = RegistrationConfig {
        bootstrap,
        root: None,
        whois_timeout: Duration::from_millis(400),
        whois_max_bytes: 64 * 1024,
        max_wait: Duration::from_secs(2),
        ..RegistrationConfig::default()
    };
    if let Some(server) = rdap {
        config.web = server.config();
        config.web.timeout = Duration::from_millis(800);
    }
    if let Some(server) = whois {
        servers.insert("com", WhoisServer::new(server.host(WHOIS)));
        config.whois_allow = vec![server.addr];
    }
    config.servers = servers;
    config
}

async fn ask(config: RegistrationConfig, names: Names, name: &str) -> Registration {
    let lookup = RegistrationLookup::new(config, names, None).expect("a look-up");
    lookup.registration(&domain(name)).await
}

fn local() -> Names {
    Names::local(&[RDAP, WHOIS])
}

fn why(came: &Registration) -> &str {
    came.outcome.why_unanswered().expect("a failure")
}

#[tokio::test]
async fn rdap_answers_and_whois_is_not_asked() {
    let rdap = Server::start(&[RDAP], |_, _| Does::json(DOMAIN_OBJECT)).await;
    let whois = WhoisResponder::start(|_| Says::text(FOUND)).await;
    let came = ask(config(Some(&rdap), Some(&whois)), local(), "www.ornek.com").await;
    let facts = came.outcome.found().expect("found");
    assert_eq!(facts.registrar.as_deref(), Some("Ornek Kayit"));
    assert_eq!((came.source.as_deref(), came.server.as_deref()), (Some("rdap"), Some(RDAP)));
    // The name that a registry knows is asked for, under the base of the bootstrap file.
    assert_eq!(rdap.seen()[0].1, "/base/domain/ornek.com");
    assert!(whois.seen().is_empty());
}

#[tokio::test]
async fn a_404_is_absence_and_nothing_else_is() {
    let rdap = Server::start(&[RDAP], |_, _| Does::status(404)).await;
    let whois = WhoisResponder::start(|_| Says::text(FOUND)).await;
    let came = ask(config(Some(&rdap), Some(&whois)), local(), "ornek.com").await;
    assert!(came.outcome.is_absent());
    assert_eq!(came.source.as_deref(), Some("rdap"));
    assert!(whois.seen().is_empty());
}

/// Each fault of an RDAP server, with no WHOIS server to fall back on.
#[tokio::test]
async fn no_fault_of_rdap_reads_as_absence() {
    let redirect = |to: &str| Does::redirects(302, to);
    let faults: Vec<(Does, bool, &str)> = vec![
        (Does::status(500), true, "http_500"),
        (Does::status(503), true, "http_503"),
        (Does::status(403), true, "access_denied"),
        (Does::status(400), false, "invalid_query"),
        (Does::Stalls, true, "timeout"),
        (Does::StallsInside, true, "timeout"),
        (Does::NeverEnds, false, "too_large"),
        (Does::Sends(b"gibberish\r\n\r\n"), true, "http"),
        (redirect("https://10.0.0.1/"), false, "refused_address"),
        (redirect("https://169.254.169.254/latest/"), false, "refused_address"),
        (redirect("http://rdap.kayit.example/"), false, "bad_url"),
        (Does::json("{\"objectClassName\":\"dom"), false, "malformed"),
        (Does::json("<html>"), false, "malformed"),
        (
            Does::json(r#"{"objectClassName":"domain","ldhName":"baska.com"}"#),
            false,
            "other_domain",
        ),
        (Does::json(r#"{"objectClassName":"entity"}"#), false, "other_object"),
        (Does::json(r#"{"errorCode":500}"#), true, "http_500"),
    ];
    for (does, temporary, reason) in faults {
        let rdap = Server::start(&[RDAP], move |_, _| does.clone()).await;
        let came = ask(config(Some(&rdap), None), local(), "ornek.com").await;
        assert_eq!(why(&came), reason);
        assert_eq!(matches!(came.outcome, Outcome::TempFail { .. }), temporary, "{reason}");
        assert_eq!(came.source.as_deref(), Some("rdap"), "{reason}");
    }
}

#[tokio::test]
async fn whois_answers_where_rdap_failed() {
    for does in [Does::status(500), Does::status(429), Does::json("{")] {
        let rdap = Server::start(&[RDAP], move |_, _| does.clone()).await;
        let whois = WhoisResponder::start(|_| Says::text(FOUND)).await;
        let mut config = config(Some(&rdap), Some(&whois));
        config.max_wait = Duration::ZERO;
        let came = ask(config, local(), "ornek.com").await;
        let facts = came.outcome.found().expect("found");
        assert_eq!(facts.registrar.as_deref(), Some("Ornek Whois"));
        assert_eq!(came.source.as_deref(), Some("whois"));
        assert_eq!(came.server, Some(whois.host(WHOIS)));
        assert_eq!(whois.seen(), ["ornek.com"]);
    }
}

#[tokio::test]
async fn retry_after_is_waited_for_where_it_is_short() {
    let rdap = Server::start(&[RDAP], |_, before| match before {
        0 => Does::Answers(429, vec!["retry-after: 1".into()], Vec::new()),
        _ => Does::json(DOMAIN_OBJECT),
    })
    .await;
    let began = Instant::now();
    let came = ask(config(Some(&rdap), None), local(), "ornek.com").await;
    assert!(came.outcome.found().is_some(), "{came:?}");
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(rdap.seen().len(), 2);
}

#[tokio::test]
async fn a_server_that_asks_for_more_patience_is_left_alone() {
    let rdap = Server::start(&[RDAP], |_, _| {
        Does::Answers(429, vec!["retry-after: 3600".into()], Vec::new())
    })
    .await;
    let lookup = RegistrationLookup::new(config(Some(&rdap), None), local(), None).expect("built");
    for _ in 0..3 {
        let came = lookup.registration(&domain("ornek.com")).await;
        assert_eq!(came.outcome, Outcome::TempFail { reason: "rate_limited".into() });
    }
    assert_eq!(rdap.seen().len(), 1);
}

#[tokio::test]
async fn whois_says_registered_free_or_refused() {
    for (text, state) in [
        (FOUND, "found"),
        ("No match for \"ORNEK.COM\".\r\n", "absent"),
        (
            "Your connection limit exceeded. Please slow down and try again later.\r\n",
            "rate_limited",
        ),
        (
            "%% Too many requests...\r\n%% No entries found in the AFNIC Database.\r\n",
            "rate_limited",
        ),
        (
            "% Error: 55000000002 Connection refused; access control limit reached.\r\n",
            "rate_limited",
        ),
        ("", "empty_answer"),
    ] {
        let whois = WhoisResponder::start(move |_| Says::text(text)).await;
        let came = ask(config(None, Some(&whois)), local(), "ornek.com").await;
        let found = match &came.outcome {
            Outcome::Found(_) => "found",
            Outcome::Absent { .. } => "absent",
            Outcome::TempFail { reason } => reason,
            other => panic!("{other:?}"),
        };
        assert_eq!(found, state, "{text}");
        assert_eq!(came.source.as_deref(), Some("whois"));
    }
}

#[tokio::test]
async fn no_fault_of_whois_reads_as_absence_or_takes_longer_than_told() {
    let half = Says::Half(b"No match for ORNEK.COM\r\n".to_vec());
    for (says, temporary, reason) in [
        (Says::Nothing, true, "timeout"),
        (half, true, "timeout"),
        (Says::Drip, true, "timeout"),
        (Says::NoEnd, false, "too_large"),
        (Says::Bytes(vec![b'x'; 64 * 1024 + 1]), false, "too_large"),
        (Says::text("Hello.\r\n"), false, "not_understood"),
    ] {
        let whois = WhoisResponder::start(move |_| says.clone()).await;
        let began = Instant::now();
        let came = ask(config(None, Some(&whois)), local(), "ornek.com").await;
        assert_eq!(why(&came), reason);
        assert_eq!(matches!(came.outcome, Outcome::TempFail { .. }), temporary, "{reason}");
        assert!(began.elapsed() < Duration::from_secs(2), "{reason}: {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_a_failure() {
    let gone = WhoisResponder::start(|_| Says::Nothing).await;
    let settings = config(None, Some(&gone));
    drop(gone);
    // The port is free again only once the task has ended.
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(why(&ask(settings.clone(), local(), "ornek.com").await), "connect");
    let failing = |error| Names::default().failing(WHOIS, error);
    let came =
        ask(settings.clone(), failing(LookupError::Failed("servfail".into())), "ornek.com").await;
    assert_eq!(came.outcome, Outcome::TempFail { reason: "dns".into() });
    let came = ask(settings, failing(LookupError::Absent), "ornek.com").await;
    assert_eq!(came.outcome, Outcome::PermFail { reason: "no_address".into() });
}

#[tokio::test]
async fn whois_is_asked_only_at_public_or_named_addresses() {
    let whois = WhoisResponder::start(|_| Says::text(FOUND)).await;
    let refused = |names: Names| {
        let mut config = config(None, Some(&whois));
        config.whois_allow.clear();
        ask(config, names, "ornek.com")
    };
    assert_eq!(why(&refused(local()).await), "refused_address");
    // One forbidden address among several refuses the host.
    let mixed = Names::default().with(WHOIS, &[&["8.8.8.8", "127.0.0.1"]]);
    assert_eq!(why(&refused(mixed).await), "refused_address");
    assert!(whois.seen().is_empty());
}

#[tokio::test]
async fn a_referral_is_followed_to_named_servers_and_never_to_others() {
    let registrar = WhoisResponder::start(|_| {
        Says::text("Domain Name: ornek.com\nRegistrar: Baska\nCreation Date: 2010-05-03\nRegistrar Registration Expiration Date: 2027-05-02\n")
    })
    .await;
    for (target, follows) in [
        (registrar.host("whois.kaydeden.example"), true),
        (registrar.host("localhost"), false),
        (registrar.host("127.0.0.1"), false),
        (registrar.host("[::1]"), false),
        (registrar.host("2130706433"), false),
        (registrar.host("ic.kayit.example"), false),
    ] {
        let thin = format!(
            "Domain Name: ORNEK.COM\r\nRegistrar: Ornek\r\nRegistrar WHOIS Server: {target}\r\n"
        );
        let registry = WhoisResponder::start(move |_| Says::text(&thin)).await;
        let mut config = config(None, Some(&registry));
        if follows {
            config.whois_allow.push(registrar.addr);
        }
        let before = registrar.seen().len();
        let names =
            Names::local(&[WHOIS, "whois.kaydeden.example", "localhost", "ic.kayit.example"]);
        let came = ask(config, names, "ornek.com").await;
        let facts = came.outcome.found().expect("what the registry said stands");
        assert_eq!(facts.registrar.as_deref(), Some("Ornek"), "{target}");
        assert_eq!(facts.expires.is_some(), follows, "{target}");
        assert_eq!(registrar.seen().len() > before, follows, "{target}");
        assert_eq!(came.server, Some(registry.host(WHOIS)));
    }
}

#[tokio::test]
async fn a_referral_in_a_circle_ends() {
    let circle = Arc::new(Mutex::new(String::new()));
    let text = Arc::clone(&circle);
    let whois = WhoisResponder::start(move |_| Says::text(&text.lock().expect("no panic"))).await;
    *circle.lock().expect("no panic") =
        format!("Domain: ornek.com\nRegistrar WHOIS Server: {}\n", whois.host(WHOIS));
    let mut config = config(None, Some(&whois));
    config.referrals = 5;
    let came = ask(config, local(), "ornek.com").await;
    assert!(came.outcome.found().is_some());
    assert_eq!(whois.seen().len(), 1);
}

#[tokio::test]
async fn questions_are_put_in_the_form_of_the_server() {
    let whois = WhoisResponder::start(|_| {
        Says::Bytes(b"Domain: x\nRegistrar: \xd6rnek \xdeti.\n".to_vec())
    })
    .await;
    let mut config = config(None, Some(&whois));
    let form = WhoisServer {
        charset: Some("windows-1254".into()),
        query: Some("-T dn,ace $domain".into()),
        ..WhoisServer::new(whois.host(WHOIS))
    };
    config.servers.insert("com.tr", form);
    let came = ask(config, local(), "örnek.com.tr").await;
    assert_eq!(whois.seen(), ["-T dn,ace xn--rnek-4qa.com.tr"]);
    assert_eq!(came.outcome.found().expect("found").registrar.as_deref(), Some("Örnek Şti."));
}

#[tokio::test]
async fn the_root_names_the_server_of_an_unlisted_top_level_once() {
    let whois = WhoisResponder::start(|_| Says::text("No match\r\n")).await;
    let named = format!("domain:       NET\n\nwhois:        {}\n", whois.host(WHOIS));
    let root = WhoisResponder::start(move |_| Says::text(&named)).await;
    let mut settings = config(None, Some(&whois));
    settings.whois_allow.push(root.addr);
    settings.root = Some(WhoisServer::new(root.host(RDAP)));
    let lookup = RegistrationLookup::new(settings, local(), None).expect("built");
    for _ in 0..2 {
        assert!(lookup.registration(&domain("ornek.net")).await.outcome.is_absent());
    }
    assert_eq!(root.seen(), ["net"]);
    assert_eq!(whois.seen(), ["ornek.net", "ornek.net"]);
}

#[tokio::test]
async fn a_root_that_refuses_is_a_failure_and_is_not_remembered() {
    let root = WhoisResponder::start(|_| Says::text("% Too many requests\n")).await;
    let mut settings = config(None, None);
    settings.whois_allow.push(root.addr);
    settings.root = Some(WhoisServer::new(root.host(RDAP)));
    let lookup = RegistrationLookup::new(settings, local(), None).expect("built");
    for _ in 0..2 {
        let came = lookup.registration(&domain("ornek.net")).await;
        assert_eq!(came.outcome, Outcome::TempFail { reason: "unavailable".into() });
    }
    assert_eq!(root.seen().len(), 2);
}

#[tokio::test]
async fn where_nobody_can_be_asked_it_says_why() {
    for (name, reason) in [
        ("ornek.com.gr", "no_server"),
        ("ornek.net", "no_server"),
        ("com.tr", "public_suffix"),
        ("ornek.github.io", "private_suffix"),
    ] {
        let came = ask(config(None, None), local(), name).await;
        assert_eq!(came.outcome, Outcome::NotAsked { reason: reason.into() }, "{name}");
    }
}

/// Gives leave at once, and notes to ask whom.
#[derive(Default)]
struct Noted(Mutex<Vec<String>>);

#[async_trait::async_trait]
impl Throttle for Noted {
    async fn leave(&self, permit: Permit<'_>) {
        let Permit::Registry(host) = permit else { panic!("not a registry: {permit:?}") };
        self.0.lock().expect("no panic").push(host.to_owned());
    }
}

#[tokio::test]
async fn leave_is_asked_for_before_each_question() {
    let rdap = Server::start(&[RDAP], |_, _| Does::status(500)).await;
    let whois = WhoisResponder::start(|_| Says::text(FOUND)).await;
    let hosts = Arc::new(Noted::default());
    let throttle: Arc<dyn Throttle> = hosts.clone();
    let settings = config(Some(&rdap), Some(&whois));
    let lookup = RegistrationLookup::new(settings, local(), Some(throttle)).expect("built");
    lookup.registration(&domain("ornek.com")).await;
    assert_eq!(*hosts.0.lock().expect("no panic"), [RDAP.to_owned(), whois.host(WHOIS)]);
}
