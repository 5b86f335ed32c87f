//! The private native part of the Python package `hunter_leads`.
//!
//! The public package is shaped by hand in `python/hunter_leads`; nobody imports this module
//! directly. It converts, and concludes nothing: what it does is `hunter_core::operations`.

mod arguments;
mod batch;
mod capsules;
mod engine;
mod errors;
mod json;
mod memory;
mod record;
mod results;
mod rows;
mod scan;
mod table;

use pyo3::prelude::*;

/// The module `hunter_leads._native`.
#[pymodule(gil_used = true)]
mod _native {
    #[pymodule_export]
    use super::engine::NativeEngine;
    #[pymodule_export]
    use super::record::Record;
    #[pymodule_export]
    use super::scan::NativeScan;
    #[pymodule_export]
    use super::table::Table;
    use super::{Bound, PyModule, PyModuleMethods as _, PyResult};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        super::scan::quiesce_at_exit(module)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
