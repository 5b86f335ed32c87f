//! What may have been meant: offered beside a refusal or an odd acceptance, never applied.

use super::{SuffixKind, idna, suffix_kind};

/// Endings that a typing slip most often aims at.
const COMMON_ENDINGS: [&str; 8] =
    ["com.tr", "com", "net", "org", "org.tr", "gov.tr", "net.tr", "edu.tr"];

/// A candidate that could really be registered: a listed ending with a label in front of it.
fn plausible(candidate: &str) -> Option<String> {
    let name = idna::canonical(candidate).ok()?;
    (suffix_kind(&name) != SuffixKind::Unlisted && psl::domain_str(&name).is_some()).then_some(name)
}

/// A suggestion for a host that was refused.
pub(super) fn for_host(host: &str) -> Option<String> {
    let dotted: String =
        host.chars().map(|c| if matches!(c, ',' | ';' | ' ' | '_') { '.' } else { c }).collect();
    let mut squeezed = String::with_capacity(dotted.len());
    for label in dotted.split('.').map(str::trim).filter(|label| !label.is_empty()) {
        if !squeezed.is_empty() {
            squeezed.push('.');
        }
        squeezed.push_str(label.trim_matches('-'));
    }
    if squeezed == host {
        return ending(host);
    }
    plausible(&squeezed).map(without_www).or_else(|| ending(&squeezed))
}

/// A suggestion for a name that is well-formed and yet looks like a slip.
pub(super) fn for_name(name: &str) -> Option<String> {
    if suffix_kind(name) == SuffixKind::Unlisted {
        return ending(name);
    }
    let glued = name.strip_prefix("www")?;
    let first = glued.split('.').next()?;
    (first.len() >= 3 && first.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-'))
        .then(|| plausible(glued))?
}

/// Domains that stand as words in a longer text, each once, in order.
pub(super) fn in_text(text: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let is_edge =
        |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '(' | ')' | '<' | '>' | '"');
    for word in text.split(is_edge) {
        let address = word.split_once("://").map_or(word, |(_, address)| address);
        let host = super::cell::host_of(address);
        if !host.contains('.') {
            continue;
        }
        match plausible(host).map(without_www) {
            Some(name) if !seen.contains(&name) => seen.push(name),
            _ => {}
        }
    }
    seen
}

/// Drops a leading `www.` unless only a public suffix would remain.
pub(super) fn without_www(name: String) -> String {
    match name.strip_prefix("www.") {
        Some(rest) if rest.contains('.') && psl::domain_str(rest).is_some() => rest.to_owned(),
        _ => name,
    }
}

/// Mends an ending that is in no list: a lost dot (`comtr`) or one slip of the finger (`con`).
fn ending(name: &str) -> Option<String> {
    let (front, last) = name.rsplit_once('.')?;
    if front.is_empty() {
        return None;
    }
    if let Some(suffix) =
        COMMON_ENDINGS.iter().find(|s| s.contains('.') && s.replace('.', "") == last)
    {
        return plausible(&format!("{front}.{suffix}"));
    }
    if suffix_kind(last) != SuffixKind::Unlisted {
        return None;
    }
    let slip = COMMON_ENDINGS.iter().filter(|s| !s.contains('.')).find(|s| is_one_slip(last, s))?;
    plausible(&format!("{front}.{slip}"))
}

/// One letter wrong, missing, doubled or swapped with its neighbour.
fn is_one_slip(typed: &str, meant: &str) -> bool {
    let (a, b) = (typed.as_bytes(), meant.as_bytes());
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([_, x @ ..], [_, y @ ..]) if x == y => true,
        ([x0, x1, x @ ..], [y0, y1, y @ ..]) if x0 == y1 && x1 == y0 && x == y => true,
        ([_, x @ ..], y) if x == y => true,
        (x, [_, y @ ..]) if x == y => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_one_finger() {
        for typed in ["con", "cm", "comm", "ocm", "vom"] {
            assert!(is_one_slip(typed, "com"), "{typed}");
        }
        for typed in ["xyz", "cmoo", "c"] {
            assert!(!is_one_slip(typed, "com"), "{typed}");
        }
    }

    #[test]
    fn words_of_a_text() {
        assert_eq!(
            in_text("Web: www.ornek.com.tr, e-posta <info@ornek.com.tr>; ornek.net"),
            ["ornek.com.tr", "ornek.net"]
        );
        assert!(in_text("Sn. Ali Bey").is_empty());
    }
}
