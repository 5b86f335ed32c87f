//! `classify_batch`.

use std::sync::Arc;

use arrow_array::{Array as _, ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::{Schema, SchemaRef};
use hunter_core::operations::Hunter;
use hunter_core::operations::batch::ClassifyRow;
use hunter_core::provider::Basis;
use hunter_core::vocabulary::ProviderClass;

use crate::error::BatchError;
use crate::input::TextLists;
use crate::output::{Faults, joined, words};

/// The one column may have any name.
pub(crate) fn check(schema: &Schema) -> Result<(), BatchError> {
    match schema.fields().len() {
        1 => Ok(()),
        0 => Err(BatchError::column("column_missing", "mx", "give MX records or hosts")),
        _ => {
            let second = schema.field(1).name();
            let problem = "is one too many: classify_batch takes the MX records alone";
            Err(BatchError::column("column_unknown", second, problem))
        }
    }
}

pub(crate) fn classify(
    hunter: &Hunter,
    schema: &SchemaRef,
    batch: &RecordBatch,
) -> Result<RecordBatch, BatchError> {
    let (name, array) = (batch.schema_ref().field(0).name(), batch.column(0));
    let mx = TextLists::or_single(name, array)?;
    let mut faults = Faults::default();
    let mut records = Vec::new();
    let mut rows: Vec<Option<ClassifyRow<'_>>> = Vec::with_capacity(batch.num_rows());
    for row in 0..array.len() {
        rows.push(match mx.get(row, &mut records) {
            Ok(true) => Some(hunter.classify_row(&records)),
            Ok(false) => None,
            Err(_) => {
                faults.add_null_in(row, name);
                None
            }
        });
    }

    let nulls =
        NullBuffer::from(BooleanBuffer::collect_bool(rows.len(), |row| rows[row].is_some()));
    let confidence = rows.iter().map(|row| row.as_ref().and_then(|found| found.confidence));
    let columns = vec![
        words(&rows, &nulls, |found| found.provider.map_or("", ProviderClass::as_str)),
        texts(&rows, |found| found.provider_id),
        texts(&rows, |found| found.provider_name),
        texts(&rows, |found| found.local_provider),
        texts(&rows, |found| found.gateway),
        texts(&rows, |found| found.gateway_name),
        words(&rows, &nulls, |found| found.basis.map_or("", Basis::as_str)),
        Arc::new(confidence.collect::<Float64Array>()),
    ];
    Ok(joined(schema, columns, &faults, batch.num_rows()))
}

fn texts<'t>(
    rows: &[Option<ClassifyRow<'t>>],
    field: fn(&ClassifyRow<'t>) -> Option<&'t str>,
) -> ArrayRef {
    let texts = rows.iter().map(|row| row.as_ref().and_then(field));
    Arc::new(texts.collect::<StringArray>())
}
