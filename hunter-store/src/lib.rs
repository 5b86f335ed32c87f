//! Keeps what was learned: cache, rate limits, job queue and repositories.

pub mod cache;
pub mod limiter;
mod redis_link;

pub use redis_link::RedisLink;
