//! The signals hash: the key under which a score is cached, equal in every language.
//!
//! It is the front of the SHA-256 of the signals in canonical JSON, and canonical JSON is byte for
//! byte what Python prints for `json.dumps(json.loads(text), sort_keys=True)`: one space after `,`
//! and `:`, keys in the order of their code points, everything but printable ASCII escaped,
//! numbers as Python shows them.
//!
//! ```
//! use hunter_core::hash::{canonical, signals_hash};
//!
//! let text = r#"{"spf":true, "dkim":false, "dmarc_policy":null}"#;
//! assert_eq!(canonical(text)?, r#"{"dkim": false, "dmarc_policy": null, "spf": true}"#);
//! assert_eq!(signals_hash(text)?.as_str(), "89401714798d1fb6");
//!
//! let error = signals_hash(r#"{"spf": yes}"#).unwrap_err();
//! assert_eq!(error.to_string(), "signals: byte 8: expected a value, found `y`");
//! # Ok::<(), hunter_core::Error>(())
//! ```
//!
//! What is read is what Python's `json` reads: `NaN`, `Infinity` and `-Infinity`, integers of any
//! size, lone surrogates, and the last of several equal keys. What it refuses is refused: leading
//! zeros, control characters in strings, blanks other than space, tab and line breaks, anything
//! after the value. Two limits differ: nesting ends at 128 levels, and integers over 4,300 digits
//! are read.

mod json;
mod print;
mod typed;

use std::fmt;

use sha2::{Digest, Sha256};

use crate::error::Error;

/// How many octets of the digest are kept.
const KEPT: usize = 8;

/// The first 16 hexadecimal digits, in lower case, of the SHA-256 of canonical signals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignalsHash([u8; 2 * KEPT]);

impl SignalsHash {
    fn of(hasher: Sha256) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digest = hasher.finalize();
        let mut hex = [0; 2 * KEPT];
        for (pair, octet) in hex.chunks_exact_mut(2).zip(digest.iter()) {
            pair[0] = DIGITS[usize::from(octet >> 4)];
            pair[1] = DIGITS[usize::from(octet & 0xf)];
        }
        Self(hex)
    }

    /// The 16 digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("hexadecimal digits are ASCII")
    }
}

impl fmt::Display for SignalsHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for SignalsHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignalsHash({self})")
    }
}

impl serde::Serialize for SignalsHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The hash of signals given as JSON text.
///
/// # Errors
/// As for [`canonical`].
pub fn signals_hash(json: &str) -> Result<SignalsHash, Error> {
    let mut hasher = Sha256::new();
    json::read(json)?.print(&mut hasher);
    Ok(SignalsHash::of(hasher))
}

/// The canonical form of a JSON text.
///
/// # Errors
/// `signals_json` gives the byte, counted from 0, and what was expected there; `signals_depth` says
/// that arrays and objects are nested in more than 128 levels.
pub fn canonical(json: &str) -> Result<String, Error> {
    let mut text = String::with_capacity(json.len());
    json::read(json)?.print(&mut text);
    Ok(text)
}
