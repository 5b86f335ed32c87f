//! DKIM key records (RFC 6376 §3.6.1, RFC 8301, RFC 8463).
//!
//! [`DkimKey`] is the cheap reading: whether a key stands there. [`DkimRecord`] reads every tag and
//! counts the bits of the key; [`findings`] says what deserves a word.

mod key;
mod record;
mod selector;

pub use key::KeyMaterial;
pub use record::{
    DkimFinding, DkimFindingKind, DkimRecord, UNUSABLE_BELOW_BITS, WEAK_BELOW_BITS, findings,
};
pub use selector::SelectorSource;

/// A selector that nobody has. A key that stands there is what a wildcard answers to every name, and
/// proves no selector.
pub const WILDCARD_SELECTOR: &str = "hunter-no-such-selector";

use super::tags::tags;

/// What a TXT record under `selector._domainkey` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DkimKey {
    /// A usable public key.
    Valid {
        /// `k`: the kind of key.
        key_type: KeyType,
        /// `t=y`: the domain only tests DKIM.
        testing: bool,
    },
    /// An empty `p`: the key was withdrawn.
    Revoked,
    /// Not a key: another record, or a key that no verifier can read.
    NotAKey,
}

/// The kind of a DKIM key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// `rsa`, also when `k` is not given.
    Rsa,
    /// `ed25519` (RFC 8463).
    Ed25519,
}

impl KeyType {
    /// Reads the value of `k`.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "rsa" => Some(Self::Rsa),
            "ed25519" => Some(Self::Ed25519),
            _ => None,
        }
    }
}

impl DkimKey {
    /// Reads one TXT record.
    pub fn read(record: &str) -> Self {
        let mut key_type = KeyType::Rsa;
        let mut testing = false;
        let mut key = None;
        for (position, (name, value)) in tags(record).enumerate() {
            match name {
                // The version is optional, but when given it stands first and is exactly this.
                "v" if position != 0 || value != "DKIM1" => return Self::NotAKey,
                "k" => match KeyType::from_word(value) {
                    Some(known) => key_type = known,
                    // Verifiers ignore keys of a kind they do not know.
                    None => return Self::NotAKey,
                },
                "t" => testing = value.split(':').any(|flag| flag.trim() == "y"),
                "p" if key.is_some() => return Self::NotAKey,
                "p" => key = Some(value),
                "" => return Self::NotAKey,
                _ => {}
            }
        }
        match key {
            Some("") => Self::Revoked,
            Some(text) if is_base64(text) => Self::Valid { key_type, testing },
            _ => Self::NotAKey,
        }
    }
}

/// Base64 with folding white space inside, as zone files often leave it.
fn is_base64(text: &str) -> bool {
    const ALLOWED: [bool; 256] = {
        let mut allowed = [false; 256];
        let letters = b"+/ \tABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let mut nth = 0;
        while nth < letters.len() {
            allowed[letters[nth] as usize] = true;
            nth += 1;
        }
        allowed
    };
    let body = text.trim_end_matches(['=', ' ', '\t']);
    body.bytes().fold(true, |all, byte| all & ALLOWED[usize::from(byte)])
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSA: DkimKey = DkimKey::Valid { key_type: KeyType::Rsa, testing: false };

    #[test]
    fn keys_in_the_shapes_that_zones_hold() {
        assert_eq!(DkimKey::read("v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4"), RSA);
        assert_eq!(DkimKey::read("p=MIGfMA0GCSqGSIb3DQEBAQUAA4=="), RSA);
        assert_eq!(DkimKey::read("k = rsa ; p = MIGf MA0G ;"), RSA);
        assert_eq!(
            DkimKey::read("v=DKIM1;k=ed25519;t=s:y;p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="),
            DkimKey::Valid { key_type: KeyType::Ed25519, testing: true }
        );
    }

    #[test]
    fn d13_a_revoked_key_is_no_key() {
        assert_eq!(DkimKey::read("v=DKIM1; k=rsa; p="), DkimKey::Revoked);
        assert_eq!(DkimKey::read("v=DKIM1; p= ;"), DkimKey::Revoked);
    }

    #[test]
    fn d6_text_that_only_looks_like_a_key_is_none() {
        for text in [
            "k=rsa",
            "k=rsa; anything",
            "v=spf1 include:example.net -all",
            "v=DKIM2; p=MIGf",
            "k=rsa; v=DKIM1; p=MIGf",
            "v=DKIM1; k=dsa; p=MIGf",
            "v=DKIM1; p=MI,Gf",
            "p=A; p=B",
            "",
        ] {
            assert_eq!(DkimKey::read(text), DkimKey::NotAKey, "{text}");
        }
    }
}
