//! Rows of delimited text, as people and programs write them.
//!
//! RFC 4180 and what is found besides: any delimiter, blanks in front of a quotation mark, text behind a
//! closing one, any line ending. Memory is bounded by the limits of a cell and a row, and a quotation mark
//! that is never closed is told with its line instead of swallowing the rest of the list.

use std::io::Read;

use crate::error::{Result, fault};
use crate::limits::Limits;

const BLOCK: usize = 64 << 10;

/// Splits text into rows.
pub(crate) struct Rows<R> {
    input: R,
    block: Vec<u8>,
    at: usize,
    end: usize,
    delimiter: u8,
    limits: Limits,
    /// The line of the next byte, from 1.
    line: u64,
    after_return: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Nothing but blanks of the field were seen.
    Start,
    Plain,
    Quoted,
    /// After a quotation mark within quotes.
    Closed,
}

/// The fields of a row that is read.
struct Row<'a> {
    cells: &'a mut Vec<String>,
    field: Vec<u8>,
    bytes: usize,
    line: u64,
    limits: Limits,
}

impl Row<'_> {
    fn add(&mut self, byte: u8) -> Result<()> {
        self.field.push(byte);
        self.bytes += 1;
        if self.field.len() > self.limits.cell_bytes || self.bytes > self.limits.row_bytes() {
            return fault(
                "file_cell_too_large",
                format!(
                    "line {} has a cell of more than {} bytes: is a quotation mark not closed, or the \
                     delimiter another one?",
                    self.line, self.limits.cell_bytes
                ),
            );
        }
        Ok(())
    }

    fn end_field(&mut self) -> Result<()> {
        let text = String::from_utf8_lossy(&self.field);
        if self.cells.len() < self.limits.columns {
            self.cells.push(text.into_owned());
        } else if !text.trim().is_empty() {
            return fault(
                "file_too_many_columns",
                format!("line {} has more than {} columns", self.line, self.limits.columns),
            );
        }
        self.field.clear();
        Ok(())
    }
}

impl<R: Read> Rows<R> {
    pub(crate) fn new(input: R, delimiter: u8, limits: Limits) -> Self {
        let block = vec![0; BLOCK];
        Self { input, block, at: 0, end: 0, delimiter, limits, line: 1, after_return: false }
    }

    fn byte(&mut self) -> Result<Option<u8>> {
        if self.at == self.end {
            self.at = 0;
            self.end = self.input.read(&mut self.block)?;
            if self.end == 0 {
                return Ok(None);
            }
        }
        let byte = self.block[self.at];
        self.at += 1;
        // `\r\n` is one end of a line, and so is `\r` alone, as old Macs wrote it.
        if byte == b'\r' || (byte == b'\n' && !self.after_return) {
            self.line += 1;
        }
        self.after_return = byte == b'\r';
        Ok(Some(byte))
    }

    /// Reads the next row and gives its line; `None` at the end. A line without anything is a row of one
    /// empty cell.
    pub(crate) fn read(&mut self, cells: &mut Vec<String>) -> Result<Option<u64>> {
        cells.clear();
        let mut row =
            Row { cells, field: Vec::new(), bytes: 0, line: self.line, limits: self.limits };
        let mut state = State::Start;
        let mut is_begun = false;
        loop {
            let is_second_half = self.after_return;
            let Some(byte) = self.byte()? else {
                if state == State::Quoted {
                    return fault(
                        "file_quote_open",
                        format!("the quotation mark that opens in line {} is not closed", row.line),
                    );
                }
                if !is_begun {
                    return Ok(None);
                }
                row.end_field()?;
                return Ok(Some(row.line));
            };
            if !is_begun && byte == b'\n' && is_second_half {
                continue;
            }
            is_begun = true;
            let ends_line = matches!(byte, b'\r' | b'\n');
            match state {
                State::Quoted if byte == b'"' => state = State::Closed,
                State::Quoted => row.add(byte)?,
                State::Closed if byte == b'"' => {
                    row.add(byte)?;
                    state = State::Quoted;
                }
                _ if ends_line => {
                    row.end_field()?;
                    return Ok(Some(row.line));
                }
                _ if byte == self.delimiter => {
                    row.end_field()?;
                    state = State::Start;
                }
                State::Start if byte == b'"' => {
                    row.field.clear();
                    state = State::Quoted;
                }
                State::Start if byte == b' ' => row.add(byte)?,
                State::Closed if byte == b' ' => {}
                State::Start | State::Plain | State::Closed => {
                    row.add(byte)?;
                    state = State::Plain;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, delimiter: u8) -> Result<Vec<(u64, Vec<String>)>> {
        let mut rows = Rows::new(text.as_bytes(), delimiter, Limits::default());
        let (mut all, mut cells) = (Vec::new(), Vec::new());
        while let Some(line) = rows.read(&mut cells)? {
            all.push((line, cells.clone()));
        }
        Ok(all)
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        rows(text, b',').expect("rows").into_iter().map(|(_, cells)| cells).collect()
    }

    #[test]
    fn fields_as_they_are_written() {
        for (text, expected) in [
            ("a,b", vec!["a", "b"]),
            ("a,,", vec!["a", "", ""]),
            ("\"a,b\",c", vec!["a,b", "c"]),
            ("\"a \"\"b\"\"\",c", vec!["a \"b\"", "c"]),
            ("a, \"b,c\"", vec!["a", "b,c"]),
            ("\"a\"b,c", vec!["ab", "c"]),
            ("12\" ekran,x", vec!["12\" ekran", "x"]),
            ("\"\",x", vec!["", "x"]),
            ("\"a\nb\",c", vec!["a\nb", "c"]),
        ] {
            assert_eq!(cells(text), [expected], "{text}");
        }
    }

    #[test]
    fn lines_are_counted_as_editors_count_them() {
        for text in ["a\n\n\"b\nb\"\nc\n", "a\r\n\r\n\"b\r\nb\"\r\nc\r\n", "a\r\r\"b\rb\"\rc"] {
            let rows = rows(text, b',').expect("rows");
            let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 2, 3, 5], "{text:?}");
        }
    }

    #[test]
    fn a_mark_that_is_not_closed_is_told_with_its_line() {
        let error = rows("a,b\n\"c,d\ne,f\n", b',').unwrap_err();
        assert_eq!(error.code(), "file_quote_open");
        assert!(error.to_string().contains("line 2"), "{error}");
    }

    #[test]
    fn what_is_too_large_is_refused_and_not_held() {
        let long = "x".repeat(Limits::default().cell_bytes + 1);
        assert_eq!(rows(&long, b',').unwrap_err().code(), "file_cell_too_large");
        let wide = vec!["x"; Limits::default().columns + 1].join(",");
        assert_eq!(rows(&wide, b',').unwrap_err().code(), "file_too_many_columns");
        let padded = format!("x{}", ",".repeat(5_000));
        assert_eq!(cells(&padded)[0].len(), Limits::default().columns);
    }
}
