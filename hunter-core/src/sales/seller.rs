//! Who speaks: the seller's own name and company, which the scripts greet with.

use serde::Deserialize;

use crate::data_file::DataFile;
use crate::error::DataError;

/// The person and the company that call. Both may stay empty; the greeting then names neither.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seller {
    /// The caller's name.
    #[serde(default)]
    pub name: String,
    /// The caller's company.
    #[serde(default)]
    pub company: String,
}

impl Seller {
    /// Reads a seller file; `file_name` only serves the error.
    ///
    /// # Errors
    /// [`DataError`] names the file, the line and the key.
    pub fn from_toml(file_name: &str, text: &str) -> Result<Self, DataError> {
        DataFile { name: file_name, text }.toml()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_names_nobody() {
        let text = include_str!("../../data/seller.toml");
        assert_eq!(Seller::from_toml("seller.toml", text).expect("a seller"), Seller::default());
        let error = Seller::from_toml("seller.toml", "nmae = \"Ayşe\"").expect_err("a fault");
        assert_eq!((error.code, error.line), ("data_unknown_key", Some(1)));
    }
}
