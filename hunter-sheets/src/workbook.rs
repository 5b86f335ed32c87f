//! Rows of workbooks.

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    CellErrorType, Data, DataRef, ExcelDateTime, Reader as _, Sheet, SheetType, SheetVisible, Xls,
    XlsError, Xlsx, XlsxError,
};

use crate::error::{Result, SheetError, fault};
use crate::limits::Limits;
use crate::{archive, compound};

/// Takes rows; false when it has enough.
pub(crate) type Take<'a> = dyn FnMut(u64, &mut Vec<String>) -> Result<bool> + 'a;

/// A workbook whose size was checked.
pub(crate) enum Workbook<R: Read + Seek> {
    Xlsx(Box<Xlsx<BufReader<R>>>),
    Xls(Box<Xls<BufReader<R>>>),
}

impl<R: Read + Seek> Workbook<R> {
    pub(crate) fn xlsx(mut file: R, limits: &Limits) -> Result<Self> {
        file.seek(SeekFrom::Start(0))?;
        archive::check(BufReader::new(&mut file), limits)?;
        file.seek(SeekFrom::Start(0))?;
        guarded(|| Xlsx::new(BufReader::new(file)).map_err(xlsx))
            .map(|book| Self::Xlsx(Box::new(book)))
    }

    pub(crate) fn xls(mut file: R, limits: &Limits) -> Result<Self> {
        file.seek(SeekFrom::Start(0))?;
        compound::check(BufReader::new(&mut file), limits)?;
        file.seek(SeekFrom::Start(0))?;
        guarded(|| Xls::new(BufReader::new(file)).map_err(xls))
            .map(|book| Self::Xls(Box::new(book)))
    }

    /// The names of the sheets, the hidden ones apart.
    pub(crate) fn sheets(&self) -> (Vec<String>, Vec<String>) {
        let all = match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
        };
        let is_sheet = |sheet: &&Sheet| sheet.typ == SheetType::WorkSheet;
        let (shown, hidden): (Vec<_>, Vec<_>) =
            all.iter().filter(is_sheet).partition(|sheet| sheet.visible == SheetVisible::Visible);
        let names =
            |sheets: Vec<&Sheet>| sheets.into_iter().map(|sheet| sheet.name.clone()).collect();
        (names(shown), names(hidden))
    }

    /// Gives the rows of a sheet that have cells, from the top, until they are enough.
    pub(crate) fn rows(&mut self, sheet: &str, limits: &Limits, take: &mut Take<'_>) -> Result<()> {
        let mut row = Row { line: 0, cells: Vec::new(), bytes: 0, limits };
        let is_over = match self {
            Self::Xlsx(book) => guarded(|| {
                let mut cells = match book.worksheet_cells_reader(sheet) {
                    Ok(cells) => cells,
                    // A sheet of the workbook that is only a chart.
                    Err(XlsxError::NotAWorksheet(_)) => return Ok(true),
                    Err(error) => return Err(xlsx(error)),
                };
                while let Some(cell) = cells.next_cell().map_err(xlsx)? {
                    let (line, column) = cell.get_position();
                    if !row.add(line, column, &text_of(cell.get_value()), take)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            })?,
            Self::Xls(book) => guarded(|| {
                let range = book.worksheet_range(sheet).map_err(xls)?;
                let (top, left) = range.start().unwrap_or_default();
                for (line, column, value) in range.used_cells() {
                    let at = |offset: usize, start: u32| {
                        start + u32::try_from(offset).unwrap_or(u32::MAX)
                    };
                    if !row.add(at(line, top), at(column, left), &text(value), take)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            })?,
        };
        if is_over {
            row.end(take)?;
        }
        Ok(())
    }
}

/// A row that is put together.
struct Row<'a> {
    /// Its line, from 1; 0 before the first.
    line: u64,
    cells: Vec<String>,
    bytes: usize,
    limits: &'a Limits,
}

impl Row<'_> {
    fn add(&mut self, line: u32, column: u32, text: &str, take: &mut Take<'_>) -> Result<bool> {
        if text.trim().is_empty() {
            return Ok(true);
        }
        let line = u64::from(line) + 1;
        if line != self.line && !self.end(take)? {
            return Ok(false);
        }
        self.line = line;
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= self.limits.columns {
            let most = self.limits.columns;
            return fault(
                "file_too_many_columns",
                format!("line {line} has more than {most} columns"),
            );
        }
        self.bytes += text.len();
        if text.len() > self.limits.cell_bytes || self.bytes > self.limits.row_bytes() {
            let most = self.limits.cell_bytes;
            return fault(
                "file_cell_too_large",
                format!("line {line} has a cell of more than {most} bytes"),
            );
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        text.clone_into(&mut self.cells[column]);
        Ok(true)
    }

    fn end(&mut self, take: &mut Take<'_>) -> Result<bool> {
        self.bytes = 0;
        if self.cells.is_empty() {
            return Ok(true);
        }
        let goes_on = take(self.line, &mut self.cells);
        self.cells.clear();
        goes_on
    }
}

/// Damaged files have made readers of spreadsheets panic.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged(&"it breaks its reader")))
}

fn damaged(what: &dyn std::fmt::Display) -> SheetError {
    let message = format!(
        "the workbook is damaged: {what}: open it in a spreadsheet program, and save it anew"
    );
    SheetError::File { code: "file_corrupt", message }
}

fn xlsx(error: XlsxError) -> SheetError {
    match error {
        XlsxError::Password => locked(),
        error => damaged(&error),
    }
}

fn xls(error: XlsError) -> SheetError {
    match error {
        XlsError::Password => locked(),
        error => damaged(&error),
    }
}

fn locked() -> SheetError {
    let message = "the file is protected by a password: save it without one".to_owned();
    SheetError::File { code: "file_encrypted", message }
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::Bool(is) => truth(*is),
        DataRef::DateTime(at) => moment(at),
        DataRef::Error(error) => error_text(error),
        DataRef::Empty => String::new(),
    }
}

fn text(value: &Data) -> String {
    match value {
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number_text(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(is) => truth(*is),
        Data::DateTime(at) => moment(at),
        Data::Error(error) => error_text(error),
        Data::Empty => String::new(),
    }
}

/// A number as people wrote it: telephone numbers and numbers of people have no `.0`.
fn number_text(number: f64) -> String {
    // Displayed without an exponent, and whole numbers without a fraction.
    if number.is_finite() { format!("{number}") } else { String::new() }
}

fn truth(is: bool) -> String {
    if is { "TRUE" } else { "FALSE" }.to_owned()
}

fn moment(at: &ExcelDateTime) -> String {
    if !at.is_datetime() {
        return number_text(at.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

/// A formula that failed says nothing; its error is kept, to be told where the row is refused.
fn error_text(error: &CellErrorType) -> String {
    error.to_string()
}
