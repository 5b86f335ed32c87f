//! The whole of a DKIM key record, and what deserves a word about it.

use super::key::{KeyMaterial, decode_base64, is_ed25519, rsa_bits};
use super::{DkimKey, KeyType};
use crate::records::finding::{Finding, finding_kinds};
use crate::records::tags::{tags, trim};

/// Bits below which verifiers must not accept a signature (RFC 8301 §3.2).
pub const UNUSABLE_BELOW_BITS: usize = 1024;
/// Bits that signers should use at least (RFC 8301 §3.2).
pub const WEAK_BELOW_BITS: usize = 2048;

finding_kinds! {
    /// Kinds of findings about a DKIM key record.
    pub enum DkimFindingKind {
        /// A part that is not `name=value` (RFC 6376 §3.2).
        NotATag = "dkim_not_a_tag", Void;
        /// `v` stands, but not first or not as `DKIM1` (RFC 6376 §3.6.1).
        BadVersion = "dkim_bad_version", Void;
        /// A tag stands twice, which makes the list invalid (RFC 6376 §3.2).
        RepeatedTag = "dkim_repeated_tag", Void;
        /// A kind of key that verifiers do not know, and so ignore (RFC 6376 §3.6.1).
        UnknownKeyType = "dkim_unknown_key_type", Void;
        /// No `p` at all.
        NoKey = "dkim_no_key", Void;
        /// An empty `p`: the key was withdrawn.
        Revoked = "dkim_revoked", Void;
        /// `p` is not base64.
        NotBase64 = "dkim_not_base64", Void;
        /// `p` holds no public key of the kind that `k` names.
        UnreadableKey = "dkim_unreadable_key", Void;
        /// Fewer than 1024 bits: verifiers must not accept it (RFC 8301 §3.2).
        UnusableKey = "dkim_unusable_key", Void;
        /// `h` allows no algorithm that verifiers may use: SHA-1 alone (RFC 8301 §3.1).
        NoUsableHash = "dkim_no_usable_hash", Void;
        /// `s` leaves out e-mail (RFC 6376 §3.6.1).
        NotForMail = "dkim_not_for_mail", Void;
        /// Fewer than 2048 bits: signers should use more (RFC 8301 §3.2).
        WeakKey = "dkim_weak_key", Advice;
        /// `t=y`: verifiers treat mail as if it were not signed where the signature fails.
        Testing = "dkim_testing", Advice;
        /// `g`, which RFC 6376 no longer knows; older verifiers may honour it.
        Granularity = "dkim_granularity", Advice;
        /// A tag that RFC 6376 does not know; verifiers ignore it.
        UnknownTag = "dkim_unknown_tag", Ignored;
        /// Several texts at one selector, of which verifiers pick any (RFC 6376 §3.6.2.2).
        SeveralRecords = "dkim_several_records", Advice;
    }
}

/// One finding about a DKIM key record.
pub type DkimFinding<'a> = Finding<'a, DkimFindingKind>;

/// Everything that one key record says. Lists are kept as written; their readers are methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DkimRecord<'a> {
    /// The record as published.
    pub text: &'a str,
    /// `k`: the kind of key; `None` for one that is not known.
    pub key_type: Option<KeyType>,
    /// `p`: the key.
    pub key: Option<KeyMaterial>,
    /// `h`: the hash algorithms allowed, such as `sha256`; all where not given.
    pub hashes: Option<&'a str>,
    /// `s`: the services that the key is for; all where not given.
    pub services: Option<&'a str>,
    /// `t`: flags.
    pub flags: Option<&'a str>,
    /// `n`: a note to people.
    pub note: Option<&'a str>,
}

impl<'a> DkimRecord<'a> {
    /// Reads one TXT record; `None` where it looks like no key record: neither `v=DKIM1` in front,
    /// nor `p`.
    pub fn read(text: &'a str) -> Option<Self> {
        let mut record = Self {
            text,
            key_type: Some(KeyType::Rsa),
            key: None,
            hashes: None,
            services: None,
            flags: None,
            note: None,
        };
        let mut is_key = false;
        let mut key = None;
        for (position, (name, value)) in tags(text).enumerate() {
            match name {
                "v" if position == 0 => is_key = value == "DKIM1",
                "k" => record.key_type = KeyType::from_word(value),
                "p" => key = key.or(Some(value)),
                "h" => record.hashes = Some(value),
                "s" => record.services = Some(value),
                "t" => record.flags = Some(value),
                "n" => record.note = Some(value),
                _ => {}
            }
        }
        record.key = key.map(|key| record.material(key));
        (is_key || key.is_some()).then_some(record)
    }

    fn material(&self, key: &str) -> KeyMaterial {
        if key.is_empty() {
            return KeyMaterial::Revoked;
        }
        let Some(octets) = decode_base64(key) else { return KeyMaterial::NotBase64 };
        match self.key_type {
            Some(KeyType::Rsa) => {
                rsa_bits(&octets).map_or(KeyMaterial::Unreadable, |bits| KeyMaterial::Rsa { bits })
            }
            Some(KeyType::Ed25519) if is_ed25519(&octets) => KeyMaterial::Ed25519,
            _ => KeyMaterial::Unreadable,
        }
    }

    /// `t=y`: the domain only tests DKIM.
    pub fn is_testing(&self) -> bool {
        self.has_flag("y")
    }

    /// `t=s`: the identity must be the signing domain itself, not one below it.
    pub fn is_strict(&self) -> bool {
        self.has_flag("s")
    }

    fn has_flag(&self, flag: &str) -> bool {
        self.flags.is_some_and(|flags| flags.split(':').any(|each| trim(each) == flag))
    }

    /// Whether the key is for e-mail: `s` is not given, or names it or `*`.
    pub fn is_for_mail(&self) -> bool {
        let is_mail = |service: &str| matches!(trim(service), "*" | "email");
        self.services.is_none_or(|services| services.split(':').any(is_mail))
    }

    /// Whether a hash may be used: `h` is not given, or names SHA-256. Verifiers must not accept
    /// SHA-1 any more (RFC 8301 §3.1).
    pub fn allows_usable_hash(&self) -> bool {
        self.hashes.is_none_or(|hashes| hashes.split(':').any(|hash| trim(hash) == "sha256"))
    }

    /// Everything that deserves a word about this record, sorted.
    pub fn findings(&self) -> Vec<DkimFinding<'a>> {
        use DkimFindingKind as Kind;
        let mut found = Vec::new();
        let mut add = |kind, text| found.push(Finding::new(kind, text));
        let mut seen: Vec<&str> = Vec::new();
        for (position, (name, value)) in tags(self.text).enumerate() {
            if name.is_empty() {
                add(Kind::NotATag, value);
                continue;
            }
            if seen.contains(&name) {
                add(Kind::RepeatedTag, name);
            }
            seen.push(name);
            match name {
                "v" if position != 0 || value != "DKIM1" => add(Kind::BadVersion, value),
                "k" if self.key_type.is_none() => add(Kind::UnknownKeyType, value),
                "h" if !self.allows_usable_hash() => add(Kind::NoUsableHash, value),
                "s" if !self.is_for_mail() => add(Kind::NotForMail, value),
                "t" if self.is_testing() => add(Kind::Testing, value),
                "v" | "p" | "n" | "k" | "h" | "s" | "t" => {}
                "g" => add(Kind::Granularity, value),
                _ => add(Kind::UnknownTag, name),
            }
        }
        let key = tags(self.text).find(|(name, _)| *name == "p").map_or("", |(_, value)| value);
        match self.key {
            None => add(Kind::NoKey, ""),
            Some(KeyMaterial::Revoked) => add(Kind::Revoked, ""),
            Some(KeyMaterial::NotBase64) => add(Kind::NotBase64, key),
            Some(KeyMaterial::Unreadable) if self.key_type.is_some() => {
                add(Kind::UnreadableKey, key);
            }
            Some(KeyMaterial::Rsa { bits }) if bits < UNUSABLE_BELOW_BITS => {
                add(Kind::UnusableKey, key);
            }
            Some(KeyMaterial::Rsa { bits }) if bits < WEAK_BELOW_BITS => add(Kind::WeakKey, key),
            Some(_) => {}
        }
        found.sort_unstable();
        found
    }
}

/// Everything that deserves a word about the texts at one selector, sorted, so that the order
/// received does not matter. Texts that look like no key are passed over.
///
/// ```
/// use hunter_core::records::dkim::findings;
///
/// let texts = ["v=DKIM1; k=rsa; h=sha1; p="];
/// let codes: Vec<_> = findings(&texts).iter().map(|finding| finding.code()).collect();
/// assert_eq!(codes, ["dkim_revoked", "dkim_no_usable_hash"]);
/// ```
pub fn findings<S: AsRef<str>>(texts: &[S]) -> Vec<DkimFinding<'_>> {
    let records = || texts.iter().filter_map(|text| DkimRecord::read(text.as_ref()));
    let mut found: Vec<_> = records().flat_map(|record| record.findings()).collect();
    if records().count() > 1 {
        let several = records().map(|r| Finding::new(DkimFindingKind::SeveralRecords, r.text));
        found.extend(several);
    }
    found.sort_unstable();
    found.dedup();
    found
}

impl DkimKey {
    /// What stands at a selector with several texts: a usable key if there is any, else a withdrawn
    /// one. Verifiers may pick any text (RFC 6376 §3.6.2.2); the order received does not matter here.
    pub fn read_all<S: AsRef<str>>(texts: &[S]) -> Self {
        let mut best = Self::NotAKey;
        for text in texts {
            match (best, Self::read(text.as_ref())) {
                (_, valid @ Self::Valid { testing: false, .. }) => return valid,
                (Self::Valid { .. }, _) | (_, Self::NotAKey) => {}
                (_, other) => best = other,
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        findings(&[text]).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_fault_of_a_record_is_found() {
        assert_eq!(
            codes("k=rsa; v=DKIM1; h=sha1; s=tlsrpt; t=y:s; g=*; x=1; stray; p=!; p="),
            [
                "dkim_not_a_tag: `stray`",
                "dkim_bad_version: `DKIM1`",
                "dkim_repeated_tag: `p`",
                "dkim_not_base64: `!`",
                "dkim_no_usable_hash: `sha1`",
                "dkim_not_for_mail: `tlsrpt`",
                "dkim_testing: `y:s`",
                "dkim_granularity: `*`",
                "dkim_unknown_tag: `x`",
            ]
        );
        assert_eq!(codes("v=DKIM1; k=dsa; p=aGk="), ["dkim_unknown_key_type: `dsa`"]);
        assert_eq!(codes("v=DKIM1; p=aGk="), ["dkim_unreadable_key: `aGk=`"]);
        assert_eq!(codes("v=DKIM1; n=soon"), ["dkim_no_key: ``"]);
        assert_eq!(codes("MS=ms1"), [""; 0]);
    }

    #[test]
    fn flags_and_services_are_lists() {
        let record =
            DkimRecord::read("v=DKIM1; t = y : s; s=x:email; h=sha1:sha256; p=").expect("one");
        assert!(record.is_testing() && record.is_strict());
        assert!(record.is_for_mail() && record.allows_usable_hash());
        assert_eq!(record.key, Some(KeyMaterial::Revoked));
    }

    #[test]
    fn a_usable_key_wins_whatever_the_order() {
        let texts = ["p=", "x", "p=AAAA; t=y", "p=AAAA"];
        let turned: Vec<&str> = texts.iter().rev().copied().collect();
        assert_eq!(DkimKey::read_all(&texts), DkimKey::read_all(&turned));
        assert_eq!(DkimKey::read_all(&["x", "p="]), DkimKey::Revoked);
    }
}
