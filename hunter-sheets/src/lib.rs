//! Lists of companies out of the files that people send: CSV of any delimiter and encoding, XLSX, XLS.
//!
//! A file is known by its content, its heading is found below titles, and its columns by names or by what
//! stands in them ([`hunter_core::sheet`]). Memory is bounded: text and XLSX are read row by row; XLS,
//! whose format allows no more than 65,536 rows, is held, after its size was counted. What is too large is
//! refused, each bound with a code of its own ([`CODES`]); nothing is cut off in silence.
//!
//! ```
//! use std::io::Cursor;
//!
//! use hunter_sheets::{Options, read};
//!
//! let file = "Müşteriler;;\nFirma Adı;E-posta;Şehir\nÖrnek A.Ş.;info@ornek.com.tr;Bursa\n";
//! let mut domains = Vec::new();
//! let summary = read(Cursor::new(file), &Options::default(), &mut |head, row| {
//!     let lead = head.layout.read(&row.cells);
//!     domains.push((row.line, lead.choose().map(|choice| choice.domain.to_string())));
//!     Ok(())
//! })?;
//! assert_eq!(domains, [(3, Ok("ornek.com.tr".to_owned()))]);
//! assert_eq!((summary.head.delimiter, summary.head.heading_line), (Some(';'), Some(2)));
//! # Ok::<(), hunter_sheets::SheetError>(())
//! ```

mod archive;
mod compound;
mod delimiter;
mod encoding;
mod error;
mod kind;
mod limits;
mod list;
mod rows;
mod workbook;

pub use encoding::Encoding;
pub use error::{CODES, Result, SheetError};
pub use kind::FileKind;
pub use limits::Limits;
pub use list::{Head, Options, Row, Summary, read};
