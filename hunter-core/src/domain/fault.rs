//! Why a text is not a usable domain.

use std::fmt;

/// What is wrong with a text that should hold a domain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DomainFault {
    /// Nothing but blanks.
    Empty,
    /// A word that stands for nothing, or a column heading.
    Placeholder,
    /// An IPv4 or IPv6 address.
    IpAddress,
    /// A number, a date, or an ending made of digits.
    Number,
    /// One label without a dot.
    SingleLabel,
    /// More than one domain; holds those that were seen.
    Several(Vec<String>),
    /// Blanks or control characters inside.
    NotAName,
    /// A URL scheme that does not name a company's host; holds the scheme.
    BadScheme(String),
    /// A known scheme without its two slashes; holds the scheme.
    LostSlashes(String),
    /// An address without a host.
    NoHost,
    /// A character that cannot stand in a host name.
    BadCharacter(char),
    /// An ending that no registry can have.
    BadEnding(String),
    /// Two dots in a row, or a dot in front.
    EmptyLabel,
    /// A misplaced hyphen; holds the label.
    Hyphen(String),
    /// A label over 63 octets or a name over 253.
    TooLong,
    /// A label that UTS #46 does not allow; holds the label.
    Idna(String),
}

impl DomainFault {
    /// The stable code; see [`crate::error::CODES`].
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "domain_empty",
            Self::Placeholder => "domain_placeholder",
            Self::IpAddress => "domain_ip_address",
            Self::Number => "domain_number",
            Self::SingleLabel => "domain_single_label",
            Self::Several(_) => "domain_several",
            Self::NotAName => "domain_not_a_name",
            Self::BadScheme(_) | Self::LostSlashes(_) => "domain_bad_scheme",
            Self::NoHost => "domain_no_host",
            Self::BadCharacter(_) => "domain_bad_character",
            Self::BadEnding(_) => "domain_bad_ending",
            Self::EmptyLabel => "domain_empty_label",
            Self::Hyphen(_) => "domain_hyphen",
            Self::TooLong => "domain_too_long",
            Self::Idna(_) => "domain_idna",
        }
    }
}

impl fmt::Display for DomainFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the cell is empty"),
            Self::Placeholder => f.write_str("a placeholder or a heading, not a domain"),
            Self::IpAddress => f.write_str("an IP address, not a domain"),
            Self::Number => f.write_str("a number or a date, not a domain"),
            Self::SingleLabel => {
                f.write_str("a single word: the ending, such as `.com.tr`, is missing")
            }
            Self::Several(seen) => {
                write!(f, "several domains in one cell: write one a row (saw {})", seen.join(", "))
            }
            Self::NotAName => f.write_str("text with blanks, not a domain"),
            Self::BadScheme(scheme) => {
                write!(f, "the scheme `{scheme}` is not http, https, ftp or mailto")
            }
            Self::LostSlashes(scheme) => write!(f, "`{scheme}:` is not followed by two slashes"),
            Self::NoHost => f.write_str("an address without a host name"),
            Self::BadCharacter(c) if c.is_control() => {
                write!(f, "the control character U+{:04X} cannot stand in a domain", u32::from(*c))
            }
            Self::BadCharacter(c) => write!(f, "the character `{c}` cannot stand in a domain"),
            Self::BadEnding(ending) => write!(f, "no registry has the ending `.{ending}`"),
            Self::EmptyLabel => f.write_str("an empty label: two dots in a row, or a dot in front"),
            Self::Hyphen(label) => write!(
                f,
                "the label `{label}` begins or ends with a hyphen, or has two in its third and fourth place"
            ),
            Self::TooLong => f.write_str("a label over 63 octets, or a name over 253"),
            Self::Idna(label) => {
                write!(f, "the label `{label}` is not a valid international name (UTS #46)")
            }
        }
    }
}

/// A text refused as a domain: what was given, why, and what may have been meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct DomainError {
    /// The text as given.
    pub input: String,
    /// What is wrong with it.
    pub fault: DomainFault,
    /// What may have been meant; never applied silently.
    pub suggestion: Option<String>,
}

impl DomainError {
    pub(super) fn new(input: &str, fault: DomainFault, suggestion: Option<String>) -> Self {
        Self { input: input.to_owned(), fault, suggestion }
    }
}

impl fmt::Display for DomainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.input.escape_debug(), self.fault)?;
        if let Some(suggestion) = &self.suggestion {
            write!(f, "; did you mean `{suggestion}`?")?;
        }
        Ok(())
    }
}
