//! SPF records (RFC 7208): choosing the record, its grammar, and what it makes receivers look up.
//!
//! [`SpfReading::read`] says what stands at a name and stops at the first fault, as receivers do.
//! [`findings`] is the second, detailed look: every fault and every piece of advice. What a record
//! makes receivers look up lies in other records too; [`SpfTree`] follows them over supplied answers.
//!
//! The grammar is applied as §4.6 asks: one fault anywhere makes every check end in a permanent
//! error. Where receivers are known to be lenient (a stray letter in front of `v=spf1`, quotation
//! marks), nothing is forgiven: other receivers do not forgive either.

mod finding;
mod inspect;
mod macros;
mod term;
mod tree;

pub use finding::SpfFindingKind;
pub use inspect::{SpfFinding, findings};
pub use macros::{MacroPart, MacroPlace, SpfMacro, expand, literal_end, macro_parts};
pub use term::{DualPrefix, Qualifier, SpfTerm, SpfTermKind};
pub use tree::{
    Count, LOOKUP_LIMIT, SpfNode, SpfNodeState, SpfStep, SpfTree, SpfTreeFinding,
    SpfTreeFindingKind, VOID_LIMIT,
};

use term::parse_term;

/// A record that follows the grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpfRecord<'a> {
    /// The record as published.
    pub text: &'a str,
    /// Mechanisms and modifiers, in order.
    pub terms: Vec<SpfTerm<'a>>,
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
            let term = parse_term(word).map_err(|_| SpfFault::BadTerm(word.to_owned()))?;
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

    /// What receivers do with senders that no other term names: the qualifier of the first `all`.
    /// `None` leaves them to `redirect`, or neutral (RFC 7208 §4.7).
    pub fn all(&self) -> Option<Qualifier> {
        self.terms.iter().find(|term| term.kind == SpfTermKind::All).map(|term| term.qualifier)
    }

    /// The terms that receivers test: up to `all`, behind which nothing counts (RFC 7208 §5.1).
    pub fn tested_terms(&self) -> impl Iterator<Item = &SpfTerm<'a>> {
        let all = self.terms.iter().position(|term| term.kind == SpfTermKind::All);
        let tested = all.map_or(self.terms.as_slice(), |position| &self.terms[..=position]);
        tested.iter().filter(|term| !term.kind.is_modifier())
    }

    /// The target of `redirect=` where it counts: not beside `all` (RFC 7208 §6.1).
    pub fn redirect(&self) -> Option<&'a str> {
        if self.all().is_some() {
            return None;
        }
        self.terms.iter().find(|term| term.kind == SpfTermKind::Redirect)?.target
    }

    /// The targets of `include:`, in order.
    pub fn includes(&self) -> impl Iterator<Item = &'a str> {
        self.terms
            .iter()
            .filter(|term| term.kind == SpfTermKind::Include)
            .filter_map(|term| term.target)
    }

    /// How many terms of this record alone ask the DNS in a check that no earlier term ends
    /// (RFC 7208 §4.6.4). [`SpfTree`] adds those of the records that it includes.
    pub fn own_lookups(&self) -> usize {
        self.tested_terms().filter(|term| term.kind.is_lookup()).count()
            + usize::from(self.redirect().is_some())
    }

    /// The targets of `include:` and `redirect=`: whose senders this record lets in.
    pub fn delegates(&self) -> impl Iterator<Item = &'a str> {
        self.terms
            .iter()
            .filter(|term| matches!(term.kind, SpfTermKind::Include | SpfTermKind::Redirect))
            .filter_map(|term| term.target)
    }
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
    fn the_first_fault_is_named() {
        assert_eq!(SpfRecord::parse("v=spf1 a moo -all"), Err(SpfFault::BadTerm("moo".to_owned())));
        assert_eq!(
            SpfRecord::parse("v=spf1 redirect=a.com redirect=b.com"),
            Err(SpfFault::RepeatedModifier("redirect"))
        );
    }

    #[test]
    fn what_stands_behind_all_is_not_tested() {
        let parse = |text| SpfRecord::parse(text).expect("valid");
        let record = parse("v=spf1 a mx ~all exists:a.com redirect=b.com -all");
        assert_eq!((record.all(), record.redirect()), (Some(Qualifier::SoftFail), None));
        assert_eq!((record.tested_terms().count(), record.own_lookups()), (3, 2));
        let moved = parse("v=spf1 redirect=b.com include:c.com");
        assert_eq!((moved.all(), moved.redirect()), (None, Some("b.com")));
        assert_eq!(moved.own_lookups(), 2);
        assert_eq!(moved.includes().collect::<Vec<_>>(), ["c.com"]);
    }

    #[test]
    fn includes_are_counted_in_any_case_and_never_inside_other_words() {
        assert_eq!(include_count("v=spf1 include:a.b INCLUDE:c.d ?include:e.f -all"), 3);
        assert_eq!(include_count("include:"), 1);
        assert_eq!(include_count("nothing: here"), 0);
    }
}
