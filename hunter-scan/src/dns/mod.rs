//! The DNS: from one question to what became of it.

pub(crate) mod addresses;
pub(crate) mod clock;
pub(crate) mod exchange;
pub(crate) mod names;
pub(crate) mod resolve;
pub(crate) mod spf;
pub(crate) mod start_check;
pub(crate) mod upstream;

mod datagrams;
mod memory;
mod records;
mod transport;
