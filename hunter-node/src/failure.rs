//! Errors on their way to JavaScript.

use hunter_core::Error;
use napi_derive::napi;

/// An answer, or an error whose `code` is the stable code. The macro knows it by the name `Result`.
pub(crate) type Result<T> = napi::Result<T, &'static str>;

/// The error as JavaScript sees it; the package makes its `HunterError` of it.
pub(crate) fn failure(error: &Error) -> napi::Error<&'static str> {
    napi::Error::new(error.code(), error.to_string())
}

/// Why a batch cannot be done, while it is on a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    code: &'static str,
    message: String,
}

impl Fault {
    pub(crate) const fn new(code: &'static str, message: String) -> Self {
        Self { code, message }
    }

    pub(crate) fn of_column(code: &'static str, column: &str, problem: &str) -> Self {
        Self::new(code, format!("column `{column}`: {problem}"))
    }
}

/// The same in JavaScript: a promise of napi is refused with codes of its own alone.
#[napi(object, object_from_js = false)]
pub struct RawFault {
    /// The stable code.
    pub code: String,
    /// What is wrong.
    pub message: String,
}

impl From<Fault> for RawFault {
    fn from(fault: Fault) -> Self {
        Self { code: fault.code.to_owned(), message: fault.message }
    }
}
