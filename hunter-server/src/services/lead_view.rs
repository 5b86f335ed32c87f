//! One lead in full: its row, what was observed, and what the rules of today conclude from it.

use hunter_core::operations::Hunter;
use hunter_core::{Assessment, Domain, Lead};
use hunter_store::companies::{Companies as _, Company};
use hunter_store::leads::{LeadRow, Leads as _};
use hunter_store::observations::{Observations as _, StoredObservation};
use hunter_store::{Db, StoreError};

/// A lead in full.
#[derive(Debug, Clone)]
pub struct LeadView {
    /// The row of the list.
    pub row: LeadRow,
    /// What was told of the company.
    pub told: Lead,
    /// What is concluded from the observation that the row rests on.
    pub assessment: Assessment,
}

impl LeadView {
    /// Reads a lead; `None` when the domain was not assessed.
    ///
    /// # Errors
    /// What the store said.
    pub async fn read(
        db: &Db,
        hunter: &Hunter,
        domain: &Domain,
    ) -> Result<Option<Self>, StoreError> {
        let mut unit = db.read().await?;
        let Some(row) = unit.lead(domain).await? else { return Ok(None) };
        let company = unit.company(domain).await?;
        let observed: Option<StoredObservation> = match row.observation_id {
            Some(id) => unit.observation(id).await?,
            None => unit.latest_observation(row.company_id).await?,
        };
        drop(unit);
        let Some(observed) = observed else { return Ok(None) };
        let told = company.as_ref().map(Company::told).unwrap_or_default();
        let assessment = hunter.engine().assess(&observed.observation, &told);
        Ok(Some(Self { row, told, assessment }))
    }

    /// Whether the row was concluded by the rules that are in force: only then do row and assessment
    /// say the same.
    pub fn is_current(&self) -> bool {
        let Self { row, assessment, .. } = self;
        row.rules_hash == *assessment.rules_hash
            && row.fingerprints_hash == *assessment.fingerprints_hash
            && row.confidence_hash == *assessment.confidence_hash
    }
}
