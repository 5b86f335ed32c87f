//! What changed between two scans of a domain, and which changes deserve an alert.
//!
//! Unknown is no news: a fact that is unknown before or after is not compared. To lose nothing
//! over a scan that failed in part, store [`Snapshot::or_known_from`] and compare with that.
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

mod snapshot;

use std::fmt;

use serde::Serialize;
use time::Date;

pub use self::snapshot::{MxRoot, Snapshot};
use crate::observation::Signal;
use crate::signals::DmarcSignal;
use crate::vocabulary::{DmarcPolicy, vocabulary};

/// A registration ends soon when fewer days than this are left.
const SOON_DAYS: i64 = 30;

vocabulary! {
    /// What changed.
    pub enum ChangeKind ("kind of change") {
        /// An SPF record came or went.
        SpfChanged = "spf_changed",
        /// A DKIM key came or went.
        DkimChanged = "dkim_changed",
        /// DMARC went from no record, or a policy of `none`, to an enforcing policy.
        DmarcAdded = "dmarc_added",
        /// The DMARC policy changed in any other way.
        DmarcChanged = "dmarc_changed",
        /// Mail goes elsewhere, starts or stops.
        MxChanged = "mx_changed",
        /// Fewer than 30 days are left until the registration ends, for the first time.
        ExpireSoon = "expire_soon",
        /// The priority score changed.
        PriorityScoreChanged = "priority_score_changed",
        /// The segment changed.
        SegmentChanged = "segment_changed",
    }
}

vocabulary! {
    /// What a salesperson is alerted of.
    pub enum AlertKind ("kind of alert") {
        /// Mail goes elsewhere, starts or stops.
        MxChanged = "mx_changed",
        /// DMARC is enforced now.
        DmarcAdded = "dmarc_added",
        /// The registration ends soon.
        ExpireSoon = "expire_soon",
        /// The priority score or the segment changed.
        ScoreChanged = "score_changed",
    }
}

impl ChangeKind {
    /// The alert that a change of this kind raises.
    pub const fn alert(self) -> Option<AlertKind> {
        match self {
            Self::MxChanged => Some(AlertKind::MxChanged),
            Self::DmarcAdded => Some(AlertKind::DmarcAdded),
            Self::ExpireSoon => Some(AlertKind::ExpireSoon),
            Self::PriorityScoreChanged | Self::SegmentChanged => Some(AlertKind::ScoreChanged),
            Self::SpfChanged | Self::DkimChanged | Self::DmarcChanged => None,
        }
    }
}

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
    found
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
mod tests {
    use time::Duration;
    use time::macros::date;

    use super::*;
    use crate::vocabulary::Segment;

    fn snapshot() -> Snapshot {
        Snapshot {
            spf: Signal::Present,
            dkim: Signal::Missing,
            dmarc: DmarcSignal::Absent,
            mx: MxRoot::Root("yandex.net".to_owned()),
            expires: Some(date!(2027 - 06 - 01)),
            score: Some(60),
            segment: Some(Segment::Migration),
            priority_score: Some(3),
            observed_on: date!(2026 - 11 - 24),
        }
    }

    /// The changes after `edit`, as `kind: before -> after [alert]`.
    fn after(edit: impl Fn(&mut Snapshot)) -> Vec<String> {
        let mut after = snapshot();
        edit(&mut after);
        shown(&snapshot(), &after)
    }

    fn shown(before: &Snapshot, after: &Snapshot) -> Vec<String> {
        let show = |c: &Change| {
            let alert = c.alert.map_or("-", AlertKind::as_str);
            format!("{}: {} -> {} [{alert}]", c.kind, c.before.as_deref().unwrap_or("?"), c.after)
        };
        changes(Some(before), after).iter().map(show).collect()
    }

    #[test]
    fn a_first_scan_has_no_changes() {
        assert_eq!(changes(None, &snapshot()), []);
    }

    #[test]
    fn each_kind_with_its_alert() {
        assert_eq!(after(|s| s.spf = Signal::Missing), ["spf_changed: present -> missing [-]"]);
        assert_eq!(after(|s| s.dkim = Signal::Present), ["dkim_changed: missing -> present [-]"]);
        assert_eq!(
            after(|s| s.mx = MxRoot::Root("outlook.com".to_owned())),
            ["mx_changed: yandex.net -> outlook.com [mx_changed]"]
        );
        assert_eq!(
            after(|s| s.mx = MxRoot::Absent),
            ["mx_changed: yandex.net -> missing [mx_changed]"]
        );
        assert_eq!(
            after(|s| s.expires = Some(date!(2026 - 12 - 01))),
            ["expire_soon: 2027-06-01 -> 2026-12-01 [expire_soon]"]
        );
        assert_eq!(
            after(|s| s.priority_score = Some(1)),
            ["priority_score_changed: 3 -> 1 [score_changed]"]
        );
        assert_eq!(
            after(|s| s.segment = Some(Segment::Existing)),
            ["segment_changed: Migration -> Existing [score_changed]"]
        );
        assert_eq!(after(|s| s.score = Some(61)), [""; 0]);
    }

    #[test]
    fn dmarc_is_added_only_when_it_begins_to_be_enforced() {
        use DmarcPolicy::{None, Quarantine, Reject};
        use DmarcSignal::{Absent, Policy, Unknown};
        for (before, after, expected) in [
            (Absent, Policy(Reject), Some("dmarc_added")),
            (Absent, Policy(Quarantine), Some("dmarc_added")),
            (Policy(None), Policy(Reject), Some("dmarc_added")),
            (Policy(None), Policy(Quarantine), Some("dmarc_added")),
            (Absent, Policy(None), Some("dmarc_changed")),
            (Policy(None), Absent, Some("dmarc_changed")),
            (Policy(Quarantine), Policy(Reject), Some("dmarc_changed")),
            (Policy(Reject), Policy(None), Some("dmarc_changed")),
            (Policy(Reject), Absent, Some("dmarc_changed")),
            (Absent, Absent, Option::None),
            (Unknown, Policy(Reject), Option::None),
            (Policy(Reject), Unknown, Option::None),
            (Unknown, Unknown, Option::None),
        ] {
            let was = Snapshot { dmarc: before, ..snapshot() };
            let is = Snapshot { dmarc: after, ..snapshot() };
            let kinds: Vec<_> = changes(Some(&was), &is).iter().map(|c| c.kind.as_str()).collect();
            assert_eq!(kinds, Vec::from_iter(expected), "{before:?} to {after:?}");
        }
    }

    #[test]
    fn what_turns_unknown_is_no_change_and_neither_is_its_return() {
        let nothing = Snapshot::unknown(snapshot().observed_on);
        assert_eq!(shown(&snapshot(), &nothing), [""; 0]);
        assert_eq!(shown(&nothing, &snapshot()), [""; 0]);
        assert_eq!(after(|s| s.segment = None), [""; 0]);
        assert_eq!(after(|s| s.priority_score = None), [""; 0]);
    }

    #[test]
    fn a_verdict_that_fell_with_a_failed_lookup_is_no_change() {
        let fell = |s: &mut Snapshot| {
            s.dmarc = DmarcSignal::Unknown;
            s.segment = Some(Segment::Cold);
            s.priority_score = Some(5);
        };
        assert_eq!(after(fell), [""; 0]);
        // What is certain is still reported.
        let moved = |s: &mut Snapshot| {
            fell(s);
            s.mx = MxRoot::Absent;
        };
        assert_eq!(after(moved), ["mx_changed: yandex.net -> missing [mx_changed]"]);
    }

    #[test]
    fn nothing_is_lost_over_a_scan_that_failed_in_part() {
        let first = snapshot();
        let mut failed = Snapshot::unknown(date!(2026 - 11 - 25));
        failed.spf = Signal::Missing;
        failed.segment = Some(Segment::Skip);
        assert_eq!(shown(&first, &failed), ["spf_changed: present -> missing [-]"]);
        let stored = failed.or_known_from(&first);
        assert_eq!(stored.observed_on, failed.observed_on);
        assert_eq!((stored.score, stored.segment), (first.score, first.segment));

        let third = Snapshot {
            spf: Signal::Missing,
            mx: MxRoot::Root("outlook.com".to_owned()),
            segment: Some(Segment::Existing),
            observed_on: date!(2026 - 11 - 26),
            ..first
        };
        assert_eq!(
            shown(&stored, &third),
            [
                "mx_changed: yandex.net -> outlook.com [mx_changed]",
                "segment_changed: Migration -> Existing [score_changed]",
            ]
        );
        assert_eq!(third.or_known_from(&stored), third);
    }

    #[test]
    fn expire_soon_comes_once_on_entering_the_window() {
        let end = date!(2027 - 01 - 31);
        let at = |days_left: i64, expires: Option<Date>| Snapshot {
            expires,
            observed_on: end - Duration::days(days_left),
            ..snapshot()
        };
        let fires = |before: (i64, Option<Date>), after: (i64, Option<Date>)| {
            !changes(Some(&at(before.0, before.1)), &at(after.0, after.1)).is_empty()
        };
        let known = Some(end);
        assert!(fires((31, known), (29, known)));
        assert!(fires((30, known), (29, known)));
        assert!(!fires((31, known), (30, known)), "30 days are not fewer than 30");
        assert!(!fires((29, known), (28, known)), "already inside");
        assert!(fires((40, known), (0, known)), "the last day counts");
        assert!(!fires((40, known), (-1, known)), "past");
        assert!(!fires((1, known), (-1, known)), "past");
        // The date was corrected or the registration renewed.
        assert!(fires((20, Some(end + Duration::days(365))), (19, known)));
        assert!(!fires((29, known), (28, Some(end + Duration::days(365)))));
        assert!(fires((20, Some(end - Duration::days(365))), (19, known)), "out of the past");
        // A lookup failed on one side.
        assert!(fires((35, known), (25, None)), "time passes all the same");
        assert!(fires((35, None), (25, known)));
        assert!(!fires((25, None), (20, known)), "it was inside then, as we know now");
        assert!(!fires((35, None), (25, None)));
    }

    #[test]
    fn every_word_is_frozen() {
        let words: Vec<_> = ChangeKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(
            words,
            [
                "spf_changed",
                "dkim_changed",
                "dmarc_added",
                "dmarc_changed",
                "mx_changed",
                "expire_soon",
                "priority_score_changed",
                "segment_changed",
            ]
        );
        let change = Change::new(ChangeKind::MxChanged, "a.net".to_owned(), "missing".to_owned());
        assert_eq!(
            serde_json::to_string(&change).expect("plain data"),
            r#"{"kind":"mx_changed","before":"a.net","after":"missing","alert":"mx_changed"}"#
        );
    }
}
