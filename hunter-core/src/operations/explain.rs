//! `explain`: everything about one domain, as `hunter explain` prints it.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use super::Hunter;
use super::request::{default_locale, iso_date, moment};
use crate::assess::{Assessment, Lead};
use crate::error::Error;
use crate::observation::{Observation, Outcome};
use crate::sales::{SalesFacts, SalesSummary};

/// Arguments of `explain`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplainRequest {
    /// What was asked of the domain, and what came back.
    pub observation: Observation,
    /// What is known of the company besides.
    #[serde(default)]
    pub lead: Lead,
    /// The language of the texts.
    #[serde(default = "default_locale")]
    pub locale: String,
    /// The day from which the registration's days are counted; the host's clock where not given.
    #[serde(default, deserialize_with = "iso_date::deserialize")]
    pub today: Option<Date>,
}

/// Everything about one domain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainAnswer {
    /// The lead row: verdict, interval, evidence, breakdown, findings.
    pub lead: Assessment,
    /// What to say and do.
    pub sales: SalesSummary,
    /// The same as plain text for a terminal, in the language.
    pub script: String,
    /// Questions without an answer: what they ask for is unknown, not absent.
    pub unanswered: Vec<Unanswered>,
}

/// A question without an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unanswered {
    /// The name asked for.
    pub name: String,
    /// The type asked for.
    pub record_type: String,
    /// Why there is no answer.
    pub reason: String,
}

impl Hunter {
    /// Everything about one domain. `clock` is the host's time; it counts where `today` is not given.
    ///
    /// # Errors
    /// `observation_version` where the observation is of a newer format, `locale_unknown`.
    pub fn explain(
        &self,
        request: &ExplainRequest,
        clock: OffsetDateTime,
    ) -> Result<ExplainAnswer, Error> {
        let ExplainRequest { observation, lead, locale, today } = request;
        observation.check_version()?;
        let now = moment(*today, clock);
        let assessment = self.assess_observation(observation, lead, Some(now.date()));
        let facts = SalesFacts::from_assessment(&assessment, lead);
        let sales = self.sales().summarize(&facts, locale, now)?;
        let failed = observation.answers.iter().filter(|answer| {
            matches!(answer.outcome, Outcome::TempFail { .. } | Outcome::PermFail { .. })
        });
        let unanswered = failed.map(|answer| Unanswered {
            name: answer.name.clone(),
            record_type: answer.record_type.to_string(),
            reason: answer.outcome.why_unanswered().unwrap_or_default().to_owned(),
        });
        Ok(ExplainAnswer {
            script: self.sales().render_text(&sales, locale)?,
            lead: assessment,
            unanswered: unanswered.collect(),
            sales,
        })
    }
}
