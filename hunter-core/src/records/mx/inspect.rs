//! The detailed look at MX records: every fault, and what works but is unwise.

use super::MailExchangers;
use crate::records::finding::{Finding, finding_kinds};

finding_kinds! {
    /// Kinds of findings about MX records.
    pub enum MxFindingKind {
        /// Not a preference and a host name.
        NotARecord = "mx_not_a_record", Ignored;
        /// A preference that is no number of at most 65535 (RFC 1035 §3.3.9).
        BadPreference = "mx_bad_preference", Ignored;
        /// An address where a host name belongs (RFC 5321 §5.1).
        Address = "mx_address", Ignored;
        /// A name that cannot be asked for: a label that is empty or too long, or a strange character.
        BadName = "mx_bad_name", Ignored;
        /// A null MX beside others, which contradicts itself (RFC 7505 §3).
        NullBesideOthers = "mx_null_beside_others", Advice;
        /// A null MX with a preference other than 0 (RFC 7505 §3).
        NullPreference = "mx_null_preference", Advice;
        /// A name that is no host name: an underscore, or a hyphen at the edge of a label
        /// (RFC 1123 §2.1). Most senders deliver all the same.
        NotAHostName = "mx_not_a_host_name", Advice;
        /// One label alone, which only the own network may know.
        SingleLabel = "mx_single_label", Advice;
        /// A special name that no sender can reach: `localhost`, `.invalid`, `.local`, `.test`
        /// (RFC 6761, RFC 6762).
        SpecialName = "mx_special_name", Advice;
        /// A host stands twice.
        RepeatedHost = "mx_repeated_host", Advice;
    }
}

/// One finding about MX records.
pub type MxFinding<'a> = Finding<'a, MxFindingKind>;

/// Everything that deserves a word about the MX records of a domain, sorted, so that the order
/// received does not matter.
///
/// ```
/// use hunter_core::records::mx::findings;
///
/// let records = ["0 .", "10 192.0.2.1", "20 mail_1.ornek.com"];
/// let codes: Vec<_> = findings(&records).iter().map(|f| (f.code(), f.text)).collect();
/// assert_eq!(codes, [
///     ("mx_address", "10 192.0.2.1"),
///     ("mx_null_beside_others", "0 ."),
///     ("mx_not_a_host_name", "20 mail_1.ornek.com"),
/// ]);
/// ```
pub fn findings<S: AsRef<str>>(records: &[S]) -> Vec<MxFinding<'_>> {
    use MxFindingKind as Kind;
    let read = MailExchangers::read(records);
    let mut found = Vec::new();
    for record in records.iter().map(AsRef::as_ref) {
        let mut add = |kind| found.push(Finding::new(kind, record));
        if read.malformed.contains(&record) {
            add(why_malformed(record));
            continue;
        }
        let (preference, host) = parts(record).unwrap_or_default();
        if host.is_empty() {
            if !read.hosts.is_empty() {
                add(Kind::NullBesideOthers);
            }
            if preference.parse() != Ok(0_u16) {
                add(Kind::NullPreference);
            }
            continue;
        }
        let is_host_label = |label: &str| {
            label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let last = host.rsplit('.').next().unwrap_or_default();
        let special = ["localhost", "invalid", "local", "test"];
        if host.split('.').any(|label| !matches!(label.len(), 1..=63)) {
            add(Kind::BadName);
        } else if !host.split('.').all(is_host_label) {
            add(Kind::NotAHostName);
        }
        if special.iter().any(|name| last.eq_ignore_ascii_case(name)) {
            add(Kind::SpecialName);
        } else if !host.contains('.') {
            add(Kind::SingleLabel);
        }
    }
    // The repeated one is the one that senders try later.
    let mut hosts: Vec<(String, u16, &str)> = records
        .iter()
        .map(AsRef::as_ref)
        .filter(|record| !read.malformed.contains(record))
        .filter_map(|record| {
            let (preference, host) = parts(record)?;
            Some((host.to_ascii_lowercase(), preference.parse().ok()?, record))
        })
        .collect();
    hosts.sort_unstable();
    for pair in hosts.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        found.push(Finding::new(Kind::RepeatedHost, pair[1].2));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Preference and host, the host without trailing dot.
fn parts(record: &str) -> Option<(&str, &str)> {
    let (preference, host) = record.trim().split_once([' ', '\t'])?;
    let host = host.trim_start();
    Some((preference, host.strip_suffix('.').unwrap_or(host)))
}

fn why_malformed(record: &str) -> MxFindingKind {
    let Some((preference, host)) = parts(record) else { return MxFindingKind::NotARecord };
    if host.contains([' ', '\t']) {
        MxFindingKind::NotARecord
    } else if preference.parse::<u16>().is_err() {
        MxFindingKind::BadPreference
    } else if host.parse::<std::net::IpAddr>().is_ok() {
        MxFindingKind::Address
    } else {
        MxFindingKind::BadName
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(records: &[&str]) -> Vec<String> {
        findings(records).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn sound_records_have_none() {
        assert_eq!(codes(&["10 mail.ornek.com.tr.", "20 mx2.example.net"]), [""; 0]);
        assert_eq!(codes(&["0 ."]), [""; 0]);
        assert_eq!(codes(&[]), [""; 0]);
    }

    #[test]
    fn every_fault_is_found() {
        let long = format!("10 {}.com", "a".repeat(64));
        assert_eq!(
            codes(&[
                "mail.ornek.com",
                "x mail.ornek.com",
                "70000 a.com",
                "10 a b",
                "10 ::1",
                "10 a..b",
                &long,
                "10 -a.com",
                "10 mail",
                "10 localhost",
                "5 .",
                "10 b.com",
                "20 B.com",
            ]),
            [
                "mx_not_a_record: `10 a b`".to_owned(),
                "mx_not_a_record: `mail.ornek.com`".to_owned(),
                "mx_bad_preference: `70000 a.com`".to_owned(),
                "mx_bad_preference: `x mail.ornek.com`".to_owned(),
                "mx_address: `10 ::1`".to_owned(),
                "mx_bad_name: `10 a..b`".to_owned(),
                format!("mx_bad_name: `{long}`"),
                "mx_null_beside_others: `5 .`".to_owned(),
                "mx_null_preference: `5 .`".to_owned(),
                "mx_not_a_host_name: `10 -a.com`".to_owned(),
                "mx_single_label: `10 mail`".to_owned(),
                "mx_special_name: `10 localhost`".to_owned(),
                "mx_repeated_host: `20 B.com`".to_owned(),
            ]
        );
    }
}
