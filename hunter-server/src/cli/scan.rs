//! `hunter scan`: observe, assess, list.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use futures::{StreamExt, stream};
use hunter_core::{CellReading, Domain, DomainError, Engine, Lead, Observation};
use hunter_scan::{COMMON_SELECTORS, Profile, ScanConfig, Scanner};

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
    /// How to print; a table is sorted by priority, the rest keeps the order of the input.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Sort rows by priority or keep the order of the input.
    #[arg(long, value_enum)]
    sort: Option<Sort>,
    /// Also keep the observations, one JSON object a line, for `hunter assess`.
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

/// One line of the input, read.
struct Read {
    line: usize,
    input: String,
    reading: Result<CellReading, DomainError>,
}

impl ScanArgs {
    fn lines(&self) -> Result<Vec<Read>, ServerError> {
        let given = self.domains.iter().cloned().enumerate();
        let mut texts: Vec<(usize, String)> =
            given.map(|(index, text)| (index + 1, text)).collect();
        if let Some(path) = &self.file {
            let offset = texts.len();
            for line in input::lines(path)? {
                let line = line?;
                texts.push((offset + line.number, line.text));
            }
        }
        if texts.is_empty() {
            return Err(ServerError::NothingToDo("name a domain, or a list with `--file`"));
        }
        Ok(texts
            .into_iter()
            .map(|(line, input)| Read { line, reading: Domain::from_cell(&input), input })
            .collect())
    }
}

pub(super) fn run(args: &ScanArgs) -> Result<Outcome, ServerError> {
    let engine = args.data.engine()?;
    let scanner = args.options.scanner(&engine)?;
    let lines = args.lines()?;
    let mut keep = match &args.keep {
        Some(path) => Some(Keep::create(path.clone())?),
        None => None,
    };
    let sort = args.format.sort(args.sort);
    let runtime = tokio::runtime::Runtime::new().map_err(ServerError::Start)?;
    let mut writer = Writer::new(args.format, sort, std::io::stdout().lock());
    let mut outcome = Outcome::Complete;
    let mut ranked = Vec::new();
    runtime.block_on(scan(&scanner, &engine, lines, |row, observation| {
        if let (Some(keep), Some(observation)) = (&mut keep, observation) {
            keep.write(observation)?;
        }
        if !row.is_complete() {
            outcome = Outcome::Partial;
        }
        match sort {
            Sort::Input => writer.write(&row),
            Sort::Priority => {
                ranked.push(row);
                Ok(())
            }
        }
    }))?;
    for row in sorted_by_priority(ranked) {
        writer.write(&row)?;
    }
    writer.finish()?;
    if let Some(keep) = keep {
        keep.finish()?;
    }
    Ok(outcome)
}

/// Scans the lines and hands over one row for each, in the order of the input.
async fn scan(
    scanner: &Scanner,
    engine: &Engine,
    lines: Vec<Read>,
    mut emit: impl FnMut(Row, Option<&Observation>) -> Result<(), ServerError>,
) -> Result<(), ServerError> {
    let bar = progress::bar(Some(lines.len()));
    let lead = Lead::default();
    let targets: Vec<(usize, Domain)> = lines
        .iter()
        .enumerate()
        .filter_map(|(index, line)| Some((index, line.reading.as_ref().ok()?.domain.clone())))
        .collect();
    let positions: Vec<usize> = targets.iter().map(|(index, _)| *index).collect();
    let domains = targets.into_iter().map(|(_, domain)| domain);
    let mut observed = scanner.observe_all(stream::iter(domains.collect::<Vec<_>>()));

    // Observations come as they are done; each waits until all lines before it are out.
    let mut waiting: BTreeMap<usize, Observation> = BTreeMap::new();
    for (index, line) in lines.into_iter().enumerate() {
        let row = match line.reading {
            Err(error) => Row::refused(line.line, line.input, error),
            Ok(reading) => {
                let observation = loop {
                    if let Some(observation) = waiting.remove(&index) {
                        break observation;
                    }
                    let (position, observation) =
                        observed.next().await.expect("every domain gives one observation");
                    waiting.insert(positions[position], observation);
                };
                let assessment = engine.assess(&observation, &lead);
                let row = Row::assessed(line.line, line.input, assessment, reading.suggestion);
                bar.inc(1);
                emit(row, Some(&observation))?;
                continue;
            }
        };
        bar.inc(1);
        emit(row, None)?;
    }
    bar.finish_and_clear();
    Ok(())
}

/// The file in which observations are kept.
struct Keep {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Keep {
    fn create(path: PathBuf) -> Result<Self, ServerError> {
        match File::create(&path) {
            Ok(file) => Ok(Self { path, file: BufWriter::new(file) }),
            Err(source) => Err(ServerError::Write { path, source }),
        }
    }

    fn write(&mut self, observation: &Observation) -> Result<(), ServerError> {
        let written = writeln!(self.file, "{}", observation.to_json());
        written.map_err(|source| ServerError::Write { path: self.path.clone(), source })
    }

    fn finish(mut self) -> Result<(), ServerError> {
        self.file.flush().map_err(|source| ServerError::Write { path: self.path, source })
    }
}
