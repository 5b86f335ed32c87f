//! Batches: rows of any form in, a table out.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use hunter_arrow::{BatchError, Work, validate};
use hunter_core::operations::Hunter;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyString};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::arguments::{number, text, wrong_type};
use crate::errors::{invalid, refused};
use crate::table::Table;
use crate::{capsules, rows};

/// More threads than any machine has processors are a mistake.
const MOST_THREADS: i64 = 1024;

/// A schema, and record batches of it.
pub(crate) type Columns = (SchemaRef, Vec<RecordBatch>);

/// Does a batch; other Python threads run meanwhile.
pub(crate) fn run(
    py: Python<'_>,
    hunter: &Hunter,
    work: Work,
    rows: &Bound<'_, PyAny>,
    threads: usize,
) -> PyResult<Table> {
    let is_arrow = capsules::is_arrow(rows)?;
    let (schema, batches) =
        if is_arrow { capsules::read(rows)? } else { rows::read(work.batch(), rows)? };
    let done = py.detach(|| {
        if is_arrow {
            batches.iter().try_for_each(validate)?;
        }
        let done = hunter_arrow::run(hunter, &work, &schema, &batches, threads)?;
        // The columns that came in may be large, and freeing them takes time too.
        drop(batches);
        Ok(done)
    });
    let done = done.map_err(|error: BatchError| refused(py, error.code(), &error.to_string()))?;
    Ok(Table::new(work.batch(), done))
}

/// The argument `threads`.
pub(crate) fn threads(value: &Bound<'_, PyAny>) -> PyResult<usize> {
    if value.is_none() {
        return Ok(std::thread::available_parallelism().map_or(1, usize::from));
    }
    let wanted = number(value, "threads")?;
    usize::try_from(wanted).ok().filter(|_| (1..=MOST_THREADS).contains(&wanted)).ok_or_else(|| {
        let message = format!("threads: {wanted} is out of range: use 1 to {MOST_THREADS}");
        refused(value.py(), "argument_range", &message)
    })
}

/// The argument `observed_at`: a moment, and now where there is none.
pub(crate) fn moment(value: &Bound<'_, PyAny>) -> PyResult<OffsetDateTime> {
    let py = value.py();
    if value.is_none() {
        return Ok(OffsetDateTime::now_utc());
    }
    let written = if value.is_instance_of::<PyDateTime>() {
        value.call_method0("isoformat")?
    } else if value.is_instance_of::<PyString>() {
        value.clone()
    } else {
        return Err(wrong_type(value, "observed_at", "a datetime or a string"));
    };
    OffsetDateTime::parse(text(&written, "observed_at")?, &Rfc3339).map_err(|_| {
        let problem = "give a datetime with a time zone, or text as RFC 3339 writes it";
        invalid(py, "observed_at", problem, None)
    })
}
