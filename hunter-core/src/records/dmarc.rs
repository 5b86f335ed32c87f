//! DMARC policy records (RFC 9989; `pct` as in RFC 7489).

use super::tags::{tags, trim};
use crate::vocabulary::DmarcPolicy;

/// One DMARC record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DmarcRecord {
    /// `p`: the policy as written.
    pub policy: DmarcPolicy,
    /// `sp`: the policy for subdomains, where it differs.
    pub subdomain_policy: Option<DmarcPolicy>,
    /// `t=y`: receivers apply the policy one step weaker (RFC 9989 §4.7).
    pub testing: bool,
    /// `pct`: how many percent of failing mail the policy covers. RFC 9989 removed it; older receivers
    /// still honour it.
    pub percent: Option<u8>,
}

/// Why a record that begins like DMARC is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DmarcFault {
    /// More than one record: receivers apply none of them (RFC 9989 §4.10).
    SeveralRecords,
    /// No `p` that can be read, and no `rua` that would stand in for `p=none`.
    NoPolicy,
    /// A part that is not `name=value`.
    Syntax,
}

/// What the TXT records at `_dmarc` say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DmarcReading<'a> {
    /// None of the texts is a DMARC record.
    None,
    /// One valid record, and its text.
    Valid(DmarcRecord, &'a str),
    /// Published, but no receiver will apply it.
    Invalid(DmarcFault, &'a str),
}

impl DmarcRecord {
    /// The policy that receivers apply to the domain itself.
    pub const fn in_force(&self) -> DmarcPolicy {
        self.weakened(self.policy)
    }

    /// The policy that receivers apply to subdomains without a record of their own.
    pub fn in_force_below(&self) -> DmarcPolicy {
        self.weakened(self.subdomain_policy.unwrap_or(self.policy))
    }

    const fn weakened(&self, policy: DmarcPolicy) -> DmarcPolicy {
        if self.testing { policy.one_step_weaker() } else { policy }
    }

    /// Reads one TXT record; `None` when it is no DMARC record at all.
    pub fn read(text: &str) -> Option<Result<Self, DmarcFault>> {
        let mut list = tags(text);
        // The version comes first and is compared exactly; everything else is not a DMARC record.
        if !text.trim_start_matches([' ', '\t']).starts_with('v')
            || list.next() != Some(("v", "DMARC1"))
        {
            return None;
        }
        let mut policy = None;
        let mut subdomain_policy = None;
        let mut has_reports = false;
        let mut record = Self {
            policy: DmarcPolicy::None,
            subdomain_policy: None,
            testing: false,
            percent: None,
        };
        for (name, value) in list {
            if name.is_empty() {
                return Some(Err(DmarcFault::Syntax));
            }
            if name.eq_ignore_ascii_case("p") {
                policy = policy.or_else(|| DmarcPolicy::from_word(value));
            } else if name.eq_ignore_ascii_case("sp") {
                subdomain_policy = subdomain_policy.or_else(|| DmarcPolicy::from_word(value));
            } else if name.eq_ignore_ascii_case("t") {
                record.testing = value.eq_ignore_ascii_case("y");
            } else if name.eq_ignore_ascii_case("pct") {
                record.percent = value.parse().ok().filter(|percent| *percent <= 100);
            } else if name.eq_ignore_ascii_case("rua") {
                has_reports = value.split(',').map(trim).any(is_report_address);
            }
        }
        record.subdomain_policy = subdomain_policy;
        match policy {
            Some(policy) => record.policy = policy,
            // A record without a readable policy still asks for reports: `p=none` (RFC 9989 §4.7).
            None if has_reports => {}
            None => return Some(Err(DmarcFault::NoPolicy)),
        }
        Some(Ok(record))
    }
}

fn is_report_address(uri: &str) -> bool {
    uri.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"))
        && uri[7..].contains('@')
}

impl<'a> DmarcReading<'a> {
    /// Reads every TXT record found at one name.
    pub fn read<S: AsRef<str>>(texts: &'a [S]) -> Self {
        let mut reading = Self::None;
        for text in texts.iter().map(AsRef::as_ref) {
            let Some(record) = DmarcRecord::read(text) else { continue };
            reading = match (reading, record) {
                (Self::None, Ok(record)) => Self::Valid(record, text),
                (Self::None, Err(fault)) => Self::Invalid(fault, text),
                // Quote the same record whatever the order received.
                (Self::Valid(_, other) | Self::Invalid(_, other), _) => {
                    Self::Invalid(DmarcFault::SeveralRecords, other.min(text))
                }
            };
        }
        reading
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> DmarcRecord {
        DmarcRecord::read(text).expect("a DMARC record").expect("valid")
    }

    #[test]
    fn d11_blanks_and_subdomain_policies_do_not_touch_the_policy() {
        assert_eq!(read("v=DMARC1; p = reject ; sp=none").policy, DmarcPolicy::Reject);
        assert_eq!(read("v=DMARC1;sp=none;p=reject").in_force_below(), DmarcPolicy::None);
        assert_eq!(read("v = DMARC1; P=REJECT;").policy, DmarcPolicy::Reject);
    }

    #[test]
    fn d9_test_mode_weakens_and_percent_does_not() {
        let tested = read("v=DMARC1; p=reject; t=y");
        assert_eq!(
            (tested.policy, tested.in_force()),
            (DmarcPolicy::Reject, DmarcPolicy::Quarantine)
        );
        let sampled = read("v=DMARC1; p=quarantine; pct=20");
        assert_eq!((sampled.in_force(), sampled.percent), (DmarcPolicy::Quarantine, Some(20)));
        assert_eq!(read("v=DMARC1; p=none; pct=101").percent, None);
    }

    #[test]
    fn a_record_that_only_asks_for_reports_means_none() {
        assert_eq!(read("v=DMARC1; rua=mailto:d@ornek.com").policy, DmarcPolicy::None);
        assert_eq!(read("v=DMARC1; p=monitor; rua=mailto:d@ornek.com").policy, DmarcPolicy::None);
        assert_eq!(DmarcRecord::read("v=DMARC1; p=monitor"), Some(Err(DmarcFault::NoPolicy)));
        assert_eq!(DmarcRecord::read("v=DMARC1; reject"), Some(Err(DmarcFault::Syntax)));
    }

    #[test]
    fn other_texts_are_no_records_and_two_records_are_none_in_force() {
        assert_eq!(DmarcRecord::read("v=dmarc1; p=reject"), None);
        assert_eq!(DmarcRecord::read("p=reject; v=DMARC1"), None);
        assert_eq!(DmarcRecord::read("v=DMARC10; p=reject"), None);
        let two = ["v=DMARC1; p=reject", "v=spf1 -all", "v=DMARC1; p=none"];
        let reading = DmarcReading::read(&two);
        assert_eq!(reading, DmarcReading::Invalid(DmarcFault::SeveralRecords, "v=DMARC1; p=none"));
    }
}
