//! `hunter scan`: observe, assess, list.

use std::io::{self, Write};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};

use clap::Args;
use futures::{FutureExt, Stream, StreamExt};
use hunter_core::assess::Status;
use hunter_core::{Domain, DomainError, Engine, Lead, Observation};
use hunter_scan::Scanner;
use indicatif::ProgressBar;
use tokio::sync::Semaphore;

use super::input::Line;
use super::output::{Format, Row, Writer, sorted_by_priority};
use super::saved::{Earlier, Save};
use super::scan_options::ScanOptions;
use super::summary::Summary;
use super::{DataArgs, Outcome, Sort, input, progress};
use crate::error::ServerError;

/// Arguments of `hunter scan`.
#[derive(Debug, Args)]
pub struct ScanArgs {
    /// Domains, web addresses or e-mail addresses.
    #[arg(value_name = "DOMAIN")]
    domains: Vec<String>,
    /// Read more from a list, one a line; `-` is standard input.
    #[arg(long, short, value_name = "LIST")]
    file: Option<PathBuf>,
    /// How to print; a table is sorted by priority, the rest keeps the order of the input and is
    /// written while the list is still being read.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Sort rows by priority or keep the order of the input.
    #[arg(long, value_enum)]
    sort: Option<Sort>,
    /// Also save the observations, one JSON object a line, for `hunter assess`; compressed where the
    /// name ends with `.zst`. A file of that name is replaced.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Go on with the file of `--save`: what it holds is not asked again, unless a question about it
    /// had failed.
    #[arg(long, requires = "save")]
    resume: bool,
    #[command(flatten)]
    options: ScanOptions,
    #[command(flatten)]
    data: DataArgs,
}

impl ScanArgs {
    /// The lines, read as they are needed: those of the command line, then those of the list.
    fn lines(
        &self,
    ) -> Result<impl Iterator<Item = Result<Line, ServerError>> + Send + use<>, ServerError> {
        if self.domains.is_empty() && self.file.is_none() {
            return Err(ServerError::NothingToDo("name a domain, or a list with `--file`"));
        }
        let given = self.domains.clone();
        let offset = given.len();
        let listed = self.file.as_deref().map(input::lines).transpose()?.into_iter().flatten();
        let given =
            given.into_iter().enumerate().map(|(index, text)| Ok(Line { number: index + 1, text }));
        Ok(given.chain(
            listed.map(move |line| line.map(|line| Line { number: offset + line.number, ..line })),
        ))
    }

    /// How many lines there are, where that can be told beforehand.
    fn count(&self) -> Option<usize> {
        let listed = self.file.as_deref().map_or(Some(0), input::count)?;
        Some(self.domains.len() + listed)
    }
}

pub(super) fn run(args: &ScanArgs) -> Result<Outcome, ServerError> {
    let engine = args.data.engine()?;
    let scanner = args.options.scanner(&engine)?;
    let lines = args.lines()?;
    let runtime = tokio::runtime::Runtime::new().map_err(ServerError::Start)?;
    runtime.block_on(args.options.check(&scanner))?;
    let (earlier, save) = match &args.save {
        Some(path) if args.resume => {
            let (earlier, save) = Earlier::resume(path, args.options.profile.as_str())?;
            (Some(earlier), Some(save))
        }
        Some(path) => (None, Some(Save::create(path, args.file.as_deref())?)),
        None => (None, None),
    };
    let source = Source { scanner, earlier: earlier.map(Mutex::new) };
    let lines = input::stream(lines, args.options.concurrency)?;
    let sort = args.format.sort(args.sort);
    let mut results = Results {
        writer: Writer::new(args.format, sort, std::io::stdout().lock()),
        sort,
        save,
        summary: Summary::new(),
        bar: progress::bar(|| args.count()),
        ranked: Vec::new(),
        outcome: Outcome::Complete,
        failed: 0,
        answered: false,
    };
    runtime.block_on(scan(&source, &engine, lines, &mut results))?;
    results.finish()
}

/// How many lines may be out of order for each domain in flight. A domain whose servers are silent
/// holds back the rows after it; with a window this wide others are observed meanwhile, and what
/// waits in memory stays bounded.
const WINDOW: usize = 16;

/// Scans the lines as they come and gives one row for each, in the order of the input.
async fn scan(
    source: &Source,
    engine: &Engine,
    lines: impl Stream<Item = Result<Line, ServerError>>,
    results: &mut Results<impl Write>,
) -> Result<(), ServerError> {
    let lead = Lead::default();
    let concurrency = source.scanner.config().concurrency;
    let permits = Semaphore::new(concurrency);
    let seen = lines.map(|line| observe(source, &permits, line)).buffered(concurrency * WINDOW);
    let mut seen = pin!(seen);
    loop {
        let next = if let Some(next) = seen.next().now_or_never() {
            next
        } else {
            // Nothing is ready: whoever reads the output need not wait for more of it.
            results.flush()?;
            seen.next().await
        };
        let Some(seen) = next else { return Ok(()) };
        let (line, reading) = seen?;
        match reading {
            Err(error) => {
                results.summary.refuse();
                results.take(Row::refused(line.number, line.text, error))?;
            }
            Ok(Seen { observation, suggestion, is_new }) => {
                results.keep(&observation, is_new)?;
                let assessment = engine.assess(&observation, &lead);
                results.take(Row::assessed(line.number, line.text, assessment, suggestion))?;
            }
        }
    }
}

/// Where observations come from: the network, or the scan that is taken up again.
struct Source {
    scanner: Scanner,
    earlier: Option<Mutex<Earlier>>,
}

/// What was observed of a line's domain.
struct Seen {
    observation: Observation,
    /// What else may have been meant.
    suggestion: Option<String>,
    /// Whether it was asked for just now.
    is_new: bool,
}

async fn observe(
    source: &Source,
    permits: &Semaphore,
    line: Result<Line, ServerError>,
) -> Result<(Line, Result<Seen, DomainError>), ServerError> {
    let line = line?;
    let reading = match Domain::from_cell(&line.text) {
        Err(error) => Err(error),
        Ok(reading) => {
            let suggestion = reading.suggestion;
            Ok(if let Some(observation) = source.earlier(&reading.domain) {
                Seen { observation, suggestion, is_new: false }
            } else {
                let _permit = permits.acquire().await.expect("nobody closes the permits");
                let observation = source.scanner.observe(&reading.domain).await;
                Seen { observation, suggestion, is_new: true }
            })
        }
    };
    Ok((line, reading))
}

impl Source {
    fn earlier(&self, domain: &Domain) -> Option<Observation> {
        let earlier = self.earlier.as_ref()?;
        earlier.lock().unwrap_or_else(PoisonError::into_inner).find(domain.as_str())
    }
}

/// Where rows and observations go.
struct Results<W: Write> {
    writer: Writer<W>,
    sort: Sort,
    save: Option<Save>,
    summary: Summary,
    bar: ProgressBar,
    /// Rows that are to be sorted, and so wait for the last line.
    ranked: Vec<Row>,
    outcome: Outcome,
    /// How many domains have no answer to the MX question.
    failed: usize,
    /// Whether any domain has one.
    answered: bool,
}

impl<W: Write> Results<W> {
    /// Counts an observation, and saves one that is not in the file yet.
    fn keep(&mut self, observation: &Observation, is_new: bool) -> Result<(), ServerError> {
        self.summary.take(observation);
        if !is_new {
            self.summary.resume();
            return Ok(());
        }
        self.save.as_mut().map_or(Ok(()), |save| save.write(observation))
    }

    fn take(&mut self, row: Row) -> Result<(), ServerError> {
        if !row.is_complete() {
            self.outcome = Outcome::Partial;
        }
        if let Ok(assessment) = &row.outcome {
            match assessment.status {
                Status::Answered => self.answered = true,
                Status::DnsFailed | Status::NotObserved => self.failed += 1,
            }
        }
        self.bar.inc(1);
        match self.sort {
            Sort::Input => self.writer.write(&row),
            Sort::Priority => {
                self.ranked.push(row);
                Ok(())
            }
        }
    }

    fn flush(&mut self) -> Result<(), ServerError> {
        self.writer.flush()?;
        self.save.as_mut().map_or(Ok(()), Save::flush)
    }

    fn finish(mut self) -> Result<Outcome, ServerError> {
        self.bar.finish_and_clear();
        for row in sorted_by_priority(self.ranked) {
            self.writer.write(&row)?;
        }
        self.writer.finish()?;
        self.save.as_mut().map_or(Ok(()), Save::flush)?;
        // Beside the output; losing it loses nothing.
        let _ = writeln!(io::stderr(), "{}", self.summary);
        if self.failed > 0 && !self.answered {
            // A hint beside the output; losing it loses nothing.
            let _ = writeln!(
                io::stderr(),
                "hunter: no lookup was answered: check the network, or name another `--resolver`"
            );
        }
        Ok(self.outcome)
    }
}
