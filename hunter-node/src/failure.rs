//! Errors on their way to JavaScript.

use hunter_core::Error;

/// An answer, or an error whose `code` is the stable code. The macro knows it by the name `Result`.
pub(crate) type Result<T> = napi::Result<T, &'static str>;

/// The error as JavaScript sees it; the package makes its `HunterError` of it.
pub(crate) fn failure(error: &Error) -> napi::Error<&'static str> {
    napi::Error::new(error.code(), error.to_string())
}
