//! One question put to the DNS, and what became of it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::index::is_same_name;
use super::outcome::{Outcome, StateWord};

/// A DNS record type. The list holds those that core reads; any other is kept as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RecordType {
    /// IPv4 address.
    A,
    /// IPv6 address.
    Aaaa,
    /// Alias.
    Cname,
    /// Mail exchanger.
    Mx,
    /// Name server.
    Ns,
    /// Name of an address.
    Ptr,
    /// Start of authority.
    Soa,
    /// Service location.
    Srv,
    /// Text.
    Txt,
    /// Anything else, by its mnemonic.
    Other(Box<str>),
}

impl RecordType {
    /// The mnemonic.
    pub fn as_str(&self) -> &str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Cname => "CNAME",
            Self::Mx => "MX",
            Self::Ns => "NS",
            Self::Ptr => "PTR",
            Self::Soa => "SOA",
            Self::Srv => "SRV",
            Self::Txt => "TXT",
            Self::Other(mnemonic) => mnemonic,
        }
    }
}

impl From<&str> for RecordType {
    fn from(mnemonic: &str) -> Self {
        const KNOWN: [RecordType; 9] = [
            RecordType::Mx,
            RecordType::Txt,
            RecordType::Cname,
            RecordType::A,
            RecordType::Aaaa,
            RecordType::Ns,
            RecordType::Soa,
            RecordType::Srv,
            RecordType::Ptr,
        ];
        KNOWN
            .into_iter()
            .find(|known| mnemonic.eq_ignore_ascii_case(known.as_str()))
            .unwrap_or_else(|| Self::Other(mnemonic.into()))
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for RecordType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RecordType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Mnemonic;
        impl serde::de::Visitor<'_> for Mnemonic {
            type Value = RecordType;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a record type such as `MX`")
            }
            fn visit_str<E>(self, text: &str) -> Result<RecordType, E> {
                Ok(RecordType::from(text))
            }
        }
        deserializer.deserialize_str(Mnemonic)
    }
}

/// One question and what became of it.
///
/// `records` are presentation format without outer quotes, in the order received; core does not
/// depend on that order.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The name asked for, without trailing dot.
    pub name: String,
    /// The type asked for.
    pub record_type: RecordType,
    /// The records, or why there are none.
    pub outcome: Outcome<Vec<String>>,
    /// Time to live in seconds.
    pub ttl: Option<u32>,
    /// The server that answered, as `address:port`.
    pub server: Option<String>,
    /// How many times the question was put.
    pub attempts: Option<u32>,
    /// How long it took, in milliseconds.
    pub ms: Option<u64>,
    /// Fields that this version does not know, kept as they came.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Answer {
    /// An answer with nothing but the question and its outcome.
    pub fn new(
        name: impl Into<String>,
        record_type: RecordType,
        outcome: Outcome<Vec<String>>,
    ) -> Self {
        Self {
            name: name.into(),
            record_type,
            outcome,
            ttl: None,
            server: None,
            attempts: None,
            ms: None,
            extra: serde_json::Map::new(),
        }
    }

    /// Whether this is the answer to that question. DNS names compare without ASCII case and without
    /// the trailing dot.
    pub fn answers(&self, name: &str, record_type: &RecordType) -> bool {
        self.record_type == *record_type && is_same_name(&self.name, name)
    }
}

#[derive(Deserialize)]
struct AnswerFields {
    name: String,
    #[serde(rename = "type")]
    record_type: RecordType,
    state: StateWord,
    records: Option<Vec<String>>,
    rcode: Option<String>,
    reason: Option<String>,
    ttl: Option<u32>,
    server: Option<String>,
    attempts: Option<u32>,
    ms: Option<u64>,
    #[serde(flatten)]
    extra: serde_json::Map<String, serde_json::Value>,
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let f = AnswerFields::deserialize(deserializer)?;
        let records = f.records.filter(|records| !records.is_empty());
        Ok(Self {
            name: f.name,
            record_type: f.record_type,
            outcome: f.state.into_outcome(f.rcode, f.reason, records, "records")?,
            ttl: f.ttl,
            server: f.server,
            attempts: f.attempts,
            ms: f.ms,
            extra: f.extra,
        })
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            name: &'a str,
            #[serde(rename = "type")]
            record_type: &'a RecordType,
            state: StateWord,
            #[serde(skip_serializing_if = "Option::is_none")]
            records: Option<&'a Vec<String>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            rcode: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            ttl: Option<u32>,
            #[serde(skip_serializing_if = "Option::is_none")]
            server: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            attempts: Option<u32>,
            #[serde(skip_serializing_if = "Option::is_none")]
            ms: Option<u64>,
            #[serde(flatten)]
            extra: &'a serde_json::Map<String, serde_json::Value>,
        }
        Fields {
            name: &self.name,
            record_type: &self.record_type,
            state: StateWord::of(&self.outcome),
            records: self.outcome.found(),
            rcode: self.outcome.rcode(),
            reason: self.outcome.why_unanswered(),
            ttl: self.ttl,
            server: self.server.as_deref(),
            attempts: self.attempts,
            ms: self.ms,
            extra: &self.extra,
        }
        .serialize(serializer)
    }
}
