//! BIMI assertion records (draft-brand-indicators-for-message-identification §4.2): a logo for mail
//! clients. Published at `default._bimi`, or under another selector.

use super::finding::{Finding, finding_kinds};
use super::single::Single;
use super::tags::{tags, trim};
use super::uri::is_https;

finding_kinds! {
    /// Kinds of findings about BIMI records.
    pub enum BimiFindingKind {
        /// More than one record.
        SeveralRecords = "bimi_several_records", Void;
        /// Begins like BIMI, but with another version, or one in other letters.
        WrongVersion = "bimi_wrong_version", Void;
        /// A part that is not `name=value`.
        NotATag = "bimi_not_a_tag", Void;
        /// A tag stands twice (RFC 6376 §3.2, whose lists BIMI uses).
        RepeatedTag = "bimi_repeated_tag", Void;
        /// `l` or `a` is no `https:` URI.
        BadUri = "bimi_bad_uri", Void;
        /// Neither a logo nor evidence, and not the form that declines both.
        NoLogo = "bimi_no_logo", Advice;
        /// An empty `l` and no evidence: the domain declines to publish a logo.
        Declined = "bimi_declined", Advice;
        /// A logo without evidence (`a`): most mail clients show none.
        NoEvidence = "bimi_no_evidence", Advice;
        /// `avp` is neither `brand` nor `personal`.
        BadAvatarPreference = "bimi_bad_avatar_preference", Void;
        /// A local-part selector in `lps` with other characters than letters, digits and hyphens.
        BadLocalPartSelector = "bimi_bad_local_part_selector", Void;
        /// A tag that the draft does not know; readers ignore it.
        UnknownTag = "bimi_unknown_tag", Ignored;
        /// The logo is no SVG by its name.
        NotSvg = "bimi_not_svg", Advice;
    }
}

/// One finding about a BIMI record.
pub type BimiFinding<'a> = Finding<'a, BimiFindingKind>;

/// What a BIMI record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BimiRecord<'a> {
    /// `l`: where the logo is; `None` where empty or not given.
    pub logo: Option<&'a str>,
    /// `a`: where the mark certificate is; `None` where empty or not given.
    pub evidence: Option<&'a str>,
    /// `avp`: whether the mark of the brand or the picture of the person is preferred.
    pub avatar_preference: Option<&'a str>,
    /// `lps`: local parts with a record of their own, as written.
    pub local_part_selectors: Option<&'a str>,
}

impl<'a> BimiRecord<'a> {
    /// Reads one TXT record; `None` where it is no BIMI record.
    ///
    /// ```
    /// use hunter_core::records::bimi::BimiRecord;
    ///
    /// let record = BimiRecord::read("v=BIMI1; l=https://ornek.com/logo.svg; a=").expect("BIMI");
    /// assert_eq!(record.logo, Some("https://ornek.com/logo.svg"));
    /// assert_eq!(record.evidence, None);
    /// ```
    pub fn read(text: &'a str) -> Option<Self> {
        if !is_bimi(text) {
            return None;
        }
        let first = |tag: &str| {
            let (_, value) = tags(text).find(|(name, _)| *name == tag)?;
            (!value.is_empty()).then_some(value)
        };
        Some(Self {
            logo: first("l"),
            evidence: first("a"),
            avatar_preference: first("avp"),
            local_part_selectors: first("lps"),
        })
    }
}

const SINGLE: Single<BimiFindingKind> = Single {
    is_record: is_bimi,
    is_near_miss,
    several: BimiFindingKind::SeveralRecords,
    near_miss: BimiFindingKind::WrongVersion,
};

/// Whether a text is a BIMI record: `v=BIMI1` comes first, exactly.
pub fn is_bimi(text: &str) -> bool {
    // The list of tags passes over a semicolon in front.
    trim(text).starts_with('v') && tags(text).next() == Some(("v", "BIMI1"))
}

/// Everything that deserves a word about the TXT records under one selector, sorted, so that the
/// order received does not matter.
pub fn findings<S: AsRef<str>>(texts: &[S]) -> Vec<BimiFinding<'_>> {
    SINGLE.findings(texts, inspect)
}

fn is_near_miss(text: &str) -> bool {
    tags(text.trim_start_matches('"')).next().is_some_and(|(name, value)| {
        name.eq_ignore_ascii_case("v")
            && value.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("BIMI"))
    })
}

fn inspect<'a>(text: &'a str, found: &mut Vec<BimiFinding<'a>>) {
    use BimiFindingKind as Kind;
    let mut add = |kind, text| found.push(Finding::new(kind, text));
    let mut seen: Vec<&str> = vec!["v"];
    for (name, value) in tags(text).skip(1) {
        if name.is_empty() {
            add(Kind::NotATag, value);
            continue;
        }
        if seen.contains(&name) {
            add(Kind::RepeatedTag, name);
            continue;
        }
        seen.push(name);
        match name {
            "l" | "a" if !value.is_empty() && !is_https(value) => add(Kind::BadUri, value),
            "l" if !value.is_empty() => {
                let path = value.split(['?', '#']).next().unwrap_or_default();
                let is_svg = [".svg", ".svgz"].iter().any(|ending| {
                    path.len() > ending.len()
                        && path.is_char_boundary(path.len() - ending.len())
                        && path[path.len() - ending.len()..].eq_ignore_ascii_case(ending)
                });
                if !is_svg {
                    add(Kind::NotSvg, value);
                }
            }
            "l" | "a" => {}
            "avp" if matches!(value, "" | "brand" | "personal") => {}
            "avp" => add(Kind::BadAvatarPreference, value),
            "lps" => {
                let is_char = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
                for selector in value.split(',').map(trim) {
                    if !value.is_empty() && (selector.is_empty() || !selector.bytes().all(is_char))
                    {
                        add(Kind::BadLocalPartSelector, selector);
                    }
                }
            }
            _ => add(Kind::UnknownTag, name),
        }
    }
    let record = BimiRecord::read(text).unwrap_or_default();
    match (record.logo, record.evidence) {
        (Some(_), None) => add(Kind::NoEvidence, ""),
        (None, None) if seen.contains(&"l") => add(Kind::Declined, ""),
        (None, None) => add(Kind::NoLogo, ""),
        (_, Some(_)) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        findings(&[text]).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_sound_record_has_none_and_declining_is_no_fault() {
        assert_eq!(codes("v=BIMI1; l=https://a.com/l.svg; a=https://a.com/c.pem"), [""; 0]);
        assert_eq!(codes("v=BIMI1; l=; a=;"), ["bimi_declined: ``"]);
    }

    #[test]
    fn every_fault_of_a_record_is_found() {
        assert_eq!(
            codes("v=BIMI1; l=http://a.com/l.svg; l=x; a=y; avp=x; lps=a.b,ok; z=1; stray"),
            [
                "bimi_not_a_tag: `stray`",
                "bimi_repeated_tag: `l`",
                "bimi_bad_uri: `http://a.com/l.svg`",
                "bimi_bad_uri: `y`",
                "bimi_bad_avatar_preference: `x`",
                "bimi_bad_local_part_selector: `a.b`",
                "bimi_unknown_tag: `z`",
            ]
        );
        assert_eq!(codes("v=bimi1; l="), ["bimi_wrong_version: `v=bimi1; l=`"]);
        assert_eq!(codes("v=spf1 -all"), [""; 0]);
        assert!(!is_bimi("; v=BIMI1; l="));
    }
}
