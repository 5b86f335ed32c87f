//! Readers of the mail records: MX, SPF, DKIM keys and DMARC policies.
//!
//! Each reader takes records in presentation format and reports what they say, valid or not; none of
//! them asks anything. What a record *means* for a lead is decided in [`crate::assess`].

pub mod dkim;
pub mod dmarc;
pub mod mx;
pub mod spf;
mod tags;
