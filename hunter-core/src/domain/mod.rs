//! Domain names, validated once at the edge.
//!
//! [`Domain`] holds a host name in its canonical form: lower case, A-labels, no trailing dot. Build
//! one from a clean name with [`str::parse`], or from whatever a spreadsheet holds with
//! [`Domain::from_cell`].
//!
//! ```
//! use hunter_core::Domain;
//!
//! let read = Domain::from_cell(" https://WWW.Çiçek.com.tr:8080/iletisim ")?;
//! assert_eq!(read.domain.as_str(), "xn--iek-1lab.com.tr");
//! assert_eq!(read.domain.to_unicode(), "çiçek.com.tr");
//!
//! let refused = Domain::from_cell("firma,com,tr").unwrap_err();
//! assert_eq!(refused.fault.code(), "domain_bad_character");
//! assert_eq!(refused.suggestion.as_deref(), Some("firma.com.tr"));
//! # Ok::<(), hunter_core::DomainError>(())
//! ```

pub(crate) mod cell;
mod fault;
mod idna;
mod suggest;

use std::fmt;
use std::str::FromStr;

pub use cell::{CellForm, CellReading};
pub use fault::{DomainError, DomainFault};

/// A domain name in canonical form: at least two labels, lower-case A-labels (RFC 5890), no
/// trailing dot, at most 253 octets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain(Box<str>);

/// Who runs the public suffix under which a domain is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SuffixKind {
    /// A registry's suffix, from the ICANN section of the public suffix list (`com.tr`).
    Icann,
    /// A company's suffix, from the private section (`github.io`): its names are that company's
    /// customers, rarely companies of their own.
    Private,
    /// Not in the list; the last label stands in for a suffix, as the list's default rule says.
    Unlisted,
}

impl Domain {
    /// Reads a domain from a spreadsheet cell, a URL, an e-mail address or a bare name; a leading
    /// `www.` is dropped.
    ///
    /// Nothing is repaired silently: a near miss is refused, or accepted as written, with a
    /// [suggestion](CellReading::suggestion) that the caller may show.
    ///
    /// # Errors
    /// [`DomainError`] names the fault and carries the text as given.
    pub fn from_cell(text: &str) -> Result<CellReading, DomainError> {
        cell::read(text)
    }

    /// The canonical ASCII form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form to show to people: U-labels where the name is international.
    pub fn to_unicode(&self) -> String {
        idna::to_unicode(&self.0)
    }

    /// The public suffix, such as `com.tr` or `github.io`.
    pub fn suffix(&self) -> &str {
        psl::suffix_str(&self.0).unwrap_or_default()
    }

    /// Which section of the public suffix list knows the suffix.
    pub fn suffix_kind(&self) -> SuffixKind {
        suffix_kind(&self.0)
    }

    /// The registrable domain: one label more than the public suffix. `None` when the name is a
    /// public suffix itself.
    pub fn registrable(&self) -> Option<&str> {
        psl::domain_str(&self.0)
    }

    /// Whether `host` is this domain or a name below it. `host` must be lower case.
    pub fn covers(&self, host: &str) -> bool {
        host.strip_suffix(self.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// The labels from the left.
    pub fn labels(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('.')
    }
}

fn suffix_kind(name: &str) -> SuffixKind {
    match psl::suffix(name.as_bytes()).and_then(|suffix| suffix.typ()) {
        Some(psl::Type::Icann) => SuffixKind::Icann,
        Some(psl::Type::Private) => SuffixKind::Private,
        None => SuffixKind::Unlisted,
    }
}

impl FromStr for Domain {
    type Err = DomainError;

    /// Reads a host name and nothing else: no URL, no e-mail address; `www.` is kept.
    fn from_str(text: &str) -> Result<Self, DomainError> {
        idna::canonical(text)
            .map(|name| Self(name.into()))
            .map_err(|fault| DomainError::new(text, fault, suggest::for_host(text)))
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Domain({})", self.0)
    }
}

impl AsRef<str> for Domain {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl serde::Serialize for Domain {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Domain {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(text: &str) -> Domain {
        text.parse().expect("a valid name")
    }

    #[test]
    fn suffixes_tell_registries_from_companies() {
        let company = domain("www.ornek.com.tr");
        assert_eq!(company.suffix(), "com.tr");
        assert_eq!(company.suffix_kind(), SuffixKind::Icann);
        assert_eq!(company.registrable(), Some("ornek.com.tr"));

        let page = domain("ornek.github.io");
        assert_eq!(page.suffix_kind(), SuffixKind::Private);
        assert_eq!(page.registrable(), Some("ornek.github.io"));

        assert_eq!(domain("ornek.bc").suffix_kind(), SuffixKind::Unlisted);
        assert_eq!(domain("com.tr").registrable(), None);
    }

    #[test]
    fn covers_respects_label_boundaries() {
        let zone = domain("ornek.com.tr");
        assert!(zone.covers("ornek.com.tr"));
        assert!(zone.covers("mail.ornek.com.tr"));
        assert!(!zone.covers("kornek.com.tr"));
        assert!(!zone.covers("com.tr"));
    }

    #[test]
    fn a_clean_name_keeps_its_www() {
        assert_eq!(domain("WWW.Ornek.com.tr.").as_str(), "www.ornek.com.tr");
        assert!("https://ornek.com".parse::<Domain>().is_err());
    }
}
