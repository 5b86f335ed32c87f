//! The HTTP interface from outside, over a database of its own for each test.

mod administration;
mod alerts;
mod contract;
mod dashboard;
mod email;
mod enrich;
mod export;
mod ingest_files;
mod jobs;
mod keys;
mod leads;
mod metrics;
mod pdf;
mod pdf_text;
mod problems;
mod providers;
mod scans;
mod settings;
mod slow_clients;
mod support;
mod vectors;
mod webhooks;
