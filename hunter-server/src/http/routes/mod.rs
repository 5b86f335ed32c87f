//! One endpoint, or one resource, a file.

pub(crate) mod alerts;
pub(crate) mod api_keys;
pub(crate) mod audit;
pub(crate) mod crm_lite;
pub(crate) mod dashboard;
pub(crate) mod email;
pub(crate) mod enrich;
pub(crate) mod export;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod ingest_csv;
pub(crate) mod ingest_domain;
pub(crate) mod ingest_rejects;
pub(crate) mod ingest_webhook;
pub(crate) mod ip_enrichment;
pub(crate) mod job_events;
pub(crate) mod jobs;
pub(crate) mod lead;
pub(crate) mod leads;
pub(crate) mod metrics;
pub(crate) mod opt_outs;
pub(crate) mod providers;
pub(crate) mod rescan;
pub(crate) mod sales_summary;
pub(crate) mod scan_bulk;
pub(crate) mod scan_domain;
pub(crate) mod scan_results;
pub(crate) mod score_breakdown;
pub(crate) mod summary_pdf;
pub(crate) mod switched_off;

use hunter_core::Domain;
use hunter_store::companies::{Companies as _, Company};
use hunter_store::{Timestamp, Unit};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::problem::Problem;

/// The answer for a domain without a lead.
pub(super) fn no_lead(domain: &Domain) -> Problem {
    Problem::new("lead_not_found", format!("there is no lead of `{domain}`: scan it first"))
}

/// The company of a domain that something is to be known of.
async fn company(unit: &mut Unit, domain: &Domain) -> Result<Company, Problem> {
    unit.company(domain).await?.ok_or_else(|| no_lead(domain))
}

/// How many rows are asked for, where that may be so many at most.
fn limit(asked: Option<u32>, usual: u32, most: u32) -> Result<u32, Problem> {
    let limit = asked.unwrap_or(usual);
    if (1..=most).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::field("limit", format!("is {limit}: use 1 to {most}")))
}

/// The moment before which rows are asked for: unless it is said, all of them. What is observed carries the
/// time of its scan, which may be a moment ahead of this clock.
fn before(asked: Option<&str>) -> Result<Timestamp, Problem> {
    let Some(text) = asked else {
        return Ok((OffsetDateTime::now_utc() + time::Duration::DAY).into());
    };
    let moment = OffsetDateTime::parse(text, &Rfc3339);
    moment.map(Timestamp::from).map_err(|error| Problem::field("before", error.to_string()))
}
