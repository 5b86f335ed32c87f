//! What a registry says of a domain (RDAP or WHOIS), and other facts that are not DNS answers.

use std::net::IpAddr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::Date;

use super::outcome::{Outcome, StateWord};

/// Calendar dates as `YYYY-MM-DD`; a full RFC 3339 time is read for its date.
mod iso_date {
    use serde::{Deserialize, Deserializer, Serializer};
    use time::format_description::well_known::Iso8601;
    use time::{Date, OffsetDateTime, UtcOffset};

    #[expect(clippy::ref_option, reason = "the signature that serde asks for")]
    pub(super) fn serialize<S: Serializer>(date: &Option<Date>, s: S) -> Result<S::Ok, S::Error> {
        match date {
            Some(date) => s.collect_str(date),
            None => s.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Date>, D::Error> {
        let Some(text) = Option::<std::borrow::Cow<'de, str>>::deserialize(d)? else {
            return Ok(None);
        };
        Date::parse(&text, &Iso8601::DATE)
            .or_else(|_| {
                OffsetDateTime::parse(&text, &Iso8601::DEFAULT)
                    .map(|at| at.to_offset(UtcOffset::UTC).date())
            })
            .map(Some)
            .map_err(|_| serde::de::Error::custom(format_args!("`{text}` is not an ISO 8601 date")))
    }
}

/// What the registry holds of a domain.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RegistrationFacts {
    /// The registrar's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registrar: Option<String>,
    /// When the domain was registered.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "iso_date")]
    pub created: Option<Date>,
    /// When the registry's entry last changed.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "iso_date")]
    pub updated: Option<Date>,
    /// When the registration ends.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "iso_date")]
    pub expires: Option<Date>,
    /// Name servers of the delegation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nameservers: Vec<String>,
    /// EPP status codes (RFC 5731).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<String>,
    /// Fields that this version does not know, kept as they came.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// The registration lookup: where it was asked, and what came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    /// The registration, or why it is not known.
    pub outcome: Outcome<RegistrationFacts>,
    /// `rdap` or `whois`.
    pub source: Option<String>,
    /// The server asked.
    pub server: Option<String>,
}

#[derive(Deserialize)]
struct RegistrationFields {
    state: StateWord,
    rcode: Option<String>,
    reason: Option<String>,
    source: Option<String>,
    server: Option<String>,
    #[serde(flatten)]
    facts: serde_json::Map<String, serde_json::Value>,
}

impl<'de> Deserialize<'de> for Registration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let f = RegistrationFields::deserialize(deserializer)?;
        let facts = match f.state {
            StateWord::Found => Some(
                serde_json::from_value(serde_json::Value::Object(f.facts))
                    .map_err(serde::de::Error::custom)?,
            ),
            _ => None,
        };
        Ok(Self {
            outcome: f.state.into_outcome(f.rcode, f.reason, facts, "registrar")?,
            source: f.source,
            server: f.server,
        })
    }
}

impl Serialize for Registration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            state: StateWord,
            #[serde(skip_serializing_if = "Option::is_none")]
            source: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            server: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            rcode: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<&'a str>,
            #[serde(flatten)]
            facts: Option<&'a RegistrationFacts>,
        }
        Fields {
            state: StateWord::of(&self.outcome),
            source: self.source.as_deref(),
            server: self.server.as_deref(),
            rcode: self.outcome.rcode(),
            reason: self.outcome.why_unanswered(),
            facts: self.outcome.found(),
        }
        .serialize(serializer)
    }
}

/// What the IP databases say of one address of the domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AddressFacts {
    /// The address.
    pub ip: IpAddr,
    /// Whose address it is: `mx-ip` or `root-ip`.
    pub source: String,
    /// Autonomous system number.
    #[serde(default)]
    pub asn: Option<u32>,
    /// Who runs the autonomous system.
    #[serde(default)]
    pub asn_org: Option<String>,
    /// ISO 3166-1 alpha-2 country code.
    #[serde(default)]
    pub country: Option<String>,
    /// Whether the address is a known proxy.
    #[serde(default)]
    pub is_proxy: Option<bool>,
    /// Fields that core does not read, kept as they came.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// One HTTPS probe: its outcome, with whatever it found.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe(pub Outcome<serde_json::Map<String, serde_json::Value>>);

#[derive(Deserialize)]
struct ProbeFields {
    state: StateWord,
    rcode: Option<String>,
    reason: Option<String>,
    #[serde(flatten)]
    found: serde_json::Map<String, serde_json::Value>,
}

impl<'de> Deserialize<'de> for Probe {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let f = ProbeFields::deserialize(deserializer)?;
        f.state.into_outcome(f.rcode, f.reason, Some(f.found), "state").map(Self)
    }
}

impl Serialize for Probe {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            state: StateWord,
            #[serde(skip_serializing_if = "Option::is_none")]
            rcode: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<&'a str>,
            #[serde(flatten)]
            found: Option<&'a serde_json::Map<String, serde_json::Value>>,
        }
        Fields {
            state: StateWord::of(&self.0),
            rcode: self.0.rcode(),
            reason: self.0.why_unanswered(),
            found: self.0.found(),
        }
        .serialize(serializer)
    }
}
