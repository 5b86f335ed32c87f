//! RDAP answers and bootstrap files of others: what they say is read, what is broken is refused.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use hunter_core::observation::{Outcome, RegistrationFacts};
use hunter_scan::registration::{Bootstrap, WhoisRoute, WhoisServers, parse_rdap};
use serde_json::Value;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("readable").path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Every domain object of the suites is read, and everything else is refused: errors, entities,
/// networks, broken JSON. Nothing of it is an absence but the error 404.
#[test]
fn domain_objects_are_found_and_nothing_else_is() {
    let Some(root) = hunter_tests::shared("data/rdap/responses") else { return };
    let (mut found, mut refused) = (0, 0);
    for path in files(&root) {
        let text = String::from_utf8_lossy(&fs::read(&path).expect("readable")).into_owned();
        let outcome = catch_unwind(AssertUnwindSafe(|| parse_rdap("", &text)))
            .unwrap_or_else(|_| panic!("a panic at {}", path.display()));
        let json: Value = serde_json::from_str(&text).unwrap_or_default();
        let is_domain = json["objectClassName"] == "domain";
        assert_eq!(outcome.found().is_some(), is_domain, "{}: {outcome:?}", path.display());
        assert_eq!(outcome.is_absent(), json["errorCode"] == 404, "{}", path.display());
        if is_domain { found += 1 } else { refused += 1 }
    }
    assert!(found >= 20 && refused >= 50, "{found} found, {refused} refused");
}

/// Field by field, as a reader of the files sees them.
#[test]
fn real_answers_are_read_field_by_field() {
    let Some(root) = hunter_tests::shared("data/rdap/responses") else { return };
    let facts = |file: &str, domain: &str| -> RegistrationFacts {
        let text = fs::read_to_string(root.join(file)).expect("readable");
        match parse_rdap(domain, &text) {
            Outcome::Found(facts) => facts,
            other => panic!("{file}: {other:?}"),
        }
    };
    for (file, domain, registrar, dates, hosts) in [
        (
            "20c-rdap/domain__20c.com.json",
            "20c.com",
            Some("CSL Computer Service Langenbach GmbH d/b/a joker.com"),
            ["2004-06-28", "2024-06-25", "2025-06-28"],
            4,
        ),
        (
            "icann-rdap/home.moscow.json",
            "home.moscow",
            Some(r#"Limited Liability Company "Registrar of domain names REG.RU""#),
            ["2021-10-19", "2023-11-20", "2024-10-19"],
            2,
        ),
        (
            "whodap/amazon.ooo.json",
            "amazon.ooo",
            Some("NOM-IQ Ltd dba Com Laude"),
            ["2014-10-23", "2021-03-29", "2021-10-23"],
            3,
        ),
        (
            "whodap/bitcoin.org.json",
            "bitcoin.org",
            Some("NAMECHEAP INC"),
            ["2008-08-18", "2019-11-24", "2029-08-18"],
            2,
        ),
        (
            "whodap/deep.surf.json",
            "deep.surf",
            Some("NAMECHEAP INC"),
            ["2020-07-01", "", "2021-07-01"],
            4,
        ),
        (
            "whodap/you.tube.json",
            "you.tube",
            Some("MarkMonitor, Inc."),
            ["2016-04-17", "2021-03-20", "2022-04-16"],
            4,
        ),
        (
            "whodap/google.com.json",
            "google.com",
            Some("MarkMonitor Inc."),
            ["1997-09-15", "2019-09-09", "2028-09-13"],
            4,
        ),
        (
            "whoisit-recorded/rdap.verisign.com_com_v1_domain_google.com.json",
            "google.com",
            Some("MarkMonitor Inc."),
            ["1997-09-15", "2019-09-09", "2028-09-14"],
            4,
        ),
        (
            "whoisit/data_rdap_response_domain2.json",
            "norway.no",
            Some("Domeneshop AS"),
            ["2017-01-24", "2021-01-14", ""],
            4,
        ),
    ] {
        let facts = facts(file, domain);
        assert_eq!(facts.registrar.as_deref(), registrar, "{file}");
        let found = [facts.created, facts.updated, facts.expires];
        assert_eq!(
            found.map(|date| date.map(|d| d.to_string()).unwrap_or_default()),
            dates,
            "{file}"
        );
        assert_eq!(facts.nameservers.len(), hosts, "{file}");
        assert!(
            facts
                .nameservers
                .iter()
                .all(|host| !host.ends_with('.') && *host == host.to_lowercase()),
            "{file}"
        );
    }
    // The registrant is withheld there (RFC 9537), the registrar is not.
    let redacted = facts("icann-rdap/md__redacted__example-1_empty_value.json", "example-1.net");
    assert_eq!(redacted.registrar.as_deref(), Some("Example Registrar Inc."));
}

#[test]
fn bootstrap_files_of_others_are_read_or_refused_whole() {
    let Some(root) = hunter_tests::shared("data/rdap") else { return };
    let read =
        |file: &str| Bootstrap::parse(&fs::read_to_string(root.join(file)).expect("readable"));
    let iana = read("bootstrap/dns-2026-07-14.json").expect("well-formed");
    let builtin = Bootstrap::builtin();
    for domain in
        ["ornek.com", "ornek.xyz", "ornek.org", "ornek.fr", "ornek.nl", "ornek.tr", "ornek.de"]
    {
        if builtin.published() == iana.published() {
            assert_eq!(builtin.servers(domain), iana.servers(domain), "{domain}");
        }
    }
    let few = read("responses/openrdap/bootstrap__dns.json").expect("well-formed");
    assert_eq!(few.servers("ornek.com.br"), Some(&["https://rdap.registro.br/".to_owned()][..]));
    assert_eq!(few.servers("ornek.ar").expect("known")[0], "https://rdap.nic.ar/");
    for broken in ["dns_bad_services", "dns_syntax_error"] {
        let file = format!("responses/openrdap/bootstrap_malformed__{broken}.json");
        assert_eq!(read(&file).expect_err("broken").code(), "scan_data_file", "{broken}");
    }
    for other in ["asn", "ipv4", "object-tags"] {
        // Registries of numbers and tags are no registry of names.
        if let Ok(other) = read(&format!("bootstrap/{other}.json")) {
            assert_eq!(other.servers("ornek.com"), None);
        }
    }
}

/// The table of WHOIS servers against another project's list: a top level that both know leads to some
/// server in both. Names differ where registries moved.
#[test]
fn the_table_of_whois_servers_covers_what_others_know() {
    let Some(path) = hunter_tests::shared("data/whois/servers/node-whois.servers.json") else {
        return;
    };
    let others: Value =
        serde_json::from_str(&fs::read_to_string(path).expect("readable")).expect("JSON");
    let (table, bootstrap) = (WhoisServers::builtin(), Bootstrap::builtin());
    let mut missing = Vec::new();
    let mut known = 0;
    for (suffix, server) in others.as_object().expect("an object") {
        if suffix.contains('_') || server.is_null() || suffix.contains('.') {
            continue;
        }
        let domain = format!("ornek.{suffix}");
        let listed = matches!(table.route(&domain), WhoisRoute::Server(_));
        if listed || bootstrap.servers(&domain).is_some() {
            known += 1;
        } else {
            missing.push(suffix.as_str());
        }
    }
    // The root is asked for these.
    println!("{known} covered; at the root: {missing:?}");
    assert!(known >= 400 && missing.len() * 4 <= known, "{missing:?}");
}
