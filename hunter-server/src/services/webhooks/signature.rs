//! Signatures as Standard Webhooks has them (<https://www.standardwebhooks.com>, as Svix and others send
//! them): `webhook-id`, `webhook-timestamp` and `webhook-signature`.
//!
//! Signed is `{id}.{timestamp}.{body}` with HMAC-SHA-256 (RFC 2104), under a secret of which only sender
//! and receiver know; the signature reads `v1,` and its base64. Several of them, separated by blanks,
//! are of one message under several secrets, so that a secret can be replaced without a gap.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::Sha256;
use time::{Duration, OffsetDateTime};

/// What secrets begin with.
const PREFIX: &str = "whsec_";
/// Secrets are 24 to 64 bytes.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// The longest id of a message.
const LONGEST_ID: usize = 200;
/// Signatures that are looked at.
const MOST_SIGNATURES: usize = 8;

/// Why a call is not taken for genuine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A header is not there, or cannot be read.
    #[error("`{0}` is missing or cannot be read")]
    Header(&'static str),
    /// It was signed at another time: what was listened to may not be sent again later.
    #[error(
        "`webhook-timestamp` is more than {0} s away from the clock here: sign anew for each try"
    )]
    Time(i64),
    /// None of the signatures is right.
    #[error("no signature in `webhook-signature` is right for this body")]
    Wrong,
}

/// A secret, ready to sign with.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct SigningSecret(Hmac<Sha256>);

impl std::fmt::Debug for SigningSecret {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningSecret(***)")
    }
}

impl TryFrom<String> for SigningSecret {
    type Error = String;

    /// What is wrong is said without the text.
    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("must be `{PREFIX}` and the base64 of 24 to 64 random bytes");
        let encoded = text.strip_prefix(PREFIX).ok_or_else(wrong)?;
        let bytes = BASE64_STANDARD.decode(encoded).map_err(|_| wrong())?;
        if !SECRET_BYTES.contains(&bytes.len()) {
            return Err(wrong());
        }
        Hmac::new_from_slice(&bytes).map(Self).map_err(|_| wrong())
    }
}

/// Checks signatures under any of a few secrets.
#[derive(Debug, Clone)]
pub struct Verifier {
    secrets: Vec<SigningSecret>,
    tolerance: Duration,
}

impl Verifier {
    /// A verifier; `None` where there is no secret, and calls are not signed.
    pub fn new(secrets: Vec<SigningSecret>, tolerance: Duration) -> Option<Self> {
        (!secrets.is_empty()).then_some(Self { secrets, tolerance })
    }

    /// The id of a message that is genuine and of this time.
    ///
    /// # Errors
    /// Why it is not.
    pub fn verify(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: OffsetDateTime,
    ) -> Result<String, Fault> {
        let text = |name: &'static str| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.filter(|text| !text.is_empty()).ok_or(Fault::Header(name))
        };
        let (id, at, signatures) =
            (text("webhook-id")?, text("webhook-timestamp")?, text("webhook-signature")?);
        if id.len() > LONGEST_ID {
            return Err(Fault::Header("webhook-id"));
        }
        let seconds: i64 = at.parse().map_err(|_| Fault::Header("webhook-timestamp"))?;
        let off = now.unix_timestamp().abs_diff(seconds);
        if off > self.tolerance.whole_seconds().unsigned_abs() {
            return Err(Fault::Time(self.tolerance.whole_seconds()));
        }
        let is_right = signatures
            .split(' ')
            .filter_map(|signature| signature.strip_prefix("v1,"))
            .take(MOST_SIGNATURES)
            .filter_map(|signature| BASE64_STANDARD.decode(signature).ok())
            .any(|signature| self.is_right(id, at, body, &signature));
        if is_right { Ok(id.to_owned()) } else { Err(Fault::Wrong) }
    }

    /// The comparison takes the same time, whatever is wrong.
    fn is_right(&self, id: &str, at: &str, body: &[u8], signature: &[u8]) -> bool {
        self.secrets.iter().any(|secret| {
            let mut mac = secret.0.clone();
            for part in [id.as_bytes(), b".", at.as_bytes(), b".", body] {
                mac.update(part);
            }
            mac.verify_slice(signature).is_ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the reference implementations.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const AT: i64 = 1_614_265_330;

    fn verifier(secrets: &[&str]) -> Verifier {
        let secret = |text: &&str| SigningSecret::try_from((*text).to_owned()).expect("a secret");
        Verifier::new(secrets.iter().map(secret).collect(), Duration::minutes(5)).expect("some")
    }

    fn headers(signature: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek".parse().unwrap());
        headers.insert("webhook-timestamp", AT.to_string().parse().unwrap());
        headers.insert("webhook-signature", signature.parse().unwrap());
        headers
    }

    fn verify(headers: &HeaderMap, body: &[u8], seconds: i64) -> Result<String, Fault> {
        let now = OffsetDateTime::from_unix_timestamp(AT + seconds).unwrap();
        verifier(&[SECRET]).verify(headers, body, now)
    }

    const RIGHT: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn the_signature_of_the_reference_is_right() {
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned();
        assert_eq!(verify(&headers(RIGHT), BODY, 0), Ok(id.clone()));
        let among = format!("v1a,xxxx v1,AAAA {RIGHT}");
        assert_eq!(verify(&headers(&among), BODY, 299), Ok(id.clone()));
        let other = format!("whsec_{}", BASE64_STANDARD.encode([7; 32]));
        let now = OffsetDateTime::from_unix_timestamp(AT).unwrap();
        let both = verifier(&[&other, SECRET]);
        assert_eq!(both.verify(&headers(RIGHT), BODY, now), Ok(id), "secrets are replaced so");
        assert_eq!(verifier(&[&other]).verify(&headers(RIGHT), BODY, now), Err(Fault::Wrong));
    }

    #[test]
    fn whatever_was_touched_is_wrong() {
        assert_eq!(verify(&headers(RIGHT), br#"{"test": 2432232315}"#, 0), Err(Fault::Wrong));
        for signature in
            ["v1,", "v1,g0hM", &RIGHT[3..], "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="]
        {
            assert_eq!(verify(&headers(signature), BODY, 0), Err(Fault::Wrong), "{signature}");
        }
        for name in ["webhook-id", "webhook-timestamp"] {
            let mut headers = headers(RIGHT);
            headers.insert(name, "1614265331".parse().unwrap());
            assert_eq!(verify(&headers, BODY, 0), Err(Fault::Wrong), "{name} is signed");
        }
    }

    #[test]
    fn what_is_old_or_ahead_or_incomplete_is_refused() {
        for seconds in [301, -301, i64::from(u32::MAX)] {
            assert_eq!(verify(&headers(RIGHT), BODY, seconds), Err(Fault::Time(300)), "{seconds}");
        }
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
            let mut headers = headers(RIGHT);
            headers.remove(name);
            assert_eq!(verify(&headers, BODY, 0), Err(Fault::Header(name)));
        }
    }

    #[test]
    fn a_secret_has_its_form_and_stays_one() {
        for text in ["", "geheim", "whsec_", "whsec_c2hvcnQ=", "whsec_***"] {
            let error = SigningSecret::try_from(text.to_owned()).expect_err(text);
            assert!(!error.contains("geheim"), "{error}");
        }
        assert!(Verifier::new(Vec::new(), Duration::ZERO).is_none());
        assert!(!format!("{:?}", verifier(&[SECRET])).contains("MfKQ"));
    }
}
