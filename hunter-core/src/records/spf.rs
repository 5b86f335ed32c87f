//! SPF records (RFC 7208): choosing the record, and its grammar.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A record that follows the grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpfRecord<'a> {
    /// The record as published.
    pub text: &'a str,
    /// Mechanisms and modifiers, in order.
    pub terms: Vec<SpfTerm<'a>>,
}

/// One mechanism or modifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpfTerm<'a> {
    /// What the term is.
    pub kind: SpfTermKind,
    /// The result when a mechanism matches; `+` for modifiers.
    pub qualifier: Qualifier,
    /// What follows `:` or `=`: a domain-spec, an address, or the text of an unknown modifier.
    pub target: Option<&'a str>,
}

/// Mechanisms (RFC 7208 §5) and modifiers (§6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpfTermKind {
    /// `all`
    All,
    /// `include`
    Include,
    /// `a`
    A,
    /// `mx`
    Mx,
    /// `ptr`, which RFC 7208 §5.5 advises against
    Ptr,
    /// `ip4`
    Ip4,
    /// `ip6`
    Ip6,
    /// `exists`
    Exists,
    /// `redirect=`
    Redirect,
    /// `exp=`
    Explanation,
    /// A modifier that RFC 7208 does not know; ignored by receivers.
    OtherModifier,
}

/// The result that a matching mechanism gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Qualifier {
    /// `+`
    Pass,
    /// `-`
    Fail,
    /// `~`
    SoftFail,
    /// `?`
    Neutral,
}

/// Why a published SPF record gives every receiver a permanent error (RFC 7208 §4.6).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SpfFault {
    /// More than one record (§4.5).
    SeveralRecords,
    /// A term that the grammar does not allow; holds the term.
    BadTerm(String),
    /// `redirect` or `exp` stands twice (§6); holds its name.
    RepeatedModifier(&'static str),
}

/// What the TXT records of a domain say about SPF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpfReading<'a> {
    /// None of the texts is an SPF record.
    None,
    /// One valid record.
    Valid(SpfRecord<'a>),
    /// Published, but every check ends in a permanent error.
    Invalid(SpfFault, &'a str),
}

/// Whether a text is an SPF record: `v=spf1`, then a blank or the end (RFC 7208 §4.5).
pub fn is_spf(text: &str) -> bool {
    text.get(..6).is_some_and(|version| version.eq_ignore_ascii_case("v=spf1"))
        && matches!(text.as_bytes().get(6), None | Some(b' '))
}

/// How often `include:` stands in a text, in any case; counts in records that are not valid, too.
pub fn include_count(text: &str) -> usize {
    let mut count = 0;
    for colon in memchr::memchr_iter(b':', text.as_bytes()) {
        let is_include =
            colon >= 7 && text.as_bytes()[colon - 7..colon].eq_ignore_ascii_case(b"include");
        count += usize::from(is_include);
    }
    count
}

impl<'a> SpfReading<'a> {
    /// Reads every TXT record found at one name.
    pub fn read<S: AsRef<str>>(texts: &'a [S]) -> Self {
        let mut records = texts.iter().map(AsRef::as_ref).filter(|text| is_spf(text));
        let Some(first) = records.next() else { return Self::None };
        // Quote the same record whatever the order received.
        match records.min() {
            Some(second) => Self::Invalid(SpfFault::SeveralRecords, first.min(second)),
            None => match SpfRecord::parse(first) {
                Ok(record) => Self::Valid(record),
                Err(fault) => Self::Invalid(fault, first),
            },
        }
    }

    /// The record's text, valid or not.
    pub const fn text(&self) -> Option<&'a str> {
        match self {
            Self::None => None,
            Self::Valid(record) => Some(record.text),
            Self::Invalid(_, text) => Some(text),
        }
    }
}

impl<'a> SpfRecord<'a> {
    /// Parses a text for which [`is_spf`] holds.
    ///
    /// # Errors
    /// The first fault found; any fault makes the whole record a permanent error.
    pub fn parse(text: &'a str) -> Result<Self, SpfFault> {
        let mut terms = Vec::new();
        for word in text.get(6..).unwrap_or_default().split(' ').filter(|word| !word.is_empty()) {
            let term = parse_term(word).ok_or_else(|| SpfFault::BadTerm(word.to_owned()))?;
            let repeats = |kind| terms.iter().any(|earlier: &SpfTerm<'_>| earlier.kind == kind);
            match term.kind {
                SpfTermKind::Redirect if repeats(SpfTermKind::Redirect) => {
                    return Err(SpfFault::RepeatedModifier("redirect"));
                }
                SpfTermKind::Explanation if repeats(SpfTermKind::Explanation) => {
                    return Err(SpfFault::RepeatedModifier("exp"));
                }
                _ => terms.push(term),
            }
        }
        Ok(Self { text, terms })
    }

    /// The targets of `include:` and `redirect=`: whose senders this record lets in.
    pub fn delegates(&self) -> impl Iterator<Item = &'a str> {
        self.terms
            .iter()
            .filter(|term| matches!(term.kind, SpfTermKind::Include | SpfTermKind::Redirect))
            .filter_map(|term| term.target)
    }
}

fn parse_term(word: &str) -> Option<SpfTerm<'_>> {
    if let Some(modifier) = parse_modifier(word) {
        return modifier;
    }
    let (qualifier, body) = match word.as_bytes().first()? {
        b'+' => (Qualifier::Pass, &word[1..]),
        b'-' => (Qualifier::Fail, &word[1..]),
        b'~' => (Qualifier::SoftFail, &word[1..]),
        b'?' => (Qualifier::Neutral, &word[1..]),
        _ => (Qualifier::Pass, word),
    };
    let name_end = body.find([':', '/']).unwrap_or(body.len());
    let (name, rest) = body.split_at(name_end);
    let kind = MECHANISMS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known))?.1;
    let argument = rest.strip_prefix(':');
    let target = match kind {
        SpfTermKind::All => rest.is_empty().then_some(None)?,
        SpfTermKind::Include | SpfTermKind::Exists => Some(argument.filter(|a| is_domain_spec(a))?),
        SpfTermKind::Ptr => match argument {
            Some(domain) => Some(is_domain_spec(domain).then_some(domain)?),
            None => rest.is_empty().then_some(None)?,
        },
        SpfTermKind::A | SpfTermKind::Mx => {
            let domain = without_dual_cidr(rest)?;
            match domain.strip_prefix(':') {
                Some(domain) => Some(is_domain_spec(domain).then_some(domain)?),
                None => domain.is_empty().then_some(None)?,
            }
        }
        SpfTermKind::Ip4 => Some(argument.filter(|a| is_ip4_network(a))?),
        SpfTermKind::Ip6 => Some(argument.filter(|a| is_ip6_network(a))?),
        SpfTermKind::Redirect | SpfTermKind::Explanation | SpfTermKind::OtherModifier => {
            return None;
        }
    };
    Some(SpfTerm { kind, qualifier, target })
}

const MECHANISMS: [(&str, SpfTermKind); 8] = [
    ("all", SpfTermKind::All),
    ("include", SpfTermKind::Include),
    ("a", SpfTermKind::A),
    ("mx", SpfTermKind::Mx),
    ("ptr", SpfTermKind::Ptr),
    ("ip4", SpfTermKind::Ip4),
    ("ip6", SpfTermKind::Ip6),
    ("exists", SpfTermKind::Exists),
];

/// `None`: not a modifier. `Some(None)`: a modifier that breaks the grammar.
#[expect(clippy::option_option, reason = "the two kinds of no are told apart by the one caller")]
fn parse_modifier(word: &str) -> Option<Option<SpfTerm<'_>>> {
    let (name, value) = word.split_once('=')?;
    let is_name = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    if !is_name {
        return None;
    }
    let term = |kind| SpfTerm { kind, qualifier: Qualifier::Pass, target: Some(value) };
    Some(if name.eq_ignore_ascii_case("redirect") {
        is_domain_spec(value).then(|| term(SpfTermKind::Redirect))
    } else if name.eq_ignore_ascii_case("exp") {
        is_domain_spec(value).then(|| term(SpfTermKind::Explanation))
    } else {
        is_macro_string(value).then(|| term(SpfTermKind::OtherModifier))
    })
}

/// Cuts `/24`, `//64` or `/24//64` off the end; `None` when a prefix length is out of range.
fn without_dual_cidr(text: &str) -> Option<&str> {
    let (text, v6) = cut_length(text, "//");
    let (text, v4) = cut_length(text, "/");
    let in_range = |length: Option<&str>, most: u8| match length {
        None => true,
        Some(digits) => is_length(digits, most),
    };
    (in_range(v6, 128) && in_range(v4, 32)).then_some(text)
}

fn cut_length<'a>(text: &'a str, mark: &str) -> (&'a str, Option<&'a str>) {
    match text.rsplit_once(mark) {
        Some((front, digits)) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            (front, Some(digits))
        }
        _ => (text, None),
    }
}

/// A prefix length without leading zeros (RFC 7208 §5.6).
fn is_length(digits: &str, most: u8) -> bool {
    (digits == "0" || !digits.starts_with('0')) && digits.parse::<u8>().is_ok_and(|n| n <= most)
}

fn is_ip4_network(text: &str) -> bool {
    match text.split_once('/') {
        Some((ip, length)) => ip.parse::<Ipv4Addr>().is_ok() && is_length(length, 32),
        None => text.parse::<Ipv4Addr>().is_ok(),
    }
}

fn is_ip6_network(text: &str) -> bool {
    match text.split_once('/') {
        Some((ip, length)) => ip.parse::<Ipv6Addr>().is_ok() && is_length(length, 128),
        None => text.parse::<Ipv6Addr>().is_ok(),
    }
}

/// A macro-string that ends in a top label or a macro (RFC 7208 §7.1).
fn is_domain_spec(text: &str) -> bool {
    if !is_macro_string(text) {
        return false;
    }
    if text.ends_with('}') || ["%%", "%_", "%-"].iter().any(|escape| text.ends_with(escape)) {
        return true;
    }
    let text = text.strip_suffix('.').unwrap_or(text);
    let Some((_, top)) = text.rsplit_once('.') else { return false };
    let bytes = top.as_bytes();
    !top.is_empty()
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
        && !bytes.iter().all(u8::is_ascii_digit)
        && bytes.first() != Some(&b'-')
        && bytes.last() != Some(&b'-')
}

fn is_macro_string(text: &str) -> bool {
    let mut rest = text;
    while let Some(percent) = rest.find('%') {
        if !rest[..percent].bytes().all(|b| b.is_ascii_graphic()) {
            return false;
        }
        let after = &rest[percent + 1..];
        rest = match after.as_bytes().first() {
            Some(b'%' | b'_' | b'-') => &after[1..],
            Some(b'{') => match after[1..].split_once('}') {
                Some((body, tail)) if is_macro_body(body) => tail,
                _ => return false,
            },
            _ => return false,
        };
    }
    rest.bytes().all(|b| b.is_ascii_graphic())
}

/// A macro letter, how many labels to keep, `r` for reversal, and delimiters. The letters `c`, `r`
/// and `t` belong to explanation texts alone.
fn is_macro_body(body: &str) -> bool {
    let Some(letter) = body.bytes().next() else { return false };
    if !matches!(letter.to_ascii_lowercase(), b's' | b'l' | b'o' | b'd' | b'i' | b'p' | b'v' | b'h')
    {
        return false;
    }
    let rest = &body[1..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (keep, rest) = rest.split_at(digits);
    if !keep.is_empty() && keep.bytes().all(|b| b == b'0') {
        return false;
    }
    let rest = rest.strip_prefix(['r', 'R']).unwrap_or(rest);
    rest.bytes().all(|b| matches!(b, b'.' | b'-' | b'+' | b',' | b'/' | b'_' | b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d12_only_an_exact_version_is_spf() {
        assert!(is_spf("v=spf1"));
        assert!(is_spf("V=SPF1 -all"));
        for text in
            ["v=spf10 -all", "v=spf1-all", " v=spf1 -all", "v=spf2.0/pra", "\"v=spf1 -all\"", "ö"]
        {
            assert!(!is_spf(text), "{text}");
        }
    }

    #[test]
    fn d12_two_records_are_invalid_whatever_their_order() {
        let texts = ["v=spf1 b -all", "x", "v=spf1 a -all"];
        let expected = SpfReading::Invalid(SpfFault::SeveralRecords, "v=spf1 a -all");
        assert_eq!(SpfReading::read(&texts), expected);
        let turned = [texts[2], texts[1], texts[0]];
        assert_eq!(SpfReading::read(&turned), expected);
    }

    #[test]
    fn d12_an_unreadable_text_hides_nothing() {
        let texts = ["\\255\\254", "v=spf1 -all"];
        assert!(matches!(SpfReading::read(&texts), SpfReading::Valid(_)));
    }

    #[test]
    fn terms_of_a_real_record() {
        let text = "v=spf1 include:spf.protection.outlook.com  A:mail.ornek.com/24//64 mx ip4:192.0.2.0/24 \
                    ip6:2001:db8::/32 exists:%{i}._spf.ornek.com ?ptr ~all x-extra=1 redirect=_spf.%{d}";
        let record = SpfRecord::parse(text).expect("valid");
        assert_eq!(record.terms.len(), 10);
        assert_eq!(
            record.delegates().collect::<Vec<_>>(),
            ["spf.protection.outlook.com", "_spf.%{d}"]
        );
        assert_eq!(record.terms[1].target, Some("mail.ornek.com"));
        assert_eq!(record.terms[7].qualifier, Qualifier::SoftFail);
    }

    #[test]
    fn terms_outside_the_grammar() {
        for term in [
            "include:",
            "include",
            "include:com",
            "a:",
            "a/33",
            "a//129",
            "a/024",
            "mx:ornek.com/foo",
            "ip4:192.0.2",
            "ip4:192.0.2.1/33",
            "ip4:",
            "ip6:192.0.2.1",
            "all:x",
            "all.",
            "-",
            "exists:%{c}.ornek.com",
            "exists:%{i",
            "exists:%{d0}.x.com",
            "exists:%x.com",
            "redirect=",
            "redirect=ornek",
            "ip4=192.0.2.1:x\u{e9}",
            "moo",
            "ptr:",
            "a:ornek.123",
            "exists:a.%",
        ] {
            let text = format!("v=spf1 {term} -all");
            assert!(SpfRecord::parse(&text).is_err(), "{term}");
        }
        assert_eq!(
            SpfRecord::parse("v=spf1 redirect=a.com redirect=b.com"),
            Err(SpfFault::RepeatedModifier("redirect"))
        );
    }

    #[test]
    fn includes_are_counted_in_any_case_and_never_inside_other_words() {
        assert_eq!(include_count("v=spf1 include:a.b INCLUDE:c.d ?include:e.f -all"), 3);
        assert_eq!(include_count("include:"), 1);
        assert_eq!(include_count("nothing: here"), 0);
    }
}
