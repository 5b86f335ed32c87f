//! `diff`: what changed between two scans of a domain.

use serde::{Deserialize, Serialize};

use super::{Hunter, LeadRow};
use crate::changes::{Change, changes};
use crate::error::Error;

/// Arguments of `diff`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffRequest {
    /// The lead row of the earlier scan; `null` before a first scan, which has no changes.
    #[serde(deserialize_with = "super::score::required")]
    pub before: Option<LeadRow>,
    /// The lead row of the later scan.
    pub after: LeadRow,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiffAnswer {
    /// Every change, with the alert that it raises.
    pub changes: Vec<Change>,
}

impl Hunter {
    /// What changed from one row of a domain to the next. What is unknown on either side is no change.
    ///
    /// # Errors
    /// `argument_missing` where a row lacks `scanned_at`; `argument_invalid` where the rows are of
    /// different domains.
    pub fn diff(&self, request: &DiffRequest) -> Result<DiffAnswer, Error> {
        let after = request.after.snapshot("after")?;
        let before = request.before.as_ref();
        if let (Some(one), Some(other)) =
            (before.and_then(|row| row.domain.as_ref()), &request.after.domain)
            && one != other
        {
            let problem = format!("`{other}` is not the domain before, `{one}`");
            return Err(Error::argument("argument_invalid", "after", problem));
        }
        let before = before.map(|row| row.snapshot("before")).transpose()?;
        Ok(DiffAnswer { changes: changes(before.as_ref(), &after) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_two_domains_are_refused_and_a_first_scan_has_no_changes() {
        let diff = |json| Hunter::builtin().diff(&serde_json::from_str(json).expect("a request"));
        let first = r#"{"before":null,"after":{"scanned_at":"2026-11-24T09:30:00Z","spf":true}}"#;
        assert_eq!(diff(first).expect("no fault").changes, []);
        let other = r#"{"before":{"domain":"a.com","scanned_at":"2026-11-23T09:30:00Z"},
                        "after":{"domain":"b.com","scanned_at":"2026-11-24T09:30:00Z"}}"#;
        assert_eq!(diff(other).expect_err("two domains").code(), "argument_invalid");
        let lost = r#"{"before":{"scanned_at":"2026-11-23T09:30:00Z","spf":true,"mx_root":"yandex.net"},
                       "after":{"scanned_at":"2026-11-24T09:30:00Z","spf":false}}"#;
        let found = diff(lost).expect("no fault").changes;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].kind.as_str(), found[0].after.as_str()), ("spf_changed", "missing"));
    }
}
