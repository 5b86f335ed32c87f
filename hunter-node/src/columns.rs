//! Columns between JavaScript and Arrow: typed arrays on one side, arrays of Arrow on the other.
//!
//! What comes in is copied, once: JavaScript may change a typed array while a thread reads it.

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Float64Type, TimestampMicrosecondType, UInt8Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, ListArray, RecordBatch, RecordBatchOptions, StringArray,
};
use arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field, Schema};
use napi::bindgen_prelude::{Float64Array, Int32Array, Uint8Array};
use napi_derive::napi;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::failure::Fault;

/// One column. `kind` says which parts it has.
#[napi(object)]
pub struct RawColumn {
    /// Its name.
    pub name: String,
    /// `bool`, `uint8`, `float64`, `utf8` or `list`.
    pub kind: String,
    /// A byte a row, 0 where the row is null; absent where no row is.
    pub valid: Option<Uint8Array>,
    /// A byte a row (`bool`, `uint8`), or all texts as UTF-8, one behind the other (`utf8`, `list`).
    pub data: Option<Uint8Array>,
    /// The numbers of a `float64` column.
    pub numbers: Option<Float64Array>,
    /// Where each text begins in the data, and where the last one ends.
    pub offsets: Option<Int32Array>,
    /// Where each row begins among the texts, and where the last one ends.
    pub lists: Option<Int32Array>,
}

/// The columns as a record batch.
pub(crate) fn read(columns: &[RawColumn]) -> Result<RecordBatch, Fault> {
    let arrays = columns.iter().map(array).collect::<Result<Vec<_>, _>>()?;
    let rows = arrays.first().map_or(0, Array::len);
    if let Some((column, array)) =
        columns.iter().zip(&arrays).find(|(_, array)| array.len() != rows)
    {
        let (length, first) = (array.len(), &columns[0].name);
        let problem = format!("has {length} rows where `{first}` has {rows}");
        return Err(Fault::of_column("column_length", &column.name, &problem));
    }
    let field = |(column, array): (&RawColumn, &ArrayRef)| {
        Field::new(&column.name, array.data_type().clone(), true)
    };
    let schema = Schema::new(columns.iter().zip(&arrays).map(field).collect::<Vec<_>>());
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(schema), arrays, &options)
        .map_err(|error| Fault::new("argument_invalid", error.to_string()))
}

fn array(column: &RawColumn) -> Result<ArrayRef, Fault> {
    let invalid = |problem: &str| Fault::of_column("argument_invalid", &column.name, problem);
    let data = column.data.as_deref().ok_or_else(|| invalid("has no data"))?;
    match column.kind.as_str() {
        "bool" => {
            let values = BooleanBuffer::collect_bool(data.len(), |row| data[row] != 0);
            Ok(Arc::new(BooleanArray::new(values, nulls(column, data.len())?)))
        }
        "utf8" => {
            let offsets = offsets(column, column.offsets.as_deref(), data.len())?;
            let rows = offsets.len() - 1;
            Ok(Arc::new(texts(column, data, offsets, nulls(column, rows)?)?))
        }
        "list" => {
            let inner = offsets(column, column.offsets.as_deref(), data.len())?;
            let outer = offsets(column, column.lists.as_deref(), inner.len() - 1)?;
            let rows = outer.len() - 1;
            let items = Arc::new(texts(column, data, inner, None)?);
            let field = Arc::new(Field::new_list_field(DataType::Utf8, true));
            ListArray::try_new(field, outer, items, nulls(column, rows)?)
                .map(|lists| Arc::new(lists) as ArrayRef)
                .map_err(|error| invalid(&error.to_string()))
        }
        _ => Err(Fault::of_column("column_type", &column.name, "use bool, utf8 or list")),
    }
}

fn texts(
    column: &RawColumn,
    data: &[u8],
    offsets: OffsetBuffer<i32>,
    nulls: Option<NullBuffer>,
) -> Result<StringArray, Fault> {
    StringArray::try_new(offsets, data.to_vec().into(), nulls)
        .map_err(|error| Fault::of_column("argument_invalid", &column.name, &error.to_string()))
}

/// Offsets that ascend and end within `end`.
fn offsets(
    column: &RawColumn,
    offsets: Option<&[i32]>,
    end: usize,
) -> Result<OffsetBuffer<i32>, Fault> {
    let offsets = offsets.unwrap_or_default();
    let ascends = offsets.is_sorted() && offsets.first().is_some_and(|first| *first >= 0);
    let ends = offsets.last().is_some_and(|last| usize::try_from(*last).is_ok_and(|l| l <= end));
    if ascends && ends {
        return Ok(OffsetBuffer::new(offsets.to_vec().into()));
    }
    let problem = "offsets must begin at 0 or later, ascend, and end within what they point into";
    Err(Fault::of_column("argument_invalid", &column.name, problem))
}

fn nulls(column: &RawColumn, rows: usize) -> Result<Option<NullBuffer>, Fault> {
    let Some(valid) = column.valid.as_deref() else { return Ok(None) };
    if valid.len() != rows {
        let problem = format!("`valid` has {} rows where the column has {rows}", valid.len());
        return Err(Fault::of_column("column_length", &column.name, &problem));
    }
    Ok(Some(BooleanBuffer::collect_bool(rows, |row| valid[row] != 0).into()))
}

/// A column of the answer, from all its chunks.
#[derive(Default)]
struct Gathered {
    kind: &'static str,
    valid: Vec<u8>,
    data: Vec<u8>,
    numbers: Vec<f64>,
    offsets: Vec<i32>,
    lists: Vec<i32>,
}

/// The parts of an answer's columns, before they are handed to JavaScript.
pub(crate) struct Columns(Vec<(String, Gathered)>);

/// Gathers the chunks of an answer. Dates and moments become texts, as in a lead row.
pub(crate) fn gather(schema: &Schema, batches: &[RecordBatch]) -> Result<Columns, Fault> {
    let column = |(nth, field): (usize, &Arc<Field>)| {
        let mut gathered = Gathered::default();
        gathered.begin(field.data_type());
        for batch in batches {
            gathered.add(batch.column(nth)).ok_or_else(|| too_much(field.name()))?;
        }
        Ok((field.name().clone(), gathered))
    };
    schema.fields().iter().enumerate().map(column).collect::<Result<_, _>>().map(Columns)
}

fn too_much(column: &str) -> Fault {
    let problem = "holds more than 2 GiB of text: ask for fewer rows at a time";
    Fault::of_column("argument_range", column, problem)
}

impl Gathered {
    fn begin(&mut self, kind: &DataType) {
        self.kind = match kind {
            DataType::Boolean => "bool",
            DataType::UInt8 => "uint8",
            DataType::Float64 => "float64",
            DataType::List(_) => "list",
            _ => "utf8",
        };
        if matches!(self.kind, "utf8" | "list") {
            self.offsets.push(0);
        }
        if self.kind == "list" {
            self.lists.push(0);
        }
    }

    /// Adds a chunk; nothing where texts outgrow their offsets.
    fn add(&mut self, array: &ArrayRef) -> Option<()> {
        self.valid.extend((0..array.len()).map(|row| u8::from(array.is_valid(row))));
        match array.data_type() {
            DataType::Boolean => {
                self.data.extend(array.as_boolean().values().iter().map(u8::from));
            }
            DataType::UInt8 => self.data.extend(array.as_primitive::<UInt8Type>().values()),
            DataType::Float64 => self.numbers.extend(array.as_primitive::<Float64Type>().values()),
            DataType::List(_) => {
                let lists = array.as_list::<i32>();
                let begin = i32::try_from(self.offsets.len() - 1).ok()?;
                // Our own lists begin at 0.
                for end in &lists.value_offsets()[1..] {
                    self.lists.push(begin.checked_add(*end)?);
                }
                self.add_texts(lists.values().as_string())?;
            }
            DataType::Date32 => {
                let dates = array.as_primitive::<Date32Type>();
                for row in 0..dates.len() {
                    let text = dates.is_valid(row).then(|| date(dates.value(row)));
                    self.add_text(&text.unwrap_or_default())?;
                }
            }
            DataType::Timestamp(_, _) => {
                let moments = array.as_primitive::<TimestampMicrosecondType>();
                for row in 0..moments.len() {
                    let text = moments.is_valid(row).then(|| moment(moments.value(row)));
                    self.add_text(&text.unwrap_or_default())?;
                }
            }
            _ => self.add_texts(array.as_string())?,
        }
        Some(())
    }

    fn add_texts(&mut self, texts: &StringArray) -> Option<()> {
        let offsets = texts.value_offsets();
        let (first, last) = (offsets[0], offsets[texts.len()]);
        let begin = i32::try_from(self.data.len()).ok()?;
        // The last one is the largest: when it fits, all do.
        begin.checked_add(last - first)?;
        let bytes = usize::try_from(first).ok()?..usize::try_from(last).ok()?;
        self.data.extend_from_slice(&texts.value_data()[bytes]);
        self.offsets.extend(offsets[1..].iter().map(|end| begin + (end - first)));
        Some(())
    }

    fn add_text(&mut self, text: &str) -> Option<()> {
        self.data.extend_from_slice(text.as_bytes());
        self.offsets.push(i32::try_from(self.data.len()).ok()?);
        Some(())
    }
}

impl Columns {
    pub(crate) fn into_raw(self) -> Vec<RawColumn> {
        let raw = |(name, parts): (String, Gathered)| RawColumn {
            name,
            kind: parts.kind.to_owned(),
            valid: Some(parts.valid.into()),
            data: (parts.kind != "float64").then(|| parts.data.into()),
            numbers: (parts.kind == "float64").then(|| parts.numbers.into()),
            offsets: matches!(parts.kind, "utf8" | "list").then(|| parts.offsets.into()),
            lists: (parts.kind == "list").then(|| parts.lists.into()),
        };
        self.0.into_iter().map(raw).collect()
    }
}

fn date(days: i32) -> String {
    (OffsetDateTime::UNIX_EPOCH.date() + Duration::days(days.into())).to_string()
}

fn moment(micros: i64) -> String {
    let moment = OffsetDateTime::UNIX_EPOCH + Duration::microseconds(micros);
    moment.format(&Rfc3339).unwrap_or_default()
}
