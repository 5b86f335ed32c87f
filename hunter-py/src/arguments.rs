//! Plain arguments of the calls that are made by the million: read without a detour over JSON.

use std::str::FromStr;

use hunter_core::Error;
use hunter_core::observation::Signal;
use hunter_core::operations::{SignalsInput, dmarc_signal};
use hunter_core::signals::DmarcSignal;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyList, PyMapping, PyString, PyTuple};

use crate::errors::{invalid, raised};

/// A text.
pub(crate) fn text<'a>(value: &'a Bound<'_, PyAny>, place: &str) -> PyResult<&'a str> {
    let py = value.py();
    let Ok(text) = value.cast::<PyString>() else {
        return Err(wrong_type(value, place, "a string"));
    };
    text.to_str().map_err(|cause| invalid(py, place, "is no valid Unicode text", Some(cause)))
}

/// A word of a closed list, or anything else that is read from a text.
pub(crate) fn parsed<T>(value: &Bound<'_, PyAny>, place: &str) -> PyResult<T>
where
    T: FromStr,
    Error: From<T::Err>,
{
    let text = text(value, place)?;
    text.parse().map_err(|error| raised(value.py(), &Error::from(error)))
}

/// The same where `None` stands for "nobody knows".
pub(crate) fn optional<T>(value: &Bound<'_, PyAny>, place: &str) -> PyResult<Option<T>>
where
    T: FromStr,
    Error: From<T::Err>,
{
    if value.is_none() { Ok(None) } else { parsed(value, place).map(Some) }
}

/// A whole number. The core judges its range.
pub(crate) fn number(value: &Bound<'_, PyAny>, place: &str) -> PyResult<i64> {
    let is_number = !value.is_instance_of::<PyBool>()
        && (value.is_instance_of::<PyInt>() || value.hasattr("__index__")?);
    if !is_number {
        return Err(wrong_type(value, place, "an integer"));
    }
    // What does not fit in 64 bits is out of every range, to the same side.
    match value.extract::<i64>() {
        Ok(number) => Ok(number),
        Err(_) => Ok(if value.lt(0)? { i64::MIN } else { i64::MAX }),
    }
}

/// A list of texts.
pub(crate) fn texts(value: &Bound<'_, PyAny>, place: &str) -> PyResult<Vec<String>> {
    let read = |item: Bound<'_, PyAny>| text(&item, place).map(str::to_owned);
    if let Ok(items) = value.cast::<PyList>() {
        return items.iter().map(read).collect();
    }
    if let Ok(items) = value.cast::<PyTuple>() {
        return items.iter().map(read).collect();
    }
    Err(wrong_type(value, place, "a list of strings"))
}

/// The signals of `score`. A key that is missing is unknown; a policy of `None` is an absent record.
pub(crate) fn signals(value: &Bound<'_, PyAny>) -> PyResult<SignalsInput> {
    let py = value.py();
    let mut signals = SignalsInput::default();
    let mut read = |key: Bound<'_, PyAny>, value: Bound<'_, PyAny>| -> PyResult<()> {
        match text(&key, "signals")? {
            "spf" => signals.spf = signal(&value, "signals.spf")?,
            "dkim" => signals.dkim = signal(&value, "signals.dkim")?,
            "dmarc_policy" => signals.dmarc = policy(&value)?,
            "spf_record" => {
                if !value.is_none() {
                    signals.spf_record = Some(text(&value, "signals.spf_record")?.to_owned());
                }
            }
            other => {
                let problem = format!(
                    "unknown field `{other}`, expected one of `spf`, `dkim`, `dmarc_policy`, \
                     `spf_record`"
                );
                return Err(invalid(py, "signals", &problem, None));
            }
        }
        Ok(())
    };
    if let Ok(entries) = value.cast::<PyDict>() {
        for (key, value) in entries.iter() {
            read(key, value)?;
        }
    } else if let Ok(mapping) = value.cast::<PyMapping>() {
        for entry in mapping.items()?.iter() {
            let (key, value) = entry.extract()?;
            read(key, value)?;
        }
    } else {
        return Err(wrong_type(value, "signals", "a dictionary"));
    }
    Ok(signals)
}

fn signal(value: &Bound<'_, PyAny>, place: &str) -> PyResult<Signal> {
    if value.is_none() {
        return Ok(Signal::Unknown);
    }
    // `bool` of numpy, as rows of pandas have it, is not a `bool`, but reads as one.
    match value.extract::<bool>() {
        Ok(truth) => Ok(Signal::from(Some(truth))),
        Err(_) => Err(wrong_type(value, place, "a bool or None")),
    }
}

fn policy(value: &Bound<'_, PyAny>) -> PyResult<DmarcSignal> {
    if value.is_none() {
        return Ok(DmarcSignal::Absent);
    }
    let py = value.py();
    match text(value, "signals.dmarc_policy")? {
        // In a dictionary `None` says it; an empty text is no policy, as in a request.
        "" => {
            let error = "".parse::<hunter_core::vocabulary::DmarcPolicy>().err();
            Err(error.map_or_else(|| wrong_type(value, "signals", "a policy"), |e| raised(py, &e)))
        }
        word => dmarc_signal(Some(word)).map_err(|error| raised(py, &error)),
    }
}

pub(crate) fn wrong_type(value: &Bound<'_, PyAny>, place: &str, wanted: &str) -> PyErr {
    let py = value.py();
    match value.get_type().qualname() {
        Ok(found) => {
            let found = found.to_string_lossy().into_owned();
            invalid(py, place, &format!("invalid type: {found}, expected {wanted}"), None)
        }
        Err(fault) => fault,
    }
}
