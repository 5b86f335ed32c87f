//! Rows out: one for every line in, in the format asked for.

mod csv;
mod json;
mod table;

use std::io::Write;

use clap::ValueEnum;
use hunter_core::{Assessment, DomainError, Error};

use super::Sort;
use crate::error::ServerError;

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for people.
    Table,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values with a heading; formulas are neutralised.
    Csv,
}

impl Format {
    /// The order asked for; without one, tables are sorted by priority and the rest keeps the input's.
    pub(super) fn sort(self, asked: Option<Sort>) -> Sort {
        asked.unwrap_or(match self {
            Self::Table => Sort::Priority,
            Self::Json | Self::Jsonl | Self::Csv => Sort::Input,
        })
    }
}

/// What became of one line of input.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) input: String,
    pub(super) outcome: Result<Box<Assessment>, Refusal>,
    /// What may have been meant instead of the domain as written.
    pub(super) suggestion: Option<String>,
}

/// Why a line has no assessment.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Row {
    pub(super) fn assessed(
        line: usize,
        input: String,
        assessment: Assessment,
        suggestion: Option<String>,
    ) -> Self {
        Self { line, input, outcome: Ok(Box::new(assessment)), suggestion }
    }

    pub(super) fn refused(line: usize, input: String, error: DomainError) -> Self {
        let refusal = Refusal { code: error.fault.code(), message: error.fault.to_string() };
        Self { line, input, outcome: Err(refusal), suggestion: error.suggestion }
    }

    pub(super) fn unreadable(line: usize, input: String, error: &Error) -> Self {
        let refusal = Refusal { code: error.code(), message: error.to_string() };
        Self { line, input, outcome: Err(refusal), suggestion: None }
    }

    /// Whether the line was read and has a verdict.
    pub(super) fn is_complete(&self) -> bool {
        self.outcome.as_ref().is_ok_and(|assessment| assessment.verdict.is_some())
    }
}

/// Rows by priority category, then by score from the top; those without a verdict follow, then those
/// refused, each in the order of the input.
pub(super) fn sorted_by_priority(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(|row| match &row.outcome {
        Ok(assessment) => match &assessment.verdict {
            Some(verdict) => (0, verdict.priority_category.index(), 100 - verdict.score, row.line),
            None => (1, 0, 0, row.line),
        },
        Err(_) => (2, 0, 0, row.line),
    });
    rows
}

/// Writes rows in one format.
pub(super) enum Writer<W: Write> {
    Table(Box<table::TableWriter<W>>),
    Json(json::JsonWriter<W>),
    Csv(Box<csv::CsvWriter<W>>),
}

impl<W: Write> Writer<W> {
    pub(super) fn new(format: Format, sort: Sort, out: W) -> Self {
        match format {
            Format::Table => Self::Table(Box::new(table::TableWriter::new(out, sort))),
            Format::Json => Self::Json(json::JsonWriter::array(out)),
            Format::Jsonl => Self::Json(json::JsonWriter::lines(out)),
            Format::Csv => Self::Csv(Box::new(csv::CsvWriter::new(out))),
        }
    }

    pub(super) fn write(&mut self, row: &Row) -> Result<(), ServerError> {
        match self {
            Self::Table(writer) => {
                writer.write(row);
                Ok(())
            }
            Self::Json(writer) => writer.write(row).map_err(ServerError::Output),
            Self::Csv(writer) => writer.write(row).map_err(ServerError::Output),
        }
    }

    /// Shows what was written so far; a table is shown at its end.
    pub(super) fn flush(&mut self) -> Result<(), ServerError> {
        match self {
            Self::Table(_) => Ok(()),
            Self::Json(writer) => writer.flush().map_err(ServerError::Output),
            Self::Csv(writer) => writer.flush().map_err(ServerError::Output),
        }
    }

    pub(super) fn finish(self) -> Result<(), ServerError> {
        match self {
            Self::Table(writer) => writer.finish(),
            Self::Json(writer) => writer.finish(),
            Self::Csv(writer) => writer.finish(),
        }
        .map_err(ServerError::Output)
    }
}
