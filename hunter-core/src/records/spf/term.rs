//! Mechanisms and modifiers (RFC 7208 §4.6.1, §5, §6).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::finding::SpfFindingKind;
use super::macros::{check_domain_spec, check_macro_string};

/// One mechanism or modifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpfTerm<'a> {
    /// What the term is.
    pub kind: SpfTermKind,
    /// The result when a mechanism matches; `+` for modifiers.
    pub qualifier: Qualifier,
    /// What follows `:` or `=`: a domain-spec, an address with its prefix length, or the text of an
    /// unknown modifier.
    pub target: Option<&'a str>,
    /// The prefix lengths of `a` and `mx` (§5.6).
    pub prefix: DualPrefix,
}

/// Prefix lengths for both kinds of addresses, such as `/24//64`; `None` is the whole address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct DualPrefix {
    /// For IPv4: 0 to 32.
    pub v4: Option<u8>,
    /// For IPv6: 0 to 128.
    pub v6: Option<u8>,
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

impl SpfTermKind {
    /// Whether the term asks the DNS and counts to the limit of ten (RFC 7208 §4.6.4).
    pub const fn is_lookup(self) -> bool {
        matches!(
            self,
            Self::Include | Self::A | Self::Mx | Self::Ptr | Self::Exists | Self::Redirect
        )
    }

    /// Whether the term is a modifier, which stands for no senders itself.
    pub const fn is_modifier(self) -> bool {
        matches!(self, Self::Redirect | Self::Explanation | Self::OtherModifier)
    }
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

impl Qualifier {
    /// The character that stands for it.
    pub const fn as_char(self) -> char {
        match self {
            Self::Pass => '+',
            Self::Fail => '-',
            Self::SoftFail => '~',
            Self::Neutral => '?',
        }
    }
}

impl SpfTerm<'_> {
    /// The network of `ip4` or `ip6`, with its prefix length.
    pub fn network(&self) -> Option<(IpAddr, u8)> {
        let (text, most) = match self.kind {
            SpfTermKind::Ip4 => (self.target?, 32),
            SpfTermKind::Ip6 => (self.target?, 128),
            _ => return None,
        };
        match text.split_once('/') {
            Some((ip, length)) => Some((ip.parse().ok()?, length.parse().ok()?)),
            None => Some((text.parse().ok()?, most)),
        }
    }
}

/// Reads one word of a record, or says which rule it breaks.
pub(super) fn parse_term(word: &str) -> Result<SpfTerm<'_>, SpfFindingKind> {
    if let Some(modifier) = parse_modifier(word) {
        return modifier;
    }
    let (qualifier, body) = match word.as_bytes().first() {
        Some(b'+') => (Qualifier::Pass, &word[1..]),
        Some(b'-') => (Qualifier::Fail, &word[1..]),
        Some(b'~') => (Qualifier::SoftFail, &word[1..]),
        Some(b'?') => (Qualifier::Neutral, &word[1..]),
        _ => (Qualifier::Pass, word),
    };
    let name_end = body.find([':', '/']).unwrap_or(body.len());
    let (name, rest) = body.split_at(name_end);
    let Some(&(_, kind)) = MECHANISMS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known))
    else {
        return Err(if word.bytes().all(|b| b.is_ascii_graphic()) {
            SpfFindingKind::UnknownTerm
        } else {
            SpfFindingKind::BadCharacter
        });
    };
    let argument = match rest.strip_prefix(':') {
        Some("") => return Err(SpfFindingKind::MissingArgument),
        argument => argument,
    };
    let mut prefix = DualPrefix::default();
    let target = match kind {
        SpfTermKind::All if rest.is_empty() => None,
        SpfTermKind::All => return Err(SpfFindingKind::UnwantedArgument),
        SpfTermKind::Include | SpfTermKind::Exists => {
            let domain = argument.ok_or(SpfFindingKind::MissingArgument)?;
            check_domain_spec(domain)?;
            Some(domain)
        }
        SpfTermKind::Ptr => match argument {
            Some(domain) => {
                check_domain_spec(domain)?;
                Some(domain)
            }
            None if rest.is_empty() => None,
            None => return Err(SpfFindingKind::UnwantedArgument),
        },
        SpfTermKind::A | SpfTermKind::Mx => {
            let (domain, lengths) = cut_dual_prefix(rest)?;
            prefix = lengths;
            match domain.strip_prefix(':') {
                Some("") => return Err(SpfFindingKind::MissingArgument),
                Some(domain) => {
                    check_domain_spec(domain)?;
                    Some(domain)
                }
                None if domain.is_empty() => None,
                None => return Err(SpfFindingKind::BadPrefixLength),
            }
        }
        _ => {
            let network = argument.ok_or(SpfFindingKind::MissingArgument)?;
            check_network(kind, network)?;
            Some(network)
        }
    };
    Ok(SpfTerm { kind, qualifier, target, prefix })
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

/// `None` where the word is no modifier: its name would have to end at `=`.
fn parse_modifier(word: &str) -> Option<Result<SpfTerm<'_>, SpfFindingKind>> {
    let (name, value) = word.split_once('=')?;
    let is_name = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    if !is_name {
        return None;
    }
    let (kind, checked) = if name.eq_ignore_ascii_case("redirect") {
        (SpfTermKind::Redirect, check_argument(value))
    } else if name.eq_ignore_ascii_case("exp") {
        (SpfTermKind::Explanation, check_argument(value))
    } else {
        (SpfTermKind::OtherModifier, check_macro_string(value))
    };
    let prefix = DualPrefix::default();
    Some(checked.map(|()| SpfTerm {
        kind,
        qualifier: Qualifier::Pass,
        target: Some(value),
        prefix,
    }))
}

fn check_argument(value: &str) -> Result<(), SpfFindingKind> {
    if value.is_empty() { Err(SpfFindingKind::MissingArgument) } else { check_domain_spec(value) }
}

/// Cuts `/24`, `//64` or `/24//64` off the end.
fn cut_dual_prefix(text: &str) -> Result<(&str, DualPrefix), SpfFindingKind> {
    let (text, v6) = cut_length(text, "//", 128)?;
    let (text, v4) = cut_length(text, "/", 32)?;
    Ok((text, DualPrefix { v4, v6 }))
}

fn cut_length<'a>(
    text: &'a str,
    mark: &str,
    most: u8,
) -> Result<(&'a str, Option<u8>), SpfFindingKind> {
    match text.rsplit_once(mark) {
        Some((front, digits)) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            Ok((front, Some(prefix_length(digits, most)?)))
        }
        _ => Ok((text, None)),
    }
}

/// A prefix length without leading zeros (RFC 7208 §5.6).
fn prefix_length(digits: &str, most: u8) -> Result<u8, SpfFindingKind> {
    let plain =
        digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    digits
        .parse()
        .ok()
        .filter(|length| plain && *length <= most)
        .ok_or(SpfFindingKind::BadPrefixLength)
}

fn check_network(kind: SpfTermKind, text: &str) -> Result<(), SpfFindingKind> {
    let (ip, length) = match text.split_once('/') {
        Some((ip, length)) => (ip, Some(length)),
        None => (text, None),
    };
    let (is_address, most) = match kind {
        SpfTermKind::Ip4 => (ip.parse::<Ipv4Addr>().is_ok(), 32),
        _ => (ip.parse::<Ipv6Addr>().is_ok(), 128),
    };
    if !is_address {
        return Err(SpfFindingKind::BadAddress);
    }
    length.map_or(Ok(()), |length| prefix_length(length, most).map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_broken_rule_has_its_name() {
        use SpfFindingKind::*;
        for (term, expected) in [
            ("include:", MissingArgument),
            ("include", MissingArgument),
            ("include:com", BadDomain),
            ("a:", MissingArgument),
            ("a/33", BadPrefixLength),
            ("a//129", BadPrefixLength),
            ("a/024", BadPrefixLength),
            ("a/", BadPrefixLength),
            ("a/x", BadPrefixLength),
            ("a:/24", MissingArgument),
            ("mx:ornek.com/foo", BadDomain),
            ("ip4:192.0.2", BadAddress),
            ("ip4:192.0.2.1/33", BadPrefixLength),
            ("ip4:192.0.2.1/+3", BadPrefixLength),
            ("ip4:192.0.2.01", BadAddress),
            ("ip4:192.0.2.1:25", BadAddress),
            ("ip4:", MissingArgument),
            ("ip4", MissingArgument),
            ("ip6:192.0.2.1", BadAddress),
            ("ip6:2001:db8::/129", BadPrefixLength),
            ("all:x", UnwantedArgument),
            ("all/8", UnwantedArgument),
            ("all.", UnknownTerm),
            ("-", UnknownTerm),
            ("exists:%{c}.ornek.com", BadMacro),
            ("exists:%{i", BadMacro),
            ("exists:%{d0}.x.com", BadMacro),
            ("exists:%x.com", BadMacro),
            ("exists:a.%", BadMacro),
            ("redirect=", MissingArgument),
            ("exp=", MissingArgument),
            ("redirect=ornek", BadDomain),
            ("x=1:\u{e9}", BadCharacter),
            ("include:örnek.com", BadCharacter),
            ("ördek", BadCharacter),
            ("moo", UnknownTerm),
            ("=x", UnknownTerm),
            ("-all\t", BadCharacter),
            ("ptr:", MissingArgument),
            ("ptr/24", UnwantedArgument),
            ("a:ornek.123", BadDomain),
            ("a:ornek.-com", BadDomain),
        ] {
            assert_eq!(parse_term(term), Err(expected), "{term}");
        }
    }

    #[test]
    fn prefix_lengths_and_networks() {
        let term = parse_term("?a:mail.ornek.com/24//64").expect("valid");
        assert_eq!(
            (term.qualifier, term.target, term.prefix),
            (Qualifier::Neutral, Some("mail.ornek.com"), DualPrefix { v4: Some(24), v6: Some(64) })
        );
        let network = |text| parse_term(text).ok().and_then(|term| term.network());
        assert_eq!(network("ip4:192.0.2.0/24"), Some(([192, 0, 2, 0].into(), 24)));
        assert_eq!(network("ip6:::1"), Some((Ipv6Addr::LOCALHOST.into(), 128)));
        assert_eq!(network("mx/24"), None);
    }
}
