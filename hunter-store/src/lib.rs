//! Keeps leads and all that is known about them, on SQLite or PostgreSQL.
//!
//! The same statements run on a file on a laptop and on a server under many workers; where the two
//! databases differ, it is said in one place.
//!
//! Beside the database: [`cache`] for what is dear to find out and [`limiter`] for what others ration,
//! each in one process or, over Redis, in many.

pub mod bulk;
pub mod cache;
mod config;
mod db;
mod error;
pub mod limiter;
pub mod migrate;
pub mod queue;
mod redis_link;
#[cfg(feature = "testing")]
pub mod testing;

pub use config::{Backend, Environment, StoreConfig};
pub use db::{Db, Executor, Health, Held, PoolHealth, Pools, Timestamp, Unit};
pub use error::{CODES, ErrorKind, Result, StoreError};
pub use redis_link::RedisLink;
