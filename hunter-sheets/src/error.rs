//! Why a file is not read.

use std::io;

use hunter_core::error::CodeInfo;

/// Why a file is not read. The message is for whoever sent the file.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The file could not be read, or whoever took its rows did not take them.
    #[error("the file could not be read: {0}")]
    Io(#[from] io::Error),
    /// Something about the file itself.
    #[error("{message}")]
    File {
        /// The stable code; see [`CODES`].
        code: &'static str,
        /// What is wrong, and what to do.
        message: String,
    },
}

impl SheetError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "sheet_read",
            Self::File { code, .. } => code,
        }
    }
}

/// What this crate returns.
pub type Result<T> = std::result::Result<T, SheetError>;

pub(crate) fn fault<T>(code: &'static str, message: impl Into<String>) -> Result<T> {
    Err(SheetError::File { code, message: message.into() })
}

const fn row(code: &'static str, meaning: &'static str, remedy: &'static str) -> CodeInfo {
    CodeInfo { code, meaning, remedy }
}

/// Every code of this crate.
pub const CODES: &[CodeInfo] = &[
    row("sheet_read", "the file could not be read from where it lies", "send it again"),
    row("file_empty", "the file has no rows", "send the file that has the list"),
    row("file_kind", "the file is neither CSV nor XLSX nor XLS", "save the list as CSV or XLSX"),
    row("file_encrypted", "the file is protected by a password", "save it without one"),
    row("file_corrupt", "the file is damaged", "open it in a spreadsheet program and save it anew"),
    row(
        "file_no_columns",
        "no column leads to a company's domain",
        "name a column `domain`, `website` or `email`",
    ),
    row(
        "file_no_sheet",
        "the workbook has no sheet of that name",
        "use a name that the message lists",
    ),
    row(
        "file_quote_open",
        "a quotation mark is not closed",
        "close it in the line that the message names",
    ),
    row("file_cell_too_large", "a cell holds more text than is taken", "shorten it"),
    row(
        "file_too_many_columns",
        "a row has more columns than are taken",
        "leave out what is not needed",
    ),
    row("file_too_many_rows", "the list has more rows than are taken", "send it in parts"),
    row(
        "file_unpacked_too_large",
        "the file holds more than is taken, once it is unpacked",
        "send it in parts, or as CSV",
    ),
    row(
        "file_compression_ratio",
        "the file unpacks to a multiple of its size that no list has",
        "save the list anew, or as CSV",
    ),
    row(
        "file_too_many_parts",
        "the workbook is made of more parts than are taken",
        "save the list alone",
    ),
];
