//! Columns of the output.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use hunter_core::operations::Batch;
use hunter_core::operations::batch::ColumnType;

/// The columns that a batch gives, as Arrow has them.
pub fn schema(batch: &Batch) -> SchemaRef {
    let columns = (batch.output)();
    let field = |name: &str, kind| Field::new(name, data_type(kind), true);
    Arc::new(Schema::new(
        columns.iter().map(|column| field(column.name, column.column_type)).collect::<Vec<_>>(),
    ))
}

/// The time zone of moments.
pub(crate) const UTC: &str = "UTC";

fn data_type(column: ColumnType) -> DataType {
    match column {
        ColumnType::Bool => DataType::Boolean,
        ColumnType::Uint8 => DataType::UInt8,
        ColumnType::Float64 => DataType::Float64,
        ColumnType::Utf8 | ColumnType::Json => DataType::Utf8,
        ColumnType::ListUtf8 => DataType::new_list(DataType::Utf8, true),
        ColumnType::Date32 => DataType::Date32,
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into())),
    }
}

/// The faulty rows of a chunk, ascending.
#[derive(Default)]
pub(crate) struct Faults(Vec<(usize, String)>);

impl Faults {
    pub(crate) fn add(&mut self, row: usize, text: String) {
        self.0.push((row, text));
    }

    /// A row whose column has null inside a list.
    pub(crate) fn add_null_in(&mut self, row: usize, column: &str) {
        self.add(row, format!("argument_invalid: `{column}` holds null: leave it out of the list"));
    }

    fn column(&self, rows: usize) -> ArrayRef {
        if self.0.is_empty() {
            return Arc::new(StringArray::new_null(rows));
        }
        let mut faults = self.0.iter().peekable();
        let texts = (0..rows)
            .map(|row| faults.next_if(|(faulty, _)| *faulty == row).map(|(_, text)| text.as_str()));
        Arc::new(texts.collect::<StringArray>())
    }
}

/// The record batch: the columns, and `error` behind them.
pub(crate) fn joined(
    schema: &SchemaRef,
    mut columns: Vec<ArrayRef>,
    faults: &Faults,
    rows: usize,
) -> RecordBatch {
    columns.push(faults.column(rows));
    RecordBatch::try_new(Arc::clone(schema), columns).expect("the columns are those of the schema")
}

/// A column of short words, which costs less by hand than by a builder: no row is looked at twice.
pub(crate) fn words<R>(
    rows: &[Option<R>],
    nulls: &NullBuffer,
    word: impl Fn(&R) -> &'static str,
) -> ArrayRef {
    /// About what a word has.
    const LENGTH: usize = 8;
    let mut offsets = Vec::with_capacity(rows.len() + 1);
    let mut bytes = Vec::with_capacity(rows.len() * LENGTH);
    offsets.push(0);
    for row in rows {
        if let Some(row) = row {
            bytes.extend_from_slice(word(row).as_bytes());
        }
        offsets.push(i32::try_from(bytes.len()).expect("a chunk holds few words"));
    }
    let offsets = OffsetBuffer::new(offsets.into());
    let column = StringArray::try_new(offsets, bytes.into(), Some(nulls.clone()));
    Arc::new(column.expect("words are UTF-8"))
}
