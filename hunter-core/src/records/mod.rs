//! Readers of the mail records: MX, SPF, DKIM keys, DMARC policies, MTA-STS, TLS-RPT, BIMI and proofs
//! of ownership.
//!
//! Each reader takes records in presentation format and reports what they say, valid or not; none of
//! them asks anything. Most come in two steps: a cheap reading that says what a record does, and a
//! second call that lists every [`Finding`] about it, each with a stable code and the offending text.
//! What a record *means* for a lead is decided in [`crate::assess`].
//!
//! Where one record leads to others, the reader takes the answers as a function ([`Ask`]); what was
//! not answered stays unknown.

pub mod bimi;
pub mod dkim;
pub mod dmarc;
mod finding;
pub mod manager;
pub mod mta_sts;
pub mod mx;
mod single;
pub mod spf;
mod tags;
pub mod tls_rpt;
mod uri;
pub mod verification;

pub use finding::{Effect, Finding, FindingKind, is_usable};

use crate::observation::{RecordType, Reply};

/// What became of a question, by name and record type, such as
/// [`Observation::ask`](crate::observation::Observation::ask): `&|name, kind| seen.ask(name, kind)`.
pub type Ask<'q, 'a> = dyn Fn(&str, &RecordType) -> Reply<'a> + 'q;
