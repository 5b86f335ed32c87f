//! The HTTP interface from outside, over a database of its own for each test.

mod administration;
mod contract;
mod keys;
mod leads;
mod problems;
mod settings;
mod slow_clients;
mod support;
