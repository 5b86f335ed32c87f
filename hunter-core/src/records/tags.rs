//! `name=value` lists separated by semicolons: the shape that DKIM keys (RFC 6376 §3.2) and DMARC
//! records (RFC 9989 §4.7) share.

/// The tags of a list in order, names and values trimmed.
///
/// A part without `=` is yielded with an empty name, so that the caller can tell a malformed list
/// from a short one; empty parts (a trailing semicolon) are skipped.
pub(super) fn tags(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(';').map(trim).filter(|part| !part.is_empty()).map(|part| {
        match part.split_once('=') {
            Some((name, value)) => (trim(name), trim(value)),
            None => ("", part),
        }
    })
}

/// Folding white space (RFC 6376 §2.8) at both ends; nothing else that Unicode calls a blank.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_stray_semicolons_are_tolerated() {
        let read: Vec<_> = tags(" v = DKIM1 ;; p=A=B ; stray ;").collect();
        assert_eq!(read, [("v", "DKIM1"), ("p", "A=B"), ("", "stray")]);
    }
}
