//! Leads as comma-separated values.

use std::io;

use bytes::Bytes;
use hunter_store::leads::{Cell, ExportPage, LeadColumn};
use time::format_description::well_known::Rfc3339;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::ExportError;
use super::columns::heading;
use super::pages::Pages;
use crate::services::spreadsheet::neutral;

/// Without it Excel takes UTF-8 for the code page of the machine.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// What stands between the entries of a list.
const BETWEEN: &str = "; ";

/// Writes the pages as they come. While one is written the next one is read.
pub(super) async fn write(
    mut pages: Pages,
    first: Option<ExportPage>,
    columns: Vec<LeadColumn>,
    parts: &mpsc::Sender<Result<Bytes, ExportError>>,
) -> Result<(), ExportError> {
    let mut page = first;
    let mut text = beginning(&columns)?;
    loop {
        let Some(full) = page else { return Ok(()) };
        let writing = spawn_blocking(move || rows(text, &full));
        let next = tokio::select! {
            next = pages.next() => next,
            // Nobody wants the rest: what is under way is given up.
            () = parts.closed() => return Ok(()),
        };
        let written = writing.await.map_err(io::Error::other)??;
        if parts.send(Ok(written.into())).await.is_err() {
            return Ok(());
        }
        text = Vec::new();
        page = next?;
    }
}

fn writer(out: Vec<u8>) -> ::csv::Writer<Vec<u8>> {
    let terminator = ::csv::Terminator::CRLF;
    ::csv::WriterBuilder::new().terminator(terminator).from_writer(out)
}

fn beginning(columns: &[LeadColumn]) -> Result<Vec<u8>, ExportError> {
    let mut out = writer(BYTE_ORDER_MARK.into());
    out.write_record(columns.iter().map(|column| heading(*column))).map_err(io::Error::from)?;
    finished(out)
}

fn rows(before: Vec<u8>, page: &ExportPage) -> Result<Vec<u8>, ExportError> {
    let mut out = writer(before);
    let mut scratch = String::new();
    page.each(|cells| {
        for cell in cells {
            write_cell(&mut out, cell, &mut scratch)?;
        }
        out.write_record(None::<&[u8]>).map_err(io::Error::from)?;
        Ok::<_, ExportError>(())
    })?;
    finished(out)
}

fn finished(out: ::csv::Writer<Vec<u8>>) -> Result<Vec<u8>, ExportError> {
    Ok(out.into_inner().map_err(|error| io::Error::other(error.to_string()))?)
}

fn write_cell(
    out: &mut ::csv::Writer<Vec<u8>>,
    cell: &Cell<'_>,
    scratch: &mut String,
) -> Result<(), ExportError> {
    use std::fmt::Write as _;
    scratch.clear();
    // Writing to a string cannot fail.
    let _ = match cell {
        Cell::Unknown => Ok(()),
        Cell::Text(text) => {
            out.write_field(&*neutral(text)).map_err(io::Error::from)?;
            return Ok(());
        }
        Cell::Whole(number) => write!(scratch, "{number}"),
        Cell::Real(number) => write!(scratch, "{number}"),
        Cell::Flag(flag) => write!(scratch, "{flag}"),
        Cell::Day(day) => write!(scratch, "{day}"),
        Cell::Moment(at) => {
            scratch.push_str(&at.format(&Rfc3339).unwrap_or_default());
            Ok(())
        }
        Cell::List(texts) => {
            out.write_field(&*neutral(&texts.join(BETWEEN))).map_err(io::Error::from)?;
            return Ok(());
        }
    };
    out.write_field(&*scratch).map_err(io::Error::from)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    fn line(cells: &[Cell<'_>]) -> String {
        let mut out = writer(Vec::new());
        for cell in cells {
            write_cell(&mut out, cell, &mut String::new()).expect("written");
        }
        out.write_record(None::<&[u8]>).expect("written");
        String::from_utf8(finished(out).expect("bytes")).expect("UTF-8")
    }

    #[test]
    fn cells_are_written_as_rfc_4180_says() {
        let cells = [
            Cell::Text("Örnek, \"A.Ş.\""),
            Cell::Unknown,
            Cell::Whole(-3),
            Cell::Real(0.85),
            Cell::Flag(true),
            Cell::Day(date!(2027 - 05 - 02)),
            Cell::Moment(datetime!(2026-11-24 09:30 UTC)),
            Cell::List(vec!["ns1.example".into(), "ns2.example".into()]),
        ];
        let expected = "\"Örnek, \"\"A.Ş.\"\"\",,-3,0.85,true,2027-05-02,2026-11-24T09:30:00Z,\
                        ns1.example; ns2.example\r\n";
        assert_eq!(line(&cells), expected);
    }

    #[test]
    fn d28_no_text_of_a_file_is_a_formula() {
        let cells = [Cell::Text("=1+1"), Cell::List(vec!["a".into(), "@x".into()])];
        assert_eq!(line(&cells), "'=1+1,a; '@x\r\n");
    }
}
