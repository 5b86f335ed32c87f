//! What happens around every handler.

pub mod deprecation;
mod etag;
pub mod limits;
mod problems;
mod request_id;

pub use etag::etag;

pub use problems::{panicked, problems};
pub use request_id::{RequestId, request_id};
