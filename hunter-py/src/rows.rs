//! Rows as Python has them, lists of dictionaries or of strings, put into columns.
//!
//! What is of a wrong Python type refuses the call and names the row: it is a mistake of the program.
//! What is wrong with a value is a fault of its row, as in columns.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, LargeListBuilder, LargeStringBuilder};
use arrow_array::{ArrayRef, NullArray, RecordBatch, RecordBatchOptions};
use arrow_schema::{Field, Schema};
use hunter_core::operations::Batch;
use hunter_core::operations::batch::ColumnType;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyMapping, PyString};

use crate::arguments::{text, wrong_type};
use crate::batch::Columns;
use crate::errors::invalid;
use crate::json;

const OBSERVATION: &str = "observation";

type Object<'py> = Bound<'py, PyAny>;

/// Puts rows into the columns that the batch takes.
pub(crate) fn read(batch: &Batch, given: &Object<'_>) -> PyResult<Columns> {
    let rows = items(given, "rows", "rows: a list, or columns of any library that gives Arrow")?;
    let mut table = Builders { batch, columns: Vec::new(), unknown: None };
    if batch.name == "classify_batch" {
        table.single(&rows)?;
    } else if batch.name == "assess_batch" && rows.iter().any(is_observation) {
        table.observations(&rows)?;
    } else {
        table.dictionaries(&rows)?;
    }
    Ok(table.finish(rows.len()))
}

/// The items of anything that gives items, except what is one value or has names.
fn items<'py>(value: &Object<'py>, place: &str, wanted: &str) -> PyResult<Vec<Object<'py>>> {
    let is_one = value.is_instance_of::<PyString>()
        || value.is_instance_of::<PyBytes>()
        || value.is_instance_of::<PyByteArray>()
        || value.cast::<PyMapping>().is_ok();
    match value.try_iter() {
        Ok(items) if !is_one => items.collect(),
        _ => Err(wrong_type(value, place, wanted)),
    }
}

/// Observations are JSON text, or dictionaries that have a version.
fn is_observation(row: &Object<'_>) -> bool {
    row.is_instance_of::<PyString>()
        || row.cast::<PyMapping>().is_ok_and(|row| row.contains("v").unwrap_or_default())
}

struct Builders<'a> {
    batch: &'a Batch,
    columns: Vec<Column>,
    /// The name of a column that the batch does not take, which refuses it.
    unknown: Option<String>,
}

struct Column {
    name: &'static str,
    values: Values,
    rows: usize,
}

/// 64-bit offsets: a list may hold more text than 32 bits count.
enum Values {
    Flags(BooleanBuilder),
    Texts(LargeStringBuilder),
    Lists(LargeListBuilder<LargeStringBuilder>),
}

impl Builders<'_> {
    /// One host or one list of records a row.
    fn single(&mut self, rows: &[Object<'_>]) -> PyResult<()> {
        let name = self.batch.input[0].name;
        let mut column = Column::new(name, ColumnType::ListUtf8);
        for (nth, row) in rows.iter().enumerate() {
            if let Ok(host) = row.cast::<PyString>()
                && let Values::Lists(lists) = &mut column.values
            {
                lists.values().append_value(text(host, &format!("rows[{nth}]"))?);
                lists.append(true);
                column.rows += 1;
            } else {
                let wanted = "a string, a list of strings or None";
                column.add(row, nth, &|| format!("rows[{nth}]"), wanted)?;
            }
        }
        self.columns.push(column);
        Ok(())
    }

    /// One observation a row, as JSON text or as a dictionary.
    fn observations(&mut self, rows: &[Object<'_>]) -> PyResult<()> {
        let mut column = Column::new(OBSERVATION, ColumnType::Utf8);
        for (nth, row) in rows.iter().enumerate() {
            let place = || format!("rows[{nth}]");
            if row.cast::<PyMapping>().is_ok() {
                let mut written = String::new();
                json::write(row, &place(), &mut written)?;
                column.add_text(&written);
            } else {
                column.add(row, nth, &place, "an observation, as text or as a dictionary")?;
            }
        }
        self.columns.push(column);
        Ok(())
    }

    /// One dictionary a row; a key that is missing is null.
    fn dictionaries(&mut self, rows: &[Object<'_>]) -> PyResult<()> {
        for (nth, row) in rows.iter().enumerate() {
            if let Ok(row) = row.cast::<PyDict>() {
                for (key, value) in row.iter() {
                    self.entry(&key, &value, nth)?;
                }
            } else if let Ok(row) = row.cast::<PyMapping>() {
                for entry in row.items()?.iter() {
                    let (key, value) = entry.extract::<(Object<'_>, Object<'_>)>()?;
                    self.entry(&key, &value, nth)?;
                }
            } else {
                return Err(wrong_type(row, &format!("rows[{nth}]"), "a dictionary"));
            }
        }
        Ok(())
    }

    fn entry(&mut self, key: &Object<'_>, value: &Object<'_>, nth: usize) -> PyResult<()> {
        let name = text(key, "rows")?;
        let known = self.columns.iter().position(|column| column.name == name);
        let at = if let Some(at) = known {
            at
        } else if let Some(known) = self.batch.input.iter().find(|column| column.name == name) {
            self.columns.push(Column::new(known.name, known.column_type));
            self.columns.len() - 1
        } else {
            self.unknown.get_or_insert_with(|| name.to_owned());
            return Ok(());
        };
        let column = &mut self.columns[at];
        let wanted = match column.values {
            Values::Flags(_) => "a bool or None",
            Values::Texts(_) => "a string or None",
            Values::Lists(_) => "a list of strings or None",
        };
        column.add(value, nth, &|| format!("rows[{nth}].{name}"), wanted)
    }

    fn finish(self, rows: usize) -> Columns {
        let mut fields = Vec::new();
        let mut arrays: Vec<ArrayRef> = Vec::new();
        let mut add = |name: &str, array: ArrayRef| {
            fields.push(Field::new(name, array.data_type().clone(), true));
            arrays.push(array);
        };
        // Rows that say nothing are rows all the same.
        if self.columns.is_empty() && self.unknown.is_none() {
            let first = self.batch.input.iter().find(|column| column.name != OBSERVATION);
            add(first.expect("every batch takes columns").name, Arc::new(NullArray::new(rows)));
        }
        if let Some(unknown) = &self.unknown {
            add(unknown, Arc::new(NullArray::new(rows)));
        }
        for column in self.columns {
            add(column.name, column.finish(rows));
        }
        let schema = Arc::new(Schema::new(fields));
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), arrays, &options);
        (schema, vec![batch.expect("columns of one length, of the schema")])
    }
}

impl Column {
    fn new(name: &'static str, kind: ColumnType) -> Self {
        let values = match kind {
            ColumnType::Bool => Values::Flags(BooleanBuilder::new()),
            ColumnType::ListUtf8 => Values::Lists(LargeListBuilder::new(LargeStringBuilder::new())),
            _ => Values::Texts(LargeStringBuilder::new()),
        };
        Self { name, values, rows: 0 }
    }

    /// Adds the value of that row; rows without one hold null.
    fn add(
        &mut self,
        value: &Object<'_>,
        row: usize,
        place: &dyn Fn() -> String,
        wanted: &str,
    ) -> PyResult<()> {
        let py = value.py();
        self.fill(row);
        if value.is_none() {
            self.fill(row + 1);
            return Ok(());
        }
        match &mut self.values {
            // `bool` of numpy, as rows of pandas have it, is not a `bool`, but reads as one.
            Values::Flags(flags) => match value.extract::<bool>() {
                Ok(flag) => flags.append_value(flag),
                Err(_) => return Err(wrong_type(value, &place(), wanted)),
            },
            Values::Texts(texts) => match value.cast::<PyString>() {
                Ok(_) => texts.append_value(text(value, &place())?),
                Err(_) => return Err(wrong_type(value, &place(), wanted)),
            },
            Values::Lists(lists) => {
                for item in items(value, &place(), wanted)? {
                    if item.is_none() {
                        lists.values().append_null();
                    } else if item.is_instance_of::<PyString>() {
                        lists.values().append_value(text(&item, &place())?);
                    } else {
                        let found = item.get_type().qualname()?;
                        let problem = format!("holds {}: use {wanted}", found.to_string_lossy());
                        return Err(invalid(py, &place(), &problem, None));
                    }
                }
                lists.append(true);
            }
        }
        self.rows += 1;
        Ok(())
    }

    fn add_text(&mut self, value: &str) {
        if let Values::Texts(texts) = &mut self.values {
            texts.append_value(value);
            self.rows += 1;
        }
    }

    /// Nulls up to that row.
    fn fill(&mut self, row: usize) {
        for _ in self.rows..row {
            match &mut self.values {
                Values::Flags(flags) => flags.append_null(),
                Values::Texts(texts) => texts.append_null(),
                Values::Lists(lists) => lists.append_null(),
            }
        }
        self.rows = self.rows.max(row);
    }

    fn finish(mut self, rows: usize) -> ArrayRef {
        self.fill(rows);
        match self.values {
            Values::Flags(mut flags) => Arc::new(flags.finish()),
            Values::Texts(mut texts) => Arc::new(texts.finish()),
            Values::Lists(mut lists) => Arc::new(lists.finish()),
        }
    }
}
