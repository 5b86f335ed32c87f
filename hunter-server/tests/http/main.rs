//! The HTTP interface from outside, over a database of its own for each test.

mod contract;
mod leads;
mod problems;
mod support;
