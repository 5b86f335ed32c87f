//! The demonstration's data: its companies and its zone agree.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use hunter_core::Domain;
use hunter_nameserver::NameServer;

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/demo")
}

#[tokio::test]
async fn every_company_is_in_the_zone_or_left_out_on_purpose() {
    let running =
        NameServer::builder().folder(demo().join("zone")).spawn().await.expect("the demo's zone");
    let mut rows = csv::Reader::from_path(demo().join("companies.csv")).expect("the companies");
    let mut domains = HashSet::new();
    let mut kinds = [0; 3];
    for row in rows.records() {
        let row = row.expect("a row of five columns");
        let (cell, company, dns) = (&row[0], &row[1], &row[3]);
        let read = Domain::from_cell(cell);
        let held = |domain: &Domain| running.holds(domain.as_str());
        match dns {
            "zone" => {
                let domain = read.unwrap_or_else(|e| panic!("{company}: {e}")).domain;
                assert!(held(&domain), "{company}: no zone holds {domain}");
                assert!(domains.insert(domain), "{company}: `{cell}` stands twice");
                kinds[0] += 1;
            }
            "none" => {
                let domain = read.unwrap_or_else(|e| panic!("{company}: {e}")).domain;
                assert!(!held(&domain), "{company}: a zone holds {domain}");
                kinds[1] += 1;
            }
            "refused" => {
                assert!(read.is_err(), "{company}: `{cell}` reads as a domain");
                kinds[2] += 1;
            }
            other => panic!("{company}: `{other}` is no word for where the domain is"),
        }
    }
    assert!(kinds[0] >= 64, "only {} companies in the zone", kinds[0]);
    assert!(kinds[1] >= 1 && kinds[2] >= 4, "{kinds:?}");
    for ending in [".com.tr", ".com", ".net", ".bel.tr", ".de"] {
        assert!(domains.iter().any(|domain| domain.as_str().ends_with(ending)), "{ending}");
    }
    assert!(domains.iter().any(|domain| domain.as_str().starts_with("xn--")));
}

#[tokio::test]
async fn faulty_data_is_refused_by_name() {
    let error = NameServer::builder().folder(demo()).spawn().await.expect_err("no zone there");
    assert_eq!(error.code(), "nameserver_file");
    let error = NameServer::builder().zone_text("a b c\n").spawn().await.expect_err("faulty");
    assert_eq!(error.code(), "nameserver_zone");
    let error = NameServer::builder().faults_text("a MX melt").spawn().await.expect_err("faulty");
    assert_eq!(error.code(), "nameserver_fault");
}
