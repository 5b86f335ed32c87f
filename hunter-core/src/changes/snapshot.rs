//! What one scan knew of a domain, as far as changes are watched.

use time::Date;

use crate::observation::Signal;
use crate::signals::DmarcSignal;
use crate::vocabulary::Segment;

/// Where a domain's mail goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum MxRoot {
    /// Nobody knows: not asked, or the lookup failed.
    #[default]
    Unknown,
    /// An authoritative answer says that no mail is taken.
    Absent,
    /// The registrable domain of the first exchanger, in lower case.
    Root(String),
}

/// What filters in front of a domain's mailboxes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Gateway {
    /// Nobody knows: not asked, the lookup failed, or a host that nobody can name takes the mail.
    #[default]
    Unknown,
    /// Whoever takes the mail is known, and is no gateway.
    Absent,
    /// The gateway, by its identifier in the fingerprint table.
    Named(String),
}

/// What one scan knew of a domain, as far as changes are watched.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Snapshot {
    /// Whether a valid SPF record is published.
    pub spf: Signal,
    /// Whether a DKIM key is published.
    pub dkim: Signal,
    /// The DMARC policy in force.
    pub dmarc: DmarcSignal,
    /// Where mail goes.
    pub mx: MxRoot,
    /// Who holds the mailboxes: the identifier in the fingerprint table, or the class where an own server
    /// does. `None` when unknown, and where no mail is taken.
    pub provider: Option<String>,
    /// What filters in front of the mailboxes.
    pub gateway: Gateway,
    /// Whether records show that a Microsoft tenant was set up.
    pub tenant: Signal,
    /// Whether a proof of ownership (`MS=`) shows that the domain was claimed in a Microsoft tenant.
    pub claim: Signal,
    /// When the registration ends; `None` when unknown.
    pub expires: Option<Date>,
    /// The readiness score. It shows in its consequences, priority and segment; alone it is no
    /// change.
    pub score: Option<u8>,
    /// The segment; `None` when unknown.
    pub segment: Option<Segment>,
    /// The priority score; `None` when unknown.
    pub priority_score: Option<u8>,
    /// The day of the scan.
    pub observed_on: Date,
}

impl Snapshot {
    /// A snapshot of which nothing is known but its day.
    pub const fn unknown(observed_on: Date) -> Self {
        Self {
            spf: Signal::Unknown,
            dkim: Signal::Unknown,
            dmarc: DmarcSignal::Unknown,
            mx: MxRoot::Unknown,
            provider: None,
            gateway: Gateway::Unknown,
            tenant: Signal::Unknown,
            claim: Signal::Unknown,
            expires: None,
            score: None,
            segment: None,
            priority_score: None,
            observed_on,
        }
    }

    /// This snapshot with what it does not know taken from an older one: what to store, so that the
    /// next comparison is with the last known state.
    ///
    /// A verdict that rests on fewer facts than the older one is not taken over it: score, segment
    /// and priority stay the older ones until every fact that was known then is known again.
    #[must_use]
    pub fn or_known_from(&self, older: &Self) -> Self {
        let verdict = if older.knows_more_than(self) { older } else { self };
        let known = |new: Signal, old: Signal| if new == Signal::Unknown { old } else { new };
        let gateway = if self.gateway == Gateway::Unknown { older } else { self };
        Self {
            spf: known(self.spf, older.spf),
            dkim: known(self.dkim, older.dkim),
            dmarc: if self.dmarc == DmarcSignal::Unknown { older.dmarc } else { self.dmarc },
            mx: if self.mx == MxRoot::Unknown { older.mx.clone() } else { self.mx.clone() },
            provider: self.provider.clone().or_else(|| older.provider.clone()),
            gateway: gateway.gateway.clone(),
            tenant: known(self.tenant, older.tenant),
            claim: known(self.claim, older.claim),
            expires: self.expires.or(older.expires),
            score: verdict.score.or(older.score),
            segment: verdict.segment.or(older.segment),
            priority_score: verdict.priority_score.or(older.priority_score),
            observed_on: self.observed_on,
        }
    }

    /// Which of SPF, DKIM, DMARC and MX are known.
    pub(super) const fn known(&self) -> [bool; 4] {
        [
            !matches!(self.spf, Signal::Unknown),
            !matches!(self.dkim, Signal::Unknown),
            !matches!(self.dmarc, DmarcSignal::Unknown),
            !matches!(self.mx, MxRoot::Unknown),
        ]
    }

    pub(super) fn knows_more_than(&self, other: &Self) -> bool {
        self.known().iter().zip(other.known()).any(|(here, there)| *here && !there)
    }
}
