//! The demonstration's companies, scanned on their own server.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use futures::StreamExt;
use hunter_core::Domain;
use hunter_core::observation::{Observation, RecordType};
use hunter_nameserver::NameServer;
use hunter_scan::{CommonSelectors, ScanConfig, Scanner};

fn names(csv: &str) -> Vec<Domain> {
    // The cells are messy on purpose; those in quotes are refused ones.
    csv.lines()
        .skip(1)
        .filter_map(|row| Domain::from_cell(row.split(',').next()?).ok())
        .map(|read| read.domain)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_company_shows_what_it_is_there_for() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/demo");
    let running =
        NameServer::builder().folder(demo.join("zone")).spawn().await.expect("the demo's zone");
    let csv = std::fs::read_to_string(demo.join("companies.csv")).expect("the companies");
    let domains = names(&csv);
    assert!(domains.len() >= 64);
    let config = ScanConfig {
        resolvers: vec![running.addr().into()],
        timeout: Duration::from_secs(1),
        ..ScanConfig::default()
    };
    let scanner = Scanner::new(config, CommonSelectors).expect("a scanner");
    let seen: HashMap<String, Observation> = scanner
        .observe_all(futures::stream::iter(domains.clone()))
        .map(|(_, seen)| (seen.domain.to_string(), seen))
        .collect()
        .await;
    assert_eq!(seen.len(), domains.len());

    let why = |domain: &str, prefix: &str, record_type: &RecordType| {
        let reply = seen[domain].ask(&format!("{prefix}{domain}"), record_type);
        reply.why_unanswered().map(str::to_owned)
    };
    let mx = |domain: &str| why(domain, "", &RecordType::Mx);
    assert_eq!(mx("agirkanli-masal-nakliye.com.tr").as_deref(), Some("timeout"));
    assert_eq!(mx("suskun-hayal-sigorta.com.tr").as_deref(), Some("timeout"));
    assert_eq!(mx("cokuk-kopru-uydurma.com.tr").as_deref(), Some("servfail"));
    assert_eq!(mx("kapali-kapi-masal.com.tr").as_deref(), Some("refused"));
    let txt = |domain: &str, prefix: &str| why(domain, prefix, &RecordType::Txt);
    assert_eq!(txt("dilsiz-ornek-danisman.com.tr", "_dmarc.").as_deref(), Some("timeout"));
    let lost = txt("kayip-anahtar-kurmaca.com.tr", "google._domainkey.");
    assert_eq!(lost.as_deref(), Some("timeout"));
    let circle = txt("firildak-hayal-oyuncak.com.tr", "selector1._domainkey.");
    assert_eq!(circle.as_deref(), Some("cname_loop"));

    let found = |domain: &str, prefix: &str, record_type: &RecordType| {
        let reply = seen[domain].ask(&format!("{prefix}{domain}"), record_type);
        reply.found().map_or(0, |records| records.len())
    };
    assert_eq!(found("dev-metin-hayal.com.tr", "", &RecordType::Txt), 61);
    assert_eq!(found("kesik-metin-kurmaca.com.tr", "", &RecordType::Txt), 1);
    assert_eq!(found("iki-basli-ejder-ornek.com.tr", "_dmarc.", &RecordType::Txt), 2);
    assert_eq!(found("sessiz-uydurma-holding.com", "", &RecordType::Mx), 1);
    assert_eq!(found("xn--ahmeran-masal-htc.com.tr", "", &RecordType::Mx), 1);
    for tenant in ["masalkent-lojistik.com.tr", "kurmacabulut.com", "sirkosku-masal-finans.com.tr"]
    {
        assert_eq!(found(tenant, "selector1._domainkey.", &RecordType::Txt), 1, "{tenant}");
    }
    let dormant = &seen["uyuyanguzel-masal-mobilya.com.tr"];
    let online = "uyuyanguzel-masal-mobilya-com-tr.mail.protection.outlook.com";
    assert!(dormant.ask(online, &RecordType::A).found().is_some());
    let parent =
        seen["magaza.ust-cati-ornek.com.tr"].ask("_dmarc.ust-cati-ornek.com.tr", &RecordType::Txt);
    assert!(parent.found().is_some());

    // What is not scripted to fail does not fail.
    let scripted = std::fs::read_to_string(demo.join("zone/faults.txt")).expect("the faults");
    for (domain, observation) in &seen {
        if !scripted.contains(domain.as_str()) && domain != "firildak-hayal-oyuncak.com.tr" {
            for answer in &observation.answers {
                let failed = matches!(answer.outcome.why_unanswered(), Some(why)
                    if !["nxdomain_above", "null_mx"].contains(&why));
                assert!(!failed, "{domain}: {answer:?}");
            }
        }
    }
}
