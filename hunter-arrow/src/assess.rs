//! `assess_batch`.

use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Date32Builder, Float64Builder, ListBuilder, StringBuilder,
    TimestampMicrosecondBuilder, UInt8Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Schema, SchemaRef};
use hunter_core::operations::Hunter;
use hunter_core::operations::batch::{Cell, ColumnType, FlatObservation, LEAD_COLUMNS, error_text};
use hunter_core::{Assessment, Error, Lead, Observation};
use time::{Date, OffsetDateTime};

use crate::error::BatchError;
use crate::input::{TextLists, Texts};
use crate::output::{Faults, UTC, joined};

const OBSERVATION: &str = "observation";

/// The flat columns that hold lists.
const LISTS: [&str; 3] = ["mx", "txt", "dkim_cnames"];

/// Where observations are, there is no flat column.
pub(crate) fn check(schema: &Schema) -> Result<(), BatchError> {
    let other = schema.fields().iter().find(|field| field.name() != OBSERVATION);
    match (schema.column_with_name(OBSERVATION), other) {
        (Some(_), Some(other)) => {
            let problem = "cannot stand beside `observation`, which says everything: leave one out";
            Err(BatchError::column("column_unknown", other.name(), problem))
        }
        _ => Ok(()),
    }
}

pub(crate) fn assess(
    hunter: &Hunter,
    schema: &SchemaRef,
    batch: &RecordBatch,
    observed_at: OffsetDateTime,
) -> Result<RecordBatch, BatchError> {
    let mut out = Output::new(batch.num_rows());
    if batch.column_by_name(OBSERVATION).is_some() {
        let observations = Texts::of(batch, OBSERVATION)?;
        for row in 0..batch.num_rows() {
            let Some(text) = observations.get(row) else {
                out.fault(row, "argument_missing: `observation` is null: drop the row".to_owned());
                continue;
            };
            out.add(
                row,
                Observation::from_json(text).map(|observation| assessed(hunter, &observation)),
            );
        }
    } else {
        flat(hunter, batch, observed_at, &mut out)?;
    }
    let Output { columns, faults } = out;
    let columns = columns.into_iter().map(Column::finish).collect();
    Ok(joined(schema, columns, &faults, batch.num_rows()))
}

fn assessed(hunter: &Hunter, observation: &Observation) -> Assessment {
    hunter.assess_observation(observation, &Lead::default(), None)
}

fn flat(
    hunter: &Hunter,
    batch: &RecordBatch,
    observed_at: OffsetDateTime,
    out: &mut Output,
) -> Result<(), BatchError> {
    let domain = Texts::of(batch, "domain")?;
    let (dmarc, autodiscover) = (Texts::of(batch, "dmarc")?, Texts::of(batch, "autodiscover")?);
    let [mx, txt, dkim_cnames] = LISTS.map(|name| TextLists::of(batch, name));
    let lists = [mx?, txt?, dkim_cnames?];
    let mut buffers = [Vec::new(), Vec::new(), Vec::new()];
    'rows: for row in 0..batch.num_rows() {
        let mut known = [false; 3];
        for (nth, list) in lists.iter().enumerate() {
            let Ok(is_known) = list.get(row, &mut buffers[nth]) else {
                out.fault_of_null(row, LISTS[nth]);
                continue 'rows;
            };
            known[nth] = is_known;
        }
        let list = |nth: usize| known[nth].then_some(buffers[nth].as_slice());
        let observation = FlatObservation {
            domain: domain.get(row),
            mx: list(0),
            txt: list(1),
            dmarc: dmarc.get(row),
            dkim_cnames: list(2),
            autodiscover: autodiscover.get(row),
        }
        .observation(observed_at);
        out.add(row, observation.map(|observation| assessed(hunter, &observation)));
    }
    Ok(())
}

/// The columns of the lead row, while rows are added.
struct Output {
    columns: Vec<Column>,
    faults: Faults,
}

impl Output {
    fn new(rows: usize) -> Self {
        let columns = LEAD_COLUMNS.iter().map(|lead| Column::new(lead.column_type, rows)).collect();
        Self { columns, faults: Faults::default() }
    }

    fn add(&mut self, row: usize, assessment: Result<Assessment, Error>) {
        match assessment {
            Ok(assessment) => {
                for (column, lead) in self.columns.iter_mut().zip(LEAD_COLUMNS) {
                    column.add(lead.cell(&assessment));
                }
            }
            Err(error) => self.fault(row, error_text(&error)),
        }
    }

    fn fault(&mut self, row: usize, text: String) {
        self.faults.add(row, text);
        self.add_nulls();
    }

    fn fault_of_null(&mut self, row: usize, column: &str) {
        self.faults.add_null_in(row, column);
        self.add_nulls();
    }

    fn add_nulls(&mut self) {
        for column in &mut self.columns {
            column.add(Cell::Null);
        }
    }
}

enum Column {
    Bool(BooleanBuilder),
    Uint8(UInt8Builder),
    Float64(Float64Builder),
    Text(StringBuilder),
    Texts(ListBuilder<StringBuilder>),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
}

impl Column {
    fn new(kind: ColumnType, rows: usize) -> Self {
        match kind {
            ColumnType::Bool => Self::Bool(BooleanBuilder::with_capacity(rows)),
            ColumnType::Uint8 => Self::Uint8(UInt8Builder::with_capacity(rows)),
            ColumnType::Float64 => Self::Float64(Float64Builder::with_capacity(rows)),
            ColumnType::Utf8 | ColumnType::Json => Self::Text(StringBuilder::new()),
            ColumnType::ListUtf8 => Self::Texts(ListBuilder::new(StringBuilder::new())),
            ColumnType::Date32 => Self::Date(Date32Builder::with_capacity(rows)),
            ColumnType::Timestamp => {
                Self::Timestamp(TimestampMicrosecondBuilder::with_capacity(rows).with_timezone(UTC))
            }
        }
    }

    fn add(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Bool(column), Cell::Bool(value)) => column.append_value(value),
            (Self::Uint8(column), Cell::Uint8(value)) => column.append_value(value),
            (Self::Float64(column), Cell::Float64(value)) => column.append_value(value),
            (Self::Text(column), Cell::Text(text)) => column.append_value(text),
            (Self::Text(column), Cell::Owned(text) | Cell::Json(text)) => column.append_value(text),
            (Self::Texts(column), Cell::Texts(texts)) => {
                for text in texts {
                    column.values().append_value(text);
                }
                column.append(true);
            }
            (Self::Date(column), Cell::Date(date)) => column.append_value(days(date)),
            (Self::Timestamp(column), Cell::Timestamp(time)) => column.append_value(micros(time)),
            (column, cell) => {
                debug_assert_eq!(cell, Cell::Null, "a cell is of its column's type");
                column.add_null();
            }
        }
    }

    fn add_null(&mut self) {
        match self {
            Self::Bool(column) => column.append_null(),
            Self::Uint8(column) => column.append_null(),
            Self::Float64(column) => column.append_null(),
            Self::Text(column) => column.append_null(),
            Self::Texts(column) => column.append_null(),
            Self::Date(column) => column.append_null(),
            Self::Timestamp(column) => column.append_null(),
        }
    }

    fn finish(self) -> ArrayRef {
        let mut builder: Box<dyn ArrayBuilder> = match self {
            Self::Bool(column) => Box::new(column),
            Self::Uint8(column) => Box::new(column),
            Self::Float64(column) => Box::new(column),
            Self::Text(column) => Box::new(column),
            Self::Texts(column) => Box::new(column),
            Self::Date(column) => Box::new(column),
            Self::Timestamp(column) => Box::new(column),
        };
        Arc::clone(&builder.finish())
    }
}

/// Days since 1970, as Arrow counts them.
fn days(date: Date) -> i32 {
    date.to_julian_day() - Date::from_ordinal_date(1970, 1).expect("a date").to_julian_day()
}

/// Microseconds since 1970; a year within four digits is far from the end.
fn micros(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)
}
