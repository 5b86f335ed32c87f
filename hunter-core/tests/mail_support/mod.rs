//! What the tests of roles and asks share: observations from lines, and their findings.

use hunter_core::assess::{Assessment, Engine, FindingKind, Lead};
use hunter_core::observation::{Answer, Observation, Outcome, RecordType};
use time::macros::datetime;

/// An observation of `ornek.com.tr` from lines such as `autodiscover CNAME host`, where `@` is the
/// domain itself, a name that ends in a dot stands as it is, `-` for the records is an authoritative
/// "nothing", and `?` a time-out.
pub(crate) fn observation(lines: &[&str]) -> Observation {
    observation_of("ornek.com.tr", lines)
}

/// The same for another domain.
pub(crate) fn observation_of(domain: &str, lines: &[&str]) -> Observation {
    let mut seen =
        Observation::new(domain.parse().expect("a domain"), datetime!(2026-11-24 09:30 UTC));
    for line in lines {
        let mut words = line.splitn(3, ' ');
        let (name, kind, record) = (
            words.next().expect("three words"),
            words.next().expect("three words"),
            words.next().expect("three words"),
        );
        let name = match name {
            "@" => domain.to_owned(),
            outside if outside.ends_with('.') => outside.to_owned(),
            below => format!("{below}.{domain}"),
        };
        let outcome = match record {
            "-" => Outcome::Absent { rcode: Some("NXDOMAIN".to_owned()) },
            "?" => Outcome::TempFail { reason: "timeout".to_owned() },
            _ => Outcome::Found(vec![record.to_owned()]),
        };
        seen.answers.push(Answer::new(name, RecordType::from(kind), outcome));
    }
    seen
}

/// The assessment of such an observation, which must not depend on the order of its answers.
pub(crate) fn assess(lines: &[&str]) -> Assessment {
    assess_of("ornek.com.tr", lines)
}

/// The same for another domain.
pub(crate) fn assess_of(domain: &str, lines: &[&str]) -> Assessment {
    let seen = observation_of(domain, lines);
    let once = Engine::builtin().assess(&seen, &Lead::default());
    let mut backwards = seen;
    backwards.answers.reverse();
    assert_eq!(once, Engine::builtin().assess(&backwards, &Lead::default()), "order of answers");
    once
}

/// The records of a finding; `None` where it was not raised.
pub(crate) fn proof(assessment: &Assessment, kind: FindingKind) -> Option<&[String]> {
    assessment.findings.iter().find(|f| f.kind == kind).map(|finding| &finding.records[..])
}

/// Whether a finding was raised.
pub(crate) fn has(assessment: &Assessment, kind: FindingKind) -> bool {
    proof(assessment, kind).is_some()
}
