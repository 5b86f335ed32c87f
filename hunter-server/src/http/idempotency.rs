//! `Idempotency-Key`: what a request is named by, so that one that is sent again is not done again.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::layers::identify::Caller;
use super::problem::Problem;

/// The longest key.
const LONGEST: usize = 200;

/// The key of a request, where it has one. Each API key has names of its own, and so has this machine:
/// nobody meets the requests of somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdempotencyKey(Option<String>);

impl IdempotencyKey {
    /// The key among those of one kind of request.
    pub(crate) fn of(self, kind: &str) -> Option<String> {
        self.0.map(|key| format!("{kind}:{key}"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get().unwrap_or(&Caller::Nobody);
        named(&parts.headers, caller).map(Self)
    }
}

fn named(headers: &HeaderMap, caller: &Caller) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=LONGEST).contains(&key.len()));
    let Some(key) = key else {
        let detail = format!("must be 1 to {LONGEST} visible ASCII characters");
        return Err(Problem::field("Idempotency-Key", detail));
    };
    Ok(Some(match caller {
        Caller::Key(owner) => format!("{}:{key}", owner.id),
        Caller::Local | Caller::Nobody => format!("local:{key}"),
    }))
}
