//! One zone for the root of the DNS, made of 45,753 real domains. What the rows lack (policies,
//! addresses, the targets of aliases, wildcards) is added by a rule that depends on the name alone.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use hunter_core::Domain;

use super::zone::Zone;
use crate::domains::Row;

/// The tokens by which services recognise a domain, and how they stand in a text record.
const VERIFICATIONS: [(&str, &str); 6] = [
    ("microsoft", "MS="),
    ("google", "google-site-verification="),
    ("apple", "apple-domain="),
    ("facebook", "facebook-domain-verification="),
    ("atlassian", "atlassian-domain-verification="),
    ("docusign", "docusign="),
];

/// A number that a name always has, below `bound`.
pub fn number(name: &str, bound: u64) -> u64 {
    BuildHasherDefault::<DefaultHasher>::new().hash_one(name) % bound
}

/// The zone of all rows, and their domains in the order of the rows.
pub fn root_zone(lines: &str) -> (Zone, Vec<Domain>) {
    let mut zone = Zone::default();
    zone.add("", "SOA", "ns.root-of-the-test hostmaster.root-of-the-test 1 3600 600 86400 60");
    zone.add("", "NS", "ns.root-of-the-test");
    zone.add("ns.root-of-the-test", "A", "127.0.0.1");
    let rows: Vec<Row> =
        lines.lines().map(|line| serde_json::from_str(line).expect("a row")).collect();
    let mut domains = Vec::with_capacity(rows.len());
    for row in &rows {
        let domain: Domain = row.domain.parse().expect("a domain");
        add_domain(&mut zone, row, domain.as_str());
        domains.push(domain);
    }
    // Aliases last: what has records of its own cannot be one.
    for row in &rows {
        for (host, target) in &row.mx_cnames {
            zone.add(host, "CNAME", target);
        }
    }
    (zone, domains)
}

fn add_domain(zone: &mut Zone, row: &Row, domain: &str) {
    for (place, host) in row.mx.iter().flatten().enumerate() {
        let (preference, host) =
            if host.is_empty() { (0, ".") } else { (10 * (place + 1), host.as_str()) };
        zone.add(domain, "MX", &format!("{preference} {host}"));
        if host != "." && !row.mx_cnames.contains_key(host) {
            add_host(zone, host);
        }
    }
    if let Some(spf) = &row.spf {
        zone.add(domain, "TXT", spf);
        for include in spf.split(' ').filter_map(|term| term.strip_prefix("include:")) {
            if number(include, 8) > 0 {
                let network = number(include, 256);
                zone.add(include, "TXT", &format!("v=spf1 ip4:198.18.{network}.0/24 -all"));
            }
        }
    }
    for (service, start) in VERIFICATIONS {
        if let Some(token) = row.txt_verifications.get(service) {
            zone.add(domain, "TXT", &format!("{start}{token}"));
        }
    }
    for (selector, target) in &row.dkim {
        let name = format!("{selector}._domainkey.{domain}");
        if zone.add(&name, "CNAME", target) && number(target, 4) > 0 {
            zone.add(target, "TXT", "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ");
        }
    }
    if let Some(target) = row.autodiscover.get("autodiscover_cname") {
        zone.add(&format!("autodiscover.{domain}"), "CNAME", target);
    }
    if let Some(target) = row.autodiscover.get("autodiscover_srv") {
        zone.add(&format!("_autodiscover._tcp.{domain}"), "SRV", &format!("0 0 443 {target}"));
    }
    match number(domain, 10) {
        0..=3 => drop(zone.add(&format!("_dmarc.{domain}"), "TXT", "v=DMARC1; p=reject")),
        4 | 5 => drop(zone.add(
            &format!("_dmarc.{domain}"),
            "TXT",
            "v=DMARC1; p=none; rua=mailto:a@example.net",
        )),
        6 => drop(zone.add(&format!("_dmarc.{domain}"), "CNAME", "dmarc.example.net")),
        _ => {}
    }
    if number(domain, 100) == 7 {
        zone.add(&format!("*.{domain}"), "TXT", "v=spf1 -all");
    }
    if number(domain, 3) > 0 {
        zone.add(domain, "A", &address(domain));
    }
}

/// The address of a host, and the name of the address, for nine hosts in ten.
fn add_host(zone: &mut Zone, host: &str) {
    let host = host.to_ascii_lowercase();
    if number(&host, 10) == 0 {
        return;
    }
    let address = address(&host);
    if zone.add(&host, "A", &address) {
        let mut octets: Vec<&str> = address.split('.').collect();
        octets.reverse();
        zone.add(&format!("{}.in-addr.arpa", octets.join(".")), "PTR", &host);
    }
}

/// An address of the network for benchmarks (RFC 2544).
fn address(name: &str) -> String {
    let n = number(name, 1 << 17);
    format!("198.{}.{}.{}", 18 + (n >> 16), (n >> 8) & 255, n & 255)
}
