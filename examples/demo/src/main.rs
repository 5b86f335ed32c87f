//! The main job from end to end, on invented companies and without a network: a name server with a sample
//! zone, the service as anybody starts it, a messy list sent in over HTTP, a scan through the job queue,
//! the leads by priority, and one script in full. The service stays until it is told to end.

mod api;
mod service;
mod show;

use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser;
use hunter_nameserver::NameServer;

use api::Api;
use service::Service;

/// The company whose script is printed in full.
const SHOWN: &str = "uydurma-makina.com.tr";

/// The word that makes this program the service itself.
const PROGRAM: &str = "hunter";

/// Shows Hunter on invented companies: nothing outside of this machine is asked.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask demo")]
struct Args {
    /// Show the leads and end, instead of leaving the service running.
    #[arg(long)]
    once: bool,
    /// Where the service listens; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: String,
    /// A database in place of a SQLite file that is gone afterwards.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// A Redis server for caches and limits.
    #[arg(long, value_name = "URL")]
    redis: Option<String>,
    /// Let nobody in without a key, as on any address but those of this machine.
    #[arg(long)]
    keys: bool,
}

fn main() -> Result<ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == PROGRAM) {
        return Ok(match hunter_server::cli::run_from(words) {
            Ok(_) => ExitCode::SUCCESS,
            Err(error) => {
                writeln!(std::io::stderr(), "hunter: {error}")?;
                ExitCode::FAILURE
            }
        });
    }
    let args = Args::parse();
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    runtime.block_on(demonstrate(&args))
}

async fn demonstrate(args: &Args) -> Result<ExitCode> {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR"));
    let server = NameServer::builder().folder(sample.join("zone")).spawn().await;
    let server = server.context("cannot start the sample name server")?;
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let database = args.database.clone().unwrap_or_else(|| file(folder.path()));
    let key = service::admin_key(&database)?;
    let mut service = Service::start(args, &database, server.addr(), folder.path())?;
    let api = Api::new(service.address()?, key.clone())?;

    let list = sample.join("companies.csv");
    writeln!(stdout(), "A sample list goes to {}:\n", api.address())?;
    let taken = api.ingest(&list).await?;
    show::taken(&taken)?;
    writeln!(stdout(), "\nJob {} scans them:", taken.scan)?;
    let job = api.ended(&taken.scan, show::progress).await?;
    show::job(&job)?;
    show::leads(&api.leads().await?)?;
    show::script(&api.sales_summary(SHOWN).await?)?;

    if args.once {
        return service.end();
    }
    writeln!(
        stdout(),
        "\nThe service runs at {0} until Ctrl-C; {0}/docs/ shows what it can do.\nKey of an \
         administrator, which /admin and /debug ask for: {key}",
        api.address()
    )?;
    // Whoever started this reads it now, through a pipe too.
    stdout().flush()?;
    service.wait().await
}

fn file(folder: &Path) -> String {
    let path: PathBuf = folder.join("demo.db");
    format!("sqlite:{}", path.display())
}
