//! Hunter's batches over Arrow columns: what the Python and Node packages share.
//!
//! A [`Work`] says which batch is wanted; [`run`] does it over record batches, on as many threads as are
//! wanted, and gives record batches with as many rows, in the same order. Columns of the input are read
//! where they lie. The schemas are those of [`BATCHES`](hunter_core::operations::BATCHES): a column that
//! is left out holds nulls, a column that is not known is refused, and a faulty row holds its fault in
//! the column `error` and null in all others.
//!
//! Text may be `utf8`, `large_utf8`, `utf8_view` or a dictionary of one of these, and a list of texts
//! `list` or `large_list`, since tools differ in what they make of text.
//!
//! ```
//! use std::sync::Arc;
//! use arrow_array::{Array as _, ListArray, RecordBatch, StringArray, cast::AsArray as _};
//! use hunter_arrow::{Work, run};
//! use hunter_core::operations::Hunter;
//!
//! let hosts = StringArray::from(vec![Some("aspmx.l.google.com"), None]);
//! let batch = RecordBatch::try_from_iter([("mx", Arc::new(hosts) as _)]).expect("a batch");
//! let found = run(&Hunter::builtin(), &Work::Classify, &batch.schema(), &[batch], 1)?;
//! let provider = found[0].column_by_name("provider").expect("a column").as_string::<i32>();
//! assert_eq!((provider.value(0), provider.is_null(1)), ("Google", true));
//! # Ok::<(), hunter_arrow::BatchError>(())
//! ```

mod assess;
mod classify;
mod error;
mod input;
mod ipc;
mod output;
mod run;
mod score;

pub use error::{BatchError, CODES, ErrorKind};
pub use input::validate;
pub use ipc::{read_ipc, write_ipc};
pub use output::schema;
pub use run::{Work, run};
