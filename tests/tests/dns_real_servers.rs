//! The scanner against NSD and Unbound: every fact is what the zone says.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
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

/// What two servers of one of Zonemaster's zones hold, as its configuration of `CoreDNS` makes it up: the
/// MX records that a template answers with, by zone.
fn templates_of_mx(config: &str, server: &str) -> HashMap<String, Vec<String>> {
    let from = config.find(server).expect("the server");
    let block = &config[from..];
    let block = &block[..block.find("\n}\n").expect("an end")];
    let mut zones: HashMap<String, Vec<String>> = HashMap::new();
    for line in block.lines().map(str::trim) {
        if let Some(zone) = line.strip_prefix("file Zone-TP/zone09/COMMON.zone09.xa ") {
            zones.entry(zone.to_owned()).or_default();
        }
        if let Some(record) = line.strip_prefix("answer \"").and_then(|rest| rest.strip_suffix('"'))
            && let Some((zone, mx)) = record.split_once(" 600 MX ")
        {
            // One exchanger stands there without its last dot.
            let mx = if mx.ends_with('.') { mx.to_owned() } else { format!("{mx}.") };
            zones.entry(zone.trim_end_matches('.').to_ascii_lowercase()).or_default().push(mx);
        }
    }
    zones
}

/// A server of the zones of Zonemaster's test of MX records, as NSD serves them. It can neither drop a
/// question nor answer it with an odd code, which two of them are about: `hunter-scan/tests/faults.rs` has
/// those.
fn mx_server(folder: &Path, server: &str) -> (Server, HashMap<String, Vec<String>>) {
    let read = |file: &str| fs::read_to_string(folder.join(file)).expect("readable");
    let (common, held) = (read("COMMON.zone09.xa"), templates_of_mx(&read("zone09.cfg"), server));
    let mut zones = vec![(String::new(), root_zone("").0.to_text(""))];
    for (zone, records) in &held {
        let mut text = format!("$ORIGIN {zone}.\n{common}\n");
        for mx in records {
            writeln!(text, "@ 600 IN MX {mx}").expect("a string");
        }
        zones.push((zone.clone(), text));
    }
    (Server::nsd(&zones), held)
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_disagree_about_mx_make_no_absence() {
    let Some(folder) = hunter_tests::shared("data/zones/zonemaster/zone09") else { return };
    let (one, of_one) = mx_server(&folder, "# testzones ns1");
    let (two, of_two) = mx_server(&folder, "# testzones ns2");
    assert!(of_one.len() >= 10 && of_two.len() >= 10, "{of_one:?} {of_two:?}");
    let said = |zone: &str, by: &HashMap<String, Vec<String>>| {
        let plain = |mx: &String| match mx.as_str() {
            mx if mx.ends_with(" .") => mx.to_owned(),
            mx => mx.trim_end_matches('.').to_owned(),
        };
        let records = by.get(zone).map_or(&[][..], Vec::as_slice);
        records.iter().map(plain).collect::<BTreeSet<_>>()
    };
    let mut disputed = 0;
    for (first, second, asked) in [(&one, &two, &of_one), (&two, &one, &of_two)] {
        let config = ScanConfig {
            resolvers: vec![first.addr().into(), second.addr().into()],
            timeout: Duration::from_secs(10),
            deadline: Duration::from_mins(1),
            ..ScanConfig::default()
        };
        let scanner = Scanner::new(config, CommonSelectors).expect("a scanner");
        for zone in of_one.keys().filter(|zone| of_two.contains_key(*zone)) {
            let seen = scanner.observe(&zone.parse().expect("a domain")).await;
            let reply = seen.ask(zone, &RecordType::Mx);
            let (mine, of_either) = (said(zone, asked), [said(zone, &of_one), said(zone, &of_two)]);
            let nobody = of_either.iter().all(BTreeSet::is_empty);
            assert_eq!(reply.is_absent(), nobody, "{zone}: {reply:?}");
            if let Some(found) = reply.found() {
                assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), mine, "{zone}");
            } else if !nobody {
                // The first one asked has nothing, and the other one has.
                assert!(mine.is_empty(), "{zone}: {reply:?}");
                assert_eq!(reply.why_unanswered(), Some("resolvers_disagree"), "{zone}");
                disputed += 1;
            }
        }
    }
    assert!(disputed >= 2, "{disputed} zones were disputed");
}
