//! The commands that work on the database: `hunter migrate | import | export | worker | rescan |
//! reassess`.

mod export;
mod import;
mod job;
mod migrate;
mod reassess;
mod rescan;
mod worker;

use std::path::{Path, PathBuf};

use clap::Args;
use hunter_store::{Db, StoreConfig};

use crate::error::ServerError;

pub(super) use export::ExportArgs;
pub(super) use import::ImportArgs;
pub(super) use migrate::MigrateCommand;
pub(super) use reassess::ReassessArgs;
pub(super) use rescan::RescanArgs;
pub(super) use worker::WorkerArgs;

pub(super) use export::run as export;
pub(super) use import::run as import;
pub(super) use migrate::run as migrate;
pub(super) use reassess::run as reassess;
pub(super) use rescan::run as rescan;
pub(super) use worker::{run as worker, told};

/// Which database.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Database")]
pub(super) struct StoreArgs {
    /// `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`. Default: `DATABASE_URL`, else a file
    /// in the user's data folder.
    #[arg(long, value_name = "URL", env = "HUNTER_DATABASE_URL", hide_env_values = true)]
    database: Option<String>,
    /// Do not bring the schema up to date at the start: many processes share this database.
    #[arg(long)]
    production: bool,
}

impl StoreArgs {
    fn config(&self) -> Result<StoreConfig, ServerError> {
        let named = self.database.clone().or_else(|| std::env::var("DATABASE_URL").ok());
        let url = named.map_or_else(default_url, Ok)?;
        Ok(if self.production {
            StoreConfig::production(url)
        } else {
            StoreConfig::development(url)
        })
    }

    /// The database as it is, whatever its schema.
    async fn open(&self) -> Result<Db, ServerError> {
        Ok(Db::open(self.config()?).await?)
    }

    /// The database with the schema of this program.
    pub(in crate::cli) async fn ready(&self) -> Result<Db, ServerError> {
        let db = self.open().await?;
        hunter_store::migrate::ensure(&db).await?;
        Ok(db)
    }
}

/// A file in the user's data folder, which is made.
pub(super) fn default_url() -> Result<String, ServerError> {
    let path = default_path()?;
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    std::fs::create_dir_all(&folder)
        .map_err(|source| ServerError::Write { path: folder, source })?;
    Ok(format!("sqlite:{}", path.display()))
}

/// Where that file stands.
pub(super) fn default_path() -> Result<PathBuf, ServerError> {
    let folder = data_folder().ok_or(ServerError::NothingToDo(
        "there is no home folder: name a database with `--database`",
    ))?;
    Ok(folder.join("hunter.db"))
}

/// Where programs of this user keep their data.
fn data_folder() -> Option<PathBuf> {
    let set =
        |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        set("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        set("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join("hunter"))
}

/// A runtime for one command.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, ServerError> {
    tokio::runtime::Runtime::new().map_err(ServerError::Start)
}
