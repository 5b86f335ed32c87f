//! What became of a question: the five states that run through the whole product.

use serde::{Deserialize, Serialize};

/// What became of one question. **Unknown is never absent**: only an authoritative answer makes a
/// record [`Absent`](Self::Absent).
///
/// `T` is the data, `S` the text of reasons and response codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T, S = String> {
    /// The question was answered with data.
    Found(T),
    /// An authoritative answer says that there is nothing: NXDOMAIN, or NOERROR without the type.
    Absent {
        /// The response code, where it was kept (`NXDOMAIN` or `NOERROR`).
        rcode: Option<S>,
    },
    /// No answer this time: timeout, SERVFAIL, refused, network. Asking again may help.
    TempFail {
        /// Why, in one word where possible.
        reason: S,
    },
    /// An answer that cannot be used: malformed, or a CNAME loop. Asking again will not help.
    PermFail {
        /// Why, in one word where possible.
        reason: S,
    },
    /// The question was not put.
    NotAsked {
        /// Why not.
        reason: S,
    },
}

/// What is known of a yes-or-no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum Signal {
    /// It is there.
    Present = 0,
    /// An authoritative answer says that it is not there.
    Missing = 1,
    /// Nobody knows: not asked, or the lookup failed.
    #[default]
    Unknown = 2,
}

impl Signal {
    /// `Some(true)`, `Some(false)` or, when unknown, `None`.
    pub const fn as_option(self) -> Option<bool> {
        match self {
            Self::Present => Some(true),
            Self::Missing => Some(false),
            Self::Unknown => None,
        }
    }
}

impl From<Option<bool>> for Signal {
    fn from(value: Option<bool>) -> Self {
        match value {
            Some(true) => Self::Present,
            Some(false) => Self::Missing,
            None => Self::Unknown,
        }
    }
}

impl Serialize for Signal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_option().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Signal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<bool>::deserialize(deserializer).map(Self::from)
    }
}

impl<T, S: AsRef<str>> Outcome<T, S> {
    /// The data, if the question was answered with some.
    pub fn found(&self) -> Option<&T> {
        match self {
            Self::Found(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the question was answered, with data or with an authoritative "nothing".
    pub const fn is_answered(&self) -> bool {
        matches!(self, Self::Found(_) | Self::Absent { .. })
    }

    /// Whether an authoritative answer says that there is nothing.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent { .. })
    }

    /// Whether the name itself does not exist (NXDOMAIN), so that nothing exists below it either
    /// (RFC 8020).
    pub fn is_nxdomain(&self) -> bool {
        self.rcode().is_some_and(|rcode| rcode.eq_ignore_ascii_case("NXDOMAIN"))
    }

    /// Why there is no answer; `None` when there is one.
    pub fn why_unanswered(&self) -> Option<&str> {
        match self {
            Self::Found(_) | Self::Absent { .. } => None,
            Self::TempFail { reason } | Self::PermFail { reason } | Self::NotAsked { reason } => {
                Some(reason.as_ref())
            }
        }
    }

    /// The response code of an authoritative "nothing", where it was kept.
    pub fn rcode(&self) -> Option<&str> {
        match self {
            Self::Absent { rcode } => rcode.as_ref().map(AsRef::as_ref),
            _ => None,
        }
    }

    /// The same outcome, borrowed.
    pub fn borrowed(&self) -> Outcome<&T, &str> {
        match self {
            Self::Found(value) => Outcome::Found(value),
            Self::Absent { rcode } => Outcome::Absent { rcode: rcode.as_ref().map(AsRef::as_ref) },
            Self::TempFail { reason } => Outcome::TempFail { reason: reason.as_ref() },
            Self::PermFail { reason } => Outcome::PermFail { reason: reason.as_ref() },
            Self::NotAsked { reason } => Outcome::NotAsked { reason: reason.as_ref() },
        }
    }

    /// Which of two outcomes of the same question to believe: data over "nothing" over a failure. Of two
    /// that say "nothing", the one that claims less: the name exists. Else the first by its text, so
    /// that the order received does not matter.
    pub(super) fn is_believed_over(&self, other: &Self) -> bool {
        let weight = |outcome: &Self| (outcome.rank(), !outcome.is_nxdomain());
        weight(self)
            .cmp(&weight(other))
            .then_with(|| other.rcode().cmp(&self.rcode()))
            .then_with(|| other.why_unanswered().cmp(&self.why_unanswered()))
            .is_gt()
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Found(_) => 4,
            Self::Absent { .. } => 3,
            Self::PermFail { .. } => 2,
            Self::TempFail { .. } => 1,
            Self::NotAsked { .. } => 0,
        }
    }
}

impl<T, S> Outcome<T, S> {
    /// The same outcome with other data.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Outcome<U, S> {
        match self {
            Self::Found(value) => Outcome::Found(f(value)),
            Self::Absent { rcode } => Outcome::Absent { rcode },
            Self::TempFail { reason } => Outcome::TempFail { reason },
            Self::PermFail { reason } => Outcome::PermFail { reason },
            Self::NotAsked { reason } => Outcome::NotAsked { reason },
        }
    }
}

/// The word that stands in JSON as `state`.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StateWord {
    Found,
    Absent,
    TempFail,
    PermFail,
    NotAsked,
}

impl StateWord {
    pub(super) const fn of<T>(outcome: &Outcome<T>) -> Self {
        match outcome {
            Outcome::Found(_) => Self::Found,
            Outcome::Absent { .. } => Self::Absent,
            Outcome::TempFail { .. } => Self::TempFail,
            Outcome::PermFail { .. } => Self::PermFail,
            Outcome::NotAsked { .. } => Self::NotAsked,
        }
    }

    /// Joins the state with the data, which must be there when the state is `found`.
    pub(super) fn into_outcome<T, E: serde::de::Error>(
        self,
        rcode: Option<String>,
        reason: Option<String>,
        data: Option<T>,
        what: &'static str,
    ) -> Result<Outcome<T>, E> {
        let reason = move || reason.unwrap_or_else(|| "unstated".to_owned());
        Ok(match self {
            Self::Found => Outcome::Found(data.ok_or_else(|| E::missing_field(what))?),
            Self::Absent => Outcome::Absent { rcode },
            Self::TempFail => Outcome::TempFail { reason: reason() },
            Self::PermFail => Outcome::PermFail { reason: reason() },
            Self::NotAsked => Outcome::NotAsked { reason: reason() },
        })
    }
}
