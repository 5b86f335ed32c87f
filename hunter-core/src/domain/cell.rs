//! From a messy spreadsheet cell to one domain, or to a refusal that names the fault.

use std::net::{IpAddr, Ipv6Addr};

use super::fault::{DomainError, DomainFault};
use super::{Domain, idna, suggest};

/// What kind of text a domain was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CellForm {
    /// A bare host name, with or without port and path.
    Name,
    /// A URL with a scheme.
    Url,
    /// An e-mail address.
    Email,
}

/// A domain and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellReading {
    /// The domain, `www.` dropped.
    pub domain: Domain,
    /// What the text was.
    pub form: CellForm,
    /// What may have been meant instead, where the name looks like a slip (`firma.comtr`). The
    /// domain is as written; the caller decides.
    pub suggestion: Option<String>,
}

/// Texts that stand for nothing, and headings that slip into the rows, in lower case.
const PLACEHOLDERS: [&str; 37] = [
    "-",
    "--",
    "---",
    "_",
    ".",
    "?",
    "*",
    "/",
    "0",
    "nan",
    "na",
    "n/a",
    "#n/a",
    "#na",
    "n.a.",
    "none",
    "null",
    "nil",
    "(blank)",
    "blank",
    "unknown",
    "tbd",
    "yok",
    "bilinmiyor",
    "boş",
    "http",
    "https",
    "http://",
    "https://",
    "www",
    "www.",
    "web",
    "website",
    "web site",
    "web sitesi",
    "domain",
    "url",
];
const HEADINGS: [&str; 12] = [
    "alan adı",
    "alan adi",
    "alanadı",
    "domain name",
    "e-mail",
    "email",
    "e-posta",
    "eposta",
    "internet sitesi",
    "internet adresi",
    "web adresi",
    "homepage",
];

/// Blanks that spreadsheets and web pages leave around a value and that `trim` does not know.
pub(crate) fn is_padding(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{00AD}')
}

const QUOTES: [char; 8] =
    ['"', '\'', '`', '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{00B4}'];

pub(super) fn read(text: &str) -> Result<CellReading, DomainError> {
    let refuse = |fault, suggestion| Err(DomainError::new(text, fault, suggestion));
    let inner = strip(text);
    if inner.is_empty() {
        return refuse(
            if text.trim().is_empty() { DomainFault::Empty } else { DomainFault::Placeholder },
            None,
        );
    }
    let folded = inner.to_lowercase();
    if PLACEHOLDERS.contains(&folded.as_str()) || HEADINGS.contains(&folded.as_str()) {
        return refuse(DomainFault::Placeholder, None);
    }
    let inner = address_in_brackets(inner).unwrap_or(inner);
    let (form, rest) = match split_scheme(inner) {
        Scheme::None => (CellForm::Name, address_with_slash(inner).unwrap_or(inner)),
        Scheme::Known(rest) => (CellForm::Url, rest),
        Scheme::Mail(rest) => (CellForm::Email, rest),
        Scheme::Refused(fault, rest) if !has_blank(inner) => {
            return refuse(fault, suggest::in_text(rest).into_iter().next());
        }
        Scheme::Refused(..) => (CellForm::Name, inner),
    };
    // Behind the host of a URL blanks do no harm, as long as no second domain follows.
    let harmful = if form == CellForm::Url { &rest[..host_end(rest)] } else { inner };
    if has_blank(inner) {
        let seen = suggest::in_text(inner);
        if seen.len() > 1 {
            return refuse(DomainFault::Several(seen), None);
        }
        if has_blank(harmful) {
            let suggestion = seen.into_iter().next().or_else(|| suggest::for_host(inner));
            return refuse(DomainFault::NotAName, suggestion);
        }
    }
    if is_ip_address(rest) {
        return refuse(DomainFault::IpAddress, None);
    }
    let host = host_of(rest);
    let form = if form == CellForm::Name && rest[..rest.len().min(host_end(rest))].contains('@') {
        CellForm::Email
    } else {
        form
    };
    if is_ip_address(host) {
        return refuse(DomainFault::IpAddress, None);
    }
    if host.is_empty() {
        // Spreadsheet errors (`#REF!`, `#DEĞER!`) look like a fragment without a host.
        let is_error = inner.starts_with('#');
        let fault = if is_error { DomainFault::Placeholder } else { DomainFault::NoHost };
        return refuse(fault, suggest::in_text(inner.trim_end_matches('@')).into_iter().next());
    }
    match idna::canonical(host) {
        Ok(name) => {
            let name = suggest::without_www(name);
            let suggestion = suggest::for_name(&name);
            Ok(CellReading { domain: Domain(name.into()), form, suggestion })
        }
        Err(fault) => {
            if PLACEHOLDERS.contains(&host.to_lowercase().as_str()) {
                return refuse(
                    DomainFault::Placeholder,
                    suggest::in_text(inner).into_iter().next(),
                );
            }
            let seen = suggest::in_text(inner);
            if seen.len() > 1 {
                return refuse(DomainFault::Several(seen), None);
            }
            refuse(fault, suggest::for_host(host))
        }
    }
}

/// Removes padding, wrapping quotes and the separators that a copied list leaves at the ends.
fn strip(text: &str) -> &str {
    let is_edge = |c: char| is_padding(c) || QUOTES.contains(&c) || matches!(c, ',' | ';' | '|');
    let inner = text.trim_matches(is_edge);
    match inner.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        Some(bracketed) => bracketed.trim_matches(is_edge),
        None => inner,
    }
}

/// `Ayşe Yılmaz <ayse@ornek.com.tr>`: the address of a name-addr (RFC 5322 §3.4).
fn address_in_brackets(text: &str) -> Option<&str> {
    let (_, address) = text.strip_suffix('>')?.rsplit_once('<')?;
    address.contains('@').then_some(address)
}

enum Scheme<'a> {
    None,
    Known(&'a str),
    Mail(&'a str),
    Refused(DomainFault, &'a str),
}

const SCHEMES: [&str; 4] = ["http", "https", "ftp", "ftps"];

fn split_scheme(text: &str) -> Scheme<'_> {
    let is_known = |scheme: &str| SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    if let Some((scheme, rest)) = text.split_once("://") {
        return if is_known(scheme) {
            Scheme::Known(rest)
        } else {
            Scheme::Refused(DomainFault::BadScheme(scheme.to_owned()), rest)
        };
    }
    if let Some(rest) = text.strip_prefix("//") {
        return Scheme::Known(rest);
    }
    let Some((scheme, rest)) = text.split_once(':') else { return Scheme::None };
    let rest = rest.trim_start_matches(['/', '\\']);
    if scheme.eq_ignore_ascii_case("mailto") {
        Scheme::Mail(rest)
    } else if is_known(scheme) {
        Scheme::Refused(DomainFault::LostSlashes(scheme.to_owned()), rest)
    } else {
        Scheme::None
    }
}

fn has_blank(text: &str) -> bool {
    text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// `muhasebe/satis@ornek.com.tr`: a slash may stand in a local part (RFC 5322 §3.2.3). Without a dot
/// in front of it, what follows cannot be the path of a host.
fn address_with_slash(text: &str) -> Option<&str> {
    let (front, back) = text.split_at(host_end(text));
    let (_, host) = back.rsplit_once('@')?;
    (!front.contains('.') && !front.contains('@') && host.contains('.')).then_some(host)
}

/// Where the authority of a URL without its scheme ends (RFC 3986 §3.2); browsers take `\` for `/`.
fn host_end(text: &str) -> usize {
    text.find(['/', '?', '#', '\\']).unwrap_or(text.len())
}

/// The host in `userinfo@host:port/path`. A port that is not a number is dropped as well: the host
/// is what matters here.
pub(super) fn host_of(text: &str) -> &str {
    let authority = &text[..host_end(text)];
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.split_once(':').map_or(host, |(host, _)| host)
}

fn is_ip_address(text: &str) -> bool {
    let authority = &text[..host_end(text)];
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let bracketed = host.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(ip, _)| ip);
    let candidate = bracketed.map_or(host, |ip| ip.trim_start_matches("IPv6:"));
    candidate.parse::<IpAddr>().is_ok()
        || candidate.split_once('%').is_some_and(|(ip, _)| ip.parse::<Ipv6Addr>().is_ok())
        || host.split_once(':').is_some_and(|(ip, _)| ip.parse::<IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(text: &str) -> String {
        read(text).map_or_else(|e| panic!("{e}"), |r| r.domain.to_string())
    }

    fn code(text: &str) -> &'static str {
        read(text).map_or_else(|e| e.fault.code(), |r| panic!("`{text}` was read as {}", r.domain))
    }

    fn suggestion(text: &str) -> Option<String> {
        read(text).map_or_else(|e| e.suggestion, |r| r.suggestion)
    }

    #[test]
    fn cells_as_people_fill_them() {
        for (text, expected) in [
            ("\u{FEFF}ornek.com.tr\u{200B}", "ornek.com.tr"),
            ("\"ornek.com.tr\"", "ornek.com.tr"),
            ("'ornek.com.tr", "ornek.com.tr"),
            ("ornek.com.tr;", "ornek.com.tr"),
            ("HTTP://Kullanici:Parola@WWW.Ornek.com.tr:8443/a?b#c", "ornek.com.tr"),
            ("Ayşe Yılmaz <ayse@ornek.com.tr>", "ornek.com.tr"),
            ("<info@ornek.com.tr>", "ornek.com.tr"),
            ("//ornek.com.tr/", "ornek.com.tr"),
            ("ornek.com.tr\\dosya", "ornek.com.tr"),
            ("https://ornek.com.tr/a b", "ornek.com.tr"),
            ("muhasebe/satis@ornek.com.tr", "ornek.com.tr"),
            ("İSTANBUL.BEL.TR", "istanbul.bel.tr"),
            ("www.com.tr", "www.com.tr"),
        ] {
            assert_eq!(domain(text), expected, "{text}");
        }
    }

    #[test]
    fn refusals_name_the_fault() {
        for (text, expected) in [
            ("", "domain_empty"),
            ("\u{00A0}", "domain_empty"),
            ("(blank)", "domain_placeholder"),
            ("Alan Adı", "domain_placeholder"),
            ("\"\"", "domain_placeholder"),
            ("10.0.0.10", "domain_ip_address"),
            ("10.0.0.10:25", "domain_ip_address"),
            ("https://[2001:db8::1]:8443/", "domain_ip_address"),
            ("2001:db8::1", "domain_ip_address"),
            ("12.34", "domain_number"),
            ("01.02.2025", "domain_number"),
            ("2025", "domain_number"),
            ("ornek", "domain_single_label"),
            ("exam\n.com", "domain_not_a_name"),
            ("#DEĞER!", "domain_placeholder"),
            ("/iletisim", "domain_no_host"),
            ("firma.com@", "domain_no_host"),
            ("https://a.com/x https://b.com/y", "domain_several"),
            ("Örnek Sanayi A.Ş.", "domain_not_a_name"),
            ("a.com; b.com", "domain_several"),
            ("a.com,b.com", "domain_several"),
            ("_dmarc.ornek.com", "domain_bad_character"),
            ("ornek.c0m", "domain_bad_ending"),
            (".ornek.com", "domain_empty_label"),
            ("ornek..com", "domain_empty_label"),
            ("-ornek.com", "domain_hyphen"),
            ("ab--cd.com", "domain_hyphen"),
            ("xn--a.com", "domain_idna"),
            ("gopher://ornek.com", "domain_bad_scheme"),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
        assert_eq!(code(&format!("{}.com", "a".repeat(64))), "domain_too_long");
        assert_eq!(code(&format!("{}com", "a.".repeat(126))), "domain_too_long");
    }

    #[test]
    fn near_misses_are_suggested_and_never_applied() {
        for (text, expected) in [
            ("firma,com,tr", Some("firma.com.tr")),
            ("www,firma,com", Some("firma.com")),
            ("firma.comtr", Some("firma.com.tr")),
            ("firma.con", Some("firma.com")),
            ("htpp://firma.com", Some("firma.com")),
            ("http:/firma.com", Some("firma.com")),
            ("http:\\\\firma.com\\x", Some("firma.com")),
            ("ftp:firma.com", Some("firma.com")),
            ("firma.com@", Some("firma.com")),
            ("firma..com.tr", Some("firma.com.tr")),
            ("firma.com (merkez)", Some("firma.com")),
            ("Web: www.firma.com", Some("firma.com")),
            ("wwwfirma.com", Some("firma.com")),
            ("firma com tr", Some("firma.com.tr")),
            ("firma.com", None),
            ("firma.co", None),
            ("firma", None),
        ] {
            assert_eq!(suggestion(text).as_deref(), expected, "{text}");
        }
        assert_eq!(domain("firma.comtr"), "firma.comtr");
        assert_eq!(domain("wwwfirma.com"), "wwwfirma.com");
    }

    #[test]
    fn the_form_is_reported() {
        let form = |text| read(text).expect("readable").form;
        assert_eq!(form("ornek.com/a@b"), CellForm::Name);
        assert_eq!(form("info@ornek.com"), CellForm::Email);
        assert_eq!(form("mailto:info@ornek.com"), CellForm::Email);
        assert_eq!(form("https://info@ornek.com"), CellForm::Url);
    }
}
