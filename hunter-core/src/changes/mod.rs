//! What changed between two scans of a domain, and which changes deserve an alert.
//!
//! Unknown is no news: a fact that is unknown before or after is not compared. To lose nothing
//! over a scan that failed in part, store [`Snapshot::or_known_from`] and compare with that.
//!
//! Both snapshots should rest on the same rule set, fingerprint table and confidence model. After an
//! update, assess the stored observation of the earlier scan again and take its snapshot from that:
//! otherwise the difference between the tables would show as a change of the domain.
//!
//! What each kind means to a salesperson stands with [`ChangeKind`].
//!
//! ```
//! use hunter_core::changes::{AlertKind, ChangeKind, MxRoot, Snapshot, changes};
//! use hunter_core::observation::Signal;
//! use time::macros::date;
//!
//! let mut monday = Snapshot::unknown(date!(2026-11-23));
//! monday.mx = MxRoot::Root("yandex.net".to_owned());
//! monday.spf = Signal::Present;
//! let mut tuesday = Snapshot::unknown(date!(2026-11-24));
//! tuesday.mx = MxRoot::Root("outlook.com".to_owned());
//!
//! let seen = changes(Some(&monday), &tuesday);
//! assert_eq!(seen.len(), 1, "that SPF timed out is no change");
//! assert_eq!(seen[0].kind, ChangeKind::MxChanged);
//! assert_eq!(seen[0].alert, Some(AlertKind::MxChanged));
//! assert_eq!(tuesday.or_known_from(&monday).spf, Signal::Present);
//! ```

mod from_assessment;
mod kinds;
mod snapshot;

use std::fmt;

use serde::Serialize;
use time::Date;

pub use self::kinds::{AlertKind, ChangeKind};
pub use self::snapshot::{Gateway, MxRoot, Snapshot};
use crate::observation::Signal;
use crate::signals::DmarcSignal;
use crate::vocabulary::DmarcPolicy;

/// A registration ends soon when fewer days than this are left.
const SOON_DAYS: i64 = 30;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What changed.
    pub kind: ChangeKind,
    /// The value before, `missing` where there was nothing; `None` when it was not known, which
    /// only the end of a registration can be.
    pub before: Option<String>,
    /// The value after, `missing` where there is nothing now.
    pub after: String,
    /// The alert that the change raises.
    pub alert: Option<AlertKind>,
}

impl Change {
    fn new(kind: ChangeKind, before: impl Into<Option<String>>, after: String) -> Self {
        Self { kind, before: before.into(), after, alert: kind.alert() }
    }
}

/// What changed from one snapshot to the next, in the order of [`ChangeKind::ALL`]. A first scan
/// has no changes.
///
/// * A fact that is unknown on either side is not compared.
/// * Priority and segment are compared only when both snapshots know the same of SPF, DKIM, DMARC
///   and MX: a verdict that moved because a lookup failed is no change.
/// * `expire_soon` comes once, when the registration enters its last 30 days between the two
///   scans, and not after its end. Where a lookup failed, the date known on the other side counts:
///   time passes all the same.
pub fn changes(before: Option<&Snapshot>, after: &Snapshot) -> Vec<Change> {
    let Some(before) = before else { return Vec::new() };
    let mut found = Vec::new();
    for (kind, before, after) in [
        (ChangeKind::SpfChanged, before.spf, after.spf),
        (ChangeKind::DkimChanged, before.dkim, after.dkim),
    ] {
        found.extend(difference(kind, signal_word(before), signal_word(after)));
    }
    let dmarc_kind = if is_enforced(after.dmarc) && !is_enforced(before.dmarc) {
        ChangeKind::DmarcAdded
    } else {
        ChangeKind::DmarcChanged
    };
    found.extend(difference(dmarc_kind, dmarc_word(before.dmarc), dmarc_word(after.dmarc)));
    found.extend(difference(ChangeKind::MxChanged, mx_word(&before.mx), mx_word(&after.mx)));
    found.extend(expiry(before, after));
    if before.known() == after.known() {
        let priorities = (before.priority_score, after.priority_score);
        found.extend(difference(ChangeKind::PriorityScoreChanged, priorities.0, priorities.1));
        found.extend(difference(ChangeKind::SegmentChanged, before.segment, after.segment));
    }
    let providers = (before.provider.as_deref(), after.provider.as_deref());
    found.extend(difference(ChangeKind::ProviderMoved, providers.0, providers.1));
    found.extend(gateway(&before.gateway, &after.gateway));
    let reject = DmarcSignal::Policy(DmarcPolicy::Reject);
    if after.dmarc == reject {
        let words = (dmarc_word(before.dmarc), dmarc_word(after.dmarc));
        found.extend(difference(ChangeKind::DmarcEnforced, words.0, words.1));
    }
    for (kind, before, after) in [
        (ChangeKind::TenantAppeared, before.tenant, after.tenant),
        (ChangeKind::DomainClaimed, before.claim, after.claim),
    ] {
        if after == Signal::Present {
            found.extend(difference(kind, signal_word(before), signal_word(after)));
        }
    }
    found
}

/// A gateway that came, went or gave way to another.
fn gateway(before: &Gateway, after: &Gateway) -> Option<Change> {
    let kind = match (before, after) {
        (Gateway::Absent, Gateway::Named(_)) => ChangeKind::GatewayAdded,
        (Gateway::Named(_), Gateway::Absent) => ChangeKind::GatewayDropped,
        _ => ChangeKind::GatewayChanged,
    };
    difference(kind, gateway_word(before), gateway_word(after))
}

/// A change where both values are known and differ.
fn difference<T: PartialEq + fmt::Display>(
    kind: ChangeKind,
    before: Option<T>,
    after: Option<T>,
) -> Option<Change> {
    let (before, after) = (before?, after?);
    (before != after).then(|| Change::new(kind, before.to_string(), after.to_string()))
}

fn expiry(before: &Snapshot, after: &Snapshot) -> Option<Change> {
    let now = after.expires.or(before.expires)?;
    let then = before.expires.unwrap_or(now);
    let is_soon = |date: Date, on: Date| (0..SOON_DAYS).contains(&(date - on).whole_days());
    (is_soon(now, after.observed_on) && !is_soon(then, before.observed_on)).then(|| {
        Change::new(ChangeKind::ExpireSoon, before.expires.map(|d| d.to_string()), now.to_string())
    })
}

fn signal_word(signal: Signal) -> Option<&'static str> {
    signal.as_option().map(|present| if present { "present" } else { "missing" })
}

fn dmarc_word(dmarc: DmarcSignal) -> Option<&'static str> {
    match dmarc {
        DmarcSignal::Unknown => None,
        DmarcSignal::Absent => Some("missing"),
        DmarcSignal::Policy(policy) => Some(policy.as_str()),
    }
}

fn is_enforced(dmarc: DmarcSignal) -> bool {
    dmarc.policy().is_some_and(|policy| policy != DmarcPolicy::None)
}

fn gateway_word(gateway: &Gateway) -> Option<&str> {
    match gateway {
        Gateway::Unknown => None,
        Gateway::Absent => Some("missing"),
        Gateway::Named(id) => Some(id),
    }
}

fn mx_word(mx: &MxRoot) -> Option<&str> {
    match mx {
        MxRoot::Unknown => None,
        MxRoot::Absent => Some("missing"),
        MxRoot::Root(root) => Some(root),
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
