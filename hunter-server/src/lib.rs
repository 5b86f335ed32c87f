//! The full system behind the `hunter` program: it joins the scanner with the engine.
//!
//! * `hunter scan` observes domains over the DNS and writes one row for each line of input;
//! * `hunter assess` assesses stored observations again, without the network;
//! * `hunter explain` shows everything about one domain: evidence, breakdown, interval, script;
//! * `hunter serve` does all that over HTTP, for a team.
//!
//! [`cli`] has the command line and its exit codes, [`http`] the interface, [`config`] the settings,
//! [`telemetry`] the log, [`error`] what can go wrong, each with a stable code. Nothing is decided here: facts come from hunter-scan, conclusions from hunter-core.

pub mod cli;
pub mod config;
pub mod error;
pub mod http;
mod resolver;
pub mod services;
pub mod telemetry;

pub use error::ServerError;
