//! E-mail addresses as contact lists hold them.

use crate::domain::Domain;

/// Longest local part, in octets (RFC 5321 §4.5.3.1.1).
const LOCAL_OCTETS: usize = 64;

/// An address, ready to compare.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Address {
    /// The local part in lower case.
    pub(super) local: String,
    pub(super) domain: Domain,
}

impl Address {
    /// Reads a bare address, `mailto:…` or `Name <address>`. `None` for anything else, address
    /// literals (`a@[192.0.2.1]`) and quoted local parts included: neither is a company's mailbox.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim_matches(is_edge);
        let text = match text.strip_suffix('>') {
            Some(front) => front.rsplit_once('<')?.1.trim(),
            None => text,
        };
        let text = match text.split_at_checked("mailto:".len()) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => {
                rest.split_once('?').map_or(rest, |(address, _)| address)
            }
            _ => text,
        };
        let (local, domain) = text.rsplit_once('@')?;
        let is_local = local.len() <= LOCAL_OCTETS
            && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_char));
        Some(Self { local: lower(local), domain: is_local.then(|| domain.parse().ok())?? })
    }

    /// The local part without a `+tag`, the name of the mailbox that mail arrives in.
    pub(super) fn mailbox(&self) -> &str {
        self.local.split_once('+').map_or(self.local.as_str(), |(mailbox, _)| mailbox)
    }
}

/// What a copied list leaves around an address.
fn is_edge(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\u{feff}' | '\u{200b}')
}

/// What may stand in an atom: RFC 5322 §3.2.3, and letters of any script (RFC 6531 §3.3).
fn is_atom_char(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
    } else {
        c.is_alphanumeric() || is_combining(c)
    }
}

/// Marks that belong to the letter before them.
pub(super) fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Lower case; `İ` becomes a plain `i`, as it does in domains.
fn lower(text: &str) -> String {
    text.replace('İ', "i").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        Address::read(text).map(|a| format!("{}@{}", a.local, a.domain))
    }

    #[test]
    fn addresses_as_lists_hold_them() {
        for (text, expected) in [
            ("Info@Ornek.COM.TR", "info@ornek.com.tr"),
            (" mailto:info@ornek.com.tr?subject=x ", "info@ornek.com.tr"),
            ("\u{feff}\"info@ornek.com.tr\";", "info@ornek.com.tr"),
            ("Ayşe Yılmaz <ayse@ornek.com.tr>", "ayse@ornek.com.tr"),
            ("şükrü.öztürk@örnek.com.tr", "şükrü.öztürk@xn--rnek-4qa.com.tr"),
            ("İLETİŞİM@ornek.com.tr", "iletişim@ornek.com.tr"),
            ("o'neil+web@mail.ornek.com.tr", "o'neil+web@mail.ornek.com.tr"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_address() {
        let long = format!("{}@ornek.com", "a".repeat(65));
        for text in [
            "",
            "nan",
            "-",
            "ornek.com.tr",
            "@ornek.com.tr",
            "a@",
            "a@localhost",
            "a@[192.0.2.1]",
            "a@192.0.2.1",
            "a b@ornek.com",
            "a..b@ornek.com",
            ".a@ornek.com",
            "a.@ornek.com",
            "a@b@ornek.com",
            "a\u{a0}b@ornek.com",
            "a\u{200b}@ornek.com",
            "\"a b\"@ornek.com",
            "a@ornek.com, b@ornek.com",
            "a(at)ornek.com",
            "Ayşe ayse@ornek.com>",
            &long,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
