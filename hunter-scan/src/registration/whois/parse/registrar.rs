//! The name of a registrar, without what stands around it.

use super::lines::unquoted;

/// The name in a value: without the link, the tag and the number behind it. `None` where the value
/// names nobody.
pub(crate) fn name(value: &str) -> Option<String> {
    let mut text = unquoted(value.trim()).trim();
    for mark in ["(http", "( http", "(www.", "http://", "https://", "[Tag", "(Tag", "[ Tag", "\t"] {
        if let Some(at) = text.find(mark) {
            text = text[..at].trim_end();
        }
    }
    let text = text.trim_end_matches([',', ';']).trim();
    is_name(text).then(|| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The name behind a label. Older registries append their number of the registrar to `Sponsoring
/// Registrar`; where the label is `Registrar`, the number has a line of its own.
pub(super) fn labelled_name(label: &str, value: &str) -> Option<String> {
    let sponsoring = label.to_ascii_lowercase().starts_with("sponsoring");
    name(if sponsoring { without_code(without_code(value.trim())) } else { value })
}

/// A name without the registry's number of the registrar behind it: `(380)`, `(R43-LRCC)`, `R45-ME`.
fn without_code(text: &str) -> &str {
    let Some((name, last)) = text.rsplit_once(' ') else { return text };
    let bare = last.strip_prefix('(').and_then(|last| last.strip_suffix(')'));
    let is_code = |code: &str| {
        code.chars().any(|c| c.is_ascii_digit())
            && code.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || c == '-')
    };
    let numbered = |code: &str| {
        code.starts_with('R')
            && code.contains('-')
            && code[1..].starts_with(|c: char| c.is_ascii_digit())
    };
    let strip = bare.map_or_else(|| is_code(last) && numbered(last), is_code);
    if strip { name.trim_end() } else { text }
}

/// Whether a value names somebody: it is not empty, not a mark for "nothing" and not withheld.
pub(crate) fn is_name(value: &str) -> bool {
    let lower = value.trim().to_lowercase();
    let nothing =
        ["n/a", "na", "none", "null", "nil", "-", "not available", "unknown", "not applicable"];
    lower.chars().any(char::is_alphanumeric)
        && !nothing.contains(&lower.as_str())
        && !lower.contains("redacted")
        && !lower.starts_with("not disclosed")
        && !lower.starts_with("no registrar")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_name_goes() {
        let cases = [
            ("MarkMonitor Inc. (http://www.markmonitor.com)", "MarkMonitor Inc."),
            ("Ascio Technologies Inc t/a Ascio [Tag = ASCIO]", "Ascio Technologies Inc t/a Ascio"),
            ("  Ornek   Ltd ", "Ornek Ltd"),
            ("1&1 Internet AG", "1&1 Internet AG"),
            ("\"Ornek\"", "Ornek"),
            ("Ltd \"Ornek\"", "Ltd \"Ornek\""),
            ("\"Ornek\" Ltd", "\"Ornek\" Ltd"),
            ("GANDI [Tag = GANDI]", "GANDI"),
        ];
        for (value, expected) in cases {
            assert_eq!(name(value).as_deref(), Some(expected), "{value}");
        }
        for (value, expected) in [
            ("Tuonome IT (380)", "Tuonome IT"),
            ("MarkMonitor Inc R45-ME (292)", "MarkMonitor Inc"),
            ("Ornek (Europe) 24", "Ornek (Europe) 24"),
        ] {
            assert_eq!(labelled_name("Sponsoring Registrar", value).as_deref(), Some(expected));
            assert_eq!(labelled_name("Registrar", value).as_deref(), Some(value));
        }
        for value in ["", "-", "N/A", "REDACTED FOR PRIVACY", "none"] {
            assert_eq!(name(value), None, "{value}");
        }
    }
}
