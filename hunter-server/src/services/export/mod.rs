//! Leads as a file, for spreadsheets: the same code behind `GET /leads/export` and `hunter export`.
//!
//! Pages are read one ahead of what is written, and never more: memory does not grow with the number of
//! leads, and whoever stops reading stops the questions to the database.

mod columns;
mod csv;
mod pages;
mod xlsx;

use std::io;

use bytes::Bytes;
use hunter_store::leads::{ExportLeads as _, LeadExport};
use hunter_store::opt_outs::{OptOuts as _, Refusal};
use hunter_store::{Db, StoreError};
use serde::Deserialize;
use time::OffsetDateTime;
use tokio::sync::mpsc;
use utoipa::ToSchema;

pub use columns::{UnknownColumn, all, named, recorded};
pub use xlsx::MOST_ROWS;

use pages::Pages;

/// How many withheld domains are written down for one file.
const MOST_REFUSALS: u32 = 1_000;

/// The kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum FileFormat {
    /// Comma-separated values (RFC 4180), in UTF-8 with a byte order mark, which Excel asks for.
    Csv,
    /// A workbook of Excel, whose cells have types.
    Xlsx,
}

impl FileFormat {
    /// The kind that a file's name says.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// The ending of its name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Why there is no file, or no more of it.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A workbook has no place for so many.
    #[error(
        "a workbook holds {MOST_ROWS} leads and this one would hold more: narrow the filter, or use CSV"
    )]
    TooManyRows,
    /// A file on the way could not be written: the folder for temporary files is full, say.
    #[error("the file could not be made: {0}")]
    File(#[from] io::Error),
}

/// A file as it is made, part by part. One that ends with an error is not whole.
pub type Parts = mpsc::Receiver<Result<Bytes, ExportError>>;

/// Makes a file. It is begun before this returns, so that what cannot be exported is told at once; the
/// rest follows as it is taken.
///
/// # Errors
/// Why it cannot be begun.
pub async fn export(db: &Db, format: FileFormat, export: LeadExport) -> Result<Parts, ExportError> {
    if format == FileFormat::Xlsx {
        let most = MOST_ROWS + 1;
        if db.read().await?.export_count(&export, most).await? == most {
            return Err(ExportError::TooManyRows);
        }
    }
    withhold(db, &export).await?;
    let columns = export.columns.clone();
    let mut pages = Pages::new(db.clone(), export);
    let first = pages.next().await?;
    // One part waits while one is taken and one is made.
    let (sender, parts) = mpsc::channel(1);
    tokio::spawn(async move {
        let failed = match format {
            FileFormat::Csv => csv::write(pages, first, columns, &sender).await,
            FileFormat::Xlsx => xlsx::write(pages, first, columns, &sender).await,
        };
        if let Err(error) = failed {
            tracing::error!(%error, "an export ended before it was whole");
            // Whoever took the parts may be gone.
            let _ = sender.send(Err(error)).await;
        }
    });
    Ok(parts)
}

/// Writes down whose leads are left out.
async fn withhold(db: &Db, export: &LeadExport) -> Result<(), StoreError> {
    let domains = db.read().await?.withheld(export, MOST_REFUSALS).await?;
    if domains.is_empty() {
        return Ok(());
    }
    let refused_at = OffsetDateTime::now_utc();
    let refusals = domains
        .into_iter()
        .map(|domain| Refusal { domain, action: "export".into(), refused_at })
        .collect();
    let mut unit = db.begin().await?;
    unit.refuse(refusals).await?;
    unit.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_its_format() {
        for (name, format) in [
            ("leads.csv", Some(FileFormat::Csv)),
            ("Leads.XLSX", Some(FileFormat::Xlsx)),
            ("leads.xls", None),
            ("csv", None),
        ] {
            assert_eq!(FileFormat::of_name(name), format, "{name}");
        }
    }
}
