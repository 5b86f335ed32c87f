//! `hunter migrate`: the schema, step by step.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Subcommand;
use hunter_store::migrate::{self, Check, Moved, RevisionState, Status};

use super::{StoreArgs, runtime};
use crate::cli::Outcome;
use crate::error::ServerError;

/// What is to become of the schema.
#[derive(Debug, Subcommand)]
pub(crate) enum MigrateCommand {
    /// Apply the revisions that are missing.
    Up {
        /// Stop after this one.
        #[arg(value_name = "REVISION")]
        to: Option<i64>,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Take back the newest revisions.
    Down {
        /// How many.
        #[arg(value_name = "STEPS", default_value_t = 1)]
        steps: usize,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// List the revisions.
    Status {
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Compare the schema as it is with what its revisions make; exit code 3 where it differs.
    Check {
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Make the files of a new revision, in the sources.
    New {
        /// What it does, in lower-case words with `_` between them.
        name: String,
        /// The folder of migrations.
        #[arg(long, value_name = "FOLDER", default_value = "hunter-store/migrations")]
        folder: PathBuf,
    },
}

pub(crate) fn run(command: &MigrateCommand) -> Result<Outcome, ServerError> {
    let mut out = io::stdout().lock();
    let (text, outcome) = match command {
        MigrateCommand::New { name, folder } => {
            let made = migrate::new_revision(folder, name)?;
            let lines = made.iter().map(|path| format!("{}\n", path.display()));
            (lines.collect(), Outcome::Complete)
        }
        MigrateCommand::Up { to, store } => runtime()?.block_on(async {
            let moved = migrate::up(&store.open().await?, *to).await?;
            Ok::<_, ServerError>((moved_text(&moved), Outcome::Complete))
        })?,
        MigrateCommand::Down { steps, store } => runtime()?.block_on(async {
            let moved = migrate::down(&store.open().await?, *steps).await?;
            Ok::<_, ServerError>((moved_text(&moved), Outcome::Complete))
        })?,
        MigrateCommand::Status { store } => runtime()?.block_on(async {
            let status = migrate::status(&store.open().await?).await?;
            Ok::<_, ServerError>((status_text(&status), Outcome::Complete))
        })?,
        MigrateCommand::Check { store } => runtime()?.block_on(async {
            let check = migrate::check(&store.open().await?).await?;
            let outcome = if check.is_clean() { Outcome::Complete } else { Outcome::Partial };
            Ok::<_, ServerError>((check_text(&check), outcome))
        })?,
    };
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(ServerError::Output)?;
    Ok(outcome)
}

fn moved_text(moved: &Moved) -> String {
    let at = |revision: Option<i64>| {
        revision.map_or_else(|| "an empty database".to_owned(), |number| number.to_string())
    };
    if moved.steps.is_empty() {
        return format!("nothing to do: at {}\n", at(moved.to));
    }
    format!("from {} to {}: {} steps\n", at(moved.from), at(moved.to), moved.steps.len())
}

fn status_text(status: &Status) -> String {
    let mut text = format!("{}\n", status.backend.as_str());
    for revision in &status.revisions {
        let state = match revision.state {
            RevisionState::Applied => "applied",
            RevisionState::Pending => "pending",
            RevisionState::Changed => "changed since it was applied",
            RevisionState::Unknown => "of a newer program",
        };
        let when = revision.applied_at.map(|at| format!(", {}", at.date())).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {:04} {}: {state}{when}", revision.version, revision.name);
    }
    text
}

fn check_text(check: &Check) -> String {
    let mut text = status_text(&check.status);
    for difference in &check.drift {
        let shown = |side: &Option<String>| side.clone().unwrap_or_else(|| "missing".to_owned());
        let (wanted, found) = (shown(&difference.wanted), shown(&difference.found));
        let part = &difference.part;
        let _ = write!(
            text,
            "{part}:\n  the revisions make: {wanted}\n  the database has:   {found}\n"
        );
    }
    if check.is_clean() {
        text.push_str("the schema is what its revisions make\n");
    }
    text
}
