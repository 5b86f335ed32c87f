//! Any operation by its name, from JSON text to JSON text.

use serde::Serialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;

use super::request::read;
use super::{Hunter, OPERATIONS};
use crate::error::Error;

impl Hunter {
    /// Carries out an operation of [`OPERATIONS`]: one JSON object with its arguments in, one JSON
    /// object with its answer out. `clock` is the host's time.
    ///
    /// ```
    /// use hunter_core::operations::Hunter;
    /// use time::OffsetDateTime;
    ///
    /// let hunter = Hunter::builtin();
    /// let answer = hunter.call("segment", r#"{"score": 67, "provider": "Google"}"#, OffsetDateTime::UNIX_EPOCH)?;
    /// assert_eq!(answer, r#"{"segment":"Migration"}"#);
    /// # Ok::<(), hunter_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `unknown_word` for a name that is none, `argument_invalid` for arguments that do not fit, and the
    /// error codes of the operation.
    pub fn call(
        &self,
        operation: &str,
        request: &str,
        clock: OffsetDateTime,
    ) -> Result<String, Error> {
        match operation {
            "score" => answer(request, |r| Ok(self.score(r))),
            "segment" => answer(request, |r| self.segment(r)),
            "priority_score" => answer(request, |r| self.priority_score(r)),
            "commercial" => answer(request, |r| self.commercial(r)),
            "next_step" => answer(request, |r| self.next_step(r)),
            "assess" => answer(request, |r| self.assess(r)),
            "sales_summary" => answer(request, |r| self.sales_summary(r, clock)),
            "explain" => answer(request, |r| self.explain(r, clock)),
            "normalize_domain" => answer(request, |r| self.normalize_domain(r)),
            "parse_spf" => answer(request, |r| Ok(self.parse_spf(r))),
            "parse_dkim" => answer(request, |r| Ok(self.parse_dkim(r))),
            "parse_dmarc" => answer(request, |r| Ok(self.parse_dmarc(r))),
            "classify_mx" => answer(request, |r| Ok(self.classify_mx(r))),
            "signals_hash" => answer(request, |r| self.signals_hash(r)),
            "signals_canonical" => answer(request, |r| self.signals_canonical(r)),
            "diff" => answer(request, |r| self.diff(r)),
            "contacts" => answer(request, |r| Ok(self.contacts(r))),
            _ => {
                let names: Vec<&str> = OPERATIONS.iter().map(|operation| operation.name).collect();
                Err(Error::unknown_word("operation", operation, &names))
            }
        }
    }
}

fn answer<R: DeserializeOwned, A: Serialize>(
    request: &str,
    carry_out: impl FnOnce(&R) -> Result<A, Error>,
) -> Result<String, Error> {
    let answer = carry_out(&read(request)?)?;
    Ok(serde_json::to_string(&answer).expect("string keys and finite numbers only"))
}
