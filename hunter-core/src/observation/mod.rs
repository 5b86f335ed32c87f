//! The facts of one domain, as asked and answered.
//!
//! An [`Observation`] holds what was asked and what came back, and nothing that was concluded from
//! it: so it can be stored, and re-assessed under other rules without one packet. Its JSON form is
//! one object a line; fields that this version does not know are kept on rewrite.
//!
//! ```
//! use hunter_core::observation::{Observation, RecordType};
//!
//! let line = r#"{"v":1,"domain":"ornek.com.tr","observed_at":"2026-11-24T09:30:00Z","answers":[
//!   {"name":"ornek.com.tr","type":"MX","state":"found","records":["10 mail.ornek.com.tr"]},
//!   {"name":"_dmarc.ornek.com.tr","type":"TXT","state":"temp_fail","reason":"timeout"}]}"#;
//! let observation = Observation::from_json(line)?;
//! assert!(observation.ask("ornek.com.tr", &RecordType::Mx).found().is_some());
//! assert!(!observation.ask("_dmarc.ornek.com.tr", &RecordType::Txt).is_answered());
//! # Ok::<(), hunter_core::Error>(())
//! ```

mod answer;
mod index;
mod outcome;
mod registration;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use answer::{Answer, RecordType};
pub use index::AnswerIndex;
pub(crate) use index::{merge, without_dot};
pub use outcome::{Outcome, Signal};
pub use registration::{AddressFacts, Probe, Registration, RegistrationFacts};

use crate::domain::Domain;
use crate::error::Error;

/// The observation format that this version writes, and the newest that it reads.
pub const FORMAT: u32 = 1;

/// The facts of one domain at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The format; see [`FORMAT`].
    pub v: u32,
    /// The domain observed.
    pub domain: Domain,
    /// When the first question was put.
    #[serde(with = "time::serde::rfc3339")]
    pub observed_at: OffsetDateTime,
    /// Which set of questions was planned.
    #[serde(default)]
    pub profile: String,
    /// Every DNS question and what became of it.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// The registration, where it was looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
    /// What IP databases say of the domain's addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<AddressFacts>,
    /// HTTPS probes by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub probes: BTreeMap<String, Probe>,
    /// Fields that this version does not know, kept as they came.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// What an observation says to one question; borrowed from it.
pub type Reply<'a> = Outcome<Cow<'a, [String]>, &'a str>;

impl Observation {
    /// An observation without answers.
    pub fn new(domain: Domain, observed_at: OffsetDateTime) -> Self {
        Self {
            v: FORMAT,
            domain,
            observed_at,
            profile: String::new(),
            answers: Vec::new(),
            registration: None,
            addresses: Vec::new(),
            probes: BTreeMap::new(),
            extra: serde_json::Map::new(),
        }
    }

    /// Reads one JSON object.
    ///
    /// # Errors
    /// `observation_syntax` names the place and the fault; `observation_version` says that the
    /// format is newer than [`FORMAT`].
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let observation: Self = serde_json::from_str(text).map_err(|e| Error::Observation {
            code: "observation_syntax",
            problem: e.to_string(),
            fix: "mend the line; `hunter_core::observation` describes the format",
        })?;
        observation.check_version()?;
        Ok(observation)
    }

    /// Refuses a format that this version does not read.
    pub(crate) fn check_version(&self) -> Result<(), Error> {
        if self.v <= FORMAT {
            return Ok(());
        }
        Err(Error::Observation {
            code: "observation_version",
            problem: format!("format {} is newer than {FORMAT}", self.v),
            fix: "read it with the version that wrote it",
        })
    }

    /// Writes one JSON object without a line break.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("string keys and finite numbers only")
    }

    /// What became of a question, aliases followed.
    ///
    /// A question that does not occur is [`Outcome::NotAsked`]. Where it stands more than once, data
    /// wins over an authoritative "nothing", and that over a failure; the records of several answers
    /// are joined. The order of the answers decides nothing. Whoever puts many questions to one
    /// observation uses an [`AnswerIndex`].
    pub fn ask(&self, name: &str, record_type: &RecordType) -> Reply<'_> {
        AnswerIndex::of(self).ask(name, record_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observation(answers: &str) -> Observation {
        Observation::from_json(&format!(
            r#"{{"v":1,"domain":"ornek.com","observed_at":"2026-11-24T09:30:00Z","answers":[{answers}]}}"#
        ))
        .expect("well-formed")
    }

    #[test]
    fn aliases_are_followed_and_loops_are_a_failure() {
        let seen = observation(
            r#"{"name":"a.ornek.com","type":"CNAME","state":"found","records":["B.example.net."]},
               {"name":"b.example.net","type":"TXT","state":"found","records":["p=x"]},
               {"name":"l.ornek.com","type":"CNAME","state":"found","records":["m.ornek.com"]},
               {"name":"m.ornek.com","type":"CNAME","state":"found","records":["l.ornek.com"]},
               {"name":"c.ornek.com","type":"CNAME","state":"found","records":["gone.example.net"]}"#,
        );
        assert_eq!(seen.ask("A.ornek.com", &RecordType::Txt).found().map(|r| r.len()), Some(1));
        assert_eq!(seen.ask("l.ornek.com", &RecordType::Txt).why_unanswered(), Some("cname_loop"));
        assert_eq!(seen.ask("c.ornek.com", &RecordType::Txt).why_unanswered(), Some("not_planned"));
    }

    #[test]
    fn d7_a_failure_never_reads_as_absence() {
        let seen = observation(
            r#"{"name":"ornek.com","type":"MX","state":"temp_fail","reason":"timeout"},
               {"name":"ornek.com","type":"TXT","state":"absent","rcode":"NOERROR"},
               {"name":"ornek.com","type":"TXT","state":"temp_fail","reason":"servfail"}"#,
        );
        assert!(!seen.ask("ornek.com", &RecordType::Mx).is_answered());
        assert!(seen.ask("ornek.com", &RecordType::Txt).is_absent());
        assert!(!seen.ask("ornek.com", &RecordType::Ns).is_answered());
    }

    #[test]
    fn unknown_fields_survive_a_rewrite() {
        let line = r#"{"v":1,"domain":"ornek.com","observed_at":"2026-11-24T09:30:00Z","profile":"standard","answers":[{"name":"ornek.com","type":"TLSA","state":"found","records":["3 1 1 00"],"ttl":60,"dnssec":"secure"}],"registration":{"state":"found","source":"rdap","registrar":"Ornek","expires":"2027-05-02","iana_id":"1"},"addresses":[{"ip":"192.0.2.7","source":"mx-ip","asn":64500,"asn_org":null,"country":"TR","is_proxy":null,"city":null}],"probes":{"openid":{"state":"found","tenant":"t"}},"scanner":"x"}"#;
        let seen = Observation::from_json(line).expect("well-formed");
        let again: serde_json::Value = serde_json::from_str(&seen.to_json()).expect("JSON");
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    }

    #[test]
    fn faults_are_named() {
        let code = |text: &str| Observation::from_json(text).expect_err("faulty").code();
        assert_eq!(code("{"), "observation_syntax");
        assert_eq!(
            code(
                r#"{"v":1,"domain":"ornek.com","observed_at":"2026-11-24T09:30:00Z","answers":[{"name":"a","type":"MX","state":"found"}]}"#
            ),
            "observation_syntax"
        );
        assert_eq!(
            code(r#"{"v":9,"domain":"ornek.com","observed_at":"2026-11-24T09:30:00Z"}"#),
            "observation_version"
        );
    }
}
