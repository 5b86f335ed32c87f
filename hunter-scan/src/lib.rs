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
//! let config = ScanConfig { resolvers: vec![server.addr().into()], ..ScanConfig::default() };
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
//! In rounds; all questions of a round go out together.
//! 1. The apex: MX, TXT, NS, SOA, A, AAAA; and `_dmarc`.
//! 2. Where the domain has no single DMARC record, its parents up to the top (RFC 9989 §4.10), at
//!    most eight names; `_domainkey`, Microsoft's selectors and those of the [`SelectorPlan`]; the
//!    service names of Microsoft 365 and the name that Exchange Online would give the domain; the
//!    addresses of the first two MX hosts; the records that SPF includes.
//! 3. More selectors, and one that nobody has, unless `_domainkey` does not exist; the names of the
//!    addresses of the domain's own MX hosts; each further round goes one include deeper.
//!
//! [`Profile`] says how much of it. What the domain's own state makes pointless is written as not
//! asked: `nxdomain_above` (a name above does not exist), `null_mx`, `apex_failed` (every question
//! about the apex failed), `bad_name` (too long to be asked), `macro` and `spf_limit` (an include
//! that depends on the message, or beyond the limits).
//!
//! # How it is asked
//!
//! A question goes to the resolvers in turn until one answers; one that stays silent is asked last
//! for a while. An answer that does not fit a datagram is fetched over TCP. Answers about names
//! outside the domain are remembered for their time to live: those carry `attempts` 0.
//!
//! # What else is observed
//!
//! Off unless a [`ScannerBuilder`] is told otherwise: who registered the domain ([`registration`]),
//! what IP databases say of its addresses ([`ip_data`]), and what Microsoft's sign-in service and the
//! MTA-STS policy host say over HTTPS ([`probes`]). All calls go through the guard of [`web`], all
//! ask the [`Throttle`] for leave, and each failure is written down as what it is. [`smtp`] asks mail servers
//! about addresses, only when it is told to; that is no part of an observation.
//!
//! # What is believed
//!
//! [`Scanner::check`] refuses resolvers that invent names. With two or more, "there is nothing" at
//! the apex needs a second one's word ([`SecondOpinion`]); where it differs, the answer is a
//! temporary failure, `resolvers_disagree`. So is NXDOMAIN for a name of which another answer gives
//! records: `contradiction`.

mod config;
mod dns;
mod error;
pub mod ip_data;
mod notes;
pub mod probes;
pub mod registration;
mod rounds;
mod scanner;
mod selectors;
pub mod session;
mod settings;
pub mod smtp;
mod throttle;
mod tls;
pub mod web;

pub use config::{Profile, ScanConfig, SecondOpinion};
pub use dns::start_check::Soundness;
pub use dns::upstream::{Protocol, Resolver};
pub use error::{CODES, ErrorKind, ScanError};
pub use scanner::{Scanner, ScannerBuilder};
pub use selectors::{COMMON_SELECTORS, CommonSelectors, SelectorPlan};
pub use settings::{SETTINGS, ScanSettings, Setting};
pub use throttle::{LocalThrottle, Permit, Rates, Throttle};
