//! Arrow columns of other libraries, taken over where they lie by the Arrow `PyCapsule` interface.

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, DataType, FieldRef, Schema, SchemaRef};
use pyo3::prelude::*;
use pyo3_arrow::input::AnyArray;

use crate::batch::Columns;
use crate::errors::invalid;

/// How pyarrow names the index of a data frame of pandas, which is no column of the batch.
const INDEX: &str = "__index_level_";

/// Whether it has the Arrow `PyCapsule` interface.
pub(crate) fn is_arrow(rows: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(rows.hasattr("__arrow_c_stream__")? || rows.hasattr("__arrow_c_array__")?)
}

/// Takes the columns over. A single column, such as a series of polars, counts as a table of one.
pub(crate) fn read(rows: &Bound<'_, PyAny>) -> PyResult<Columns> {
    let py = rows.py();
    let broken = |cause| {
        invalid(py, "rows", "the library that holds the columns cannot give them", Some(cause))
    };
    let reader = rows.extract::<AnyArray>().and_then(AnyArray::into_reader).map_err(broken)?;
    // The columns may be made only now, by a query or by Python code: its threads must not wait.
    let read = py.detach(|| {
        let field = reader.field();
        let (schema, kept) = schema(&field);
        let batches: Result<Vec<_>, ArrowError> =
            reader.map(|array| batch(&array?, &schema, &kept)).collect();
        Ok::<_, ArrowError>((schema, batches?))
    });
    read.map_err(|fault| {
        let problem = format!("the columns cannot be read: {fault}");
        invalid(py, "rows", &problem, None)
    })
}

/// The schema of the table, and the positions of its columns among those given.
fn schema(field: &FieldRef) -> (SchemaRef, Vec<usize>) {
    let DataType::Struct(fields) = field.data_type() else {
        let column = field.as_ref().clone().with_nullable(true);
        let column = if column.name().is_empty() { column.with_name("column") } else { column };
        return (Arc::new(Schema::new(vec![column])), Vec::new());
    };
    let is_kept = |nth: &usize| !fields[*nth].name().starts_with(INDEX);
    let kept: Vec<usize> = (0..fields.len()).filter(is_kept).collect();
    let columns: Vec<_> =
        kept.iter().map(|nth| fields[*nth].as_ref().clone().with_nullable(true)).collect();
    (Arc::new(Schema::new(columns)), kept)
}

fn batch(array: &ArrayRef, schema: &SchemaRef, kept: &[usize]) -> Result<RecordBatch, ArrowError> {
    let columns = match array.as_struct_opt() {
        None => vec![Arc::clone(array)],
        Some(rows) if rows.null_count() > 0 => {
            let problem = "a whole row is null: give nulls in its columns";
            return Err(ArrowError::InvalidArgumentError(problem.to_owned()));
        }
        Some(rows) => kept.iter().map(|nth| Arc::clone(rows.column(*nth))).collect(),
    };
    let options = RecordBatchOptions::new().with_row_count(Some(array.len()));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)
}
