//! The detailed look at SPF records: every fault, and what works but is unwise.

use super::finding::SpfFindingKind as Kind;
use super::macros::{is_name, uses_p};
use super::term::{Qualifier, SpfTerm, SpfTermKind, parse_term};
use super::{LOOKUP_LIMIT, SpfRecord, is_spf};
use crate::records::finding::Finding;

/// One finding about an SPF record.
pub type SpfFinding<'a> = Finding<'a, Kind>;

/// What fits a UDP answer of 512 octets beside the name (RFC 7208 §3.4).
const LONG_OCTETS: usize = 450;

/// Everything that deserves a word about the TXT records at one name, sorted by kind and text, so
/// that the order received does not matter.
///
/// ```
/// use hunter_core::records::spf::findings;
///
/// let texts = ["v=spf1 include: ornek.com ip4:192.0.2.300 -all"];
/// let codes: Vec<_> = findings(&texts).iter().map(|f| (f.code(), f.text)).collect();
/// assert_eq!(codes, [
///     ("spf_unknown_term", "ornek.com"),
///     ("spf_missing_argument", "include:"),
///     ("spf_bad_address", "ip4:192.0.2.300"),
/// ]);
/// ```
pub fn findings<S: AsRef<str>>(texts: &[S]) -> Vec<SpfFinding<'_>> {
    let mut found = Vec::new();
    let mut records = 0;
    for text in texts.iter().map(AsRef::as_ref) {
        if is_spf(text) {
            records += 1;
            inspect(text, &mut found);
        } else if let Some(kind) = near_miss(text) {
            found.push(Finding::new(kind, text));
        }
    }
    if records > 1 {
        let several = texts.iter().map(AsRef::as_ref).filter(|text| is_spf(text));
        found.extend(several.map(|text| Finding::new(Kind::SeveralRecords, text)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A text that somebody meant as SPF, and that no receiver takes for it (RFC 7208 §4.5).
fn near_miss(text: &str) -> Option<Kind> {
    let bare = text.trim_start_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    if bare.len() < text.len() && is_spf(bare.trim_end_matches(['"', '\''])) {
        return Some(Kind::LeadingBlank);
    }
    let starts = |start: &str| {
        bare.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
    };
    // `spf2.0` is Sender ID (RFC 4406), which has its own name and is not meant as SPF.
    (starts("v=spf") || starts("spf1 ") || starts("v = spf")).then_some(Kind::WrongVersion)
}

/// Every finding about one text for which [`is_spf`] holds.
fn inspect<'a>(text: &'a str, found: &mut Vec<SpfFinding<'a>>) {
    let mut add = |kind, text| found.push(Finding::new(kind, text));
    let mut terms: Vec<(SpfTerm<'a>, &'a str)> = Vec::new();
    let mut valid = true;
    for word in text.get(6..).unwrap_or_default().split(' ').filter(|word| !word.is_empty()) {
        match parse_term(word) {
            Err(kind) => {
                valid = false;
                add(kind, word);
            }
            Ok(term) => {
                let stands_twice = terms.iter().any(|(earlier, _)| match term.kind {
                    SpfTermKind::Redirect | SpfTermKind::Explanation => earlier.kind == term.kind,
                    SpfTermKind::OtherModifier => false,
                    // The first one decides, whatever the qualifier of the second.
                    kind => {
                        earlier.kind == kind
                            && earlier.prefix == term.prefix
                            && same_target(earlier.target, term.target)
                    }
                });
                if stands_twice {
                    let is_modifier = term.kind.is_modifier();
                    add(
                        if is_modifier { Kind::RepeatedModifier } else { Kind::RepeatedTerm },
                        word,
                    );
                    valid &= !is_modifier;
                }
                terms.push((term, word));
            }
        }
    }
    if text.len() > LONG_OCTETS {
        add(Kind::Long, text);
    }
    for (term, word) in &terms {
        advise(term, word, &mut add);
    }
    let all = terms.iter().position(|(term, _)| term.kind == SpfTermKind::All);
    match all {
        Some(position) => {
            for (term, word) in &terms[position + 1..] {
                if !term.kind.is_modifier() {
                    add(Kind::AfterAll, word);
                }
            }
            for (term, word) in &terms {
                if term.kind == SpfTermKind::Redirect {
                    add(Kind::RedirectBesideAll, word);
                }
            }
        }
        None if valid && !terms.iter().any(|(term, _)| term.kind == SpfTermKind::Redirect) => {
            add(Kind::NoAll, text);
        }
        None => {}
    }
    if valid {
        let record = SpfRecord { text, terms: terms.into_iter().map(|(term, _)| term).collect() };
        if record.own_lookups() > LOOKUP_LIMIT {
            add(Kind::TooManyLookups, text);
        }
    }
}

fn advise<'a>(term: &SpfTerm<'a>, word: &'a str, add: &mut impl FnMut(Kind, &'a str)) {
    match (term.kind, term.qualifier) {
        (SpfTermKind::All, Qualifier::Pass) => add(Kind::PassAll, word),
        (SpfTermKind::All, Qualifier::Neutral) => add(Kind::NeutralAll, word),
        (SpfTermKind::Ptr, _) => add(Kind::Ptr, word),
        (SpfTermKind::OtherModifier, _) => add(Kind::UnknownModifier, word),
        _ => {}
    }
    let has_domain = term.kind.is_lookup() || term.kind == SpfTermKind::Explanation;
    if let Some(target) = term.target.filter(|_| has_domain) {
        if uses_p(target) {
            add(Kind::ValidatedNameMacro, word);
        }
        if !target.contains('%') && !is_name(target) {
            add(Kind::UnusableName, word);
        }
    }
}

fn same_target(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::finding::{Effect, is_usable};

    fn codes(texts: &[&str]) -> Vec<String> {
        findings(texts).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_sound_record_has_none() {
        assert_eq!(codes(&["v=spf1 include:spf.protection.outlook.com -all", "MS=ms1"]), [""; 0]);
        assert_eq!(codes(&["v=spf1 redirect=_spf.ornek.com"]), [""; 0]);
    }

    #[test]
    fn every_fault_of_a_record_is_found_not_only_the_first() {
        assert_eq!(
            codes(&[
                "v=spf1 moo ip4:1.2.3 ip4:192.0.2.1/33 exists:%{z}.a.com redirect=a.b redirect=c.d"
            ]),
            [
                "spf_unknown_term: `moo`",
                "spf_bad_macro: `exists:%{z}.a.com`",
                "spf_bad_address: `ip4:1.2.3`",
                "spf_bad_prefix_length: `ip4:192.0.2.1/33`",
                "spf_repeated_modifier: `redirect=c.d`",
            ]
        );
    }

    #[test]
    fn what_works_but_is_unwise_is_advice() {
        let found = codes(&[
            "v=spf1 A a:x..com mx MX ptr exists:%{p}.a.com ?all ip4:192.0.2.1 redirect=a.com v=x",
        ]);
        assert_eq!(
            found,
            [
                "spf_neutral_all: `?all`",
                "spf_term_after_all: `ip4:192.0.2.1`",
                "spf_redirect_beside_all: `redirect=a.com`",
                "spf_ptr: `ptr`",
                "spf_macro_p: `exists:%{p}.a.com`",
                "spf_unknown_modifier: `v=x`",
                "spf_repeated_term: `MX`",
                "spf_unusable_name: `a:x..com`",
            ]
        );
        assert!(is_usable(&findings(&["v=spf1 +all"])));
        assert_eq!(codes(&["v=spf1 mx"]), ["spf_no_all: `v=spf1 mx`"]);
    }

    #[test]
    fn near_misses_are_told_from_other_texts() {
        for (text, code) in [
            (" v=spf1 -all", "spf_leading_blank"),
            ("\"v=spf1 -all\"", "spf_leading_blank"),
            ("v=spf10 -all", "spf_wrong_version"),
            ("v=spf1;-all", "spf_wrong_version"),
            ("v=spf 1 -all", "spf_wrong_version"),
            ("SPF1 mx -all", "spf_wrong_version"),
        ] {
            let texts = [text];
            let found = findings(&texts);
            assert_eq!(found.first().map(Finding::code), Some(code), "{text}");
            assert_eq!(found[0].effect(), Effect::Void);
        }
        for text in ["", "spf2.0/pra -all", "v=DMARC1; p=none", "google-site-verification=v=spf1"] {
            assert_eq!(codes(&[text]), [""; 0], "{text}");
        }
    }

    #[test]
    fn ten_lookups_of_its_own_are_one_too_few_for_a_fault() {
        let record = |n: usize| {
            let terms: Vec<String> = (0..n).map(|i| format!("a:h{i}.a.com")).collect();
            format!("v=spf1 {} -all", terms.join(" "))
        };
        assert_eq!(codes(&[&record(10)]), [""; 0]);
        let found = record(11);
        assert_eq!(findings(&[&found]).len(), 1);
    }
}
