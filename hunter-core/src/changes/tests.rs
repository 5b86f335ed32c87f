//! Each kind of change, and what is none.

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
        provider: Some("yandex-360".to_owned()),
        gateway: Gateway::Absent,
        tenant: Signal::Missing,
        claim: Signal::Missing,
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
        let seen = changes(Some(&was), &is);
        // That the policy reached `reject` is told beside it.
        let kinds: Vec<_> = seen
            .iter()
            .map(|change| change.kind)
            .filter(|kind| *kind != ChangeKind::DmarcEnforced)
            .map(ChangeKind::as_str)
            .collect();
        assert_eq!(kinds, Vec::from_iter(expected), "{before:?} to {after:?}");
    }
}

#[test]
fn dmarc_is_enforced_when_it_reaches_reject() {
    use DmarcPolicy::{None, Quarantine, Reject};
    use DmarcSignal::{Absent, Policy, Unknown};
    for (before, after, expected) in [
        (Absent, Policy(Reject), Some("missing")),
        (Policy(None), Policy(Reject), Some("none")),
        (Policy(Quarantine), Policy(Reject), Some("quarantine")),
        (Policy(Reject), Policy(Reject), Option::None),
        (Absent, Policy(Quarantine), Option::None),
        (Policy(Reject), Policy(Quarantine), Option::None),
        (Unknown, Policy(Reject), Option::None),
        (Policy(Quarantine), Unknown, Option::None),
    ] {
        let was = Snapshot { dmarc: before, ..snapshot() };
        let is = Snapshot { dmarc: after, ..snapshot() };
        let seen = changes(Some(&was), &is);
        let enforced = seen.iter().find(|change| change.kind == ChangeKind::DmarcEnforced);
        assert_eq!(enforced.and_then(|c| c.before.as_deref()), expected, "{before:?} to {after:?}");
        assert_eq!(enforced.and_then(|change| change.alert), Option::None);
    }
}

#[test]
fn roles_are_watched_one_by_one() {
    assert_eq!(
        after(|s| s.provider = Some("microsoft-365".to_owned())),
        ["provider_moved: yandex-360 -> microsoft-365 [provider_moved]"]
    );
    let named = |id: &str| Gateway::Named(id.to_owned());
    assert_eq!(
        after(|s| s.gateway = named("mimecast")),
        ["gateway_added: missing -> mimecast [-]"]
    );
    let behind = |id| Snapshot { gateway: named(id), ..snapshot() };
    assert_eq!(
        shown(&behind("mimecast"), &snapshot()),
        ["gateway_dropped: mimecast -> missing [-]"]
    );
    assert_eq!(
        shown(&behind("mimecast"), &behind("barracuda")),
        ["gateway_changed: mimecast -> barracuda [-]"]
    );
    assert_eq!(
        after(|s| s.tenant = Signal::Present),
        ["tenant_appeared: missing -> present [tenant_appeared]"]
    );
    assert_eq!(
        after(|s| s.claim = Signal::Present),
        ["domain_claimed: missing -> present [domain_claimed]"]
    );
    // A token that was cleared away, or a tenant whose records went, is no occasion.
    let full = Snapshot { tenant: Signal::Present, claim: Signal::Present, ..snapshot() };
    assert_eq!(shown(&full, &snapshot()), [""; 0]);
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
            "provider_moved",
            "gateway_added",
            "gateway_dropped",
            "gateway_changed",
            "dmarc_enforced",
            "tenant_appeared",
            "domain_claimed",
        ]
    );
    let alerts: Vec<_> = AlertKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(
        alerts,
        [
            "mx_changed",
            "dmarc_added",
            "expire_soon",
            "score_changed",
            "provider_moved",
            "tenant_appeared",
            "domain_claimed",
        ]
    );
    let change = Change::new(ChangeKind::MxChanged, "a.net".to_owned(), "missing".to_owned());
    assert_eq!(
        serde_json::to_string(&change).expect("plain data"),
        r#"{"kind":"mx_changed","before":"a.net","after":"missing","alert":"mx_changed"}"#
    );
}
