//! What a batch gives: Arrow columns that any library takes over without a copy.

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Float64Type, TimestampMicrosecondType, UInt8Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray};
use arrow_schema::{Field, SchemaRef};
use hunter_arrow::{read_ipc, schema, write_ipc};
use hunter_core::operations::batch::ColumnType;
use hunter_core::operations::{BATCHES, Batch};
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict, PyList, PyString, PyTuple, PyType};
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use time::format_description::well_known::Rfc3339;
use time::{Date, Duration, OffsetDateTime};

use crate::errors::refused;

/// Columns of one length, in chunks.
#[pyclass(frozen, module = "hunter_leads._native")]
pub(crate) struct Table {
    batch: &'static Batch,
    schema: SchemaRef,
    chunks: Vec<RecordBatch>,
}

impl Table {
    pub(crate) fn new(batch: &'static Batch, chunks: Vec<RecordBatch>) -> Self {
        Self { batch, schema: schema(batch), chunks }
    }
}

#[pymethods]
impl Table {
    /// What pickling wrote.
    #[new]
    fn from_pickle(py: Python<'_>, operation: &str, ipc: Vec<u8>) -> PyResult<Self> {
        let read = py.detach(|| read_ipc(ipc));
        let (found, chunks) =
            read.map_err(|error| refused(py, error.code(), &error.to_string()))?;
        match BATCHES.iter().find(|batch| batch.name == operation) {
            Some(batch) if schema(batch).fields() == found.fields() => Ok(Self::new(batch, chunks)),
            _ => {
                let message = format!("arrow: the columns are not those of `{operation}`");
                Err(refused(py, "arrow_syntax", &message))
            }
        }
    }

    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        let (py, table) = (slf.py(), slf.get());
        let ipc = py.detach(|| write_ipc(&table.schema, &table.chunks));
        let ipc = PyBytes::new(py, &ipc);
        Ok((slf.get_type(), (table.batch.name, ipc).into_pyobject(py)?))
    }

    fn __len__(&self) -> usize {
        self.num_rows()
    }

    fn __repr__(&self) -> String {
        let (rows, columns) = (self.num_rows(), self.schema.fields().len());
        format!("<hunter_leads.Table of {}: {rows} rows, {columns} columns>", self.batch.name)
    }

    /// How many rows there are.
    #[getter]
    fn num_rows(&self) -> usize {
        self.chunks.iter().map(RecordBatch::num_rows).sum()
    }

    /// How many pieces the columns are in.
    #[getter]
    fn num_chunks(&self) -> usize {
        self.chunks.len()
    }

    /// The names of the columns.
    #[getter]
    fn column_names<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.schema.fields().iter().map(|field| field.name()))
    }

    /// The rows as dictionaries, with values as single calls give them.
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let rows = PyList::empty(py);
        let columns = (self.batch.output)();
        let names: Vec<_> =
            columns.iter().map(|column| PyString::intern(py, column.name)).collect();
        for chunk in &self.chunks {
            for row in 0..chunk.num_rows() {
                let fields = PyDict::new(py);
                for ((name, column), array) in names.iter().zip(&columns).zip(chunk.columns()) {
                    fields.set_item(name, value(py, column.column_type, array, row)?)?;
                }
                rows.append(fields)?;
            }
        }
        Ok(rows)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.schema.as_ref())?)
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let chunks: Vec<_> = self
            .chunks
            .iter()
            .map(|chunk| Ok(Arc::new(StructArray::from(chunk.clone())) as ArrayRef))
            .collect();
        let rows = Field::new_struct("", self.schema.fields().clone(), false);
        let reader = Box::new(ArrayIterator::new(chunks, rows.into()));
        Ok(to_stream_pycapsule(py, reader, requested_schema)?)
    }
}

/// One value, as a single call gives it.
fn value<'py>(
    py: Python<'py>,
    kind: ColumnType,
    array: &ArrayRef,
    row: usize,
) -> PyResult<Bound<'py, PyAny>> {
    if array.is_null(row) {
        return Ok(py.None().into_bound(py));
    }
    match kind {
        ColumnType::Bool => array.as_boolean().value(row).into_bound_py_any(py),
        ColumnType::Uint8 => array.as_primitive::<UInt8Type>().value(row).into_bound_py_any(py),
        ColumnType::Float64 => array.as_primitive::<Float64Type>().value(row).into_bound_py_any(py),
        ColumnType::Utf8 => array.as_string::<i32>().value(row).into_bound_py_any(py),
        ColumnType::Json => {
            let text = array.as_string::<i32>().value(row);
            py.import("json")?.call_method1("loads", (text,))
        }
        ColumnType::ListUtf8 => {
            let items = array.as_list::<i32>().value(row);
            PyList::new(py, items.as_string::<i32>().iter().flatten())?.into_bound_py_any(py)
        }
        ColumnType::Date32 => {
            let days = array.as_primitive::<Date32Type>().value(row);
            let epoch = Date::from_ordinal_date(1970, 1).expect("a date");
            (epoch + Duration::days(days.into())).to_string().into_bound_py_any(py)
        }
        ColumnType::Timestamp => {
            let micros = array.as_primitive::<TimestampMicrosecondType>().value(row);
            let moment = OffsetDateTime::UNIX_EPOCH + Duration::microseconds(micros);
            moment.format(&Rfc3339).unwrap_or_default().into_bound_py_any(py)
        }
    }
}
