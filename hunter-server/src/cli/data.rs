//! The data files that a command may be given instead of the built-in ones.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use hunter_core::Engine;
use hunter_core::provider::Fingerprints;
use hunter_core::rules::RuleSet;
use hunter_core::sales::{PriceBook, SalesEngine, Seller};

use crate::error::ServerError;

/// Data files in place of the built-in ones.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Data files")]
pub struct DataArgs {
    /// Score by this rule set instead of the built-in one.
    #[arg(long, value_name = "TOML")]
    pub rules: Option<PathBuf>,
    /// Name providers by this fingerprint table instead of the built-in one.
    #[arg(long, value_name = "JSON")]
    pub fingerprints: Option<PathBuf>,
    /// Quote this price book instead of the built-in one.
    #[arg(long, value_name = "TOML")]
    pub prices: Option<PathBuf>,
    /// Speak in the name of the seller in this file.
    #[arg(long, value_name = "TOML")]
    pub seller: Option<PathBuf>,
}

impl DataArgs {
    /// The engine over these files.
    ///
    /// # Errors
    /// `file_read`, or a `data_*` error that names file, line and key.
    pub fn engine(&self) -> Result<Engine, ServerError> {
        let rules = match &self.rules {
            Some(path) => RuleSet::from_toml(&path.to_string_lossy(), &read(path)?)?,
            None => RuleSet::builtin(),
        };
        let fingerprints = match &self.fingerprints {
            Some(path) => Fingerprints::from_json(&path.to_string_lossy(), &read(path)?)?,
            None => return Ok(Engine::new(rules, Fingerprints::builtin())),
        };
        Ok(Engine::new(rules, fingerprints))
    }
}

impl DataArgs {
    /// The sales engine over these files.
    ///
    /// # Errors
    /// `file_read`, or a `data_*` error that names file, line and key.
    pub fn sales(&self) -> Result<SalesEngine, ServerError> {
        let mut builder = SalesEngine::builder();
        if let Some(path) = &self.prices {
            let book = PriceBook::from_toml(&path.to_string_lossy(), &read(path)?);
            builder = builder.price_book(book.map_err(hunter_core::Error::from)?);
        }
        if let Some(path) = &self.seller {
            let seller = Seller::from_toml(&path.to_string_lossy(), &read(path)?);
            builder = builder.seller(seller.map_err(hunter_core::Error::from)?);
        }
        Ok(builder.build()?)
    }
}

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<String, ServerError> {
    fs::read_to_string(path).map_err(|source| ServerError::Read { path: path.to_owned(), source })
}
