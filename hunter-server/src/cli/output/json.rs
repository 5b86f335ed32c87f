//! JSON: the lead row with the line that it answers, or the line with its refusal.

use std::io::{self, BufWriter, Write};

use hunter_core::Assessment;
use serde::Serialize;

use super::Row;

/// Writes one array, or one object a line.
pub(in crate::cli) struct JsonWriter<W: Write> {
    out: BufWriter<W>,
    array: bool,
    rows: usize,
}

#[derive(Serialize)]
struct Object<'a> {
    line: usize,
    input: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorObject<'a>>,
    #[serde(flatten)]
    lead: Option<&'a Assessment>,
}

#[derive(Serialize)]
struct ErrorObject<'a> {
    code: &'a str,
    message: &'a str,
}

impl<W: Write> JsonWriter<W> {
    pub(super) fn array(out: W) -> Self {
        Self { out: BufWriter::new(out), array: true, rows: 0 }
    }

    pub(super) fn lines(out: W) -> Self {
        Self { out: BufWriter::new(out), array: false, rows: 0 }
    }

    pub(super) fn write(&mut self, row: &Row) -> io::Result<()> {
        if self.array {
            self.out.write_all(if self.rows == 0 { b"[\n" } else { b",\n" })?;
        }
        let object = Object {
            line: row.line,
            input: &row.input,
            suggestion: row.suggestion.as_deref(),
            error: row
                .outcome
                .as_ref()
                .err()
                .map(|refusal| ErrorObject { code: refusal.code, message: &refusal.message }),
            lead: row.outcome.as_deref().ok(),
        };
        serde_json::to_writer(&mut self.out, &object)?;
        self.rows += 1;
        if self.array { Ok(()) } else { self.out.write_all(b"\n") }
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.array {
            self.out.write_all(if self.rows == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        self.out.flush()
    }
}
