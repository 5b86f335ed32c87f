//! `hunter export`: leads as a file, the same as `GET /leads/export` gives.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use hunter_core::assess::ReferralType;
use hunter_core::vocabulary::{
    CommercialSegment, PriorityCategory, ProviderClass, Segment, TenantSize,
};
use hunter_store::leads::{LeadExport, LeadFilter, LeadSort, Order};

use super::{StoreArgs, runtime};
use crate::cli::Outcome;
use crate::error::ServerError;
use crate::services::export::{self, FileFormat, Parts};

/// Arguments of `hunter export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Where to write: a file, or `-` for standard output.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The kind of file. Default: what its name ends in, and CSV for `-`.
    #[arg(long, value_enum)]
    format: Option<FileFormat>,
    /// What is told of each lead: names of the lead row, separated by commas, or `all`.
    #[arg(long, value_name = "NAMES", default_value = "all")]
    columns: String,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    store: StoreArgs,
}

/// Which leads, in which order: the parameters of `GET /leads`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which leads")]
struct Which {
    /// Of this segment: `Migration`, `Existing`, `Cold` or `Skip`.
    #[arg(long)]
    segment: Option<Segment>,
    /// With at least this readiness score.
    #[arg(long, value_name = "SCORE", value_parser = clap::value_parser!(u8).range(..=100))]
    min_score: Option<u8>,
    /// With at most this readiness score.
    #[arg(long, value_name = "SCORE", value_parser = clap::value_parser!(u8).range(..=100))]
    max_score: Option<u8>,
    /// Of this provider class, such as `M365` or `Local`.
    #[arg(long, value_name = "CLASS")]
    provider: Option<ProviderClass>,
    /// Of this priority category: `P1` to `P6`.
    #[arg(long, value_name = "CATEGORY")]
    priority_category: Option<PriorityCategory>,
    /// Of this commercial segment, such as `GREENFIELD`.
    #[arg(long, value_name = "SEGMENT")]
    commercial_segment: Option<CommercialSegment>,
    /// Of this size: `small`, `medium` or `large`.
    #[arg(long, value_name = "SIZE")]
    tenant_size: Option<TenantSize>,
    /// With this tag.
    #[arg(long)]
    tag: Option<String>,
    /// That came with this kind of referral.
    #[arg(long, value_name = "KIND")]
    referral_type: Option<ReferralType>,
    /// That are, or are not, somebody's favourite.
    #[arg(long, value_name = "BOOL")]
    favorite: Option<bool>,
    /// With these words in domain or name.
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// The key of the order.
    #[arg(long, value_enum, default_value_t = SortBy::PriorityCategory)]
    sort_by: SortBy,
    /// The direction. Default: the natural one of the key.
    #[arg(long, value_enum)]
    sort_order: Option<SortOrder>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum SortBy {
    Domain,
    ReadinessScore,
    PriorityScore,
    PriorityCategory,
    Segment,
    Provider,
    ScannedAt,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SortOrder {
    Asc,
    Desc,
}

impl ExportArgs {
    fn format(&self) -> Result<FileFormat, ServerError> {
        let by_name = || FileFormat::of_name(&self.file.to_string_lossy());
        let usual = || (self.file == Path::new("-")).then_some(FileFormat::Csv);
        self.format.or_else(by_name).or_else(usual).ok_or(ServerError::NothingToDo(
            "the file's name ends neither in `.csv` nor in `.xlsx`: say which with `--format`",
        ))
    }

    fn export(&self) -> Result<LeadExport, ServerError> {
        let which = &self.which;
        if let (Some(min), Some(max)) = (which.min_score, which.max_score)
            && min > max
        {
            return Err(ServerError::NothingToDo("`--min-score` is above `--max-score`"));
        }
        Ok(LeadExport {
            filter: LeadFilter {
                segment: which.segment,
                min_score: which.min_score,
                max_score: which.max_score,
                provider: which.provider,
                priority_category: which.priority_category,
                commercial_segment: which.commercial_segment,
                tenant_size: which.tenant_size,
                tag: which.tag.clone(),
                referral_type: which.referral_type,
                favourite: which.favorite,
                search: which.search.clone(),
            },
            sort: match which.sort_by {
                SortBy::Domain => LeadSort::Domain,
                SortBy::ReadinessScore => LeadSort::ReadinessScore,
                SortBy::PriorityScore => LeadSort::PriorityScore,
                SortBy::PriorityCategory => LeadSort::PriorityCategory,
                SortBy::Segment => LeadSort::Segment,
                SortBy::Provider => LeadSort::Provider,
                SortBy::ScannedAt => LeadSort::ScannedAt,
            },
            order: which.sort_order.map(|order| match order {
                SortOrder::Asc => Order::Ascending,
                SortOrder::Desc => Order::Descending,
            }),
            columns: export::named(&self.columns)?,
        })
    }
}

pub(crate) fn run(args: &ExportArgs) -> Result<Outcome, ServerError> {
    let (format, leads) = (args.format()?, args.export()?);
    runtime()?.block_on(async {
        let db = args.store.ready().await?;
        let parts = export::export(&db, format, leads).await?;
        if args.file == Path::new("-") {
            write(parts, &mut io::stdout().lock()).await?;
        } else {
            save(parts, &args.file).await?;
        }
        db.close().await;
        Ok(Outcome::Complete)
    })
}

async fn write(mut parts: Parts, out: &mut impl Write) -> Result<(), ServerError> {
    while let Some(part) = parts.recv().await {
        out.write_all(&part?).map_err(ServerError::Output)?;
    }
    out.flush().map_err(ServerError::Output)
}

/// Under its name stands only a whole file: it is made beside it, and takes its place at the end.
async fn save(parts: Parts, path: &Path) -> Result<(), ServerError> {
    let failed = |source| ServerError::Write { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut making =
        tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
    write(parts, making.as_file_mut()).await.map_err(|error| match error {
        ServerError::Output(source) => failed(source),
        other => other,
    })?;
    making.as_file().sync_all().map_err(failed)?;
    readable_as_usual(making.as_file()).map_err(failed)?;
    making.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Temporary files are for their owner alone; this one is to be like any other.
#[cfg(unix)]
fn readable_as_usual(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o640))
}

#[cfg(not(unix))]
fn readable_as_usual(_: &std::fs::File) -> io::Result<()> {
    Ok(())
}
