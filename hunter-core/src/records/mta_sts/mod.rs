//! MTA-STS (RFC 8461): the record that announces a policy, and the policy itself.

mod policy;

pub use policy::{Mode, MxPattern, StsPolicy, StsPolicyFinding, StsPolicyFindingKind};

use super::finding::{Finding, finding_kinds};
use super::single::{Single, begins_like};

/// Longest identifier (RFC 8461 §3.1).
const ID_OCTETS: usize = 32;

finding_kinds! {
    /// Kinds of findings about the TXT records at `_mta-sts`. Senders who cannot read the record act
    /// as if there were no policy (RFC 8461 §3.1).
    pub enum StsFindingKind {
        /// More than one record.
        SeveralRecords = "sts_several_records", Void;
        /// Begins like MTA-STS, but not exactly with `v=STSv1;`.
        WrongVersion = "sts_wrong_version", Void;
        /// A part that is not `name=value` without blanks inside.
        NotATag = "sts_not_a_tag", Void;
        /// No `id`.
        NoId = "sts_no_id", Void;
        /// An `id` that is not 1 to 32 letters and digits.
        BadId = "sts_bad_id", Void;
        /// A tag stands twice.
        RepeatedTag = "sts_repeated_tag", Void;
        /// A tag that RFC 8461 does not know; senders ignore it.
        UnknownTag = "sts_unknown_tag", Ignored;
    }
}

/// One finding about the TXT records at `_mta-sts`.
pub type StsFinding<'a> = Finding<'a, StsFindingKind>;

const SINGLE: Single<StsFindingKind> = Single {
    is_record: is_sts,
    is_near_miss: |text| begins_like(text, "v=STS"),
    several: StsFindingKind::SeveralRecords,
    near_miss: StsFindingKind::WrongVersion,
};

/// Whether a text is an MTA-STS record: it begins with `v=STSv1;`, exactly (RFC 8461 §3.1).
pub fn is_sts(text: &str) -> bool {
    text.strip_prefix("v=STSv1").is_some_and(|rest| trim(rest).starts_with(';'))
}

/// The identifier of the policy, where senders find one: exactly one record, and a valid one. A new
/// identifier tells senders to fetch the policy again.
///
/// ```
/// use hunter_core::records::mta_sts::policy_id;
///
/// assert_eq!(policy_id(&["v=STSv1; id=20261124T093000;"]), Some("20261124T093000"));
/// assert_eq!(policy_id(&["v=STSv1; id=a", "v=STSv1; id=b"]), None);
/// ```
pub fn policy_id<S: AsRef<str>>(texts: &[S]) -> Option<&str> {
    let record = SINGLE.only(texts)?;
    let mut found = Vec::new();
    let id = inspect(record, &mut found);
    id.filter(|_| super::is_usable(&found))
}

/// Everything that deserves a word about the TXT records at `_mta-sts`, sorted, so that the order
/// received does not matter.
pub fn findings<S: AsRef<str>>(texts: &[S]) -> Vec<StsFinding<'_>> {
    SINGLE.findings(texts, |text, found| {
        inspect(text, found);
    })
}

/// Every finding about one text for which [`is_sts`] holds; gives its identifier.
fn inspect<'a>(text: &'a str, found: &mut Vec<StsFinding<'a>>) -> Option<&'a str> {
    use StsFindingKind as Kind;
    let mut add = |kind, text| found.push(Finding::new(kind, text));
    let mut id = None;
    let mut names: Vec<&str> = Vec::new();
    for part in text.split(';').skip(1).map(trim).filter(|part| !part.is_empty()) {
        let Some((name, value)) =
            part.split_once('=').filter(|(name, value)| is_field(name, value))
        else {
            add(Kind::NotATag, part);
            continue;
        };
        if names.contains(&name) {
            add(Kind::RepeatedTag, part);
        } else if name == "id" {
            id = Some(value);
            let fits = value.len() <= ID_OCTETS && value.bytes().all(|b| b.is_ascii_alphanumeric());
            if !fits {
                add(Kind::BadId, value);
            }
        } else {
            add(Kind::UnknownTag, name);
        }
        names.push(name);
    }
    if id.is_none() {
        add(Kind::NoId, "");
    }
    id
}

/// `name=value` of the extension grammar (RFC 8461 §3.1), which `id` follows too.
fn is_field(name: &str, value: &str) -> bool {
    let first = name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let is_value = |b: u8| b.is_ascii_graphic() && b != b'=' && b != b';';
    first
        && name.len() <= 32
        && name.bytes().all(is_name)
        && !value.is_empty()
        && value.bytes().all(is_value)
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(texts: &[&str]) -> Vec<String> {
        findings(texts).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_sound_record_has_none() {
        assert_eq!(codes(&["v=STSv1; id=20160831085700Z;", "x"]), [""; 0]);
        assert_eq!(codes(&["v=STSv1 ; id=a ; x.y=z"]), ["sts_unknown_tag: `x.y`"]);
    }

    #[test]
    fn every_fault_of_a_record_is_found() {
        assert_eq!(
            codes(&["v=STSv1; id=a-b; id=c; stray; x = y"]),
            [
                "sts_not_a_tag: `stray`",
                "sts_not_a_tag: `x = y`",
                "sts_bad_id: `a-b`",
                "sts_repeated_tag: `id=c`",
            ]
        );
        assert_eq!(codes(&["v=STSv1;"]), ["sts_no_id: ``"]);
        for text in
            ["v=STSv1", "v=STSv2; id=a", " v=STSv1; id=a", "V=STSv1; id=a", "v = STSv1; id=a"]
        {
            assert_eq!(findings(&[text])[0].code(), "sts_wrong_version", "{text}");
            assert_eq!(policy_id(&[text]), None);
        }
    }
}
