//! What is in an XLS file, before anything believes it.
//!
//! The reader behind this one holds all sheets in memory, each as the whole rectangle that its cells span,
//! reserves what a sheet says of its size, and copies a text for each cell that shows it. A file of a few
//! kilobytes could ask for terabytes. This walks the same records ([MS-XLS] 2.1.4) and adds up.

use std::io::{Read, Seek};

use crate::error::{Result, fault};
use crate::limits::Limits;

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const CONTINUE: u16 = 0x003C;
const BOUND_SHEET: u16 = 0x0085;
const SST: u16 = 0x00FC;
const FILE_PASS: u16 = 0x002F;
const DIMENSIONS: u16 = 0x0200;
const MUL_RK: u16 = 0x00BD;
const LABEL_SST: u16 = 0x00FD;
/// `Number`, `Label`, `RString`, `BoolErr`, `RK`, `LabelSst`, `Formula`: each begins with its row and column.
const CELLS: [u16; 7] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, LABEL_SST, 0x0006];
/// Excel's own bound is its memory; no list has more.
const SHEETS: usize = 255;
/// Records that are walked in all.
const RECORDS: u64 = 50_000_000;

/// Checks a workbook.
pub(crate) fn check(file: impl Read + Seek, limits: &Limits) -> Result<()> {
    let Ok(mut compound) = cfb::CompoundFile::open(file) else {
        return corrupt("it is no compound file");
    };
    if compound.exists("/EncryptedPackage") {
        return encrypted();
    }
    let name = ["/Workbook", "/Book", "/WORKBOOK", "/BOOK"]
        .into_iter()
        .find(|name| compound.is_stream(name));
    let Some(name) = name else {
        return crate::kind::refuse("of another Office program, or of a version before Excel 95");
    };
    let mut stream = Vec::new();
    let read = compound.open_stream(name).and_then(|mut part| part.read_to_end(&mut stream));
    if read.is_err() {
        return corrupt("its parts do not fit together");
    }
    Walk { stream: &stream, limits, cells: 0, texts: 0, records: 0 }.workbook()
}

fn encrypted<T>() -> Result<T> {
    fault("file_encrypted", "the file is protected by a password: save it without one")
}

fn corrupt<T>(what: &str) -> Result<T> {
    fault("file_corrupt", format!("the workbook is damaged: {what}"))
}

fn u16_at(data: &[u8], at: usize) -> Option<u64> {
    Some(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?).into())
}

fn u32_at(data: &[u8], at: usize) -> Option<u64> {
    Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?).into())
}

struct Walk<'a> {
    stream: &'a [u8],
    limits: &'a Limits,
    cells: u64,
    texts: u64,
    records: u64,
}

impl<'a> Walk<'a> {
    /// The record at a place and the place of the next; `None` at the end.
    fn record(&mut self, at: usize) -> Result<Option<(u16, &'a [u8], usize)>> {
        self.records += 1;
        if self.records > RECORDS {
            return too_large();
        }
        let Some(kind) = u16_at(self.stream, at) else { return Ok(None) };
        let Some(length) = u16_at(self.stream, at + 2) else { return Ok(None) };
        let end = at + 4 + usize::try_from(length).unwrap_or(usize::MAX);
        let Some(data) = self.stream.get(at + 4..end) else { return Ok(None) };
        Ok(Some((u16::try_from(kind).unwrap_or(0), data, end)))
    }

    fn workbook(&mut self) -> Result<()> {
        let (mut at, mut sheets, mut strings) = (0, Vec::new(), Vec::new());
        while let Some((kind, data, next)) = self.record(at)? {
            at = next;
            match kind {
                EOF => break,
                // What follows is encrypted, even where anybody knows the password.
                FILE_PASS => return encrypted(),
                BOUND_SHEET => {
                    let Some(place) = u32_at(data, 0).and_then(|place| usize::try_from(place).ok())
                    else {
                        return corrupt("a sheet has no place");
                    };
                    if place > self.stream.len() {
                        return corrupt("a sheet lies outside of it");
                    }
                    sheets.push(place);
                }
                SST => {
                    let mut parts = vec![data];
                    while let Some((CONTINUE, more, next)) = self.record(at)? {
                        parts.push(more);
                        at = next;
                    }
                    strings = lengths(&parts);
                }
                _ => {}
            }
        }
        if sheets.len() > SHEETS {
            let count = sheets.len();
            return fault(
                "file_too_many_parts",
                format!("the workbook has {count} sheets; {SHEETS} are taken"),
            );
        }
        sheets.into_iter().try_for_each(|place| self.sheet(place, &strings))
    }

    fn sheet(&mut self, mut at: usize, strings: &[u64]) -> Result<()> {
        let (mut depth, mut is_begun) = (0_u32, false);
        // The rectangle that the cells span, as first and last row and column.
        let mut span: Option<[u64; 4]> = None;
        while let Some((kind, data, next)) = self.record(at)? {
            at = next;
            match kind {
                BOF if is_begun => depth += 1,
                BOF => is_begun = true,
                EOF if depth > 0 => depth -= 1,
                EOF => break,
                _ if depth > 0 => {}
                DIMENSIONS => self.dimensions(data)?,
                MUL_RK => {
                    let last = data.len().checked_sub(2).and_then(|at| u16_at(data, at));
                    let (Some(row), Some(first), Some(last)) =
                        (u16_at(data, 0), u16_at(data, 2), last)
                    else {
                        return corrupt("a row of numbers is cut");
                    };
                    widen(&mut span, row, first);
                    widen(&mut span, row, last);
                    self.add_cells((data.len() / 6) as u64)?;
                }
                kind if CELLS.contains(&kind) => {
                    let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else {
                        return corrupt("a cell is cut");
                    };
                    widen(&mut span, row, column);
                    self.add_cells(1)?;
                    if kind == LABEL_SST {
                        let index = u32_at(data, 6).and_then(|index| usize::try_from(index).ok());
                        self.texts +=
                            index.and_then(|index| strings.get(index)).copied().unwrap_or(0);
                    }
                }
                _ => {}
            }
            if self.texts > self.limits.unpacked_bytes {
                return too_large();
            }
        }
        let [first_row, last_row, first, last] = span.unwrap_or([0; 4]);
        self.add_cells((last_row - first_row + 1) * (last - first + 1))
    }

    /// What a sheet says of its size.
    fn dimensions(&mut self, data: &[u8]) -> Result<()> {
        let (first_row, end_row, first, end) = if data.len() == 10 {
            (u16_at(data, 0), u16_at(data, 2), u16_at(data, 4), u16_at(data, 6))
        } else {
            (u32_at(data, 0), u32_at(data, 4), u16_at(data, 8), u16_at(data, 10))
        };
        let (Some(first_row), Some(end_row), Some(mut first), Some(end)) =
            (first_row, end_row, first, end)
        else {
            return corrupt("a sheet does not tell its size");
        };
        if first > 0xFF || end < first {
            first = 0;
        }
        if end_row == 0 || end == 0 {
            return Ok(());
        }
        if end_row <= first_row || end <= first {
            return corrupt("a sheet ends before it begins");
        }
        self.add_cells((end_row - first_row).saturating_mul(end - first))
    }

    fn add_cells(&mut self, count: u64) -> Result<()> {
        self.cells = self.cells.saturating_add(count);
        // What is stated, what is spanned, and the cells themselves: each is held once.
        if self.cells > 3 * Limits::XLS_CELLS { too_large() } else { Ok(()) }
    }
}

fn widen(span: &mut Option<[u64; 4]>, row: u64, column: u64) {
    let [first_row, last_row, first, last] = span.get_or_insert([row, row, column, column]);
    *first_row = row.min(*first_row);
    *last_row = row.max(*last_row);
    *first = column.min(*first);
    *last = column.max(*last);
}

fn too_large<T>() -> Result<T> {
    fault(
        "file_unpacked_too_large",
        "the sheets of the workbook span more cells or hold more text than is taken: save the list alone, as XLSX \
         or CSV",
    )
}

/// The most bytes that each string of the table takes ([MS-XLS] 2.4.265): three a character. Where the
/// table is broken, what is left of it counts as one string.
fn lengths(parts: &[&[u8]]) -> Vec<u64> {
    let mut lengths = Vec::new();
    let mut reader = Strings { parts, part: 0, at: 8 };
    while let Some(length) = reader.next_length() {
        lengths.push(length);
    }
    lengths
}

struct Strings<'a> {
    parts: &'a [&'a [u8]],
    part: usize,
    at: usize,
}

impl Strings<'_> {
    fn next_length(&mut self) -> Option<u64> {
        if self.at >= self.parts.get(self.part)?.len() {
            self.part += 1;
            self.at = 0;
        }
        let data = *self.parts.get(self.part)?;
        let characters = u16_at(data, self.at)?;
        let flags = *data.get(self.at + 2)?;
        self.at += 3;
        let mut behind = 0;
        if flags & 0x08 != 0 {
            behind += 4 * u16_at(data, self.at)?;
            self.at += 2;
        }
        if flags & 0x04 != 0 {
            behind += u32_at(data, self.at)?;
            self.at += 4;
        }
        let mut left = characters;
        let mut width = u64::from(flags & 1) + 1;
        while left > 0 {
            let room = (self.parts.get(self.part)?.len().saturating_sub(self.at)) as u64 / width;
            let taken = left.min(room);
            left -= taken;
            self.at += usize::try_from(taken * width).ok()?;
            if left > 0 {
                // Characters go on in the next part, which says anew how wide they are.
                self.part += 1;
                width = u64::from(self.parts.get(self.part)?.first()? & 1) + 1;
                self.at = 1;
            }
        }
        while behind > 0 {
            let room = (self.parts.get(self.part)?.len().saturating_sub(self.at)) as u64;
            let taken = behind.min(room);
            behind -= taken;
            self.at += usize::try_from(taken).ok()?;
            if behind > 0 {
                self.part += 1;
                self.at = 0;
                self.parts.get(self.part)?;
            }
        }
        Some(characters * 3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
    }

    /// A workbook of so many sheets that are all the same.
    fn workbook(sheets: usize, sst: &[u8], sheet: &[Vec<u8>]) -> Vec<u8> {
        let globals = sheets * 12 + record(SST, sst).len() + 8;
        let place = u32::try_from(globals + 4).unwrap();
        let bound = record(BOUND_SHEET, &[&place.to_le_bytes()[..], &[0; 4]].concat());
        let mut stream = record(BOF, &[0; 4]);
        stream.extend(bound.repeat(sheets));
        stream.extend(record(SST, sst));
        stream.extend(record(EOF, &[]));
        assert_eq!(stream.len(), globals + 4);
        stream.extend(record(BOF, &[]));
        stream.extend(sheet.concat());
        stream.extend(record(EOF, &[]));
        stream
    }

    fn walked(stream: &[u8]) -> std::result::Result<(), &'static str> {
        let limits = Limits::default();
        let mut walk = Walk { stream, limits: &limits, cells: 0, texts: 0, records: 0 };
        walk.workbook().map_err(|error| error.code())
    }

    fn cell(row: u16, column: u16) -> Vec<u8> {
        record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat())
    }

    #[test]
    fn two_cells_at_the_ends_of_a_sheet_are_no_list() {
        assert_eq!(walked(&workbook(1, &[0; 8], &[cell(0, 0), cell(100, 20)])), Ok(()));
        let corners = [cell(0, 0), cell(65_535, 255)];
        assert_eq!(walked(&workbook(1, &[0; 8], &corners)), Err("file_unpacked_too_large"));
        // Each sheet is held, though all are the same.
        let half = [cell(0, 0), cell(65_535, 30)];
        assert_eq!(walked(&workbook(1, &[0; 8], &half)), Ok(()));
        assert_eq!(walked(&workbook(100, &[0; 8], &half)), Err("file_unpacked_too_large"));
    }

    #[test]
    fn a_stated_size_is_not_believed() {
        let size = |rows: u32| {
            let mut data = [0; 14];
            data[4..8].copy_from_slice(&rows.to_le_bytes());
            data[10..12].copy_from_slice(&255_u16.to_le_bytes());
            [record(DIMENSIONS, &data)]
        };
        assert_eq!(walked(&workbook(1, &[0; 8], &size(1_000))), Ok(()));
        assert_eq!(walked(&workbook(1, &[0; 8], &size(u32::MAX))), Err("file_unpacked_too_large"));
    }

    #[test]
    fn one_long_text_in_many_cells_is_counted_for_each() {
        let text = [&[1, 0, 0, 0, 1, 0, 0, 0][..], &8_000_u16.to_le_bytes(), &[0], &[b'x'; 8_000]]
            .concat();
        let label = |row: u16| record(LABEL_SST, &[&row.to_le_bytes()[..], &[0; 8]].concat());
        let sheet = |rows: u16| (0..rows).map(label).collect::<Vec<_>>();
        assert_eq!(walked(&workbook(1, &text, &sheet(100))), Ok(()));
        assert_eq!(walked(&workbook(1, &text, &sheet(30_000))), Err("file_unpacked_too_large"));
    }

    #[test]
    fn strings_go_on_in_the_next_part() {
        let first = [&[0; 8][..], &[5, 0, 0], b"ab"].concat();
        let second = [&[1][..], &[b'c', 0, b'd', 0, b'e', 0], &[2, 0, 0], b"xy"].concat();
        assert_eq!(lengths(&[&first, &second]), [15, 6]);
    }
}
