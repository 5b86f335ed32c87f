//! DMARC policy records (RFC 9989; `pct`, `rf` and `ri` as in RFC 7489).
//!
//! [`DmarcReading`] and [`DmarcRecord`] are the cheap reading: what receivers do. [`DmarcTags`] reads
//! every tag, [`findings`] says what deserves a word, and [`TreeWalk`] finds the policy of a domain
//! that has none of its own.
//!
//! RFC 9989 §4.7 has receivers ignore what they cannot read and use default values: a stray part or a
//! misspelt `adkim` does not take the policy away. The version and the three policies are the
//! exceptions, as §4.7 and §4.10.1 say.

mod destination;
mod tags;
mod walk;

pub use self::tags::{
    Alignment, DmarcFinding, DmarcFindingKind, DmarcTags, FailureOptions, findings,
};
pub use destination::Destination;
pub use walk::{Discovered, FoundPolicy, PolicySource, QUERY_LIMIT, TreeWalk, WalkStep};

use super::tags::tags;
use crate::vocabulary::DmarcPolicy;

/// One DMARC record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DmarcRecord {
    /// `p`: the policy as written.
    pub policy: DmarcPolicy,
    /// `sp`: the policy for subdomains, where it differs.
    pub subdomain_policy: Option<DmarcPolicy>,
    /// `np`: the policy for subdomains that do not exist, where it differs (RFC 9989 §4.7).
    pub non_existent_policy: Option<DmarcPolicy>,
    /// `psd`: whether the domain is a public suffix (RFC 9989 §4.7).
    pub psd: Psd,
    /// `t=y`: receivers apply the policy one step weaker (RFC 9989 §4.7).
    pub testing: bool,
    /// `pct`: how many percent of failing mail the policy covers. RFC 9989 removed it; older receivers
    /// still honour it.
    pub percent: Option<u8>,
}

/// What `psd` says of the domain (RFC 9989 §4.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Psd {
    /// `y`: it is a public suffix, and the organizational domain lies one label below.
    Yes,
    /// `n`: it is the organizational domain.
    No,
    /// `u`, or not given: the tree walk decides.
    #[default]
    Default,
}

impl Psd {
    /// Reads the value of `psd`.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "y" | "Y" => Some(Self::Yes),
            "n" | "N" => Some(Self::No),
            "u" | "U" => Some(Self::Default),
            _ => None,
        }
    }
}

/// Why a record that begins like DMARC is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DmarcFault {
    /// More than one record: receivers apply none of them (RFC 9989 §4.10).
    SeveralRecords,
    /// `p` is missing, or `p`, `sp` or `np` cannot be read, and there is no `rua` that would stand in
    /// for `p=none` (RFC 9989 §4.10.1).
    NoPolicy,
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

    /// The policy that receivers apply to subdomains that do not exist.
    pub fn in_force_for_missing(&self) -> DmarcPolicy {
        let below = self.subdomain_policy.unwrap_or(self.policy);
        self.weakened(self.non_existent_policy.unwrap_or(below))
    }

    const fn weakened(&self, policy: DmarcPolicy) -> DmarcPolicy {
        if self.testing { policy.one_step_weaker() } else { policy }
    }

    /// Reads one TXT record; `None` when it is no DMARC record at all.
    ///
    /// Where a tag stands twice, the first one counts.
    pub fn read(text: &str) -> Option<Result<Self, DmarcFault>> {
        let mut list = tags(text);
        if !begins_with_v(text) || !list.next().is_some_and(is_version) {
            return None;
        }
        // Of each policy: whether it stood, and what could be read of it.
        let (mut own, mut below, mut missing) = (None, None, None);
        let mut record = Self {
            policy: DmarcPolicy::None,
            subdomain_policy: None,
            non_existent_policy: None,
            psd: Psd::Default,
            testing: false,
            percent: None,
        };
        for (name, value) in list {
            let is = |tag: &str| name.eq_ignore_ascii_case(tag);
            if is("p") {
                own = own.or_else(|| Some(DmarcPolicy::from_word(value)));
            } else if is("sp") {
                below = below.or_else(|| Some(DmarcPolicy::from_word(value)));
            } else if is("np") {
                missing = missing.or_else(|| Some(DmarcPolicy::from_word(value)));
            } else if is("t") {
                record.testing = value.eq_ignore_ascii_case("y");
            } else if is("psd") {
                record.psd = Psd::from_word(value).unwrap_or_default();
            } else if is("pct") {
                record.percent = value.parse().ok().filter(|percent| *percent <= 100);
            }
        }
        match (own, below, missing) {
            (Some(Some(policy)), None | Some(Some(_)), None | Some(Some(_))) => {
                record.policy = policy;
                record.subdomain_policy = below.flatten();
                record.non_existent_policy = missing.flatten();
            }
            // Without readable policies, a record that asks for reports means `p=none`.
            _ if asks_for_reports(text) => {}
            _ => return Some(Err(DmarcFault::NoPolicy)),
        }
        Some(Ok(record))
    }
}

/// Whether a text is a DMARC record. The version comes first; its value is compared exactly, its
/// name without case, as the grammar of RFC 9989 §4.8 has it.
pub fn is_dmarc(text: &str) -> bool {
    begins_with_v(text) && tags(text).next().is_some_and(is_version)
}

/// Tells most other texts at a glance, and a semicolon in front, which the list of tags passes over.
fn begins_with_v(text: &str) -> bool {
    text.trim_start_matches([' ', '\t']).starts_with(['v', 'V'])
}

fn is_version((name, value): (&str, &str)) -> bool {
    name.eq_ignore_ascii_case("v") && value == "DMARC1"
}

/// Whether some `rua` names a destination that receivers can send to.
fn asks_for_reports(text: &str) -> bool {
    tags(text)
        .skip(1)
        .filter(|(name, _)| name.eq_ignore_ascii_case("rua"))
        .any(|(_, list)| destination::destinations(list).any(|to| to.is_usable()))
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
        assert_eq!(DmarcRecord::read("v=DMARC1; reject"), Some(Err(DmarcFault::NoPolicy)));
    }

    #[test]
    fn a_policy_below_that_cannot_be_read_takes_the_others_away() {
        assert_eq!(
            DmarcRecord::read("v=DMARC1; p=reject; sp=bob"),
            Some(Err(DmarcFault::NoPolicy))
        );
        let watched = read("v=DMARC1; p=reject; np=bob; rua=mailto:d@ornek.com");
        assert_eq!(
            (watched.policy, watched.in_force_for_missing()),
            (DmarcPolicy::None, DmarcPolicy::None)
        );
    }

    #[test]
    fn what_cannot_be_read_elsewhere_is_ignored() {
        let record = read("V=DMARC1;p=reject;fo:0;adkim=x;;psd=maybe;p=none;=;np=none");
        assert_eq!(record.policy, DmarcPolicy::Reject);
        assert_eq!((record.in_force_for_missing(), record.psd), (DmarcPolicy::None, Psd::Default));
    }

    #[test]
    fn other_texts_are_no_records_and_two_records_are_none_in_force() {
        assert_eq!(DmarcRecord::read("v=dmarc1; p=reject"), None);
        assert_eq!(DmarcRecord::read("p=reject; v=DMARC1"), None);
        assert_eq!(DmarcRecord::read("v=DMARC10; p=reject"), None);
        assert_eq!(DmarcRecord::read(";v=DMARC1; p=reject"), None);
        let two = ["v=DMARC1; p=reject", "v=spf1 -all", "v=DMARC1; p=none"];
        let reading = DmarcReading::read(&two);
        assert_eq!(reading, DmarcReading::Invalid(DmarcFault::SeveralRecords, "v=DMARC1; p=none"));
    }
}
