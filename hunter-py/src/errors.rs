//! Errors as the exceptions of `hunter_leads.errors`.

use hunter_core::Error;
use hunter_core::error::{DataError, ErrorKind};
use hunter_scan::{ErrorKind as ScanErrorKind, ScanError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

/// The exception for an error of the core: its class by kind, with code and details.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let class = match error.kind() {
        ErrorKind::Domain => "DomainError",
        ErrorKind::Data => "DataError",
        ErrorKind::Observation => "ObservationError",
        ErrorKind::Argument => "ArgumentError",
        _ => "HunterError",
    };
    build(py, class, &error.to_string(), error.code(), error).unwrap_or_else(|fault| fault)
}

/// The exception for a scan that cannot be begun: settings are arguments.
pub(crate) fn scan_refused(py: Python<'_>, error: &ScanError) -> PyErr {
    let name = match error.kind() {
        ScanErrorKind::Config => "ArgumentError",
        _ => "ScanError",
    };
    class(py, name)
        .and_then(|class| Ok(PyErr::from_value(class.call1((error.to_string(), error.code()))?)))
        .unwrap_or_else(|fault| fault)
}

/// An argument of a type or shape that the operation does not take; `cause` is what Python said.
pub(crate) fn invalid(py: Python<'_>, place: &str, problem: &str, cause: Option<PyErr>) -> PyErr {
    let error = refused(py, "argument_invalid", &format!("arguments: `{place}`: {problem}"));
    if cause.is_some() {
        error.set_cause(py, cause);
    }
    error
}

/// An `ArgumentError` of that code.
pub(crate) fn refused(py: Python<'_>, code: &str, message: &str) -> PyErr {
    class(py, "ArgumentError")
        .and_then(|class| Ok(PyErr::from_value(class.call1((message, code))?)))
        .unwrap_or_else(|fault| fault)
}

fn build(py: Python<'_>, name: &str, message: &str, code: &str, error: &Error) -> PyResult<PyErr> {
    let details = PyDict::new(py);
    match error {
        Error::Domain(error) => {
            details.set_item("suggestion", error.suggestion.as_deref())?;
        }
        Error::Data(error) => {
            let DataError { file, line, key, .. } = error.as_ref();
            details.set_item("file", file)?;
            details.set_item("line", line)?;
            details.set_item("key", key)?;
        }
        _ => {}
    }
    Ok(PyErr::from_value(class(py, name)?.call((message, code), Some(&details))?))
}

fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    static MODULE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let module = MODULE
        .get_or_try_init(py, || py.import("hunter_leads.errors").map(Bound::unbind))?
        .bind(py);
    module.getattr(name)
}
