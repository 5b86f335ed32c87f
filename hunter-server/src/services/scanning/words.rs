//! Verdicts in sentences, in the language of the settings.

use hunter_core::operations::Hunter;
use hunter_core::sales::{SalesFacts, SalesSummary};
use hunter_core::{Assessment, Lead};
use hunter_store::bulk::Describe;
use time::OffsetDateTime;

use crate::error::ServerError;

/// Describes assessments in the words of the sales engine.
pub struct SalesWords {
    hunter: Hunter,
    locale: String,
}

impl SalesWords {
    /// Words of a language.
    ///
    /// # Errors
    /// `locale_unknown` where there are no texts of it; the message names those there are.
    pub fn new(hunter: Hunter, locale: &str) -> Result<Self, ServerError> {
        let nothing_known =
            SalesFacts::new("example.com".parse().map_err(hunter_core::Error::from)?);
        hunter.sales().summarize(&nothing_known, locale, OffsetDateTime::now_utc())?;
        Ok(Self { hunter, locale: locale.to_owned() })
    }

    fn summary(&self, assessment: &Assessment) -> Option<SalesSummary> {
        let now = OffsetDateTime::now_utc();
        let lead = Lead::default();
        let said = self.hunter.sales_summary_of(assessment, &lead, &self.locale, None, now);
        // The language was checked, and nothing else can be wrong.
        said.inspect_err(|error| tracing::warn!(%error, "a verdict has no words")).ok()
    }
}

impl Describe for SalesWords {
    fn reason(&self, assessment: &Assessment) -> Option<String> {
        Some(self.summary(assessment)?.segment_explanation)
    }

    fn infrastructure(&self, assessment: &Assessment) -> Option<String> {
        Some(self.summary(assessment)?.provider_reasoning)
    }
}
