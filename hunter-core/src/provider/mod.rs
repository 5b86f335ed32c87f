//! Who runs a domain's mail: the fingerprint table, and the reading of MX hosts by it.

mod classify;
mod fingerprints;
mod selectors;
mod suffix;

pub use classify::{Basis, Evidence, Gateway, MailProvider};
pub use fingerprints::{
    DmarcService, DnsHost, Fingerprints, Grade, MxMatch, Provider, ProviderKind, Sign, Source,
    TxtService,
};
pub use suffix::Suffix;
