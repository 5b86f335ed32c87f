//! What holds for every two snapshots.

use proptest::prelude::*;
use time::Duration;
use time::macros::date;

use super::*;
use crate::vocabulary::Segment;

fn signals() -> impl Strategy<Value = Signal> {
    prop_oneof![Just(Signal::Present), Just(Signal::Missing), Just(Signal::Unknown)]
}

fn snapshots() -> impl Strategy<Value = Snapshot> {
    let policies =
        [DmarcPolicy::None, DmarcPolicy::Quarantine, DmarcPolicy::Reject].map(DmarcSignal::Policy);
    let dmarc = [DmarcSignal::Unknown, DmarcSignal::Absent].into_iter().chain(policies);
    let dmarc = prop::sample::select(dmarc.collect::<Vec<_>>());
    let mx = prop_oneof![
        Just(MxRoot::Unknown),
        Just(MxRoot::Absent),
        "[ab]\\.net".prop_map(MxRoot::Root)
    ];
    let day =
        |from: i64| (0..90_i64).prop_map(move |d| date!(2026 - 01 - 01) + Duration::days(from + d));
    let provider = prop::option::of("[ab]");
    let gateway =
        prop_oneof![Just(Gateway::Unknown), Just(Gateway::Absent), "[ab]".prop_map(Gateway::Named)];
    let roles = (provider, gateway, signals(), signals());
    let verdict = (
        prop::option::of(0..100_u8),
        prop::option::of(prop::sample::select(Segment::ALL)),
        prop::option::of(1..8_u8),
    );
    let records = (signals(), signals(), dmarc, mx);
    (records, roles, prop::option::of(day(20)), verdict, day(0)).prop_map(
        |(records, roles, expires, (score, segment, priority_score), observed_on)| {
            let (spf, dkim, dmarc, mx) = records;
            let (provider, gateway, tenant, claim) = roles;
            Snapshot {
                spf,
                dkim,
                dmarc,
                mx,
                provider,
                gateway,
                tenant,
                claim,
                expires,
                score,
                segment,
                priority_score,
                observed_on,
            }
        },
    )
}

/// Kinds that only tell of one direction.
const ONE_WAY: [ChangeKind; 3] =
    [ChangeKind::DmarcEnforced, ChangeKind::TenantAppeared, ChangeKind::DomainClaimed];

proptest! {
    #[test]
    fn equal_snapshots_have_no_changes(snapshot in snapshots()) {
        prop_assert_eq!(changes(Some(&snapshot), &snapshot), []);
    }

    /// Turned around, the same facts have changed; only the time-bound one and those that tell one
    /// direction do not turn.
    #[test]
    fn changes_turn_around(one in snapshots(), other in snapshots()) {
        let facts = |before: &Snapshot, after: &Snapshot, turned: bool| {
            let kept = |change: &Change| change.kind != ChangeKind::ExpireSoon
                && !ONE_WAY.contains(&change.kind);
            let mut facts: Vec<_> = changes(Some(before), after).into_iter().filter(kept).collect();
            for change in &mut facts {
                change.kind = match change.kind {
                    ChangeKind::DmarcAdded => ChangeKind::DmarcChanged,
                    ChangeKind::GatewayAdded | ChangeKind::GatewayDropped => {
                        ChangeKind::GatewayChanged
                    }
                    kind => kind,
                };
                change.alert = change.kind.alert();
                if turned {
                    let was = change.before.replace(std::mem::take(&mut change.after));
                    change.after = was.expect("known");
                }
            }
            facts
        };
        prop_assert_eq!(facts(&one, &other, false), facts(&other, &one, true));
    }

    /// What tells one direction never comes in both.
    #[test]
    fn one_way_kinds_do_not_turn(one in snapshots(), other in snapshots()) {
        let kinds = |before: &Snapshot, after: &Snapshot| -> Vec<_> {
            changes(Some(before), after).into_iter().map(|change| change.kind).collect()
        };
        let (there, back) = (kinds(&one, &other), kinds(&other, &one));
        for kind in ONE_WAY {
            prop_assert!(!(there.contains(&kind) && back.contains(&kind)), "{}", kind);
        }
    }

    /// A fact that turns unknown takes its own changes with it, comes back without one, and leaves
    /// the others as they were.
    #[test]
    fn what_is_unknown_is_no_change(one in snapshots(), other in snapshots(), hidden in 0..4_usize) {
        let hide = |snapshot: &Snapshot| {
            let mut snapshot = snapshot.clone();
            match hidden {
                0 => snapshot.provider = None,
                1 => snapshot.gateway = Gateway::Unknown,
                2 => snapshot.tenant = Signal::Unknown,
                _ => snapshot.claim = Signal::Unknown,
            }
            snapshot
        };
        let own: &[ChangeKind] = match hidden {
            0 => &[ChangeKind::ProviderMoved],
            1 => &[ChangeKind::GatewayAdded, ChangeKind::GatewayDropped, ChangeKind::GatewayChanged],
            2 => &[ChangeKind::TenantAppeared],
            _ => &[ChangeKind::DomainClaimed],
        };
        let mut expected = changes(Some(&one), &other);
        expected.retain(|change| !own.contains(&change.kind));
        prop_assert_eq!(&changes(Some(&one), &hide(&other)), &expected);
        prop_assert_eq!(&changes(Some(&hide(&one)), &other), &expected);
    }

    /// What was carried over an unknown is compared as if it had been seen.
    #[test]
    fn nothing_is_lost_over_an_unknown(first in snapshots(), third in snapshots()) {
        let silent = Snapshot::unknown(first.observed_on);
        let stored = silent.or_known_from(&first);
        prop_assert_eq!(changes(Some(&stored), &third), changes(Some(&first), &third));
    }

    #[test]
    fn carrying_over_twice_changes_nothing(older in snapshots(), newer in snapshots()) {
        let carried = newer.or_known_from(&older);
        prop_assert_eq!(carried.or_known_from(&older), carried.clone());
        prop_assert!(!older.knows_more_than(&carried) && !newer.knows_more_than(&carried));
    }
}
