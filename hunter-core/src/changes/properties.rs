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
    let verdict = (
        prop::option::of(0..100_u8),
        prop::option::of(prop::sample::select(Segment::ALL)),
        prop::option::of(1..8_u8),
    );
    (signals(), signals(), dmarc, mx, prop::option::of(day(20)), verdict, day(0)).prop_map(
        |(spf, dkim, dmarc, mx, expires, (score, segment, priority_score), observed_on)| Snapshot {
            spf,
            dkim,
            dmarc,
            mx,
            expires,
            score,
            segment,
            priority_score,
            observed_on,
        },
    )
}

proptest! {
    #[test]
    fn equal_snapshots_have_no_changes(snapshot in snapshots()) {
        prop_assert_eq!(changes(Some(&snapshot), &snapshot), []);
    }

    /// Turned around, the same facts have changed; only the time-bound one does not turn.
    #[test]
    fn changes_turn_around(one in snapshots(), other in snapshots()) {
        let facts = |before: &Snapshot, after: &Snapshot, turned: bool| {
            let kept = |change: &Change| change.kind != ChangeKind::ExpireSoon;
            let mut facts: Vec<_> = changes(Some(before), after).into_iter().filter(kept).collect();
            for change in &mut facts {
                if change.kind == ChangeKind::DmarcAdded {
                    change.kind = ChangeKind::DmarcChanged;
                }
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

    #[test]
    fn carrying_over_twice_changes_nothing(older in snapshots(), newer in snapshots()) {
        let carried = newer.or_known_from(&older);
        prop_assert_eq!(carried.or_known_from(&older), carried.clone());
        prop_assert!(!older.knows_more_than(&carried) && !newer.knows_more_than(&carried));
    }
}
