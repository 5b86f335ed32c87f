//! Any operation by its name, from JSON text to JSON text.

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use time::OffsetDateTime;

use super::request::read_request;
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
        let mut text = Vec::new();
        self.call_into(operation, request, clock, &mut serde_json::Serializer::new(&mut text))?
            .expect("string keys and finite numbers only");
        Ok(String::from_utf8(text).expect("serde_json writes UTF-8"))
    }

    /// The same with the answer in a form of the host's, such as the objects of a language. The inner
    /// error is that of the serializer.
    ///
    /// # Errors
    /// As for [`call`](Self::call).
    pub fn call_into<S: Serializer>(
        &self,
        operation: &str,
        request: &str,
        clock: OffsetDateTime,
        into: S,
    ) -> Result<Result<S::Ok, S::Error>, Error> {
        match operation {
            "score" => answer(request, into, |r| Ok(self.score(r))),
            "segment" => answer(request, into, |r| self.segment(r)),
            "priority_score" => answer(request, into, |r| self.priority_score(r)),
            "commercial" => answer(request, into, |r| self.commercial(r)),
            "next_step" => answer(request, into, |r| self.next_step(r)),
            "assess" => answer(request, into, |r| self.assess(r)),
            "sales_summary" => answer(request, into, |r| self.sales_summary(r, clock)),
            "explain" => answer(request, into, |r| self.explain(r, clock)),
            "normalize_domain" => answer(request, into, |r| self.normalize_domain(r)),
            "parse_spf" => answer(request, into, |r| Ok(self.parse_spf(r))),
            "parse_dkim" => answer(request, into, |r| Ok(self.parse_dkim(r))),
            "parse_dmarc" => answer(request, into, |r| Ok(self.parse_dmarc(r))),
            "classify_mx" => answer(request, into, |r| Ok(self.classify_mx(r))),
            "signals_hash" => answer(request, into, |r| self.signals_hash(r)),
            "signals_canonical" => answer(request, into, |r| self.signals_canonical(r)),
            "diff" => answer(request, into, |r| self.diff(r)),
            "contacts" => answer(request, into, |r| Ok(self.contacts(r))),
            _ => {
                let names: Vec<&str> = OPERATIONS.iter().map(|operation| operation.name).collect();
                Err(Error::unknown_word("operation", operation, &names))
            }
        }
    }
}

fn answer<R: DeserializeOwned, A: Serialize, S: Serializer>(
    request: &str,
    into: S,
    carry_out: impl FnOnce(&R) -> Result<A, Error>,
) -> Result<Result<S::Ok, S::Error>, Error> {
    Ok(carry_out(&read_request(request)?)?.serialize(into))
}
