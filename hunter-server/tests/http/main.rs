//! The HTTP interface from outside, over a database of its own for each test.

mod alerts;
mod contract;
mod jobs;
mod leads;
mod problems;
mod scans;
mod support;
