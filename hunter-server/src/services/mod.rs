//! What is done for more than one door: the HTTP interface, the worker and the command line.

pub mod jobs;
pub mod lead_view;
pub mod scanning;
