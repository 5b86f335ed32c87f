//! Which names belong to a domain's questions.

use std::fmt::Write as _;
use std::net::IpAddr;

use hunter_core::Domain;
use hunter_core::observation::Observation;
use hunter_core::observation::RecordType;

/// How many MX hosts are looked up …
pub(crate) const MX_HOSTS: usize = 2;
/// … and how many in the full profile.
pub(crate) const MX_HOSTS_FULL: usize = 10;
/// A label's longest length, in octets.
const MAX_LABEL: usize = 63;
/// The names of Microsoft's services below a domain, beside `autodiscover`.
pub(crate) const SERVICES: [&str; 5] =
    ["enterpriseregistration", "enterpriseenrollment", "lyncdiscover", "sip", "msoid"];

/// Optional controls: MTA-STS (RFC 8461 §3.1), TLS-RPT (RFC 8460 §3), BIMI.
pub(crate) const CONTROLS: [&str; 3] = ["_mta-sts", "_smtp._tls", "default._bimi"];
/// Where clients find the services of Microsoft and others (RFC 2782).
pub(crate) const SRV: [&str; 3] = ["_sip._tls", "_sipfederationtls._tcp", "_autodiscover._tcp"];

/// The name under which an address is looked up (RFC 1035 §3.5, RFC 3596 §2.5).
pub(crate) fn reverse(address: IpAddr) -> String {
    let mut name = String::with_capacity(72);
    match address {
        IpAddr::V4(v4) => {
            for octet in v4.octets().iter().rev() {
                // Writing to a string cannot fail.
                let _ = write!(name, "{octet}.");
            }
            name.push_str("in-addr.arpa");
        }
        IpAddr::V6(v6) => {
            for octet in v6.octets().iter().rev() {
                let _ = write!(name, "{:x}.{:x}.", octet & 15, octet >> 4);
            }
            name.push_str("ip6.arpa");
        }
    }
    name
}

/// The names after the first of the DMARC tree walk (RFC 9989 §4.10), from the nearest parent to
/// the top. A name of eight labels or more continues with its last seven, so that there are never
/// more than eight questions.
pub(crate) fn tree_walk(domain: &Domain) -> impl Iterator<Item = String> {
    let labels: Vec<&str> = domain.labels().collect();
    let longest = labels.len().saturating_sub(1).min(7);
    (1..=longest)
        .rev()
        .map(move |count| format!("_dmarc.{}", labels[labels.len() - count..].join(".")))
}

/// The DMARC record among text records: exactly one must begin with `v=DMARC1`.
pub(crate) fn single_dmarc(records: &[String]) -> Option<&str> {
    let mut found = records.iter().filter(|record| is_dmarc(record));
    match (found.next(), found.next()) {
        (Some(record), None) => Some(record),
        _ => None,
    }
}

fn is_dmarc(record: &str) -> bool {
    let version = record.split(';').next().unwrap_or_default();
    version.split_once('=').is_some_and(|(tag, value)| {
        tag.trim().eq_ignore_ascii_case("v") && value.trim() == "DMARC1"
    })
}

/// The name that Exchange Online gives a domain it accepts mail for; `None` when it would be too
/// long for a label.
pub(crate) fn exchange_online(domain: &Domain) -> Option<String> {
    let label = domain.as_str().replace('.', "-");
    (label.len() <= MAX_LABEL).then(|| format!("{label}.mail.protection.outlook.com"))
}

/// The first MX hosts in order of preference.
pub(crate) fn mx_hosts(seen: &Observation, most: usize) -> Vec<String> {
    let reply = seen.ask(seen.domain.as_str(), &RecordType::Mx);
    let records = reply.found().map_or(&[][..], |records| records);
    let mut hosts: Vec<(u16, &str)> = records
        .iter()
        .filter_map(|record| record.split_once(' '))
        .filter(|(_, host)| *host != ".")
        .filter_map(|(preference, host)| Some((preference.parse().ok()?, host)))
        .collect();
    hosts.sort_by_key(|(preference, _)| *preference);
    let mut first: Vec<String> = Vec::new();
    for (_, host) in hosts {
        if first.len() < most && !first.iter().any(|known| known == host) {
            first.push(host.to_owned());
        }
    }
    first
}

/// Whether the domain declares that it takes no mail (RFC 7505).
pub(crate) fn has_null_mx(seen: &Observation) -> bool {
    let reply = seen.ask(seen.domain.as_str(), &RecordType::Mx);
    reply.found().is_some_and(|records| records.len() == 1 && records[0].ends_with(" ."))
}

#[cfg(test)]
mod tests {
    use hunter_core::observation::{Answer, Outcome};
    use time::OffsetDateTime;

    use super::*;

    fn domain(text: &str) -> Domain {
        text.parse().expect("a domain")
    }

    #[test]
    fn the_tree_walk_climbs_to_the_top_in_eight_questions() {
        let walk = |text: &str| tree_walk(&domain(text)).collect::<Vec<_>>();
        assert_eq!(walk("ornek.com.tr"), ["_dmarc.com.tr", "_dmarc.tr"]);
        assert_eq!(walk("a.b.c.d.e.f.g.tr")[0], "_dmarc.b.c.d.e.f.g.tr");
        let long = walk("a.b.c.d.e.f.g.h.i.j.ornek.com");
        assert_eq!(long[0], "_dmarc.f.g.h.i.j.ornek.com");
        assert_eq!((long.len(), long[6].as_str()), (7, "_dmarc.com"));
    }

    #[test]
    fn only_one_record_of_the_right_version_counts() {
        let records = |texts: &[&str]| texts.iter().map(|&t| t.to_owned()).collect::<Vec<_>>();
        assert!(single_dmarc(&records(&["google-site=1", "v=DMARC1; p=none"])).is_some());
        assert!(single_dmarc(&records(&["v = DMARC1 ;p=none"])).is_some());
        assert!(single_dmarc(&records(&["v=DMARC1; p=none", "v=DMARC1; p=reject"])).is_none());
        assert!(single_dmarc(&records(&["v=DMARC10; p=none"])).is_none());
    }

    #[test]
    fn a_name_too_long_for_exchange_online_is_left_out() {
        assert_eq!(
            exchange_online(&domain("my-ornek.com.tr")).as_deref(),
            Some("my-ornek-com-tr.mail.protection.outlook.com")
        );
        assert_eq!(exchange_online(&domain(&format!("{}.com.tr", "a".repeat(60)))), None);
    }

    #[test]
    fn an_address_is_looked_up_backwards() {
        let of = |text: &str| reverse(text.parse().expect("an address"));
        assert_eq!(of("192.0.2.7"), "7.2.0.192.in-addr.arpa");
        assert_eq!(
            of("2001:db8::1"),
            "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
        );
    }

    #[test]
    fn hosts_come_by_preference_and_once() {
        let mut seen = Observation::new(domain("ornek.com.tr"), OffsetDateTime::UNIX_EPOCH);
        let records =
            ["20 b.example.net", "5 a.example.net", "7 a.example.net", "30 c.example.net"];
        let outcome = Outcome::Found(records.map(str::to_owned).to_vec());
        seen.answers.push(Answer::new("ornek.com.tr", RecordType::Mx, outcome));
        assert_eq!(mx_hosts(&seen, MX_HOSTS), ["a.example.net", "b.example.net"]);
        assert!(!has_null_mx(&seen));
        seen.answers[0].outcome = Outcome::Found(vec!["0 .".to_owned()]);
        assert!(mx_hosts(&seen, MX_HOSTS).is_empty() && has_null_mx(&seen));
    }
}
