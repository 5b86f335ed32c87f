//! `hunter scan`: observe, assess, list.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use clap::Args;
use futures::{FutureExt, Stream, StreamExt};
use hunter_core::assess::Status;
use hunter_core::{Domain, DomainError, Engine, Lead, Observation};
use hunter_scan::{COMMON_SELECTORS, Profile, ScanConfig, Scanner};
use indicatif::ProgressBar;
use tokio::sync::Semaphore;

use super::input::Line;
use super::output::{Format, Row, Writer, sorted_by_priority};
use super::{DataArgs, Outcome, Sort, input, progress, resolver};
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
    /// Also keep the observations, one JSON object a line, for `hunter assess`; a file of that name is
    /// replaced.
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,
    #[command(flatten)]
    options: ScanOptions,
    #[command(flatten)]
    data: DataArgs,
}

/// How domains are observed.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Scanning")]
pub struct ScanOptions {
    /// Resolver to ask, as HOST:PORT; may be given several times. Default: those of the system.
    #[arg(long, value_name = "HOST:PORT")]
    pub resolver: Vec<String>,
    /// How long one try of a question may take, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 2000)]
    pub timeout: u64,
    /// How often a question is put before it counts as failed.
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub attempts: u32,
    /// How many domains are in flight at once.
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub concurrency: usize,
    /// Which questions are put: `quick` or `standard`.
    #[arg(long, value_name = "PROFILE", default_value = "standard")]
    pub profile: Profile,
    /// DKIM selector to try besides the usual ones; may be given several times.
    #[arg(long = "selector", value_name = "NAME")]
    pub selectors: Vec<String>,
}

impl Default for ScanOptions {
    fn default() -> Self {
        let defaults = ScanConfig::default();
        Self {
            resolver: Vec::new(),
            timeout: u64::try_from(defaults.timeout.as_millis()).unwrap_or(u64::MAX),
            attempts: defaults.attempts,
            concurrency: defaults.concurrency,
            profile: defaults.profile,
            selectors: Vec::new(),
        }
    }
}

impl ScanOptions {
    /// The scanner under these options; its DKIM selectors follow the engine's fingerprints.
    ///
    /// # Errors
    /// `resolver_address`, or an error of [`ScanConfig::validate`].
    pub fn scanner(&self, engine: &Engine) -> Result<Scanner, ServerError> {
        let resolvers = self.resolver.iter().map(|text| resolver::parse(text));
        let config = ScanConfig {
            resolvers: resolvers.collect::<Result<_, _>>()?,
            timeout: Duration::from_millis(self.timeout),
            attempts: self.attempts,
            concurrency: self.concurrency,
            profile: self.profile,
            dkim_selectors: self.selectors.clone(),
        };
        let engine = engine.clone();
        let plan = move |seen: &Observation| {
            let likely = engine.fingerprints().dkim_selectors(seen);
            likely.iter().chain(COMMON_SELECTORS).map(ToString::to_string).collect()
        };
        Ok(Scanner::new(config, plan)?)
    }
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
    let keep = args.keep.as_deref().map(|path| Keep::create(path, args.file.as_deref()));
    let keep = keep.transpose()?;
    let lines = input::stream(lines, args.options.concurrency)?;
    let runtime = tokio::runtime::Runtime::new().map_err(ServerError::Start)?;
    let sort = args.format.sort(args.sort);
    let mut results = Results {
        writer: Writer::new(args.format, sort, std::io::stdout().lock()),
        sort,
        keep,
        bar: progress::bar(|| args.count()),
        ranked: Vec::new(),
        outcome: Outcome::Complete,
        failed: 0,
        answered: false,
    };
    runtime.block_on(scan(&scanner, &engine, lines, &mut results))?;
    results.finish()
}

/// How many lines may be out of order for each domain in flight. A domain whose servers are silent
/// holds back the rows after it; with a window this wide others are observed meanwhile, and what
/// waits in memory stays bounded.
const WINDOW: usize = 16;

/// Scans the lines as they come and gives one row for each, in the order of the input.
async fn scan(
    scanner: &Scanner,
    engine: &Engine,
    lines: impl Stream<Item = Result<Line, ServerError>>,
    results: &mut Results<impl Write>,
) -> Result<(), ServerError> {
    let lead = Lead::default();
    let concurrency = scanner.config().concurrency;
    let permits = Semaphore::new(concurrency);
    let seen = lines.map(|line| observe(scanner, &permits, line)).buffered(concurrency * WINDOW);
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
        let Seen { line, reading } = seen?;
        match reading {
            Err(error) => results.take(Row::refused(line.number, line.text, error), None)?,
            Ok((observation, suggestion)) => {
                let assessment = engine.assess(&observation, &lead);
                let row = Row::assessed(line.number, line.text, assessment, suggestion);
                results.take(row, Some(&observation))?;
            }
        }
    }
}

/// A line with what was observed of its domain and what else may have been meant, or its refusal.
struct Seen {
    line: Line,
    reading: Result<(Observation, Option<String>), DomainError>,
}

async fn observe(
    scanner: &Scanner,
    permits: &Semaphore,
    line: Result<Line, ServerError>,
) -> Result<Seen, ServerError> {
    let line = line?;
    let reading = match Domain::from_cell(&line.text) {
        Err(error) => Err(error),
        Ok(reading) => {
            let _permit = permits.acquire().await.expect("nobody closes the permits");
            Ok((scanner.observe(&reading.domain).await, reading.suggestion))
        }
    };
    Ok(Seen { line, reading })
}

/// Where rows and observations go.
struct Results<W: Write> {
    writer: Writer<W>,
    sort: Sort,
    keep: Option<Keep>,
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
    fn take(&mut self, row: Row, observation: Option<&Observation>) -> Result<(), ServerError> {
        if let (Some(keep), Some(observation)) = (&mut self.keep, observation) {
            keep.write(observation)?;
        }
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
        self.keep.as_mut().map_or(Ok(()), Keep::flush)
    }

    fn finish(mut self) -> Result<Outcome, ServerError> {
        self.bar.finish_and_clear();
        for row in sorted_by_priority(self.ranked) {
            self.writer.write(&row)?;
        }
        self.writer.finish()?;
        self.keep.as_mut().map_or(Ok(()), Keep::flush)?;
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

/// The file in which observations are kept.
struct Keep {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Keep {
    /// Creates the file, unless it is the list itself: that is still to be read.
    fn create(path: &Path, list: Option<&Path>) -> Result<Self, ServerError> {
        let fail = |source| ServerError::Write { path: path.to_owned(), source };
        let place = |path: &Path| path.canonicalize().ok();
        if place(path).is_some_and(|kept| list.and_then(place) == Some(kept)) {
            return Err(fail(io::Error::new(io::ErrorKind::InvalidInput, "it is the list itself")));
        }
        let file = File::create(path).map_err(fail)?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file) })
    }

    fn write(&mut self, observation: &Observation) -> Result<(), ServerError> {
        let written = writeln!(self.file, "{}", observation.to_json());
        written.map_err(|source| ServerError::Write { path: self.path.clone(), source })
    }

    fn flush(&mut self) -> Result<(), ServerError> {
        let flushed = self.file.flush();
        flushed.map_err(|source| ServerError::Write { path: self.path.clone(), source })
    }
}
