//! The scanner against NSD and Unbound: every fact is what the zone says.

use std::collections::HashSet;
use std::fs;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures::StreamExt;
use hunter_core::Domain;
use hunter_core::observation::{Observation, Outcome, RecordType};
use hunter_scan::{CommonSelectors, Profile, ScanConfig, Scanner};
use hunter_tests::dns::generated::{number, root_zone};
use hunter_tests::dns::judge::Verdict;
use hunter_tests::dns::octodns::Zones;
use hunter_tests::dns::servers::Server;
use hunter_tests::domains::DOMAINS;

/// One domain in so many, of those that are scanned twice: a debug build does a few hundred a
/// second, and CI has a minute for this.
const SHARE: u64 = 9;

fn scanner(resolver: SocketAddr, profile: Profile) -> Scanner {
    let config = ScanConfig {
        resolvers: vec![resolver.into()],
        profile,
        // A busy machine, not a slow network, is what takes time here.
        timeout: Duration::from_secs(10),
        deadline: Duration::from_mins(1),
        ..ScanConfig::default()
    };
    Scanner::new(config, CommonSelectors).expect("a scanner")
}

fn sample(domains: &[Domain]) -> Vec<Domain> {
    domains.iter().filter(|domain| number(domain.as_str(), SHARE) == 0).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fact_of_real_domains_is_what_the_zone_says() {
    let Some(path) = hunter_tests::shared(DOMAINS) else { return };
    let (zone, domains) = root_zone(&fs::read_to_string(path).expect("readable"));
    assert_eq!(domains.len(), 45_753);
    let authority = Server::nsd(&[(String::new(), zone.to_text(""))]);
    let resolver = Server::unbound(authority.addr(), &[]);
    let sample = sample(&domains);
    for (server, profile) in [(&authority, Profile::Full), (&resolver, Profile::Standard)] {
        let scanner = scanner(server.addr(), profile);
        scanner.check().await.expect("a sound resolver");
        let started = Instant::now();
        let mut verdict = Verdict::default();
        let mut seen = HashSet::new();
        let mut results = Box::pin(scanner.observe_all(futures::stream::iter(sample.clone())));
        while let Some((index, observation)) = results.next().await {
            assert_eq!(observation.domain, sample[index]);
            assert!(seen.insert(index), "{index} came twice");
            verdict.add(&observation, &zone);
        }
        assert_eq!(seen.len(), sample.len());
        verdict.assert_all_right();
        // Each sort of answer is there in numbers, or the comparison would prove little.
        let some = sample.len();
        assert!(verdict.found > 2 * some, "{verdict:?}");
        assert!(verdict.nodata > some && verdict.nxdomain > some, "{verdict:?}");
        assert!(started.elapsed() < Duration::from_mins(5), "{:?}", started.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_leaves_gaps_and_no_lies() {
    let Some(path) = hunter_tests::shared(DOMAINS) else { return };
    let (zone, domains) = root_zone(&fs::read_to_string(path).expect("readable"));
    let mut authority = Server::nsd(&[(String::new(), zone.to_text(""))]);
    let config = ScanConfig {
        resolvers: vec![authority.addr().into()],
        profile: Profile::Light,
        timeout: Duration::from_millis(500),
        attempts: 1,
        deadline: Duration::from_secs(5),
        ..ScanConfig::default()
    };
    let scanner = Scanner::new(config, CommonSelectors).expect("a scanner");
    let sample: Vec<Domain> = sample(&domains).into_iter().take(900).collect();
    let (mut verdict, mut done, mut whole, mut before) = (Verdict::default(), 0, 0, 0);
    let mut results = Box::pin(scanner.observe_all(futures::stream::iter(sample.clone())));
    while let Some((_, observation)) = results.next().await {
        done += 1;
        verdict.add(&observation, &zone);
        whole += usize::from(is_whole(&observation));
        if done == 300 {
            before = whole;
            // The scan goes on in between.
            authority = tokio::task::spawn_blocking(move || {
                authority.kill();
                authority
            })
            .await
            .expect("killed");
        }
    }
    assert_eq!(done, sample.len(), "the run finishes, with one observation for each domain");
    assert_eq!(before, 300, "nothing failed while the server lived");
    assert_eq!(verdict.wrong, Vec::<String>::new());
    assert!(!verdict.unknown.is_empty() && whole < done, "the server was killed on the way");
    assert!(verdict.unknown.iter().all(|fact| fact.contains("TempFail")));
}

fn is_whole(observation: &Observation) -> bool {
    observation
        .answers
        .iter()
        .all(|answer| answer.outcome.is_answered() || is_planned(&answer.outcome))
}

/// Whether the domain's own state, not a failure, made the question pointless.
fn is_planned(outcome: &Outcome<Vec<String>>) -> bool {
    match outcome {
        Outcome::NotAsked { reason } => reason != "apex_failed",
        Outcome::PermFail { reason } => reason == "cname_loop",
        _ => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_zones_of_others_are_written_down_as_they_are() {
    let Some(folder) = hunter_tests::shared("data/zones/moj-octodns") else { return };
    let zones = Zones::read(&folder);
    assert!(zones.each.len() > 250, "{} zones", zones.each.len());
    let mut served = vec![(String::new(), root_zone("").0.to_text(""))];
    served.extend(zones.each.iter().map(|(apex, zone)| (apex.clone(), zone.to_text(apex))));
    let authority = Server::nsd(&served);
    let scanner = scanner(authority.addr(), Profile::Full);
    let domains: Vec<Domain> =
        zones.each.keys().map(|apex| apex.parse().expect("a domain")).collect();
    let mut verdict = Verdict::default();
    let mut null_mx = 0;
    let mut results = Box::pin(scanner.observe_all(futures::stream::iter(domains)));
    while let Some((_, observation)) = results.next().await {
        let mx = observation.ask(observation.domain.as_str(), &RecordType::Mx);
        null_mx += usize::from(mx.found().is_some_and(|records| records[0].ends_with(" .")));
        verdict.add(&observation, &zones.all);
    }
    assert_eq!(verdict.wrong, Vec::<String>::new());
    // One include lies below a delegation to servers that are not here.
    assert_eq!(
        verdict.unknown,
        [r#"smtp-relay.dev.staff.service.justice.gov.uk TXT: TempFail { reason: "refused" }"#]
    );
    assert!(verdict.found > 1_000, "{verdict:?}");
    assert!(null_mx > 10, "{null_mx} domains declare that they take no mail");
}

/// Zones of Zonemaster's test of SPF records: how many such records, and how many texts, each holds.
const SPF_ZONES: [(&str, usize, usize); 6] = [
    ("good-spf-1", 1, 1),
    ("good-spf-2", 1, 1),
    ("no-txt", 0, 0),
    ("no-spf-txt", 0, 1),
    ("invalid-syntax-3", 1, 1),
    ("multiple-spf-records", 2, 2),
];

#[tokio::test(flavor = "multi_thread")]
async fn broken_spf_zones_of_others_are_written_down_as_they_are() {
    let Some(folder) = hunter_tests::shared("data/zones/zonemaster/zone11") else { return };
    let read = |file: &str| fs::read_to_string(folder.join(file)).expect("readable");
    let common = read("COMMON-SCENARIO-INCLUDE");
    let mut zones = vec![(String::new(), root_zone("").0.to_text(""))];
    for (name, ..) in SPF_ZONES {
        let zone = format!("{name}.zone11.xa");
        let text = read(&format!("{zone}.zone"));
        assert!(text.contains("$INCLUDE COMMON-SCENARIO-INCLUDE"), "{zone}");
        zones.push((zone, text.replace("$INCLUDE COMMON-SCENARIO-INCLUDE", &common)));
    }
    let authority = Server::nsd(&zones);
    let names: Vec<String> = zones.iter().skip(1).map(|(name, _)| name.clone()).collect();
    let resolver = Server::unbound(authority.addr(), &names);
    for server in [&authority, &resolver] {
        let scanner = scanner(server.addr(), Profile::Standard);
        for (name, spf, texts) in SPF_ZONES {
            let zone = format!("{name}.zone11.xa");
            let seen = scanner.observe(&zone.parse().expect("a domain")).await;
            let reply = seen.ask(&zone, &RecordType::Txt);
            let found = reply.found().map_or(&[][..], |records| records);
            assert_eq!(found.len(), texts, "{zone}: {reply:?}");
            assert_eq!(reply.is_absent(), texts == 0, "{zone}: {reply:?}");
            assert_eq!(found.iter().filter(|text| text.starts_with("v=spf1")).count(), spf);
            let servers = seen.ask(&zone, &RecordType::Ns);
            assert_eq!(servers.found().map(|records| records.len()), Some(2), "{zone}");
            assert!(seen.ask(&zone, &RecordType::Mx).is_absent(), "{zone}");
        }
    }
}
