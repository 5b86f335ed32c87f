//! Files of companies on their way in: kept beside the memory, read once to their end, and packed.
//!
//! A file is read before the answer: what is wrong with it as a whole is told at once, with a code of its
//! own, and what was answered with a job can be taken in. Why the rows go through the database is written
//! in `docs/decisions/0018-files-are-read-at-the-door.md`.

mod spool;
mod view;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Seek as _, SeekFrom, Write as _};
use std::sync::Arc;

use hunter_core::sheet::Layout;
use hunter_sheets::{Head, Limits, Options, SheetError, Summary};
use hunter_store::ingest::Packer;
use tokio::sync::Semaphore;

pub use spool::{Batches, Received, Upload};
pub use view::{FileColumn, FileView, PreviewRow, about, heading_of};

use crate::config::IngestConfig;

/// The rank of what lists say; a higher rank wins.
pub const RANK: i16 = 10;
/// The source of files that are sent in.
pub const SOURCE: &str = "upload";
/// How many rows a preview shows.
const SHOWN: usize = 20;

/// How files are read. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files {
    limits: Limits,
    places: Arc<Semaphore>,
}

/// What is wanted of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Whether columns are also found by what stands in them, and the heading below titles.
    pub detect: bool,
    /// The sheet to read.
    pub sheet: Option<String>,
}

/// A file that was read to its end, and its packed rows.
#[derive(Debug)]
pub struct Prepared {
    /// What was read.
    pub summary: Summary,
    /// Its rows.
    pub batches: Batches,
}

/// What a file would bring, of which nothing is kept.
#[derive(Debug)]
pub struct Preview {
    /// What was read.
    pub summary: Summary,
    /// Rows that name a company.
    pub accepted: u64,
    /// Why others would be rejected, and how many.
    pub rejected: BTreeMap<&'static str, u64>,
    /// The first rows as they would be read.
    pub first: Vec<PreviewRow>,
}

impl Files {
    /// As the settings say.
    pub fn new(config: &IngestConfig) -> Self {
        let limits = Limits {
            unpacked_bytes: config.unpacked_limit_bytes,
            ratio: config.compression_ratio_limit,
            parts: config.parts_limit,
            columns: config.columns_limit,
            cell_bytes: config.cell_limit_bytes,
            rows: config.rows_limit,
        };
        Self { limits, places: Arc::new(Semaphore::new(config.concurrent_files.get())) }
    }

    /// Reads a file and packs its rows.
    ///
    /// # Errors
    /// Why the file cannot be taken in.
    pub async fn prepare(&self, file: File, wanted: &Wanted) -> Result<Prepared, SheetError> {
        self.read(wanted, move |options| {
            let mut spool = BufWriter::new(tempfile::tempfile()?);
            let mut packer = Packer::default();
            let summary = hunter_sheets::read(BufReader::new(file), &options, &mut |_, row| {
                let line = i64::try_from(row.line).unwrap_or(i64::MAX);
                if let Some(packed) = packer.push(line, row.cells)? {
                    spool::write(&mut spool, &packed)?;
                }
                Ok(())
            })?;
            if let Some(packed) = packer.pack()? {
                spool::write(&mut spool, &packed)?;
            }
            spool.flush()?;
            let mut spool = spool.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            spool.seek(SeekFrom::Start(0))?;
            Ok(Prepared { summary, batches: Batches::new(spool) })
        })
        .await
    }

    /// Reads a file and keeps nothing.
    ///
    /// # Errors
    /// Why the file could not be taken in.
    pub async fn preview(&self, file: File, wanted: &Wanted) -> Result<Preview, SheetError> {
        self.read(wanted, move |options| preview(file, &options)).await
    }

    /// Reads on a thread that may be busy for a while, when it is this file's turn.
    async fn read<T: Send + 'static>(
        &self,
        wanted: &Wanted,
        work: impl FnOnce(Options) -> Result<T, SheetError> + Send + 'static,
    ) -> Result<T, SheetError> {
        let options = Options {
            limits: self.limits,
            names_only: !wanted.detect,
            sheet: wanted.sheet.clone(),
        };
        // The place is held by the thread: whoever asked may be gone before it ends.
        let place =
            Arc::clone(&self.places).acquire_owned().await.map_err(std::io::Error::other)?;
        let reading = tokio::task::spawn_blocking(move || {
            let _place = place;
            work(options)
        });
        reading.await.map_err(std::io::Error::other)?
    }
}

/// Reads a file and counts what it would bring.
///
/// # Errors
/// Why the file could not be taken in.
pub fn preview(file: File, options: &Options) -> Result<Preview, SheetError> {
    let (mut accepted, mut rejected, mut first) = (0, BTreeMap::new(), Vec::new());
    let summary = hunter_sheets::read(BufReader::new(file), options, &mut |head: &Head, row| {
        let layout: &Layout = &head.layout;
        let lead = layout.read(&row.cells);
        let chosen = lead.choose();
        match &chosen {
            Ok(_) => accepted += 1,
            Err(none) => *rejected.entry(none.code()).or_default() += 1,
        }
        if first.len() < SHOWN {
            first.push(PreviewRow::new(row.line, &lead, chosen));
        }
        Ok(())
    })?;
    Ok(Preview { summary, accepted, rejected, first })
}
