//! Whatever is written is read: rows by chance, in every encoding, with every delimiter.

use std::io::Cursor;

use hunter_sheets::{Options, Row, SheetError, read};
use proptest::prelude::*;

fn rows(bytes: &[u8]) -> Result<(Vec<Row>, u64), SheetError> {
    let mut rows = Vec::new();
    let summary = read(Cursor::new(bytes), &Options::default(), &mut |_, row| {
        rows.push(row);
        Ok(())
    })?;
    assert_eq!(summary.rows, rows.len() as u64);
    Ok((rows, summary.blank))
}

/// Cells that hold anything that people write, delimiters and quotation marks and line ends too.
fn cell() -> impl Strategy<Value = String> {
    "[a-zA-ZçğıöşüÇĞİÖŞÜ0-9 ,;|\"\n.'@-]{0,12}".prop_map(|text| text.trim().to_owned())
}

fn table() -> impl Strategy<Value = Vec<[String; 3]>> {
    prop::collection::vec([cell(), cell(), cell()], 1..30)
}

fn written(table: &[[String; 3]], delimiter: u8, with_heading: bool) -> String {
    let mut out = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    if with_heading {
        out.write_record(["domain", "firma", "telefon"]).expect("a vector");
    }
    for row in table {
        out.write_record(row).expect("a vector");
    }
    String::from_utf8(out.into_inner().expect("a vector")).expect("UTF-8")
}

proptest! {
    #[test]
    fn every_cell_comes_back(table in table(), delimiter in prop::sample::select(&b",;\t|"[..])) {
        let text = written(&table, delimiter, true);
        let expected: Vec<Vec<&str>> = table
            .iter()
            .map(|row| row.iter().map(String::as_str).collect::<Vec<_>>())
            .filter(|row| row.iter().any(|cell| !cell.is_empty()))
            .collect();
        let units: Vec<u16> = text.encode_utf16().collect();
        let le: Vec<u8> = [0xff, 0xfe].into_iter().chain(units.iter().flat_map(|u| u.to_le_bytes())).collect();
        let be: Vec<u8> = [0xfe, 0xff].into_iter().chain(units.iter().flat_map(|u| u.to_be_bytes())).collect();
        // What one row has, a line end within a cell keeps; a lone `\r` is none of these.
        for bytes in [text.as_bytes(), &le[..], &be[..]] {
            let (rows, blank) = rows(bytes).expect("a list");
            let read: Vec<Vec<&str>> =
                rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect();
            prop_assert_eq!(&read, &expected);
            prop_assert_eq!(rows.len() as u64 + blank, table.len() as u64);
            prop_assert!(rows.is_sorted_by(|one, two| one.line < two.line));
        }
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = rows(&bytes);
    }

    #[test]
    fn no_text_breaks_the_reader(text in "[a-c@.,;\"\r\n\t |=]{0,300}") {
        if let Ok((rows, _)) = rows(text.as_bytes()) {
            prop_assert!(rows.iter().all(|row| row.cells.iter().any(|cell| !cell.trim().is_empty())));
        }
    }
}
