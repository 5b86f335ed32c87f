//! Keeps what was learned: cache, rate limits, job queue and repositories.

pub mod cache;
mod redis_link;

pub use redis_link::RedisLink;
