//! What is done for more than one door: the HTTP interface, the worker and the command line.

pub mod addresses;
pub mod assigned;
pub mod enrich;
pub mod export;
pub mod guard;
pub mod ingest;
pub mod jobs;
pub mod keys;
pub mod lead_view;
pub mod scanning;
pub mod spreadsheet;
pub mod summary_page;
pub mod webhooks;
