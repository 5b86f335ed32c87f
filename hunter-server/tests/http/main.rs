//! The HTTP interface from outside, over a database of its own for each test.

mod administration;
mod alerts;
mod contract;
mod ingest_files;
mod jobs;
mod keys;
mod leads;
mod problems;
mod scans;
mod settings;
mod slow_clients;
mod support;
