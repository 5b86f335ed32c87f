//! What happens around every handler.

mod client;
mod closing;
pub mod deprecation;
mod etag;
pub mod identify;
pub mod limits;
mod problems;
mod request_id;
mod scope;
mod secure;

pub use closing::closing;
pub use etag::etag;

pub use problems::{panicked, problems};
pub use request_id::{RequestId, request_id};
pub(crate) use scope::{always_needs, needs, open_to_this_machine, operations};
pub use secure::secure;
