//! Counts by day and by week, of the last ones only.

use std::collections::BTreeMap;

use time::OffsetDateTime;

/// Days that are kept.
const DAYS: usize = 31;
/// Weeks that are kept.
const WEEKS: usize = 13;

/// Counts by the days and ISO weeks (ISO 8601) of UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<String, u64>,
    weeks: BTreeMap<String, u64>,
}

impl Calendar {
    /// One more at this moment.
    pub fn count(&mut self, now: OffsetDateTime) {
        let day = format!("{}-{:02}-{:02}", now.year(), u8::from(now.month()), now.day());
        let (year, week, _) = now.to_iso_week_date();
        *self.days.entry(day).or_default() += 1;
        *self.weeks.entry(format!("{year}-W{week:02}")).or_default() += 1;
        for (counts, most) in [(&mut self.days, DAYS), (&mut self.weeks, WEEKS)] {
            while counts.len() > most {
                counts.pop_first();
            }
        }
    }

    /// By day, such as `2026-11-24`.
    pub const fn days(&self) -> &BTreeMap<String, u64> {
        &self.days
    }

    /// By week, such as `2026-W48`.
    pub const fn weeks(&self) -> &BTreeMap<String, u64> {
        &self.weeks
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn only_the_last_days_and_weeks_are_kept() {
        let mut calendar = Calendar::default();
        let begun = datetime!(2026-12-30 23:59 UTC);
        for day in 0..400 {
            calendar.count(begun + Duration::days(day));
        }
        assert_eq!((calendar.days().len(), calendar.weeks().len()), (DAYS, WEEKS));
        assert!(calendar.days().contains_key("2028-02-02"), "{calendar:?}");
        let mut turn = Calendar::default();
        turn.count(datetime!(2027-01-01 00:00 UTC));
        // The first days of January belong to the last week of the year before (ISO 8601).
        assert_eq!(turn.weeks().keys().next().map(String::as_str), Some("2026-W53"));
    }
}
