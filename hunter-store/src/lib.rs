//! Keeps leads and all that is known about them, on SQLite or PostgreSQL.
//!
//! The same statements run on a file on a laptop and on a server under many workers; where the two
//! databases differ, it is said in one place.

mod config;
mod db;
mod error;
pub mod migrate;
#[cfg(feature = "testing")]
pub mod testing;

pub use config::{Backend, Environment, StoreConfig};
pub use db::{Db, Executor, Health, Held, PoolHealth, Pools, Timestamp, Unit};
pub use error::{CODES, ErrorKind, Result, StoreError};
