//! `hunter keys`: keys of the HTTP interface. The first one of an administrator comes from here.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use clap::{Args, Subcommand};
use hunter_store::api_keys::{ApiKey, ApiKeys as _, Scope, Scopes};

use super::Outcome;
use super::store::{StoreArgs, runtime};
use crate::error::ServerError;
use crate::services::keys::{self, Actor, PER_MINUTE, Wanted};

/// What is to become of keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Make a key and print it, this once, on standard output.
    Create {
        /// What people call it.
        #[arg(long)]
        name: String,
        /// What it may do: `read`, `ingest`, `scan`, `admin`; separated by commas.
        #[arg(long = "scope", value_name = "SCOPE", required = true, value_delimiter = ',')]
        scopes: Vec<Scope>,
        /// How many requests a minute it may make.
        #[arg(long, value_name = "REQUESTS", default_value_t = PER_MINUTE,
            value_parser = clap::value_parser!(i32).range(1..))]
        per_minute: i32,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// List keys; none of them can be read back.
    List {
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Accept a key again.
    Activate(Which),
    /// Accept a key no longer. A running `hunter serve` may take it for another minute.
    Deactivate(Which),
}

/// One key.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Its number, as `hunter keys list` shows it.
    id: i64,
    #[command(flatten)]
    store: StoreArgs,
}

pub(super) fn run(command: &KeysCommand) -> Result<Outcome, ServerError> {
    let output = runtime()?.block_on(work(command))?;
    io::stdout().write_all(output.as_bytes()).map_err(ServerError::Output)?;
    Ok(Outcome::Complete)
}

async fn work(command: &KeysCommand) -> Result<String, ServerError> {
    match command {
        KeysCommand::Create { name, scopes, per_minute, store } => {
            if name.trim().is_empty() {
                return Err(ServerError::NothingToDo("a key needs a name: use `--name`"));
            }
            let db = store.ready().await?;
            let wanted = Wanted {
                name: name.trim().to_owned(),
                scopes: Scopes::new(scopes.iter().copied()),
                per_minute: *per_minute,
                created_by: Some("command line".into()),
            };
            let (key, text) = keys::create(&db, wanted, &Actor::command_line()).await?;
            db.close().await;
            // Beside the output, so that `$(hunter keys create …)` is the key and nothing else.
            writeln!(
                io::stderr(),
                "hunter: key {} ({}) may {}; it is not shown again",
                key.id,
                key.name,
                key.scopes
            )
            .map_err(ServerError::Output)?;
            Ok(format!("{}\n", keys::shown_once(&text)))
        }
        KeysCommand::List { store } => {
            let db = store.ready().await?;
            let listed = db.read().await?.api_keys().await?;
            db.close().await;
            Ok(list(&listed))
        }
        KeysCommand::Activate(which) => switch(which, true).await,
        KeysCommand::Deactivate(which) => switch(which, false).await,
    }
}

async fn switch(which: &Which, active: bool) -> Result<String, ServerError> {
    let db = which.store.ready().await?;
    let key = keys::set_active(&db, which.id, active, &Actor::command_line()).await?;
    db.close().await;
    key.map(|key| list(&[key])).ok_or(ServerError::NoKey(which.id))
}

fn list(keys: &[ApiKey]) -> String {
    let mut text = String::new();
    for key in keys {
        let state = if key.active { "active" } else { "inactive" };
        let ApiKey { id, prefix, scopes, per_minute, name, .. } = key;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{id}\t{prefix}\t{state}\t{per_minute}/min\t{scopes}\t{name}");
    }
    text
}
