//! What is in an XLSX file, before anything believes it.
//!
//! Every part is unpacked once, into nothing, and counted: the sizes that an archive states are its
//! sender's word. The reader behind this one holds strings and styles in memory, reserves as many strings
//! as the file says it has, and holds each cell whole while it is read; all of that is bounded here.

use std::io::{Read, Seek};

use zip::ZipArchive;

use crate::error::{Result, fault};
use crate::kind::refuse;
use crate::limits::Limits;

const BLOCK: usize = 64 << 10;
/// The longest run between two marks of XML, in bytes of the longest cell: each may be written as an
/// entity, such as `&#x131;`.
const ENTITY: usize = 8;

/// Checks the parts of a workbook.
pub(crate) fn check(file: impl Read + Seek, limits: &Limits) -> Result<()> {
    let corrupt = |what: &dyn std::fmt::Display| -> Result<()> {
        fault("file_corrupt", format!("the workbook is damaged: {what}"))
    };
    let mut archive = match ZipArchive::new(file) {
        Ok(archive) => archive,
        Err(error) => return corrupt(&error),
    };
    if archive.len() > limits.parts {
        return fault(
            "file_too_many_parts",
            format!("the workbook is made of {} parts; {} are taken", archive.len(), limits.parts),
        );
    }
    is_workbook(&archive)?;
    let mut total = 0;
    for index in 0..archive.len() {
        let part = match archive.by_index(index) {
            Ok(part) => part,
            Err(zip::result::ZipError::UnsupportedArchive(reason))
                if reason.contains("assword") =>
            {
                return fault(
                    "file_encrypted",
                    "the file is protected by a password: save it without one",
                );
            }
            Err(error) => return corrupt(&error),
        };
        let name = match part.name() {
            Ok(name) => name.to_ascii_lowercase(),
            Err(error) => return corrupt(&error),
        };
        let packed = part.compressed_size();
        let is_strings = name.contains("sharedstrings");
        let mut guard = Guard {
            is_held: is_strings || !name.starts_with("xl/worksheets/sheet"),
            is_strings,
            is_picture: None,
            limits: *limits,
            packed,
            size: 0,
            elements: 0,
            run: 0,
            count: Count::default(),
        };
        let mut part = part;
        let mut block = vec![0; BLOCK];
        loop {
            let read = match part.read(&mut block) {
                Ok(read) => read,
                Err(error) => return corrupt(&error),
            };
            if read == 0 {
                break;
            }
            total += read as u64;
            if total > limits.unpacked_bytes {
                let most = limits.unpacked_bytes;
                return fault(
                    "file_unpacked_too_large",
                    format!(
                        "the workbook unpacks to more than {most} bytes: send it in parts, or as CSV"
                    ),
                );
            }
            guard.take(&block[..read])?;
        }
    }
    Ok(())
}

/// Tells workbooks from what else comes as an archive.
fn is_workbook<R: Read + Seek>(archive: &ZipArchive<R>) -> Result<()> {
    let has = |start: &str| {
        let mut names = archive.file_names().flatten();
        names.any(|name| name.to_ascii_lowercase().starts_with(start))
    };
    if has("xl/workbook.bin") {
        return refuse("a binary workbook (XLSB)");
    }
    if has("xl/") {
        return Ok(());
    }
    if has("word/") || has("ppt/") {
        return refuse("a document or a presentation");
    }
    if has("content.xml") {
        return refuse("an OpenDocument file (ODS)");
    }
    // Workbooks of other programs may call their folder otherwise.
    if has("[content_types].xml") { Ok(()) } else { refuse("an archive (ZIP)") }
}

/// Counts what matters of one part.
struct Guard {
    is_held: bool,
    is_strings: bool,
    /// Pictures are no XML: they begin with a byte that no text begins with.
    is_picture: Option<bool>,
    limits: Limits,
    packed: u64,
    size: u64,
    elements: u64,
    run: usize,
    count: Count,
}

impl Guard {
    fn take(&mut self, bytes: &[u8]) -> Result<()> {
        self.size += bytes.len() as u64;
        let allowed = self.packed.saturating_mul(self.limits.ratio).max(Limits::FREE_BYTES);
        if self.size > allowed {
            return fault(
                "file_compression_ratio",
                format!(
                    "a part of the workbook unpacks to more than {} times its size",
                    self.limits.ratio
                ),
            );
        }
        if *self.is_picture.get_or_insert(bytes[0] >= 0x80) {
            return Ok(());
        }
        let mut from = 0;
        for at in memchr::memchr2_iter(b'<', b'>', bytes) {
            self.run += at - from;
            self.end_run()?;
            from = at + 1;
            self.elements += u64::from(bytes[at] == b'<');
        }
        self.run += bytes.len() - from;
        if self.run > self.longest() {
            self.end_run()?;
        }
        if self.is_held && self.elements > Limits::ELEMENTS {
            return too_many_strings();
        }
        if self.is_strings && bytes.iter().any(|byte| self.count.is_beyond(*byte, Limits::ELEMENTS))
        {
            return too_many_strings();
        }
        Ok(())
    }

    const fn longest(&self) -> usize {
        self.limits.cell_bytes.saturating_mul(ENTITY)
    }

    fn end_run(&mut self) -> Result<()> {
        if self.run > self.longest() {
            let most = self.limits.cell_bytes;
            return fault(
                "file_cell_too_large",
                format!("the workbook has a cell of more than {most} bytes"),
            );
        }
        self.run = 0;
        Ok(())
    }
}

fn too_many_strings() -> Result<()> {
    fault(
        "file_unpacked_too_large",
        "the workbook has more texts than are taken: send it in parts, or as CSV",
    )
}

/// Finds `uniqueCount = "…"`, whatever blanks are in it, and reads its number.
#[derive(Default)]
struct Count {
    /// How much of the word was seen; beyond its length, which blank or sign comes next.
    seen: usize,
    number: u64,
}

impl Count {
    const WORD: &'static [u8] = b"uniqueCount";

    fn is_beyond(&mut self, byte: u8, most: u64) -> bool {
        let word = Self::WORD.len();
        let (equals, quote) = (word, word + 1);
        self.seen = match self.seen {
            seen if seen < word && byte == Self::WORD[seen] => seen + 1,
            seen if seen == equals && byte == b'=' => quote,
            seen if seen == quote && matches!(byte, b'"' | b'\'') => {
                self.number = 0;
                quote + 1
            }
            seen if (seen == equals || seen == quote) && byte.is_ascii_whitespace() => seen,
            seen if seen > quote && byte.is_ascii_digit() => {
                self.number = self.number.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                seen
            }
            seen if seen > quote && (byte.is_ascii_whitespace() || byte == b'+') => seen,
            _ => usize::from(byte == Self::WORD[0]),
        };
        self.seen > quote && self.number > most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stated_number_of_strings_is_read_through_blanks() {
        for (text, expected) in [
            ("<sst uniqueCount=\"12\">", false),
            ("<sst uniqueCount=\"99999999999\">", true),
            ("<sst uuniqueCount\t =\n '8000001'", true),
            ("uniqueCount uniqueCount 99999999999", false),
        ] {
            let mut count = Count::default();
            let beyond = text.bytes().any(|byte| count.is_beyond(byte, Limits::ELEMENTS));
            assert_eq!(beyond, expected, "{text}");
        }
    }
}
