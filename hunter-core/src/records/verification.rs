//! Proofs of ownership: TXT records that show which services a domain was claimed for. The services
//! and their tokens are data: [`Fingerprints::txt_services`].

use crate::provider::{Fingerprints, TxtService};

/// One proof of ownership.
#[derive(Debug, Clone, Copy)]
pub struct Verification<'t, 'a> {
    /// The service that asked for it.
    pub service: &'t TxtService,
    /// What follows the token.
    pub value: &'a str,
}

/// What Microsoft's proof looks like; both forms are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MicrosoftProof {
    /// `MS=ms` and digits: the admin center's.
    Digits,
    /// `MS=` and 40 hexadecimal digits: the older programming interface's.
    Hexadecimal,
}

impl<'t, 'a> Verification<'t, 'a> {
    /// Reads one TXT record; `None` where no service of the table is known to ask for it. The longest
    /// token wins; letter case does not count, as people type tokens.
    ///
    /// ```
    /// use hunter_core::provider::Fingerprints;
    /// use hunter_core::records::verification::Verification;
    ///
    /// let table = Fingerprints::builtin();
    /// let proof = Verification::read(&table, "MS=ms89827667").expect("Microsoft's");
    /// assert_eq!((proof.service.token.as_str(), proof.value), ("MS=", "ms89827667"));
    /// assert!(Verification::read(&table, "v=spf1 -all").is_none());
    /// ```
    pub fn read(table: &'t Fingerprints, text: &'a str) -> Option<Self> {
        let text = text.trim_matches([' ', '\t', '"']);
        table
            .txt_services()
            .iter()
            .filter(|service| {
                text.get(..service.token.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(&service.token))
            })
            .max_by_key(|service| service.token.len())
            .map(|service| {
                // Some tokens end in the middle of a word: `yandex-verification: x`, `…-abc=x`.
                let value = text[service.token.len()..].trim_start_matches([':', '=', ' ']);
                Self { service, value }
            })
    }

    /// The form of Microsoft's proof; `None` where the value is not one that Microsoft gives, so that
    /// it proves nothing.
    pub fn microsoft(&self) -> Option<MicrosoftProof> {
        if !self.service.token.eq_ignore_ascii_case("MS=") {
            return None;
        }
        let digits = self.value.get(..2).filter(|start| start.eq_ignore_ascii_case("ms"));
        if digits.is_some() {
            let digits = &self.value[2..];
            let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            return is_number.then_some(MicrosoftProof::Digits);
        }
        let is_hex = self.value.len() == 40 && self.value.bytes().all(|b| b.is_ascii_hexdigit());
        is_hex.then_some(MicrosoftProof::Hexadecimal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_microsofts_proof_are_known_and_no_other() {
        let table = Fingerprints::builtin();
        let form = |text| Verification::read(&table, text).and_then(|proof| proof.microsoft());
        assert_eq!(form("MS=ms89827667"), Some(MicrosoftProof::Digits));
        assert_eq!(form("ms=MS89827667"), Some(MicrosoftProof::Digits));
        let hex = "MS=77F6B29953B5B4241F92A29E1C5632174D184A59";
        assert_eq!(form(hex), Some(MicrosoftProof::Hexadecimal));
        for text in ["MS=", "MS=ms", "MS=msx1", &hex[..42], "MS=GG", "google-site-verification=ms1"]
        {
            assert_eq!(form(text), None, "{text}");
        }
    }

    #[test]
    fn values_are_cut_from_tokens_of_every_shape() {
        let table = Fingerprints::builtin();
        for (text, value) in [
            ("google-site-verification=abc", "abc"),
            ("yandex-verification: 0a1b", "0a1b"),
            ("amazonses:abc=", "abc="),
            ("ZOOM_verify_abc", "abc"),
            (" apple-domain-verification=x ", "x"),
        ] {
            let read = Verification::read(&table, text).expect("known");
            assert_eq!(read.value, value, "{text}");
        }
        assert!(Verification::read(&table, "ngoogle-site-verification=x").is_none());
        assert!(Verification::read(&table, "").is_none());
    }
}
