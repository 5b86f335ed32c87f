//! Who runs a domain's mail: the fingerprint table, what the records say by it, and how sure that is.

mod check;
mod classify;
mod confidence;
mod evidence;
mod fingerprints;
mod mx;
mod roles;
mod schema;
mod selectors;
mod signs;
mod suffix;
mod traces;

pub use classify::{Basis, MailProvider};
pub use confidence::{ConfidenceModel, Likelihood, Situation, TraceSet};
pub use evidence::Evidence;
pub use fingerprints::{Fingerprints, MxMatch, OPERATOR};
pub use roles::{Identity, Role, Strength};
pub use schema::{DmarcService, DnsHost, Grade, Provider, ProviderKind, Sign, Source, TxtService};
pub use suffix::Suffix;
pub use traces::{Family, TraceKind};
pub(crate) use traces::{Quote, Trace};
