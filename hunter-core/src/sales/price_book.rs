//! The price book: which tier is offered to which tenant size, and at what price.

use serde::Deserialize;
use time::Date;

use super::amount::Amount;
use crate::data_file::{DataFile, calendar_date};
use crate::error::DataError;
use crate::vocabulary::{Segment, TenantSize};

const BUILTIN: &str = include_str!("../../data/prices/default-eur.toml");

/// A dated price list with one tier per tenant size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceBook {
    /// ISO 4217 code of every sum.
    pub currency: String,
    /// The day the prices were set.
    pub as_of: Date,
    /// Where the prices come from.
    pub source: String,
    tiers: Tiers,
    unknown_size: UnknownSize,
}

/// One line of the price book.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// The tier's name.
    pub tier: String,
    /// The licence that it stands on.
    pub license: String,
    /// Licence price per user and month.
    pub price_per_user_per_month: Amount,
    /// What a migration costs, once.
    pub migration_fee: Amount,
    /// Defender price per user and month, where it is offered.
    #[serde(default)]
    pub defender_price_per_user_per_month: Option<Amount>,
    /// Price of a consulting package, where it is offered.
    #[serde(default)]
    pub consulting_fee: Option<Amount>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tiers {
    small: Tier,
    medium: Tier,
    large: Tier,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnknownSize {
    otherwise: TenantSize,
    migration: TenantSize,
    migration_from_score: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    currency: String,
    as_of: toml::value::Datetime,
    source: String,
    tiers: Tiers,
    unknown_size: UnknownSize,
}

impl PriceBook {
    /// Reads a price book; `file_name` only serves the error.
    ///
    /// # Errors
    /// [`DataError`] names the file, the line and the key.
    pub fn from_toml(file_name: &str, text: &str) -> Result<Self, DataError> {
        let at = DataFile { name: file_name, text };
        let file: File = at.toml()?;
        let fault = |key: &str, problem: &str| at.value_fault(key, problem);
        if !(file.currency.len() == 3 && file.currency.bytes().all(|b| b.is_ascii_uppercase())) {
            return Err(fault(
                "currency",
                "must be an ISO 4217 code of three capitals, like `EUR`",
            ));
        }
        let as_of = calendar_date(file.as_of)
            .ok_or_else(|| fault("as_of", "must be a calendar date, like 2026-11-24"))?;
        for (size, tier) in [
            ("small", &file.tiers.small),
            ("medium", &file.tiers.medium),
            ("large", &file.tiers.large),
        ] {
            if tier.tier.trim().is_empty() {
                return Err(fault(&format!("tiers.{size}.tier"), "must not be empty"));
            }
            if tier.license.trim().is_empty() {
                return Err(fault(&format!("tiers.{size}.license"), "must not be empty"));
            }
        }
        Ok(Self {
            currency: file.currency,
            as_of,
            source: file.source,
            tiers: file.tiers,
            unknown_size: file.unknown_size,
        })
    }

    /// The price book that ships with the product.
    pub(super) fn builtin() -> Result<Self, DataError> {
        Self::from_toml("default-eur.toml", BUILTIN)
    }

    /// The size whose tier is offered. With the size unknown, the segment and the score decide.
    pub fn size_for(
        &self,
        size: Option<TenantSize>,
        segment: Option<Segment>,
        readiness_score: Option<u8>,
    ) -> TenantSize {
        let rule = &self.unknown_size;
        let ready = segment == Some(Segment::Migration)
            && readiness_score.is_some_and(|score| score >= rule.migration_from_score);
        size.unwrap_or(if ready { rule.migration } else { rule.otherwise })
    }

    /// The tier of a size.
    pub fn tier(&self, size: TenantSize) -> &Tier {
        match size {
            TenantSize::Small => &self.tiers.small,
            TenantSize::Medium => &self.tiers.medium,
            TenantSize::Large => &self.tiers.large,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d10_an_unknown_size_follows_segment_and_score_only() {
        let book = PriceBook::builtin().expect("the built-in price book");
        let name =
            |size, segment, score| book.tier(book.size_for(size, segment, score)).tier.clone();
        assert_eq!(name(None, Some(Segment::Migration), Some(70)), "Business Standard");
        assert_eq!(name(None, Some(Segment::Migration), Some(69)), "Business Basic");
        assert_eq!(name(None, Some(Segment::Existing), Some(100)), "Business Basic");
        assert_eq!(name(None, None, None), "Business Basic");
        assert_eq!(name(Some(TenantSize::Large), None, None), "Enterprise");
    }

    #[test]
    fn a_faulty_book_names_its_place() {
        let fault = |from: &str, to: &str| {
            assert!(BUILTIN.contains(from), "{from}");
            PriceBook::from_toml("p.toml", &BUILTIN.replacen(from, to, 1)).expect_err("a fault")
        };
        let error = fault("as_of = 2026-11-24 ", "as_of = 09:30:00 ");
        assert_eq!((error.code, error.key.as_deref()), ("data_value", Some("as_of")));
        assert!(error.line.is_some());
        let error = fault("\"EUR\"", "\"euro\"");
        assert_eq!((error.code, error.key.as_deref()), ("data_value", Some("currency")));
        let error = fault("migration_fee = 500\n", "");
        assert_eq!(
            (error.code, error.key.as_deref()),
            ("data_missing_key", Some("tiers.small.migration_fee"))
        );
        let error = fault("migration_fee = 500\n", "migration_fee = -1\n");
        assert_eq!(error.code, "data_value");
        let error = fault("otherwise = \"small\"", "otherwise = \"tiny\"");
        assert_eq!(error.key.as_deref(), Some("unknown_size.otherwise"));
    }
}
