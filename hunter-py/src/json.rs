//! Arguments as JSON text, in which the core reads its requests.

use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyDate, PyDateTime, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple,
};

use crate::errors::invalid;
use crate::record::Record;

/// Levels of nesting that are followed; the core reads no deeper text either.
const DEPTH: usize = 100;

/// Writes an argument behind what stands in `out`; `place` names it in errors.
pub(crate) fn write(value: &Bound<'_, PyAny>, place: &str, out: &mut String) -> PyResult<()> {
    Writer { place, out }.value(value, DEPTH)
}

/// Writes a text as a JSON string.
pub(crate) fn write_text(text: &str, out: &mut String) {
    // A string cannot fail to be written.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

struct Writer<'a> {
    place: &'a str,
    out: &'a mut String,
}

impl Writer<'_> {
    fn value(&mut self, value: &Bound<'_, PyAny>, depth: usize) -> PyResult<()> {
        let py = value.py();
        let Some(depth) = depth.checked_sub(1) else {
            return Err(invalid(py, self.place, "is nested too deeply", None));
        };
        if value.is_none() {
            self.out.push_str("null");
        } else if let Ok(text) = value.cast::<PyString>() {
            write_text(&self.text(text)?, self.out);
        } else if let Ok(truth) = value.cast::<PyBool>() {
            self.out.push_str(if truth.is_true() { "true" } else { "false" });
        } else if value.is_instance_of::<PyInt>() {
            self.integer(value)?;
        } else if let Ok(number) = value.cast::<PyFloat>() {
            self.float(py, number.value())?;
        } else if let Ok(entries) = value.cast::<PyDict>() {
            self.entries(entries.iter().map(Ok), depth)?;
        } else if let Ok(items) = value.cast::<PyList>() {
            self.items(items.iter().map(Ok), depth)?;
        } else if let Ok(items) = value.cast::<PyTuple>() {
            self.items(items.iter().map(Ok), depth)?;
        } else if let Ok(record) = value.cast::<Record>() {
            let fields = value.getattr("_fields")?.cast_into::<PyTuple>()?;
            let values = record.get().values(py).into_bound(py);
            self.entries(fields.iter().zip(values.iter()).map(Ok), depth)?;
        } else if let Ok(mapping) = value.cast::<PyMapping>() {
            let entries = mapping.items()?;
            self.entries(entries.iter().map(|entry| entry.extract()), depth)?;
        } else {
            self.other(value, depth)?;
        }
        Ok(())
    }

    /// What is no JSON value, but has a plain form: days, and the scalars of numpy.
    fn other(&mut self, value: &Bound<'_, PyAny>, depth: usize) -> PyResult<()> {
        let py = value.py();
        if value.is_instance_of::<PyDateTime>() {
            if value.getattr("tzinfo")?.is_none() {
                let problem = "a time without a time zone says no moment: give it a zone";
                return Err(invalid(py, self.place, problem, None));
            }
            self.value(&value.call_method0("isoformat")?, depth)
        } else if value.is_instance_of::<PyDate>() {
            self.value(&value.call_method0("isoformat")?, depth)
        } else if value.hasattr("dtype")? && value.hasattr("item")? {
            let item = value
                .call_method0("item")
                .map_err(|cause| invalid(py, self.place, "is no single value", Some(cause)))?;
            self.value(&item, depth)
        } else {
            let kind = value.get_type().qualname()?;
            let kind = kind.to_string_lossy();
            let problem = format!("invalid type: `{kind}` has no JSON form");
            Err(invalid(py, self.place, &problem, None))
        }
    }

    fn integer(&mut self, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = value.py();
        match value.extract::<i64>() {
            Ok(number) => self.out.push_str(&number.to_string()),
            Err(cause) => {
                return Err(invalid(py, self.place, "is out of the range of numbers", Some(cause)));
            }
        }
        Ok(())
    }

    fn float(&mut self, py: Python<'_>, number: f64) -> PyResult<()> {
        if !number.is_finite() {
            let problem = format!("`{number}` is no JSON number: use None where nobody knows");
            return Err(invalid(py, self.place, &problem, None));
        }
        self.out.push_str(&serde_json::to_string(&number).unwrap_or_default());
        Ok(())
    }

    fn text(&self, text: &Bound<'_, PyString>) -> PyResult<String> {
        match text.to_str() {
            Ok(text) => Ok(text.to_owned()),
            Err(cause) => {
                Err(invalid(text.py(), self.place, "is no valid Unicode text", Some(cause)))
            }
        }
    }

    fn entries<'py>(
        &mut self,
        entries: impl Iterator<Item = PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)>>,
        depth: usize,
    ) -> PyResult<()> {
        self.out.push('{');
        for (nth, entry) in entries.enumerate() {
            let (key, value) = entry?;
            let Ok(key) = key.cast::<PyString>() else {
                return Err(invalid(key.py(), self.place, "has a key that is no text", None));
            };
            if nth > 0 {
                self.out.push(',');
            }
            write_text(&self.text(key)?, self.out);
            self.out.push(':');
            self.value(&value, depth)?;
        }
        self.out.push('}');
        Ok(())
    }

    fn items<'py>(
        &mut self,
        items: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>,
        depth: usize,
    ) -> PyResult<()> {
        self.out.push('[');
        for (nth, item) in items.enumerate() {
            if nth > 0 {
                self.out.push(',');
            }
            self.value(&item?, depth)?;
        }
        self.out.push(']');
        Ok(())
    }
}
