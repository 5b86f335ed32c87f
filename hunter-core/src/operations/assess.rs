//! `assess`: from an observation and a lead to an assessment.

use serde::Deserialize;
use time::Date;

use super::Hunter;
use super::request::iso_date;
use crate::assess::{Assessment, Lead};
use crate::error::Error;
use crate::observation::Observation;

/// Arguments of `assess`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessRequest {
    /// What was asked of the domain, and what came back.
    pub observation: Observation,
    /// What is known of the company besides.
    #[serde(default)]
    pub lead: Lead,
    /// The day from which the registration's days are counted; the day of the observation where not
    /// given.
    #[serde(default, deserialize_with = "iso_date::deserialize")]
    pub today: Option<Date>,
}

impl Hunter {
    /// Assesses a domain. An answer serialises as the lead row.
    ///
    /// # Errors
    /// `observation_version` where the observation is of a newer format.
    pub fn assess(&self, request: &AssessRequest) -> Result<Assessment, Error> {
        request.observation.check_version()?;
        Ok(self.assess_observation(&request.observation, &request.lead, request.today))
    }

    /// The same for an observation that was read before.
    pub fn assess_observation(
        &self,
        observation: &Observation,
        lead: &Lead,
        today: Option<Date>,
    ) -> Assessment {
        let today = today.unwrap_or_else(|| observation.observed_at.date());
        self.engine().assess_on(observation, lead, today)
    }
}
