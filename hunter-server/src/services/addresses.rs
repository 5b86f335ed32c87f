//! Whether mail reaches an address, as far as anybody knows.

use hunter_core::contacts::normalize_address;
use hunter_core::observation::{Outcome, RecordType};
use hunter_core::{Domain, Observation};
use hunter_scan::smtp::{Mailbox, SmtpProbe};
use serde::Serialize;
use utoipa::ToSchema;

/// Whether a domain takes mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mail {
    /// It names hosts that take it.
    Hosts,
    /// It names none, and its own address takes the mail (RFC 5321 §5.1).
    Implicit,
    /// It says that it takes none (RFC 7505).
    NullMx,
    /// There is neither a host nor an address.
    Nowhere,
    /// The question was not answered.
    Unknown,
}

/// Where the mail of a domain goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchangers {
    /// Whether it takes mail.
    pub mail: Mail,
    /// The hosts, the most preferred first.
    pub hosts: Vec<String>,
    /// Why it is not known.
    pub reason: Option<String>,
}

/// What speaks for an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CheckedAddress {
    /// The address.
    pub email: String,
    /// Whether it has the form of an address.
    pub syntax_valid: bool,
    /// `accepted`, `catch_all`, `refused`, `unknown`, or `not_asked`.
    pub smtp: &'static str,
    /// Why the mail server's word is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_unknown_reason: Option<&'static str>,
    /// `valid` where the mail server said so, `possible` where all but its word is known, `invalid` where the
    /// form, the domain or the server rules it out; else `unknown`.
    pub verdict: &'static str,
}

/// Where the mail of an observed domain goes.
pub fn exchangers(seen: &Observation) -> Exchangers {
    let name = seen.domain.as_str();
    let known = |mail, hosts| Exchangers { mail, hosts, reason: None };
    let unknown = |reason: Option<&str>| {
        let reason = reason.unwrap_or("not_answered").to_owned();
        Exchangers { mail: Mail::Unknown, hosts: Vec::new(), reason: Some(reason) }
    };
    match seen.ask(name, &RecordType::Mx) {
        Outcome::Found(records) => {
            let mut hosts: Vec<(u16, &str)> =
                records.iter().filter_map(|text| host(text)).collect();
            // Equals stay in the order in which they were answered.
            hosts.sort_by_key(|(preference, _)| *preference);
            let hosts: Vec<String> = hosts.into_iter().map(|(_, host)| host.to_owned()).collect();
            if hosts.is_empty() { known(Mail::NullMx, hosts) } else { known(Mail::Hosts, hosts) }
        }
        Outcome::Absent { rcode: Some("NXDOMAIN") } => known(Mail::Nowhere, Vec::new()),
        Outcome::Absent { .. } => {
            let at = [RecordType::A, RecordType::Aaaa].map(|kind| seen.ask(name, &kind));
            if at.iter().any(|outcome| outcome.found().is_some()) {
                known(Mail::Implicit, vec![name.to_owned()])
            } else if let Some(failed) = at.iter().find(|outcome| !outcome.is_answered()) {
                unknown(failed.why_unanswered())
            } else {
                known(Mail::Nowhere, Vec::new())
            }
        }
        other => unknown(other.why_unanswered()),
    }
}

/// A host that takes mail: `10 mail.ornek.com.tr`; a null MX names the root.
fn host(record: &str) -> Option<(u16, &str)> {
    let (preference, host) = record.split_once(' ')?;
    let host = host.trim().trim_end_matches('.');
    (!host.is_empty()).then_some(())?;
    Some((preference.parse().ok()?, host))
}

/// What speaks for each address, with the word of the mail server where it may be asked.
pub async fn check(
    probe: Option<&SmtpProbe>,
    domain: &Domain,
    exchangers: &Exchangers,
    emails: &[String],
) -> Vec<CheckedAddress> {
    let said = match probe {
        Some(probe) if !exchangers.hosts.is_empty() => probe
            .ask(domain.as_str(), &exchangers.hosts, emails)
            .await
            .into_iter()
            .map(Some)
            .collect(),
        _ => vec![None; emails.len()],
    };
    emails.iter().zip(said).map(|(email, said)| checked(email, exchangers.mail, said)).collect()
}

fn checked(email: &str, mail: Mail, said: Option<Mailbox>) -> CheckedAddress {
    let syntax_valid = normalize_address(email).is_some();
    let (smtp, smtp_unknown_reason) = match said {
        None => ("not_asked", None),
        Some(Mailbox::Accepted) => ("accepted", None),
        Some(Mailbox::CatchAll) => ("catch_all", None),
        Some(Mailbox::Refused) => ("refused", None),
        Some(Mailbox::Unknown(reason)) => ("unknown", Some(reason)),
    };
    let verdict = match (mail, said) {
        _ if !syntax_valid => "invalid",
        (Mail::NullMx | Mail::Nowhere, _) | (_, Some(Mailbox::Refused)) => "invalid",
        (Mail::Unknown, _) => "unknown",
        (_, Some(Mailbox::Accepted)) => "valid",
        _ => "possible",
    };
    CheckedAddress { email: email.to_owned(), syntax_valid, smtp, smtp_unknown_reason, verdict }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(answers: &str) -> Exchangers {
        let json = format!(
            r#"{{"v":1,"domain":"ornek.com.tr","observed_at":"2026-11-24T09:30:00Z","answers":[{answers}]}}"#
        );
        exchangers(&Observation::from_json(&json).expect("an observation"))
    }

    fn answer(kind: &str, rest: &str) -> String {
        format!(r#"{{"name":"ornek.com.tr","type":"{kind}",{rest}}}"#)
    }

    #[test]
    fn a_domain_takes_mail_or_not_or_nobody_knows() {
        let found = |kind: &str, records: &str| {
            answer(kind, &format!(r#""state":"found","records":[{records}]"#))
        };
        let absent = |kind: &str| answer(kind, r#""state":"absent","rcode":"NOERROR""#);
        let failed = |kind: &str| answer(kind, r#""state":"temp_fail","reason":"timeout""#);
        let all = |answers: &[String]| seen(&answers.join(","));

        let hosts = seen(&found("MX", r#""20 b.ornek.com.tr","10 a.ornek.com.tr.""#));
        assert_eq!(
            (hosts.mail, hosts.hosts),
            (Mail::Hosts, vec!["a.ornek.com.tr".into(), "b.ornek.com.tr".into()])
        );
        assert_eq!(seen(&found("MX", r#""0 .""#)).mail, Mail::NullMx);
        let implicit = all(&[absent("MX"), found("A", r#""192.0.2.7""#), absent("AAAA")]);
        assert_eq!((implicit.mail, implicit.hosts), (Mail::Implicit, vec!["ornek.com.tr".into()]));
        assert_eq!(all(&[absent("MX"), absent("A"), absent("AAAA")]).mail, Mail::Nowhere);
        let unknown = all(&[absent("MX"), failed("A"), absent("AAAA")]);
        assert_eq!((unknown.mail, unknown.reason.as_deref()), (Mail::Unknown, Some("timeout")));
        assert_eq!(seen(&failed("MX")).mail, Mail::Unknown);
        assert_eq!(seen("").mail, Mail::Unknown, "what was not asked is not known");
        let nowhere = answer("MX", r#""state":"absent","rcode":"NXDOMAIN""#);
        assert_eq!(seen(&nowhere).mail, Mail::Nowhere);
    }

    #[test]
    fn what_is_unknown_is_not_invalid() {
        for (mail, said, verdict) in [
            (Mail::Hosts, None, "possible"),
            (Mail::Implicit, None, "possible"),
            (Mail::NullMx, None, "invalid"),
            (Mail::Nowhere, None, "invalid"),
            (Mail::Unknown, None, "unknown"),
            (Mail::Hosts, Some(Mailbox::Accepted), "valid"),
            (Mail::Hosts, Some(Mailbox::CatchAll), "possible"),
            (Mail::Hosts, Some(Mailbox::Refused), "invalid"),
            (Mail::Hosts, Some(Mailbox::Unknown("timeout")), "possible"),
        ] {
            assert_eq!(checked("a@ornek.com.tr", mail, said).verdict, verdict, "{mail:?} {said:?}");
        }
        assert_eq!(checked("a b@ornek.com.tr", Mail::Hosts, None).verdict, "invalid");
    }
}
