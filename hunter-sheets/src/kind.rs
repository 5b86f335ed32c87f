//! What a file is, by its first bytes: names and media types of uploads are what people call them.

use crate::error::{Result, fault};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Text whose cells are parted by some character.
    Csv,
    /// An Office Open XML workbook.
    Xlsx,
    /// A workbook of Excel 97 to 2003.
    Xls,
}

impl FileKind {
    /// The name that people use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
        }
    }
}

/// So many bytes tell.
pub(crate) const HEAD: usize = 4096;

/// What begins with some bytes and is no list.
const OTHERS: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "packed with gzip"),
    (b"BZh", "packed with bzip2"),
    (b"\xfd7zXZ\0", "packed with xz"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
];

pub(crate) fn detect(head: &[u8]) -> Result<FileKind> {
    if head.is_empty() {
        return fault("file_empty", "the file is empty");
    }
    if head.starts_with(b"PK\x03\x04") {
        return Ok(FileKind::Xlsx);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(FileKind::Xls);
    }
    if let Some((_, what)) = OTHERS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return refuse(what);
    }
    let text: Vec<u8> = head.iter().filter(|byte| **byte != 0).copied().collect();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text).trim_ascii_start();
    let begins = |word: &str| {
        text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    if ["<html", "<!doctype", "<table", "<head", "<meta"].into_iter().any(begins) {
        return refuse("a web page, whatever its name says");
    }
    if begins("<?xml") || begins("<workbook") {
        return refuse("an XML document");
    }
    Ok(FileKind::Csv)
}

pub(crate) fn refuse<T>(what: &str) -> Result<T> {
    fault(
        "file_kind",
        format!(
            "the file is {what}: open it in a spreadsheet program, and save the list as CSV or XLSX"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_content() {
        for (head, expected) in [
            (&b"PK\x03\x04..."[..], Ok(FileKind::Xlsx)),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", Ok(FileKind::Xls)),
            (b"Firma;Domain\n", Ok(FileKind::Csv)),
            (b"\xef\xbb\xbfFirma", Ok(FileKind::Csv)),
            (b"<!DOCTYPE html><table>", Err("file_kind")),
            (b"\xff\xfe<\0h\0t\0m\0l\0", Ok(FileKind::Csv)),
            (b"<\0h\0t\0m\0l\0>\0", Err("file_kind")),
            (b"%PDF-1.7", Err("file_kind")),
            (b"\x1f\x8b\x08", Err("file_kind")),
            (b"", Err("file_empty")),
        ] {
            assert_eq!(detect(head).map_err(|error| error.code()), expected, "{head:?}");
        }
    }
}
