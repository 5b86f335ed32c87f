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

use super::problem::Problem;

/// The answer for a domain without a lead.
pub(super) fn no_lead(domain: &Domain) -> Problem {
    Problem::new("lead_not_found", format!("there is no lead of `{domain}`: scan it first"))
}
