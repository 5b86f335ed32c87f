//! Contact addresses for a lead that is there, and what they say.

use hunter_core::Domain;
use hunter_core::contacts::assess_contacts;
use hunter_store::audit::Audit as _;
use hunter_store::bulk::LeadRecorder;
use hunter_store::companies::{Arrival, Companies as _, Source};
use hunter_store::leads::{LeadRow, Leads as _};
use hunter_store::observations::Observations as _;
use hunter_store::opt_outs::OptOuts as _;
use hunter_store::{Db, StoreError};
use time::OffsetDateTime;

use super::keys::Actor;

/// How far addresses from here are believed; a higher rank wins.
const RANK: i16 = 10;

/// What became of the addresses.
#[derive(Debug, Clone)]
pub enum Enriched {
    /// They were taken; the lead as it is now, and the texts that are no addresses.
    Taken(Box<LeadRow>, Vec<String>),
    /// There is no such lead.
    NoLead,
    /// Its owner opted out.
    OptedOut,
    /// None of the texts is an address.
    NoAddress,
}

/// Adds addresses to those that are known of a lead, and assesses it anew from what was observed last: no
/// question goes out.
///
/// # Errors
/// What the store said.
pub async fn enrich(
    db: &Db,
    recorder: &LeadRecorder,
    domain: &Domain,
    addresses: &[String],
    actor: &Actor,
) -> Result<Enriched, StoreError> {
    let texts: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let rejected = assess_contacts(domain, &texts).rejected;
    let taken: Vec<String> = addresses
        .iter()
        .filter(|text| !rejected.contains(text))
        .map(|text| text.trim().to_owned())
        .collect();
    let mut unit = db.begin().await?;
    if unit.opt_out_of(domain).await?.is_some() {
        return Ok(Enriched::OptedOut);
    }
    let Some(lead) = unit.lead(domain).await? else { return Ok(Enriched::NoLead) };
    if taken.is_empty() {
        return Ok(Enriched::NoAddress);
    }
    let source = Source { name: "enrich".into(), rank: RANK };
    let now = OffsetDateTime::now_utc();
    let arrival = Arrival { contact_emails: taken, ..Arrival::new(domain.clone(), source, now) };
    unit.import(vec![arrival]).await?;
    let observed = match lead.observation_id {
        Some(id) => unit.observation(id).await?,
        None => unit.latest_observation(lead.company_id).await?,
    };
    if let Some(observed) = observed {
        recorder.keep(&mut unit, &[observed.observation]).await?;
    }
    unit.audit(actor.entry_about("lead.enrich", domain)).await?;
    let lead = unit.lead(domain).await?;
    unit.commit().await?;
    Ok(lead.map_or(Enriched::NoLead, |lead| Enriched::Taken(Box::new(lead), rejected)))
}
