//! Files that are made to exhaust whoever opens them: each is refused with its code, before it does.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{Cursor, Write as _};

use hunter_sheets::{Limits, Options, read};
use zip::write::{SimpleFileOptions, ZipWriter};

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Liste" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const WORKBOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A workbook of one sheet, and what else is to be in it.
fn workbook(sheet: &[u8], more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    for (name, bytes) in parts.iter().chain(more) {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sheet(rows: &str) -> Vec<u8> {
    format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>"#
    )
    .into_bytes()
}

fn cell(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn opened(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, &'static str> {
    let limits = Limits { unpacked_bytes: 20 << 20, ratio: 50, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let mut rows = Vec::new();
    let read = read(Cursor::new(bytes), &options, &mut |_, row| {
        rows.push((row.line, row.cells));
        Ok(())
    });
    read.map(|_| rows).map_err(|error| error.code())
}

#[test]
fn a_sheet_that_claims_all_rows_and_columns_is_read_as_what_it_holds() {
    let rows = format!(
        r#"<row r="1">{}</row><row r="1048576">{}</row>"#,
        cell("A1", "domain"),
        cell("A1048576", "ornek.com.tr")
    );
    assert_eq!(
        opened(&workbook(&sheet(&rows), &[])),
        Ok(vec![(1_048_576, vec!["ornek.com.tr".into()])])
    );
    let far = format!(r#"<row r="1">{}{}</row>"#, cell("A1", "domain"), cell("XFD1", "x"));
    assert_eq!(opened(&workbook(&sheet(&far), &[])), Err("file_too_many_columns"));
}

#[test]
fn what_unpacks_to_a_multiple_is_refused() {
    let spaces = sheet(&"<row></row>".repeat(1_600_000));
    assert_eq!(opened(&workbook(&spaces, &[])), Err("file_compression_ratio"));
    // Beneath the ratio, and too much all the same.
    let noise: Vec<u8> = (0..u32::try_from(21 << 20).unwrap() / 4)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
        .map(|byte| b'a' + byte % 16)
        .collect();
    let parts: Vec<(String, &[u8])> = noise
        .chunks(1 << 19)
        .enumerate()
        .map(|(n, part)| (format!("xl/media/{n}"), part))
        .collect();
    let parts: Vec<(&str, &[u8])> =
        parts.iter().map(|(name, part)| (name.as_str(), *part)).collect();
    let bytes = workbook(&sheet(""), &parts);
    assert_eq!(opened(&bytes), Err("file_unpacked_too_large"));
}

#[test]
fn thousands_of_parts_are_refused() {
    let names: Vec<String> = (0..2_000).map(|n| format!("xl/media/{n}.png")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(opened(&workbook(&sheet(""), &parts)), Err("file_too_many_parts"));
}

#[test]
fn a_stated_number_of_strings_reserves_nothing() {
    let strings = br#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="99999999999999"><si><t>x</t></si></sst>"#;
    let parts: [(&str, &[u8]); 1] = [("xl/sharedStrings.xml", strings)];
    assert_eq!(opened(&workbook(&sheet(""), &parts)), Err("file_unpacked_too_large"));
}

#[test]
fn a_giant_cell_is_refused_before_it_is_held() {
    let giant = "x".repeat(2 << 20);
    let rows = format!(r#"<row r="1">{}</row>"#, cell("A1", &giant));
    assert_eq!(opened(&workbook(&sheet(&rows), &[])), Err("file_cell_too_large"));
}

#[test]
fn one_long_text_in_many_cells_is_bounded_as_a_whole() {
    use std::fmt::Write as _;
    let text = "ş".repeat(30_000);
    let strings = format!(
        r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>domain</t></si><si><t>{text}</t></si></sst>"#
    );
    let mut rows = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#.to_owned();
    for line in 2..500 {
        write!(rows, r#"<row r="{line}"><c r="A{line}" t="s"><v>1</v></c></row>"#).unwrap();
    }
    let parts: [(&str, &[u8]); 1] = [("xl/sharedStrings.xml", strings.as_bytes())];
    assert_eq!(opened(&workbook(&sheet(&rows), &parts)), Err("file_unpacked_too_large"));
}

#[test]
fn other_archives_are_told_by_what_they_are() {
    for name in ["content.xml", "word/document.xml", "xl/workbook.bin", "list.csv"] {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(b"x").unwrap();
        let bytes = zip.finish().unwrap().into_inner();
        assert_eq!(opened(&bytes), Err("file_kind"), "{name}");
    }
}
