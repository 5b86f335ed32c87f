//! The base of all results.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// Values in the order of a class's fields, which never change. Classes with names, types and a look
/// derive from it in Python.
#[pyclass(frozen, subclass, module = "hunter_leads._native")]
pub(crate) struct Record {
    values: Py<PyTuple>,
}

#[pymethods]
impl Record {
    #[new]
    fn new(values: Py<PyTuple>) -> Self {
        Self { values }
    }

    #[getter]
    #[pyo3(name = "_values")]
    pub(crate) fn values(&self, py: Python<'_>) -> Py<PyTuple> {
        self.values.clone_ref(py)
    }
}
