//! The character set of an answer: RFC 3912 names none, so each registry has its own.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, WINDOWS_1252};

/// The text of an answer. UTF-8 where the bytes are UTF-8, else the registry's set as in the server
/// table, else windows-1252, which reads every byte. No byte makes it fail.
pub fn decode_whois<'a>(charset: Option<&str>, bytes: &'a [u8]) -> Cow<'a, str> {
    // JPRS switches sets by escape sequences, in bytes that are also ASCII.
    if bytes.windows(2).any(|pair| pair == b"\x1b$" || pair == b"\x1b(") {
        return ISO_2022_JP.decode_without_bom_handling(bytes).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.trim_start_matches('\u{feff}').into();
    }
    let named = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    named.unwrap_or(WINDOWS_1252).decode_without_bom_handling(bytes).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_first_then_the_registrys_own_then_any() {
        assert_eq!(decode_whois(Some("windows-1254"), "Örnek Şti.".as_bytes()), "Örnek Şti.");
        assert_eq!(decode_whois(Some("windows-1254"), b"\xd6rnek \xdeti."), "Örnek Şti.");
        assert_eq!(decode_whois(None, b"\xd6rnek"), "Örnek");
        assert_eq!(decode_whois(Some("no-such-set"), b"\xd6rnek"), "Örnek");
        assert_eq!(decode_whois(None, b"\x1b$B%I%a%$%s\x1b(B: x"), "ドメイン: x");
        assert_eq!(decode_whois(None, b"\xef\xbb\xbfDomain"), "Domain");
    }
}
