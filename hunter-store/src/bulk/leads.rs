//! From observations to leads: what is known of each company, the engine, and the tables.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use hunter_core::{Assessment, Domain, Observation};
use time::OffsetDateTime;

use super::{Recorder, SharedEngine};
use crate::companies::{Arrival, Companies, Company, Source, Told};
use crate::db::Unit;
use crate::error::StoreError;
use crate::leads::{AssessedLead, Leads, Saved};

/// Puts an assessment into sentences for the list.
pub trait Describe: Send + Sync + 'static {
    /// Why the verdict is what it is.
    fn reason(&self, assessment: &Assessment) -> Option<String>;

    /// What stands behind the domain.
    fn infrastructure(&self, assessment: &Assessment) -> Option<String>;
}

/// Says nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoWords;

impl Describe for NoWords {
    fn reason(&self, _: &Assessment) -> Option<String> {
        None
    }

    fn infrastructure(&self, _: &Assessment) -> Option<String> {
        None
    }
}

/// Assesses observations and keeps them as leads. Companies that nobody told of are made. Cheap to
/// clone.
#[derive(Clone)]
pub struct LeadRecorder {
    engine: SharedEngine,
    words: Arc<dyn Describe>,
}

impl LeadRecorder {
    /// A recorder with the rules of an engine: of one, or of whichever is in force.
    pub fn new(engine: impl Into<SharedEngine>, words: Arc<dyn Describe>) -> Self {
        Self { engine: engine.into(), words }
    }

    /// The engine in force.
    pub const fn engine(&self) -> &SharedEngine {
        &self.engine
    }

    /// What the engine concludes of a company.
    pub(super) fn assess(&self, told: Told, observation: Observation) -> AssessedLead {
        let company_id = told.company_id;
        let lead = told.lead();
        let assessment = self.engine.get().assess(&observation, &lead);
        AssessedLead {
            company_id,
            canonical_name: lead.company,
            contact_emails: lead.contact_emails,
            reason: self.words.reason(&assessment),
            infrastructure_summary: self.words.infrastructure(&assessment),
            observation,
            assessment,
        }
    }

    /// Assesses and keeps; tells what became of each lead, `None` for one that was erased meanwhile.
    ///
    /// # Errors
    /// What the store said.
    pub async fn keep(
        &self,
        unit: &mut Unit,
        observations: &[Observation],
    ) -> Result<Vec<Option<Saved>>, StoreError> {
        let domains: Vec<_> =
            observations.iter().map(|observation| observation.domain.clone()).collect();
        let companies = companies(unit, &domains).await?;
        let leads: Vec<_> = observations
            .iter()
            .filter_map(|observation| {
                // Without a company its owner opted out since the scan began.
                let company = companies.get(observation.domain.as_str())?;
                Some(self.assess(Told::of(company), observation.clone()))
            })
            .collect();
        unit.save_leads(&leads).await
    }
}

#[async_trait]
impl Recorder for LeadRecorder {
    async fn record(
        &self,
        unit: &mut Unit,
        observations: &[Observation],
    ) -> Result<(), StoreError> {
        self.keep(unit, observations).await.map(|_| ())
    }
}

/// The companies of domains, made where there are none, by domain.
async fn companies(
    unit: &mut Unit,
    domains: &[Domain],
) -> Result<HashMap<String, Company>, StoreError> {
    let by_domain = |companies: Vec<Company>| -> HashMap<_, _> {
        companies.into_iter().map(|company| (company.domain.clone(), company)).collect()
    };
    let known = by_domain(unit.companies(domains).await?);
    let now = OffsetDateTime::now_utc();
    let source = || Source { name: "scan".into(), rank: 0 };
    let new: Vec<_> = domains
        .iter()
        .filter(|domain| !known.contains_key(domain.as_str()))
        .map(|domain| Arrival::new(domain.clone(), source(), now))
        .collect();
    if new.is_empty() {
        return Ok(known);
    }
    unit.import(new).await?;
    Ok(by_domain(unit.companies(domains).await?))
}
