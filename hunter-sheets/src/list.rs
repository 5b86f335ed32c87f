//! From a file to the rows of a list of companies.

use std::io::{Read, Seek, SeekFrom};

use hunter_core::sheet::{Layout, SAMPLE_ROWS};

use crate::delimiter;
use crate::encoding::{self, Decoded, Encoding};
use crate::error::{Result, fault};
use crate::kind::{self, FileKind};
use crate::limits::Limits;
use crate::rows::Rows;
use crate::workbook::Workbook;

/// How a file is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// How much of it is taken.
    pub limits: Limits,
    /// Whether the first row is taken for the heading, and columns by their names alone.
    pub names_only: bool,
    /// The sheet to read; else the first one that is shown and leads to domains.
    pub sheet: Option<String>,
}

/// What a file is, known once its first rows were seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What it is.
    pub kind: FileKind,
    /// How its text is written, where it is text.
    pub encoding: Option<Encoding>,
    /// What parts its cells, where it is text.
    pub delimiter: Option<char>,
    /// The sheet that is read, of a workbook.
    pub sheet: Option<String>,
    /// Sheets that are not read.
    pub other_sheets: Vec<String>,
    /// Where what stands.
    pub layout: Layout,
    /// The line of the heading, from 1.
    pub heading_line: Option<u64>,
    /// The cells of the heading.
    pub heading: Vec<String>,
    /// Rows above the heading.
    pub titles: u64,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file, or its row in the sheet, from 1.
    pub line: u64,
    /// Its cells, as they stand; empty ones at the end may be missing.
    pub cells: Vec<String>,
}

/// What was read of a file. Every row is counted: rows, blank ones, titles and the heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// What the file is.
    pub head: Head,
    /// Rows that were given out.
    pub rows: u64,
    /// Rows without a text, those at the end of a sheet aside.
    pub blank: u64,
}

/// Reads a list of companies. `each` is given every row below the heading that is not blank.
///
/// # Errors
/// Why the file is not read, or what `each` returned. Rows may have been given out by then.
pub fn read(
    mut file: impl Read + Seek,
    options: &Options,
    each: &mut dyn FnMut(&Head, Row) -> Result<()>,
) -> Result<Summary> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.by_ref().take(kind::HEAD as u64).read_to_end(&mut head)?;
    let limits = &options.limits;
    match kind::detect(&head)? {
        FileKind::Csv => text(file, options, each),
        FileKind::Xlsx => workbook(Workbook::xlsx(file, limits)?, FileKind::Xlsx, options, each),
        FileKind::Xls => workbook(Workbook::xls(file, limits)?, FileKind::Xls, options, each),
    }
}

fn text(
    mut file: impl Read + Seek,
    options: &Options,
    each: &mut dyn FnMut(&Head, Row) -> Result<()>,
) -> Result<Summary> {
    const SAMPLE: u64 = 64 << 10;
    let limits = options.limits;
    let encoding = encoding::detect(&mut file)?;
    file.seek(SeekFrom::Start(0))?;
    let mut sample = Vec::new();
    Decoded::new(&mut file, encoding).take(SAMPLE).read_to_end(&mut sample)?;
    let is_cut = sample.len() as u64 == SAMPLE;
    let delimiter = delimiter::detect(&sample, is_cut, limits);
    let is_told = delimiter::told(&sample).is_some();
    drop(sample);
    file.seek(SeekFrom::Start(0))?;
    let mut rows = Rows::new(Decoded::new(&mut file, encoding), delimiter, limits);
    let head = Head {
        kind: FileKind::Csv,
        encoding: Some(encoding),
        delimiter: Some(char::from(delimiter)),
        sheet: None,
        other_sheets: Vec::new(),
        layout: Layout::default(),
        heading_line: None,
        heading: Vec::new(),
        titles: 0,
    };
    let mut gather = Gather::new(head, options, each);
    let mut cells = Vec::new();
    while let Some(line) = rows.read(&mut cells)? {
        if line > 1 || !is_told {
            gather.take(line, &mut cells)?;
        }
    }
    gather.end()
}

fn workbook<R: Read + Seek>(
    mut book: Workbook<R>,
    kind: FileKind,
    options: &Options,
    each: &mut dyn FnMut(&Head, Row) -> Result<()>,
) -> Result<Summary> {
    let (sheet, other_sheets) = choose_sheet(&mut book, options)?;
    let head = Head {
        kind,
        encoding: None,
        delimiter: None,
        sheet: Some(sheet.clone()),
        other_sheets,
        layout: Layout::default(),
        heading_line: None,
        heading: Vec::new(),
        titles: 0,
    };
    let mut gather = Gather::new(head, options, each);
    book.rows(&sheet, &options.limits, &mut |line, cells| gather.take(line, cells).map(|()| true))?;
    gather.end()
}

/// The sheet to read, and the others.
fn choose_sheet<R: Read + Seek>(
    book: &mut Workbook<R>,
    options: &Options,
) -> Result<(String, Vec<String>)> {
    let (shown, hidden) = book.sheets();
    let others = |name: &str, sheets: &[String]| {
        sheets.iter().filter(|other| *other != name).cloned().collect::<Vec<_>>()
    };
    if let Some(wanted) = &options.sheet {
        let mut all = [shown, hidden].concat();
        let Some(found) = all.iter().position(|name| name.trim() == wanted.trim()) else {
            let names = all.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            return fault(
                "file_no_sheet",
                format!("the workbook has no sheet `{wanted}`, but {names}"),
            );
        };
        return Ok((all.remove(found), all));
    }
    let mut filled = None;
    for name in &shown {
        let mut rows: Vec<Vec<String>> = Vec::new();
        book.rows(name, &options.limits, &mut |_, cells| {
            rows.push(std::mem::take(cells));
            Ok(rows.len() < SAMPLE_ROWS)
        })?;
        if layout(&rows, options).leads_to_a_domain() {
            return Ok((name.clone(), others(name, &shown)));
        }
        if !rows.is_empty() {
            filled.get_or_insert(name);
        }
    }
    match filled.or(shown.first()) {
        Some(name) => Ok((name.clone(), others(name, &shown))),
        None => fault("file_empty", "the workbook has no sheet that is shown"),
    }
}

fn layout(rows: &[Vec<String>], options: &Options) -> Layout {
    if options.names_only { Layout::by_names(rows) } else { Layout::detect(rows) }
}

/// Holds rows back until the layout is known.
struct Gather<'a> {
    head: Head,
    options: &'a Options,
    each: &'a mut dyn FnMut(&Head, Row) -> Result<()>,
    held: Vec<Row>,
    is_known: bool,
    rows: u64,
    blank: u64,
    bytes: u64,
}

impl<'a> Gather<'a> {
    fn new(
        head: Head,
        options: &'a Options,
        each: &'a mut dyn FnMut(&Head, Row) -> Result<()>,
    ) -> Self {
        Self { head, options, each, held: Vec::new(), is_known: false, rows: 0, blank: 0, bytes: 0 }
    }

    fn take(&mut self, line: u64, cells: &mut Vec<String>) -> Result<()> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            self.blank += 1;
            return Ok(());
        }
        let Limits { rows, unpacked_bytes, .. } = self.options.limits;
        self.bytes += cells.iter().map(|cell| cell.len() as u64).sum::<u64>();
        if self.bytes > unpacked_bytes {
            return fault(
                "file_unpacked_too_large",
                format!(
                    "the cells hold more than {unpacked_bytes} bytes of text: send the list in parts"
                ),
            );
        }
        let row = Row { line, cells: std::mem::take(cells) };
        if self.is_known {
            if self.rows >= rows {
                return fault(
                    "file_too_many_rows",
                    format!("the list has more than {rows} rows: send it in parts"),
                );
            }
            return self.give(row);
        }
        self.held.push(row);
        if self.held.len() == SAMPLE_ROWS { self.know() } else { Ok(()) }
    }

    fn give(&mut self, row: Row) -> Result<()> {
        self.rows += 1;
        (self.each)(&self.head, row)
    }

    fn know(&mut self) -> Result<()> {
        self.is_known = true;
        let held = std::mem::take(&mut self.held);
        let cells: Vec<&[String]> = held.iter().map(|row| row.cells.as_slice()).collect();
        let layout =
            if self.options.names_only { Layout::by_names(&cells) } else { Layout::detect(&cells) };
        if held.is_empty() {
            return fault("file_empty", "the file has no rows");
        }
        if !layout.leads_to_a_domain() {
            return fault(
                "file_no_columns",
                "no column leads to a company's domain: name one of them `domain`, `website` or `email` in a row \
                 above the others",
            );
        }
        self.head.heading_line = layout.heading.map(|place| held[place].line);
        self.head.heading =
            layout.heading.map(|place| held[place].cells.clone()).unwrap_or_default();
        self.head.titles = layout.heading.unwrap_or(0) as u64;
        self.head.layout = layout;
        for (place, row) in held.into_iter().enumerate() {
            if self.head.layout.is_data(place) {
                self.give(row)?;
            }
        }
        Ok(())
    }

    fn end(mut self) -> Result<Summary> {
        if !self.is_known {
            self.know()?;
        }
        Ok(Summary { head: self.head, rows: self.rows, blank: self.blank })
    }
}
