//! `hunter import`: a list of companies into the database, and a job to scan them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use clap::Args;
use hunter_core::Domain;
use hunter_core::contacts::choose_domain;
use hunter_store::Db;
use hunter_store::bulk;
use hunter_store::companies::{Arrival, Companies, Source};
use hunter_store::queue::{Jobs, NewJob};
use hunter_store::raw_leads::{RawLeads, Rejected};
use time::OffsetDateTime;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{StoreArgs, runtime};
use crate::cli::{Outcome, progress};
use crate::error::ServerError;

/// How many rows are one unit of work.
const CHUNK: usize = 5_000;
/// How far a list is believed that somebody imported by hand; a higher rank wins.
const RANK: i16 = 10;

/// Arguments of `hunter import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// A CSV file with a heading that names one of domain, website and email; or plain lines, one
    /// domain each.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How the source is called in the database.
    #[arg(long, value_name = "NAME", default_value = "import")]
    source: String,
    /// Also enqueue a job that scans what was imported.
    #[arg(long)]
    scan: bool,
    #[command(flatten)]
    store: StoreArgs,
}

/// The columns that are understood, by the words that name them.
const COLUMNS: &[(&str, &[&str])] = &[
    ("domain", &["domain", "alan adi", "alan adı", "alanadi"]),
    ("website", &["website", "web", "url", "web site", "web sitesi", "site"]),
    ("email", &["email", "e-mail", "mail", "e-posta", "eposta", "contact_emails", "contact_email"]),
    (
        "company",
        &["company", "company_name", "company name", "firma", "şirket", "unvan", "ünvan", "name"],
    ),
    ("country", &["country", "ülke", "ulke"]),
    ("seats", &["seats", "employees", "çalışan", "calisan", "çalışan sayısı"]),
];

pub(crate) fn run(args: &ImportArgs) -> Result<Outcome, ServerError> {
    runtime()?.block_on(async {
        let db = args.store.ready().await?;
        let list = List {
            path: args.file.clone(),
            source: Source { name: args.source.clone(), rank: RANK },
            id: Uuid::now_v7(),
            at: OffsetDateTime::now_utc(),
        };
        let mut import = Import::new(list.id, args.scan, &db)?;
        let outcome = import.all(list).await?;
        db.close().await;
        Ok(outcome)
    })
}

/// Rows that are written in one unit of work.
#[derive(Default)]
struct Chunk {
    arrivals: Vec<Arrival>,
    rejected: Vec<Rejected>,
}

/// The list that is read.
struct List {
    path: PathBuf,
    source: Source,
    id: Uuid,
    at: OffsetDateTime,
}

impl List {
    /// Reads the list to its end, or until nobody takes its chunks any more.
    fn read(&self, to: &mpsc::Sender<Chunk>) -> Result<(), ServerError> {
        let fail = |source| ServerError::Read { path: self.path.clone(), source };
        let mut reader = BufReader::new(File::open(&self.path).map_err(fail)?);
        // A byte order mark is no part of the first name.
        if reader.fill_buf().map_err(fail)?.starts_with(b"\xef\xbb\xbf") {
            reader.consume(3);
        }
        let first = first_line(&mut reader).map_err(fail)?;
        let delimiter = delimiter(&first);
        let columns = Columns::of(&first, delimiter);
        let mut rows = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(first.as_bytes().chain(reader));
        let bar = progress::bar(|| None);
        let mut row = csv::ByteRecord::new();
        let mut number = 0;
        let mut chunk = Chunk::default();
        while rows.read_byte_record(&mut row).map_err(|error| fail(io::Error::other(error)))? {
            number += 1;
            if number == 1 && columns.is_heading {
                continue;
            }
            let line = row.position().map_or(number, csv::Position::line);
            self.take(&columns, &row, i64::try_from(line).unwrap_or(i64::MAX), &mut chunk);
            bar.inc(1);
            let is_full = chunk.arrivals.len() + chunk.rejected.len() >= CHUNK;
            if is_full && to.blocking_send(std::mem::take(&mut chunk)).is_err() {
                return Ok(());
            }
        }
        bar.finish_and_clear();
        // Whoever took the others and left has an error of its own to tell.
        let _ = to.blocking_send(chunk);
        Ok(())
    }

    fn take(&self, columns: &Columns, row: &csv::ByteRecord, line: i64, chunk: &mut Chunk) {
        let cell = |name: &str| {
            let text = String::from_utf8_lossy(row.get(*columns.at.get(name)?)?).trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let payload: Vec<_> =
            row.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
        let payload = serde_json::Value::from(payload);
        let (domain, website, email) = (cell("domain"), cell("website"), cell("email"));
        match choose_domain(domain.as_deref(), website.as_deref(), email.as_deref()) {
            Err(none) => chunk.rejected.push(Rejected {
                source: self.source.name.clone(),
                import_id: self.id,
                line,
                payload,
                code: none.code().to_owned(),
                received_at: self.at.into(),
            }),
            Ok(choice) => chunk.arrivals.push(Arrival {
                company_name: cell("company"),
                website,
                country: cell("country").filter(|country| country.len() == 2),
                seats: cell("seats").and_then(|seats| seats.parse().ok()),
                contact_emails: email.into_iter().collect(),
                import_id: Some(self.id),
                line: Some(line),
                payload,
                ..Arrival::new(choice.domain, self.source.clone(), self.at)
            }),
        }
    }
}

/// One import under way.
struct Import<'a> {
    db: &'a Db,
    id: Uuid,
    /// The domains that are to be scanned, one a line.
    to_scan: Option<BufWriter<File>>,
    imported: u64,
    refused: u64,
    /// Why rows name no company.
    reasons: HashMap<String, u64>,
}

impl<'a> Import<'a> {
    fn new(id: Uuid, scan: bool, db: &'a Db) -> Result<Self, ServerError> {
        let spool = || tempfile::tempfile().map(BufWriter::new).map_err(ServerError::Output);
        let to_scan = scan.then(spool).transpose()?;
        Ok(Self { db, id, to_scan, imported: 0, refused: 0, reasons: HashMap::new() })
    }

    async fn all(&mut self, list: List) -> Result<Outcome, ServerError> {
        // The next chunk is read while one is written.
        let (sender, mut chunks) = mpsc::channel(1);
        let reading = tokio::task::spawn_blocking(move || list.read(&sender));
        while let Some(chunk) = chunks.recv().await {
            self.commit(chunk).await?;
        }
        reading.await.map_err(|error| ServerError::Start(io::Error::other(error)))??;
        let job = self.enqueue().await?;
        self.report(job).map_err(ServerError::Output)?;
        Ok(if self.refused == 0 { Outcome::Complete } else { Outcome::Partial })
    }

    fn refuse(&mut self, code: &str) {
        *self.reasons.entry(code.to_owned()).or_default() += 1;
        self.refused += 1;
    }

    /// Writes a chunk in one unit of work.
    async fn commit(&mut self, chunk: Chunk) -> Result<(), ServerError> {
        let Chunk { arrivals, rejected } = chunk;
        if arrivals.is_empty() && rejected.is_empty() {
            return Ok(());
        }
        for rejected in &rejected {
            self.refuse(&rejected.code);
        }
        let domains: Vec<Domain> = arrivals.iter().map(|arrival| arrival.domain.clone()).collect();
        let mut unit = self.db.begin().await?;
        let outcomes = unit.import(arrivals).await?;
        if !rejected.is_empty() {
            unit.reject(rejected).await?;
        }
        unit.commit().await?;
        for (domain, imported) in domains.iter().zip(&outcomes) {
            if imported.company_id.is_none() {
                self.refuse("opted_out");
                continue;
            }
            self.imported += 1;
            if let Some(spool) = &mut self.to_scan {
                writeln!(spool, "{domain}").map_err(ServerError::Output)?;
            }
        }
        Ok(())
    }

    async fn enqueue(&mut self) -> Result<Option<Uuid>, ServerError> {
        let Some(spool) = self.to_scan.take() else { return Ok(None) };
        let read = |error: io::Error| ServerError::Output(error);
        let mut spool = spool.into_inner().map_err(|error| read(error.into_error()))?;
        spool.seek(SeekFrom::Start(0)).map_err(read)?;
        // What was written a moment ago is read again: each line is a domain.
        let mut domains = BufReader::new(spool)
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| line.parse().ok());
        let mut unit = self.db.begin().await?;
        let batch = bulk::batch_size(5);
        let job = NewJob::new(bulk::KIND);
        let enqueued = unit.enqueue_domains(&job, &mut domains, batch).await?;
        unit.commit().await?;
        Ok(Some(enqueued.job_id))
    }

    fn report(&self, job: Option<Uuid>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(
            out,
            "import {}: {} rows taken in, {} refused",
            self.id, self.imported, self.refused
        )?;
        let mut reasons: Vec<_> = self.reasons.iter().collect();
        reasons.sort();
        for (code, count) in reasons {
            writeln!(out, "  {count} {code}")?;
        }
        if let Some(job) = job {
            writeln!(out, "job {job}: `hunter worker` scans them")?;
        }
        out.flush()
    }
}

/// Where each cell of a row stands.
struct Columns {
    at: HashMap<&'static str, usize>,
    is_heading: bool,
}

impl Columns {
    /// Reads a heading; a first line that names no column that leads to a domain is data, and then
    /// every line is a domain.
    fn of(first: &str, delimiter: u8) -> Self {
        let names = first.trim_end().split(char::from(delimiter)).map(|name| {
            let name = name.trim().trim_matches('"').to_lowercase();
            COLUMNS
                .iter()
                .find(|(_, words)| words.contains(&name.as_str()))
                .map(|(column, _)| *column)
        });
        let mut at = HashMap::new();
        for (place, column) in names.enumerate() {
            if let Some(column) = column {
                at.entry(column).or_insert(place);
            }
        }
        let is_heading =
            ["domain", "website", "email"].iter().any(|column| at.contains_key(column));
        if !is_heading {
            at = HashMap::from([("domain", 0)]);
        }
        Self { at, is_heading }
    }
}

fn first_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.read_until(b'\n', &mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The delimiter that the first line has most of.
fn delimiter(first: &str) -> u8 {
    let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
    [b',', b';', b'\t', b'|']
        .into_iter()
        .max_by_key(|delimiter| (count(*delimiter), *delimiter == b','))
        .unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_known_by_its_words() {
        let columns = Columns::of("Firma;E-posta;Alan adı;x\n", b';');
        assert!(columns.is_heading);
        assert_eq!((columns.at["company"], columns.at["email"], columns.at["domain"]), (0, 1, 2));
        let columns = Columns::of("ornek.com.tr\n", b',');
        assert!(!columns.is_heading);
        assert_eq!(columns.at["domain"], 0);
    }

    #[test]
    fn the_delimiter_is_the_one_that_stands_there_most() {
        for (line, expected) in [("a,b;c,d", b','), ("a;b;c", b';'), ("a\tb", b'\t'), ("a", b',')] {
            assert_eq!(delimiter(line), expected, "{line}");
        }
    }
}
