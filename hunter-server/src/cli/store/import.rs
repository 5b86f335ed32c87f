//! `hunter import`: a list of companies into the database, and a job to scan them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use hunter_sheets::{Options, SheetError, Summary};
use hunter_store::Db;
use hunter_store::bulk;
use hunter_store::companies::Source;
use hunter_store::ingest::{Ingests as _, Sorted, sort, take_in};
use hunter_store::queue::NewJob;
use time::OffsetDateTime;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{StoreArgs, runtime};
use crate::cli::{Outcome, progress};
use crate::error::ServerError;
use crate::services::ingest::{Preview, RANK, preview};

/// How many rows are one unit of work.
const CHUNK: usize = 5_000;

/// Arguments of `hunter import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// A CSV, XLSX or XLS file. The heading may stand below titles; columns are known by their names, in
    /// Turkish or English, or by what stands in them. Plain lines, one domain each, will do.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How the source is called in the database.
    #[arg(long, value_name = "NAME", default_value = "import")]
    source: String,
    /// The sheet of a workbook; else the first one that leads to domains.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Take the first row for the heading, and columns by their names alone.
    #[arg(long)]
    names_only: bool,
    /// Only tell what would be taken in.
    #[arg(long, conflicts_with = "scan")]
    dry_run: bool,
    /// Also enqueue a job that scans what was imported.
    #[arg(long)]
    scan: bool,
    #[command(flatten)]
    store: StoreArgs,
}

pub(crate) fn run(args: &ImportArgs) -> Result<Outcome, ServerError> {
    let options =
        Options { names_only: args.names_only, sheet: args.sheet.clone(), ..Options::default() };
    if args.dry_run {
        let preview = preview(open(&args.file)?, &options)?;
        show(&preview).map_err(ServerError::Output)?;
        let is_whole = preview.rejected.is_empty();
        return Ok(if is_whole { Outcome::Complete } else { Outcome::Partial });
    }
    runtime()?.block_on(async {
        let db = args.store.ready().await?;
        let list = List {
            path: args.file.clone(),
            options,
            source: Source { name: args.source.clone(), rank: RANK },
            id: Uuid::now_v7(),
            at: OffsetDateTime::now_utc(),
        };
        let mut import = Import::new(list.id, &db);
        let outcome = import.all(list, args.scan).await?;
        db.close().await;
        Ok(outcome)
    })
}

fn open(path: &Path) -> Result<File, ServerError> {
    File::open(path).map_err(|source| ServerError::Read { path: path.to_owned(), source })
}

/// The list that is read.
struct List {
    path: PathBuf,
    options: Options,
    source: Source,
    id: Uuid,
    at: OffsetDateTime,
}

impl List {
    /// Reads the list to its end, or until nobody takes its rows any more.
    fn read(&self, to: &mpsc::Sender<Sorted>) -> Result<(), ServerError> {
        let file = BufReader::new(open(&self.path)?);
        let bar = progress::bar(|| None);
        let mut chunk = Sorted::default();
        let gone = || SheetError::Io(io::ErrorKind::BrokenPipe.into());
        let read = hunter_sheets::read(file, &self.options, &mut |head, row| {
            let line = i64::try_from(row.line).unwrap_or(i64::MAX);
            let layout = &head.layout;
            sort(&mut chunk, (line, row.cells), layout, &self.source, self.id, self.at);
            bar.inc(1);
            if chunk.len() >= CHUNK {
                to.blocking_send(std::mem::take(&mut chunk)).map_err(|_| gone())?;
            }
            Ok(())
        });
        bar.finish_and_clear();
        match read {
            // Whoever took the others and left has an error of its own to tell.
            Err(_) if to.is_closed() => return Ok(()),
            read => read?,
        };
        let _ = to.blocking_send(chunk);
        Ok(())
    }
}

/// One import under way.
struct Import<'a> {
    db: &'a Db,
    id: Uuid,
    imported: u64,
    /// Why rows name no company.
    reasons: BTreeMap<String, u64>,
}

impl<'a> Import<'a> {
    const fn new(id: Uuid, db: &'a Db) -> Self {
        Self { db, id, imported: 0, reasons: BTreeMap::new() }
    }

    async fn all(&mut self, list: List, scan: bool) -> Result<Outcome, ServerError> {
        // The next chunk is read while one is written.
        let (sender, mut chunks) = mpsc::channel(1);
        let reading = tokio::task::spawn_blocking(move || list.read(&sender));
        while let Some(chunk) = chunks.recv().await {
            self.commit(chunk).await?;
        }
        reading.await.map_err(|error| ServerError::Start(io::Error::other(error)))??;
        let job = if scan { Some(self.enqueue().await?) } else { None };
        self.report(job).map_err(ServerError::Output)?;
        Ok(if self.reasons.is_empty() { Outcome::Complete } else { Outcome::Partial })
    }

    /// Writes a chunk in one unit of work.
    async fn commit(&mut self, chunk: Sorted) -> Result<(), ServerError> {
        if chunk.is_empty() {
            return Ok(());
        }
        let mut unit = self.db.begin().await?;
        let taken_in = take_in(&mut unit, chunk).await?;
        unit.commit().await?;
        self.imported += u64::from(taken_in.taken);
        for code in taken_in.rejected {
            *self.reasons.entry(code).or_default() += 1;
        }
        Ok(())
    }

    async fn enqueue(&self) -> Result<Uuid, ServerError> {
        let mut unit = self.db.begin().await?;
        let job = NewJob::new(bulk::KIND);
        let enqueued = unit.enqueue_import(&job, self.id, bulk::batch_size(5)).await?;
        unit.commit().await?;
        Ok(enqueued.job_id)
    }

    fn report(&self, job: Option<Uuid>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let refused: u64 = self.reasons.values().sum();
        writeln!(out, "import {}: {} rows taken in, {refused} refused", self.id, self.imported)?;
        reasons(&mut out, &self.reasons)?;
        if let Some(job) = job {
            writeln!(out, "job {job}: `hunter worker` scans them")?;
        }
        out.flush()
    }
}

/// Shows what would be taken in.
fn show(preview: &Preview) -> io::Result<()> {
    let Preview { summary, accepted, rejected, .. } = preview;
    let Summary { head, rows, blank } = summary;
    let mut out = io::stdout().lock();
    let refused: u64 = rejected.values().sum();
    write!(out, "{}", head.kind.as_str())?;
    if let Some(encoding) = head.encoding {
        write!(out, " in {}", encoding.as_str())?;
    }
    if let Some(delimiter) = head.delimiter {
        write!(out, ", parted by {delimiter:?}")?;
    }
    if let Some(sheet) = &head.sheet {
        write!(out, ", sheet `{sheet}`")?;
    }
    writeln!(out)?;
    match head.heading_line {
        Some(line) => writeln!(out, "heading in line {line}")?,
        None => writeln!(out, "no heading")?,
    }
    for column in &head.layout.columns {
        let name = column.name.as_deref().unwrap_or("-");
        let (place, role) = (column.index + 1, column.role);
        writeln!(
            out,
            "  column {place}, `{name}`: {role} ({} of {} cells)",
            column.matching, column.filled
        )?;
    }
    writeln!(out, "{rows} rows, {blank} blank: {accepted} would be taken in, {refused} refused")?;
    reasons(&mut out, rejected)?;
    out.flush()
}

fn reasons(out: &mut impl Write, reasons: &BTreeMap<impl AsRef<str>, u64>) -> io::Result<()> {
    for (code, count) in reasons {
        writeln!(out, "  {count} {}", code.as_ref())?;
    }
    Ok(())
}
