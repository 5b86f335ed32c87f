//! The few facts that the score rests on, each known or unknown.

use crate::observation::Signal;
use crate::vocabulary::{DmarcPolicy, vocabulary};

/// What is known of a domain's DMARC policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DmarcSignal {
    /// Nobody knows: not asked, or the lookup failed.
    #[default]
    Unknown,
    /// An authoritative answer says that no usable record exists.
    Absent,
    /// The policy in force; under `t=y` already one step weaker than written (RFC 9989 §4.7).
    Policy(DmarcPolicy),
}

impl DmarcSignal {
    /// Whether a policy is in force, leaving aside which.
    pub const fn presence(self) -> Signal {
        match self {
            Self::Unknown => Signal::Unknown,
            Self::Absent => Signal::Missing,
            Self::Policy(_) => Signal::Present,
        }
    }

    /// The policy in force, when there is one.
    pub const fn policy(self) -> Option<DmarcPolicy> {
        match self {
            Self::Policy(policy) => Some(policy),
            Self::Unknown | Self::Absent => None,
        }
    }
}

vocabulary! {
    /// A fact that the score rests on and that can be unknown.
    pub enum UnknownSignal ("signal") {
        /// Who holds the mailboxes: only a gateway or a forwarder is visible.
        Provider = "provider",
        /// Whether a valid SPF record is published.
        Spf = "spf",
        /// Whether a DKIM key is published.
        Dkim = "dkim",
        /// Whether a DMARC record is published, and its policy.
        Dmarc = "dmarc",
    }
}

/// The signals that the score rests on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Signals {
    /// Whether a valid SPF record is published.
    pub spf: Signal,
    /// Whether a DKIM key is published under any selector tried.
    pub dkim: Signal,
    /// The DMARC policy in force.
    pub dmarc: DmarcSignal,
    /// The SPF text; also where it is not valid. `None` when there is none or it is unknown.
    pub spf_record: Option<String>,
}
