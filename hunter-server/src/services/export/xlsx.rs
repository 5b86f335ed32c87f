//! Leads as a workbook of Excel, in constant memory: rows go to a file on the way as they come.

use std::io::{self, Write as _};

use bytes::Bytes;
use hunter_store::leads::{Cell, ExportPage, LeadColumn};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::ExportError;
use super::columns::heading;
use super::pages::Pages;

/// A sheet has 1,048,576 rows, of which the heading takes one.
pub const MOST_ROWS: u64 = 1_048_575;
/// The most letters of a cell, in UTF-16 units as Excel counts them.
const MOST_LETTERS: usize = 32_767;
/// How much is sent at once.
const PART: usize = 128 * 1024;

/// What the workbook is made of, and that it is whole.
enum Piece {
    Page(ExportPage),
    End,
}

/// Gathers the rows, then sends the workbook. Its directory comes last (PKWARE appnote 4.3.6), so that one
/// which breaks off opens nowhere.
pub(super) async fn write(
    mut pages: Pages,
    first: Option<ExportPage>,
    columns: Vec<LeadColumn>,
    parts: &mpsc::Sender<Result<Bytes, ExportError>>,
) -> Result<(), ExportError> {
    let (pieces, taken) = mpsc::channel(1);
    let out = parts.clone();
    let making = spawn_blocking(move || workbook(&columns, taken, out));
    let mut page = first;
    while let Some(full) = page {
        if pieces.send(Piece::Page(full)).await.is_err() {
            break;
        }
        page = tokio::select! {
            next = pages.next() => next?,
            () = parts.closed() => return Ok(()),
        };
    }
    // Where the workbook failed it says so itself.
    let _ = pieces.send(Piece::End).await;
    making.await.map_err(io::Error::other)?
}

/// Makes the workbook and sends it. Without the last piece it is not whole, and nothing is sent.
fn workbook(
    columns: &[LeadColumn],
    mut pieces: mpsc::Receiver<Piece>,
    parts: mpsc::Sender<Result<Bytes, ExportError>>,
) -> Result<(), ExportError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
    let mut leads = Sheet::begin(sheet, columns)?;
    loop {
        match pieces.blocking_recv() {
            Some(Piece::Page(page)) => page.each(|cells| leads.row(cells))?,
            Some(Piece::End) => break,
            None => return Ok(()),
        }
    }
    leads.end()?;
    let mut out = Outgoing { parts, part: Vec::with_capacity(PART) };
    match book.save_to_writer(&mut out).map_err(failed) {
        Err(ExportError::File(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        saved => {
            saved?;
            out.flush().or_else(|error| match error.kind() {
                io::ErrorKind::BrokenPipe => Ok(()),
                _ => Err(error.into()),
            })
        }
    }
}

/// Sends what is written to it, in parts.
struct Outgoing {
    parts: mpsc::Sender<Result<Bytes, ExportError>>,
    part: Vec<u8>,
}

impl io::Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.part.extend_from_slice(bytes);
        if self.part.len() >= PART {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let part = std::mem::replace(&mut self.part, Vec::with_capacity(PART));
        if part.is_empty() {
            return Ok(());
        }
        // Nobody takes it any more.
        self.parts.blocking_send(Ok(part.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

fn failed(error: XlsxError) -> ExportError {
    match error {
        XlsxError::IoError(error) => error.into(),
        other => io::Error::other(other).into(),
    }
}

/// The sheet of leads.
struct Sheet<'b> {
    worksheet: &'b mut Worksheet,
    last_column: u16,
    row: u32,
    day: Format,
    moment: Format,
}

impl<'b> Sheet<'b> {
    fn begin(sheet: &'b mut Worksheet, columns: &[LeadColumn]) -> Result<Self, ExportError> {
        let bold = Format::new().set_bold();
        sheet.set_name("leads").map_err(failed)?;
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        for (at, column) in (0_u16..).zip(columns) {
            let name = heading(*column);
            sheet.set_column_width(at, width(name)).map_err(failed)?;
            sheet.write_string_with_format(0, at, name, &bold).map_err(failed)?;
        }
        let last_column = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let moment = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
        Ok(Self { worksheet: sheet, last_column, row: 0, day, moment })
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        self.row += 1;
        if u64::from(self.row) > MOST_ROWS {
            return Err(ExportError::TooManyRows);
        }
        for (at, cell) in (0_u16..).zip(cells) {
            self.cell(at, cell).map_err(failed)?;
        }
        Ok(())
    }

    fn cell(&mut self, at: u16, cell: &Cell<'_>) -> Result<(), XlsxError> {
        let row = self.row;
        match cell {
            Cell::Unknown => {}
            // A cell that is a text is never run, whatever it begins with.
            Cell::Text(text) => {
                self.worksheet.write_string(row, at, fitting(text))?;
            }
            Cell::List(texts) if texts.is_empty() => {}
            Cell::List(texts) => {
                self.worksheet.write_string(row, at, fitting(&texts.join("; ")))?;
            }
            Cell::Whole(number) => {
                #[expect(clippy::cast_precision_loss, reason = "a cell of Excel is a double")]
                self.worksheet.write_number(row, at, *number as f64)?;
            }
            Cell::Real(number) => {
                self.worksheet.write_number(row, at, *number)?;
            }
            Cell::Flag(flag) => {
                self.worksheet.write_boolean(row, at, *flag)?;
            }
            Cell::Day(day) => match excel_day(*day) {
                Some(known) => {
                    self.worksheet.write_datetime_with_format(row, at, &known, &self.day)?;
                }
                None => {
                    self.worksheet.write_string(row, at, day.to_string())?;
                }
            },
            Cell::Moment(moment) => {
                let (hour, minute, second) = moment.to_hms();
                let known = excel_day(moment.date())
                    .and_then(|day| day.and_hms(hour.into(), minute, second).ok());
                match known {
                    Some(known) => {
                        self.worksheet.write_datetime_with_format(row, at, &known, &self.moment)?;
                    }
                    None => {
                        self.worksheet.write_string(row, at, moment.to_string())?;
                    }
                }
            }
        }
        Ok(())
    }

    fn end(self) -> Result<(), ExportError> {
        self.worksheet.autofilter(0, 0, self.row, self.last_column).map_err(failed)?;
        Ok(())
    }
}

/// Excel counts days from 1900.
fn excel_day(day: time::Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    ExcelDateTime::from_ymd(year, day.month().into(), day.day()).ok()
}

/// A text that a cell takes.
fn fitting(text: &str) -> String {
    let mut units = 0;
    let end = text.char_indices().find_map(|(at, c)| {
        units += c.len_utf16();
        (units >= MOST_LETTERS).then_some(at)
    });
    match end {
        None => text.to_owned(),
        Some(at) => format!("{}…", &text[..at]),
    }
}

/// How wide a column is, in letters.
fn width(name: &str) -> f64 {
    match name {
        "domain" | "company_name" | "reason" | "infrastructure_summary" | "nameservers" => 32.0,
        "contact_emails" | "tags" | "findings" | "provider_name" | "registrar" | "mx_host" => 24.0,
        "scanned_at" => 19.0,
        _ => 14.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_too_long_is_shortened_and_says_so() {
        assert_eq!(fitting("ş"), "ş");
        let long = fitting(&"\u{1f600}".repeat(MOST_LETTERS));
        assert!(long.ends_with('…'));
        assert!(long.encode_utf16().count() <= MOST_LETTERS);
    }

    #[test]
    fn days_before_excel_are_texts() {
        assert!(excel_day(time::macros::date!(1899 - 12 - 30)).is_none());
        assert!(excel_day(time::macros::date!(2027 - 05 - 02)).is_some());
    }
}
