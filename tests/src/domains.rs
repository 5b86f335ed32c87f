//! 45,753 real domains with what others saw of them, row by row.
//!
//! A row becomes an observation with what it carries and nothing more: the preference of its MX hosts
//! is not recorded, so all have one; whatever a row lacks was not asked.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use hunter_core::Domain;
use hunter_core::observation::{AddressFacts, Answer, Observation, Outcome, RecordType};
use hunter_core::provider::Family;
use serde::Deserialize;
use time::OffsetDateTime;
use time::macros::datetime;

/// The file, below the folder of shared data.
pub const DOMAINS: &str = "data/mx/domains_dns.jsonl";

/// The same for every row: when each was scanned is not recorded.
const OBSERVED_AT: OffsetDateTime = datetime!(2026-11-24 09:30 UTC);

/// One row: what a scan saw, and what others concluded.
#[derive(Debug, Deserialize)]
pub struct Row {
    /// The domain as written.
    pub domain: String,
    /// MX hosts; an empty one is how these data write the null MX (RFC 7505).
    pub mx: Option<Vec<String>>,
    /// The SPF record.
    pub spf: Option<String>,
    /// CNAME targets by selector.
    #[serde(default)]
    pub dkim: BTreeMap<String, String>,
    /// Targets of `autodiscover` by sort of record.
    #[serde(default)]
    pub autodiscover: BTreeMap<String, String>,
    /// Proofs of ownership by service, without their start.
    #[serde(default)]
    pub txt_verifications: BTreeMap<String, String>,
    /// Autonomous systems of the MX addresses.
    #[serde(default)]
    pub mx_asns: Vec<u32>,
    /// MX hosts that are aliases, and their targets.
    #[serde(default)]
    pub mx_cnames: BTreeMap<String, String>,
    /// What others concluded.
    #[serde(default)]
    pub labels: Vec<Label>,
}

/// What one other project concluded.
#[derive(Debug, Deserialize)]
pub struct Label {
    /// Which project.
    pub by: String,
    /// Who holds the mailboxes, in the project's own words.
    pub provider: String,
    /// What stands in front.
    pub gateway: Option<String>,
}

impl Label {
    /// The label folded to a family; `None` where the project could not tell.
    pub fn family(&self) -> Option<Family> {
        match self.provider.as_str() {
            "unknown" | "unresolved" => None,
            // A tenant of the Italian ministry of education, at Microsoft.
            "microsoft" | "istruzione-miur-tenant" => Some(Family::Microsoft),
            "google" => Some(Family::Google),
            _ => Some(Family::Other),
        }
    }
}

impl Row {
    /// The family that every label names; `None` where they disagree, or one could not tell.
    pub fn family(&self) -> Option<Family> {
        let mut families = self.labels.iter().map(Label::family);
        let first = families.next()??;
        families.all(|family| family == Some(first)).then_some(first)
    }

    /// Whether the row carries anything of the mail set-up besides the MX hosts.
    pub fn has_trace(&self) -> bool {
        !self.mx_asns.is_empty()
            || !self.mx_cnames.is_empty()
            || self.spf.is_some()
            || !self.dkim.is_empty()
            || !self.autodiscover.is_empty()
            || !self.txt_verifications.is_empty()
    }

    /// The observation that a scan with the row's answers would have left.
    pub fn observation(&self, domain: &Domain) -> Observation {
        let mut seen = Observation::new(domain.clone(), OBSERVED_AT);
        if let Some(hosts) = &self.mx {
            let outcome = if hosts.is_empty() {
                Outcome::Absent { rcode: None }
            } else {
                Outcome::Found(hosts.iter().map(|host| exchanger(host)).collect())
            };
            seen.answers.push(Answer::new(domain.as_str(), RecordType::Mx, outcome));
        }
        let mut add = |name: String, record_type, records: Vec<String>| {
            seen.answers.push(Answer::new(name, record_type, Outcome::Found(records)));
        };
        let mut texts: Vec<String> = self.spf.iter().cloned().collect();
        texts.extend(self.txt_verifications.iter().filter_map(|(service, value)| {
            let start = match service.as_str() {
                "microsoft" => "MS=",
                "google" => "google-site-verification=",
                "apple" => "apple-domain-verification=",
                "facebook" => "facebook-domain-verification=",
                "atlassian" => "atlassian-domain-verification=",
                "docusign" => "docusign=",
                _ => return None,
            };
            Some(format!("{start}{value}"))
        }));
        if !texts.is_empty() {
            add(domain.to_string(), RecordType::Txt, texts);
        }
        for (selector, target) in &self.dkim {
            let name = format!("{selector}._domainkey.{domain}");
            add(name, RecordType::Cname, vec![target.clone()]);
        }
        if let Some(target) = self.autodiscover.get("autodiscover_cname") {
            add(format!("autodiscover.{domain}"), RecordType::Cname, vec![target.clone()]);
        }
        if let Some(target) = self.autodiscover.get("autodiscover_srv") {
            let record = format!("0 0 443 {target}");
            add(format!("_autodiscover._tcp.{domain}"), RecordType::Srv, vec![record]);
        }
        for (host, target) in &self.mx_cnames {
            add(host.clone(), RecordType::Cname, vec![target.clone()]);
        }
        // The addresses themselves are not recorded: documentation addresses (RFC 5737) stand in.
        seen.addresses =
            (1..=u8::MAX).zip(&self.mx_asns).map(|(nth, asn)| address(nth, *asn)).collect();
        seen
    }
}

fn exchanger(host: &str) -> String {
    if host.is_empty() { "0 .".to_owned() } else { format!("10 {host}") }
}

fn address(nth: u8, asn: u32) -> AddressFacts {
    AddressFacts {
        ip: IpAddr::V4(Ipv4Addr::new(192, 0, 2, nth)),
        source: "mx-ip".to_owned(),
        asn: Some(asn),
        asn_org: None,
        country: None,
        is_proxy: None,
        extra: serde_json::Map::new(),
    }
}
