//! Where reports go: the URIs of `rua` and `ruf` (RFC 9989 §4.6).

use crate::records::tags::trim;

/// One destination of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Destination<'a> {
    /// As written.
    pub text: &'a str,
    /// The URI, without a size limit.
    pub uri: &'a str,
    /// The size limit of RFC 7489 §6.2, such as `10m`, which reporters ignore today.
    pub size_limit: Option<&'a str>,
}

/// The destinations of a list. An empty list has none; an empty entry is one that cannot be used.
pub(super) fn destinations(list: &str) -> impl Iterator<Item = Destination<'_>> {
    let is_empty = trim(list).is_empty();
    list.split(',').filter(move |_| !is_empty).map(|entry| Destination::read(trim(entry)))
}

impl<'a> Destination<'a> {
    /// Reads one URI with its size limit, if any.
    pub fn read(text: &'a str) -> Self {
        let (uri, size_limit) = match text.split_once('!') {
            Some((uri, limit)) => (trim(uri), Some(trim(limit))),
            None => (text, None),
        };
        Self { text, uri, size_limit }
    }

    /// The address of a `mailto:` URI, as written (percent-escapes are kept).
    pub fn address(&self) -> Option<&'a str> {
        let (scheme, rest) = self.uri.split_at_checked("mailto:".len())?;
        if !scheme.eq_ignore_ascii_case("mailto:") {
            return None;
        }
        let address = rest.split_once('?').map_or(rest, |(address, _)| address);
        let (local, domain) = address.rsplit_once('@')?;
        let plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"' | b'{' | b'}');
        let is_address = !local.is_empty()
            && address.bytes().all(plain)
            && domain.contains('.')
            && domain.split('.').all(|label| matches!(label.len(), 1..=63));
        is_address.then_some(address)
    }

    /// The domain of a `mailto:` URI: whose mailbox the reports arrive in.
    pub fn domain(&self) -> Option<&'a str> {
        self.address()?.rsplit_once('@').map(|(_, domain)| domain)
    }

    /// Whether receivers can send to it. Only `mailto:` must be supported (RFC 9989 §4.7); nobody
    /// sends to others.
    pub fn is_usable(&self) -> bool {
        self.address().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_out_and_other_uris_are_not_used() {
        let read = |text| {
            let destination = Destination::read(text);
            (destination.address(), destination.size_limit)
        };
        assert_eq!(read("mailto:d@ornek.com"), (Some("d@ornek.com"), None));
        assert_eq!(read("MAILTO:d@ornek.com!10 m"), (Some("d@ornek.com"), Some("10 m")));
        assert_eq!(read("mailto:d%20e@ornek.com?subject=x").0, Some("d%20e@ornek.com"));
        for text in [
            "",
            "d@ornek.com",
            "mailto:",
            "mailto:d",
            "mailto:@ornek.com",
            "mailto:d@ornek",
            "mailto:d@ornek..com",
            "mailto:d e@ornek.com",
            "mailto://ornek.com",
            "https://ornek.com/dmarc",
            "__mailto:d@ornek.com",
        ] {
            assert!(!Destination::read(text).is_usable(), "{text}");
        }
        assert_eq!(Destination::read("mailto:a@b@ornek.com").domain(), Some("ornek.com"));
    }

    #[test]
    fn an_empty_list_has_no_destination_and_an_empty_entry_is_a_bad_one() {
        assert_eq!(destinations(" ").count(), 0);
        let list: Vec<_> = destinations("mailto:a@b.com,,").map(|d| d.is_usable()).collect();
        assert_eq!(list, [true, false, false]);
    }
}
