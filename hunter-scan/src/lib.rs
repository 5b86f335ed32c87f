//! Observes a domain over the DNS: which questions were put, and what became of each.
//!
//! [`Scanner::observe`] gives an [`Observation`](hunter_core::observation::Observation), which
//! hunter-core assesses. Facts only: NXDOMAIN and "no such record" are answers, a time-out is not.
//!
//! ```
//! use futures::StreamExt;
//! use hunter_core::Domain;
//! use hunter_core::observation::RecordType;
//! use hunter_nameserver::NameServer;
//! use hunter_scan::{CommonSelectors, ScanConfig, Scanner};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server =
//!     NameServer::builder().zone_text("ornek.com.tr. 60 IN MX 10 MAIL.ornek.com.tr.\n").spawn().await?;
//! let config = ScanConfig { resolvers: vec![server.addr()], ..ScanConfig::default() };
//! let scanner = Scanner::new(config, CommonSelectors)?;
//!
//! let domain: Domain = "ornek.com.tr".parse()?;
//! let seen = scanner.observe(&domain).await;
//! let mx = seen.ask("ornek.com.tr", &RecordType::Mx);
//! assert_eq!(mx.found().map(|records| records[0].as_str()), Some("10 mail.ornek.com.tr"));
//! assert!(seen.ask("_dmarc.ornek.com.tr", &RecordType::Txt).is_absent());
//!
//! let many = scanner.observe_all(futures::stream::iter(vec![domain; 3]));
//! assert_eq!(many.count().await, 3);
//! # Ok(())
//! # }
//! ```
//!
//! # What is asked
//!
//! The apex first: MX, TXT, NS, SOA, A, AAAA. Then, all at once:
//! * `_dmarc` and, where the domain has no single DMARC record, its parents up to the top
//!   (RFC 9989 §4.10), at most eight questions;
//! * `_domainkey` and, unless that name does not exist, the selectors of the
//!   [`SelectorPlan`];
//! * the service names of Microsoft 365, the name that Exchange Online would give the domain, and
//!   the addresses of the first two MX hosts.
//!
//! [`Profile::Quick`] asks only MX, TXT, DMARC and DKIM. What the domain's own state makes
//! pointless is written as not asked: `nxdomain_above` (a name above does not exist), `null_mx`,
//! `apex_failed` (every question about the apex failed), `bad_name` (too long to be asked).
//!
//! # How it is asked
//!
//! A question goes to the resolvers in turn until one answers; one that stays silent is asked last
//! for a while. An answer that does not fit a datagram is fetched over TCP. Answers about names
//! outside the domain are remembered for their time to live: those carry `attempts` 0.

mod config;
mod error;
mod exchange;
mod memory;
mod names;
mod notes;
pub mod probes;
mod records;
pub mod registration;
mod resolve;
mod scanner;
mod selectors;
mod transport;
pub mod web;

pub use config::{Profile, ScanConfig};
pub use error::{CODES, ErrorKind, ScanError};
pub use scanner::Scanner;
pub use selectors::{COMMON_SELECTORS, CommonSelectors, SelectorPlan};
