//! The full system behind the `hunter` program: it joins the scanner with the engine.
//!
//! The command line is documented in [`cli`].

pub mod cli;
pub mod error;

pub use error::ServerError;
