//! Webhooks: whether a call is genuine, what it does, and how one that failed is tried again.

mod calls;
mod retries;
pub mod signature;

pub use calls::{Call, Named, Refused, Taken, Webhooks};
pub(crate) use calls::{contacts, fingerprint};
pub use retries::{MOST_RETRIES, Pace};
