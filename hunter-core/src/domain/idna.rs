//! The canonical form of a host name: UTS #46 strict, with one Turkish fold in front.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use super::fault::DomainFault;

/// Longest host name in presentation form without the trailing dot (RFC 1035 §3.1).
const NAME_OCTETS: usize = 253;
/// Longest label (RFC 1035 §2.3.4).
const LABEL_OCTETS: usize = 63;

/// The dots of UTS #46: full stop, ideographic, full-width and half-width.
pub(super) const DOTS: [char; 4] = ['.', '\u{3002}', '\u{FF0E}', '\u{FF61}'];

/// Canonical form of a host name, or the fault that forbids one.
pub(super) fn canonical(text: &str) -> Result<String, DomainFault> {
    let name = text.trim_end_matches(DOTS);
    if name.is_empty() {
        return Err(if text.is_empty() { DomainFault::Empty } else { DomainFault::EmptyLabel });
    }
    let ascii = if is_plain(name) { name.to_ascii_lowercase() } else { mapped(name)? };
    check(&ascii)?;
    Ok(ascii)
}

/// Whether a name is made of letters, digits, hyphens and dots alone and holds no A-label, so that
/// lower-casing is all that UTS #46 would do.
fn is_plain(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
        && !bytes.windows(4).any(|w| w.eq_ignore_ascii_case(b"xn--"))
}

fn mapped(name: &str) -> Result<String, DomainFault> {
    // `İ` lower-cases to `i` plus a combining dot, which would make a name of its own: the Turkish
    // keyboard's capital of `i` is meant.
    let folded: Cow<'_, str> =
        if name.contains('İ') { name.replace('İ', "i").into() } else { name.into() };
    idna::domain_to_ascii_strict(&folded).map_err(|_| diagnose(&folded))
}

/// Finds out which label and which rule made UTS #46 refuse a name.
fn diagnose(name: &str) -> DomainFault {
    if let Some(c) = name.chars().find(|c| c.is_ascii() && !is_host_char(*c)) {
        return DomainFault::BadCharacter(c);
    }
    for label in name.split(DOTS) {
        if label.is_empty() {
            return DomainFault::EmptyLabel;
        }
        if idna::domain_to_ascii_strict(label).is_ok() {
            continue;
        }
        return match idna::domain_to_ascii(label) {
            Ok(ascii) if ascii.len() > LABEL_OCTETS => DomainFault::TooLong,
            Ok(ascii) if ascii.is_ascii() && has_bad_hyphen(&ascii) => {
                DomainFault::Hyphen(label.to_owned())
            }
            _ => DomainFault::Idna(label.to_owned()),
        };
    }
    DomainFault::TooLong
}

fn is_host_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.')
}

fn has_bad_hyphen(label: &str) -> bool {
    let bytes = label.as_bytes();
    bytes.first() == Some(&b'-')
        || bytes.last() == Some(&b'-')
        || (bytes.get(2..4) == Some(b"--") && !label.starts_with("xn--"))
}

/// The rules that hold for every host name, international or not.
fn check(ascii: &str) -> Result<(), DomainFault> {
    if ascii.len() > NAME_OCTETS {
        return Err(DomainFault::TooLong);
    }
    let mut labels = 0;
    for label in ascii.split('.') {
        labels += 1;
        if label.is_empty() {
            return Err(DomainFault::EmptyLabel);
        }
        if label.len() > LABEL_OCTETS {
            return Err(DomainFault::TooLong);
        }
        if has_bad_hyphen(label) {
            return Err(DomainFault::Hyphen(label.to_owned()));
        }
    }
    let ending = ascii.rsplit('.').next().unwrap_or_default();
    if is_number(ending) {
        return Err(if ascii.parse::<Ipv4Addr>().is_ok() {
            DomainFault::IpAddress
        } else {
            DomainFault::Number
        });
    }
    if labels < 2 {
        return Err(DomainFault::SingleLabel);
    }
    // Every ending in the root zone is alphabetic or an A-label (RFC 3696 §2). Whether it exists is
    // not asked here: the list of endings ages.
    let alphabetic = ending.bytes().all(|b| b.is_ascii_alphabetic());
    if alphabetic || ending.starts_with("xn--") {
        Ok(())
    } else {
        Err(DomainFault::BadEnding(ending.to_owned()))
    }
}

/// Digits, or the hexadecimal form that URL parsers take for an IPv4 part.
fn is_number(label: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(label)
        || label.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The form to show to people.
pub(super) fn to_unicode(ascii: &str) -> String {
    // Every A-label was validated on the way in, so the error part is always empty.
    if ascii.contains("xn--") { idna::domain_to_unicode(ascii).0 } else { ascii.to_owned() }
}
