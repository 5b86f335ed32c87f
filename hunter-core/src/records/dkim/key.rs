//! Public keys: base64, and just enough DER to count the bits of an RSA modulus.

/// The public key that `p=` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyMaterial {
    /// An RSA key with that many bits in its modulus.
    Rsa {
        /// Bits of the modulus.
        bits: usize,
    },
    /// An Ed25519 key of 32 octets (RFC 8463 §4).
    Ed25519,
    /// An empty `p`: the key was withdrawn (RFC 6376 §3.6.1).
    Revoked,
    /// Base64 that holds no key of the kind that `k` names.
    Unreadable,
    /// Not base64.
    NotBase64,
}

/// The object identifier of RSA keys, 1.2.840.113549.1.1.1, in DER (RFC 8017 appendix A.1).
const RSA_OID: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// The object identifier of Ed25519 keys, 1.3.101.112, in DER (RFC 8410 §3).
const ED25519_OID: [u8; 3] = [0x2b, 0x65, 0x70];
/// Raw length of an Ed25519 key.
const ED25519_OCTETS: usize = 32;

/// Bits of the RSA modulus: of a `SubjectPublicKeyInfo`, which RFC 6376 §3.6.1 means and everybody
/// publishes, or of a bare `RSAPublicKey`, which its text says and some verifiers read.
pub(super) fn rsa_bits(der: &[u8]) -> Option<usize> {
    let (outer, _) = element(der, SEQUENCE)?;
    if let Some((algorithm, rest)) = element(outer, SEQUENCE) {
        let (oid, _) = element(algorithm, OBJECT_IDENTIFIER)?;
        if oid != RSA_OID {
            return None;
        }
        let (bits, _) = element(rest, BIT_STRING)?;
        // The first octet says how many bits of the last one do not count: none.
        let (key, _) = element(bits.strip_prefix(&[0])?, SEQUENCE)?;
        return modulus_bits(key);
    }
    modulus_bits(outer)
}

fn modulus_bits(key: &[u8]) -> Option<usize> {
    let (modulus, rest) = element(key, INTEGER)?;
    element(rest, INTEGER)?;
    let first = modulus.iter().position(|octet| *octet != 0)?;
    // A leading zero only says that the number is not negative.
    let modulus = &modulus[first..];
    Some(modulus.len() * 8 - modulus[0].leading_zeros() as usize)
}

/// Whether the octets are an Ed25519 key: raw, as RFC 8463 §4.2 asks, or wrapped, as OpenSSL writes.
pub(super) fn is_ed25519(octets: &[u8]) -> bool {
    let wrapped = || {
        let (outer, _) = element(octets, SEQUENCE)?;
        let (algorithm, rest) = element(outer, SEQUENCE)?;
        let (oid, _) = element(algorithm, OBJECT_IDENTIFIER)?;
        let (bits, _) = element(rest, BIT_STRING)?;
        Some(oid == ED25519_OID && bits.len() == ED25519_OCTETS + 1)
    };
    octets.len() == ED25519_OCTETS || wrapped() == Some(true)
}

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// The content of the first DER element where it has that tag, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.split_first()?;
    if first != tag {
        return None;
    }
    let (&length, rest) = rest.split_first()?;
    let (length, rest) = if length < 0x80 {
        (usize::from(length), rest)
    } else {
        // A key of 16 kilobits needs two octets here; four are plenty.
        let octets = usize::from(length & 0x7f);
        if !(1..=4).contains(&octets) {
            return None;
        }
        let (octets, rest) = rest.split_at_checked(octets)?;
        (octets.iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet)), rest)
    };
    rest.split_at_checked(length)
}

/// Decodes base64 with folding white space inside, as zones often leave it; `None` for anything else.
/// Padding may be missing: verifiers accept that.
pub(super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches(['=', ' ', '\t', '\r', '\n']);
    let mut octets = Vec::with_capacity(body.len() / 4 * 3 + 2);
    let (mut held, mut bits) = (0_u32, 0);
    for byte in body.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b' ' | b'\t' | b'\r' | b'\n' => continue,
            _ => return None,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            octets.push(u8::try_from(held >> bits & 0xff).expect("one octet"));
        }
    }
    // One character alone is not a whole octet.
    (bits < 6).then_some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6376 appendix C.
    const RFC_KEY: &str = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkM\
        oGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/R\
        tdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToI\
        MmPSPDdQPNUYckcQ2QIDAQAB";

    #[test]
    fn the_bits_of_a_key_are_counted_wrapped_and_bare() {
        let der = decode_base64(RFC_KEY).expect("base64");
        assert_eq!(rsa_bits(&der), Some(1024));
        let (outer, _) = element(&der, SEQUENCE).expect("a sequence");
        let (_, rest) = element(outer, SEQUENCE).expect("an algorithm");
        let (bits, _) = element(rest, BIT_STRING).expect("a key");
        assert_eq!(rsa_bits(&bits[1..]), Some(1024));
        for end in 0..der.len() {
            assert_eq!(rsa_bits(&der[..end]), None, "cut to {end}");
        }
    }

    #[test]
    fn ed25519_keys_are_thirty_two_octets() {
        // RFC 8463 appendix A.2.
        let key = decode_base64("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=").expect("base64");
        assert!(is_ed25519(&key));
        assert!(!is_ed25519(&key[1..]));
        assert_eq!(rsa_bits(&key), None);
    }

    #[test]
    fn base64_allows_folds_and_lacking_padding_and_nothing_else() {
        assert_eq!(decode_base64("aGkg\t\r\n IQ").as_deref(), Some(&b"hi !"[..]));
        assert_eq!(decode_base64("aGk=").as_deref(), Some(&b"hi"[..]));
        assert_eq!(decode_base64("").as_deref(), Some(&b""[..]));
        for text in ["a", "aGk=x", "a,b", "aG-k", "é"] {
            assert_eq!(decode_base64(text), None, "{text}");
        }
    }
}
