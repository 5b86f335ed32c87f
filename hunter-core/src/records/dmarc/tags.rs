//! Every tag of a DMARC record, and what deserves a word about it.

use super::destination::{Destination, destinations};
use super::{DmarcRecord, Psd, is_dmarc};
use crate::records::finding::{Finding, finding_kinds};
use crate::records::tags::{tags, trim};
use crate::vocabulary::DmarcPolicy;

finding_kinds! {
    /// Kinds of findings about DMARC records. RFC 9989 §4.7 lets receivers use default values for
    /// whatever they cannot read; only the policy tags can take the whole record away.
    pub enum DmarcFindingKind {
        /// More than one record: receivers apply none of them (RFC 9989 §4.10).
        SeveralRecords = "dmarc_several_records", Void;
        /// Begins like DMARC, but with another version, or one in other letters (RFC 9989 §4.7).
        WrongVersion = "dmarc_wrong_version", Void;
        /// `v` does not stand first (RFC 9989 §4.7).
        VersionNotFirst = "dmarc_version_not_first", Void;
        /// No `p`, and no `rua` that would make it `p=none` (RFC 9989 §4.10.1).
        NoPolicy = "dmarc_no_policy", Void;
        /// `p`, `sp` or `np` cannot be read, and no `rua` makes it `p=none` (RFC 9989 §4.10.1).
        BadPolicy = "dmarc_bad_policy", Void;
        /// No `p`: with the `rua` that is there, receivers act as for `p=none` (RFC 9989 §4.10.1).
        PolicyTakenAsNone = "dmarc_policy_taken_as_none", Advice;
        /// `p`, `sp` or `np` cannot be read: with `rua`, receivers act as for `p=none`
        /// (RFC 9989 §4.10.1).
        BadPolicyTakenAsNone = "dmarc_bad_policy_taken_as_none", Advice;
        /// A part that is not `name=value`.
        NotATag = "dmarc_not_a_tag", Ignored;
        /// A tag stands twice; the tag list of RFC 6376 §3.2 forbids it, and receivers differ.
        RepeatedTag = "dmarc_repeated_tag", Ignored;
        /// A value that its tag does not have; receivers use the default.
        BadValue = "dmarc_bad_value", Ignored;
        /// A tag that RFC 9989 does not know.
        UnknownTag = "dmarc_unknown_tag", Ignored;
        /// `pct`, `rf` or `ri`, which RFC 9989 removed; older receivers honour them.
        RemovedTag = "dmarc_removed_tag", Advice;
        /// A destination of reports that is no URI receivers can send to.
        BadDestination = "dmarc_bad_destination", Ignored;
        /// A size limit such as `!10m` behind a destination, which RFC 9990 made obsolete.
        SizeLimit = "dmarc_size_limit", Advice;
        /// A destination stands twice.
        RepeatedDestination = "dmarc_repeated_destination", Advice;
        /// More than two destinations: receivers may send to the first two alone (RFC 7489 §6.3).
        ManyDestinations = "dmarc_many_destinations", Advice;
        /// No `rua`: nobody reports what fails.
        NoReports = "dmarc_no_reports", Advice;
        /// `fo` without `ruf` is ignored (RFC 9989 §4.7).
        FoWithoutRuf = "dmarc_fo_without_ruf", Ignored;
        /// `p` does not follow `v`, as RFC 7489 §6.4 asked; older receivers may not read it.
        PolicyNotSecond = "dmarc_policy_not_second", Advice;
        /// A blank stands in front of the record.
        LeadingBlank = "dmarc_leading_blank", Advice;
        /// `p=none`: receivers watch only.
        PolicyNone = "dmarc_policy_none", Advice;
        /// Subdomains have a weaker policy than the domain.
        WeakerBelow = "dmarc_weaker_below", Advice;
        /// `t=y`: receivers apply the policy one step weaker (RFC 9989 §4.7).
        TestMode = "dmarc_test_mode", Advice;
        /// `pct` below 100: older receivers apply the policy to a part alone.
        PartialCoverage = "dmarc_partial_coverage", Advice;
    }
}

/// One finding about a DMARC record.
pub type DmarcFinding<'a> = Finding<'a, DmarcFindingKind>;

/// How closely a domain must match that of the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Alignment {
    /// `r`: the organizational domain is enough.
    #[default]
    Relaxed,
    /// `s`: exactly.
    Strict,
}

/// When failure reports are asked for (`fo`, RFC 9989 §4.7). All are false where only the default,
/// `0`, holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct FailureOptions {
    /// `1`: when any mechanism fails.
    pub any: bool,
    /// `d`: when a DKIM signature fails.
    pub dkim: bool,
    /// `s`: when SPF fails.
    pub spf: bool,
}

/// Everything that one DMARC record says, defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DmarcTags<'a> {
    /// What receivers do; `None` where they do nothing.
    pub record: Option<DmarcRecord>,
    /// `adkim`
    pub dkim_alignment: Alignment,
    /// `aspf`
    pub spf_alignment: Alignment,
    /// `fo`
    pub failure_options: FailureOptions,
    /// `rua`: where aggregate reports go.
    pub aggregate_reports: Vec<Destination<'a>>,
    /// `ruf`: where failure reports go.
    pub failure_reports: Vec<Destination<'a>>,
    /// `ri`: seconds between aggregate reports (RFC 7489; removed by RFC 9989).
    pub report_interval: Option<u32>,
    /// `rf`: the format of failure reports (RFC 7489; removed by RFC 9989).
    pub report_format: Option<&'a str>,
    /// Tags that RFC 9989 does not know, with their values.
    pub unknown: Vec<(&'a str, &'a str)>,
}

impl<'a> DmarcTags<'a> {
    /// Reads one TXT record; `None` when it is no DMARC record at all.
    pub fn read(text: &'a str) -> Option<Self> {
        let record = DmarcRecord::read(text)?;
        let mut read = Self {
            record: record.ok(),
            dkim_alignment: Alignment::Relaxed,
            spf_alignment: Alignment::Relaxed,
            failure_options: FailureOptions::default(),
            aggregate_reports: Vec::new(),
            failure_reports: Vec::new(),
            report_interval: None,
            report_format: None,
            unknown: Vec::new(),
        };
        let mut seen = Vec::new();
        for (name, value) in tags(text).skip(1).filter(|(name, _)| !name.is_empty()) {
            let tag = Tag::of(name);
            if tag != Tag::Unknown && seen.contains(&tag) {
                continue;
            }
            seen.push(tag);
            match tag {
                Tag::Adkim => read.dkim_alignment = alignment(value).unwrap_or_default(),
                Tag::Aspf => read.spf_alignment = alignment(value).unwrap_or_default(),
                Tag::Fo => read.failure_options = failure_options(value).unwrap_or_default(),
                Tag::Rua => read.aggregate_reports = destinations(value).collect(),
                Tag::Ruf => read.failure_reports = destinations(value).collect(),
                Tag::Ri => read.report_interval = value.parse().ok(),
                Tag::Rf => read.report_format = Some(value),
                Tag::Unknown => read.unknown.push((name, value)),
                _ => {}
            }
        }
        Some(read)
    }
}

/// Everything that deserves a word about the TXT records at `_dmarc`, sorted by kind and text, so
/// that the order received does not matter.
///
/// ```
/// use hunter_core::records::dmarc::findings;
///
/// let texts = ["v=DMARC1; p=reject; fo:1; pct=50; rua=mailto:d@ornek.com!10m"];
/// let codes: Vec<_> = findings(&texts).iter().map(|f| (f.code(), f.text)).collect();
/// assert_eq!(codes, [
///     ("dmarc_not_a_tag", "fo:1"),
///     ("dmarc_removed_tag", "pct"),
///     ("dmarc_size_limit", "mailto:d@ornek.com!10m"),
///     ("dmarc_partial_coverage", "50"),
/// ]);
/// ```
pub fn findings<S: AsRef<str>>(texts: &[S]) -> Vec<DmarcFinding<'_>> {
    use DmarcFindingKind as Kind;
    let mut found = Vec::new();
    let mut records = Vec::new();
    for text in texts.iter().map(AsRef::as_ref) {
        if is_dmarc(text) {
            records.push(text);
            inspect(text, &mut found);
        } else if let Some(kind) = near_miss(text) {
            found.push(Finding::new(kind, text));
        }
    }
    if records.len() > 1 {
        found.extend(records.iter().map(|text| Finding::new(Kind::SeveralRecords, text)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A text that somebody meant as DMARC, and that no receiver takes for it.
fn near_miss(text: &str) -> Option<DmarcFindingKind> {
    let is_version = |(name, value): (&str, &str)| {
        name.eq_ignore_ascii_case("v")
            && value.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("DMARC"))
    };
    let mut list = tags(text);
    let first = list.next()?;
    if is_version(first) || text.trim_start_matches(['"', '\'', ' ']).starts_with("v=DMARC") {
        Some(DmarcFindingKind::WrongVersion)
    } else if list.any(is_version) {
        Some(DmarcFindingKind::VersionNotFirst)
    } else {
        None
    }
}

/// The tags of RFC 9989 §4.7, and those of RFC 7489 that it removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    V,
    P,
    Sp,
    Np,
    T,
    Psd,
    Adkim,
    Aspf,
    Fo,
    Rua,
    Ruf,
    Pct,
    Rf,
    Ri,
    Unknown,
}

impl Tag {
    fn of(name: &str) -> Self {
        const TAGS: [(&str, Tag); 14] = [
            ("v", Tag::V),
            ("p", Tag::P),
            ("sp", Tag::Sp),
            ("np", Tag::Np),
            ("t", Tag::T),
            ("psd", Tag::Psd),
            ("adkim", Tag::Adkim),
            ("aspf", Tag::Aspf),
            ("fo", Tag::Fo),
            ("rua", Tag::Rua),
            ("ruf", Tag::Ruf),
            ("pct", Tag::Pct),
            ("rf", Tag::Rf),
            ("ri", Tag::Ri),
        ];
        let known = TAGS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known));
        known.map_or(Self::Unknown, |(_, tag)| *tag)
    }
}

fn alignment(value: &str) -> Option<Alignment> {
    if value.eq_ignore_ascii_case("r") {
        Some(Alignment::Relaxed)
    } else if value.eq_ignore_ascii_case("s") {
        Some(Alignment::Strict)
    } else {
        None
    }
}

/// RFC 9989 allows `0`, `1`, `d`, `s` and `d` with `s`; RFC 7489 any list of them, which is read too.
fn failure_options(value: &str) -> Option<FailureOptions> {
    let mut options = FailureOptions::default();
    for option in value.split(':').map(trim) {
        match option {
            "0" => {}
            "1" => options.any = true,
            "d" | "D" => options.dkim = true,
            "s" | "S" => options.spf = true,
            _ => return None,
        }
    }
    Some(options)
}

fn is_good(tag: Tag, value: &str) -> bool {
    let one_of = |words: &[&str]| words.iter().any(|word| value.eq_ignore_ascii_case(word));
    match tag {
        Tag::P | Tag::Sp | Tag::Np => DmarcPolicy::from_word(value).is_some(),
        Tag::T => one_of(&["y", "n"]),
        Tag::Psd => Psd::from_word(value).is_some(),
        Tag::Adkim | Tag::Aspf => alignment(value).is_some(),
        Tag::Fo => failure_options(value).is_some(),
        Tag::Pct => value.parse::<u8>().is_ok_and(|percent| percent <= 100),
        Tag::Ri => value.parse::<u32>().is_ok(),
        // RFC 7489 §6.3 knows this one format; others were reserved.
        Tag::Rf => value.split(':').all(|format| trim(format).eq_ignore_ascii_case("afrf")),
        Tag::V | Tag::Rua | Tag::Ruf | Tag::Unknown => true,
    }
}

/// Every finding about one text that is a DMARC record.
fn inspect<'a>(text: &'a str, found: &mut Vec<DmarcFinding<'a>>) {
    use DmarcFindingKind as Kind;
    let mut add = |kind, text| found.push(Finding::new(kind, text));
    if text.starts_with([' ', '\t']) {
        add(Kind::LeadingBlank, text);
    }
    let mut seen: Vec<Tag> = vec![Tag::V];
    let mut bad_policies: Vec<&str> = Vec::new();
    let mut policy_text = "";
    for (position, (name, value)) in tags(text).enumerate().skip(1) {
        if name.is_empty() {
            add(Kind::NotATag, value);
            continue;
        }
        let tag = Tag::of(name);
        if tag == Tag::Unknown {
            add(Kind::UnknownTag, name);
            continue;
        }
        if seen.contains(&tag) {
            add(Kind::RepeatedTag, name);
            continue;
        }
        seen.push(tag);
        if matches!(tag, Tag::Pct | Tag::Rf | Tag::Ri) {
            add(Kind::RemovedTag, name);
        }
        let is_policy = matches!(tag, Tag::P | Tag::Sp | Tag::Np);
        if is_policy && !is_good(tag, value) {
            bad_policies.push(value);
        } else if !is_good(tag, value) {
            add(Kind::BadValue, value);
        }
        match tag {
            Tag::P => {
                policy_text = value;
                if position != 1 {
                    add(Kind::PolicyNotSecond, value);
                }
            }
            Tag::T if value.eq_ignore_ascii_case("y") => add(Kind::TestMode, value),
            Tag::Pct if value.parse::<u8>().is_ok_and(|percent| percent < 100) => {
                add(Kind::PartialCoverage, value);
            }
            Tag::Rua | Tag::Ruf => inspect_destinations(value, &mut add),
            _ => {}
        }
    }
    if !seen.contains(&Tag::Rua) {
        add(Kind::NoReports, "");
    }
    if seen.contains(&Tag::Fo) && !seen.contains(&Tag::Ruf) {
        add(Kind::FoWithoutRuf, "");
    }
    let record = DmarcRecord::read(text).and_then(Result::ok);
    let (missing, bad) = match record {
        Some(_) => (Kind::PolicyTakenAsNone, Kind::BadPolicyTakenAsNone),
        None => (Kind::NoPolicy, Kind::BadPolicy),
    };
    if !seen.contains(&Tag::P) {
        add(missing, "");
    }
    for value in &bad_policies {
        add(bad, value);
    }
    if let Some(record) = record.filter(|_| bad_policies.is_empty()) {
        if record.policy == DmarcPolicy::None && seen.contains(&Tag::P) {
            add(Kind::PolicyNone, policy_text);
        }
        let weaker = |below: Option<DmarcPolicy>| below.is_some_and(|below| below < record.policy);
        if weaker(record.subdomain_policy) || weaker(record.non_existent_policy) {
            add(Kind::WeakerBelow, policy_text);
        }
    }
}

fn inspect_destinations<'a>(value: &'a str, add: &mut impl FnMut(DmarcFindingKind, &'a str)) {
    use DmarcFindingKind as Kind;
    let mut seen: Vec<Destination<'_>> = Vec::new();
    for destination in destinations(value) {
        if !destination.is_usable() {
            add(Kind::BadDestination, destination.text);
        }
        if destination.size_limit.is_some() {
            add(Kind::SizeLimit, destination.text);
        }
        let repeats = |earlier: &Destination<'_>| earlier.uri.eq_ignore_ascii_case(destination.uri);
        if destination.is_usable() && seen.iter().any(repeats) {
            add(Kind::RepeatedDestination, destination.text);
        }
        seen.push(destination);
    }
    if seen.len() > 2 {
        add(Kind::ManyDestinations, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        findings(&[text]).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_sound_record_has_none() {
        assert_eq!(codes("v=DMARC1; p=reject; rua=mailto:d@ornek.com"), [""; 0]);
        assert_eq!(
            codes(
                "v=DMARC1;p=reject;np=reject;psd=n;adkim=s;aspf=r;fo=d:s;ruf=mailto:f@ornek.com;rua=mailto:d@ornek.com;t=n;"
            ),
            [""; 0]
        );
    }

    #[test]
    fn every_fault_of_a_record_is_found() {
        assert_eq!(
            codes(
                " v=DMARC1; rua=postmaster@ornek.com,mailto:a@b.com,mailto:A@b.com; stray; sp=bob; \
                   p=quarantine; adkim=x; p=none; foo=bar; ri=often; fo=0; t=y"
            ),
            [
                "dmarc_bad_policy_taken_as_none: `bob`",
                "dmarc_not_a_tag: `stray`",
                "dmarc_repeated_tag: `p`",
                "dmarc_bad_value: `often`",
                "dmarc_bad_value: `x`",
                "dmarc_unknown_tag: `foo`",
                "dmarc_removed_tag: `ri`",
                "dmarc_bad_destination: `postmaster@ornek.com`",
                "dmarc_repeated_destination: `mailto:A@b.com`",
                "dmarc_many_destinations: `postmaster@ornek.com,mailto:a@b.com,mailto:A@b.com`",
                "dmarc_fo_without_ruf: ``",
                "dmarc_policy_not_second: `quarantine`",
                "dmarc_leading_blank: ` v=DMARC1; rua=postmaster@ornek.com,mailto:a@b.com,mailto:A@b.com; \
                 stray; sp=bob; p=quarantine; adkim=x; p=none; foo=bar; ri=often; fo=0; t=y`",
                "dmarc_test_mode: `y`",
            ]
        );
    }

    #[test]
    fn policies_that_take_the_record_away_are_told_from_those_that_do_not() {
        assert_eq!(codes("v=DMARC1"), ["dmarc_no_policy: ``", "dmarc_no_reports: ``"]);
        assert_eq!(codes("v=DMARC1; p=bob"), ["dmarc_bad_policy: `bob`", "dmarc_no_reports: ``"]);
        assert_eq!(codes("v=DMARC1; rua=mailto:a@b.com"), ["dmarc_policy_taken_as_none: ``"]);
        assert_eq!(
            codes("v=DMARC1; p=reject; sp=none; rua=mailto:a@b.com"),
            ["dmarc_weaker_below: `reject`"]
        );
    }

    #[test]
    fn near_misses_are_told_from_other_texts() {
        for (text, code) in [
            ("v=dmarc1; p=reject", "dmarc_wrong_version"),
            ("v=DMARC10; p=reject", "dmarc_wrong_version"),
            ("v=DMARC1 p=reject", "dmarc_wrong_version"),
            ("\"v=DMARC1; p=reject\"", "dmarc_wrong_version"),
            ("p=reject; v=DMARC1", "dmarc_version_not_first"),
        ] {
            assert_eq!(findings(&[text])[0].code(), code, "{text}");
        }
        for text in ["", "v=spf1 -all", "nv=DMARC1; p=reject", "p=reject"] {
            assert_eq!(codes(text), [""; 0], "{text}");
        }
    }
}
