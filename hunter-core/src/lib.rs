//! From what a domain shows in public to a scored, explained sales lead.
//!
//! This crate is the pure part of Hunter: no clock, no files, no network, no randomness, so that the
//! same observation, rules and tables give the same bytes anywhere, at any time. What a question to the
//! DNS came to is told in five states, and only an authoritative answer makes a record absent: unknown
//! never counts as missing.
//!
//! # From a text to a lead
//!
//! ```
//! use hunter_core::assess::FindingKind;
//! use hunter_core::observation::{Answer, Outcome, RecordType};
//! use hunter_core::sales::{SalesEngine, SalesFacts};
//! use hunter_core::{Domain, Engine, Lead, Observation};
//! use time::macros::datetime;
//!
//! // A text from a spreadsheet, to the domain that it means.
//! let domain = Domain::from_cell(" https://www.Örnek.com.tr/iletisim ")?.domain;
//! assert_eq!(domain.as_str(), "xn--rnek-4qa.com.tr");
//!
//! // What was asked, and what became of it; hunter-scan makes this over the network.
//! let mut seen = Observation::new(domain.clone(), datetime!(2026-11-24 09:30 UTC));
//! let mx = Outcome::Found(vec!["1 aspmx.l.google.com".to_owned()]);
//! seen.answers.push(Answer::new(domain.as_str(), RecordType::Mx, mx));
//! let timeout = Outcome::TempFail { reason: "timeout".to_owned() };
//! seen.answers.push(Answer::new(domain.as_str(), RecordType::Txt, timeout));
//! let enrollment = Outcome::Found(vec!["enterpriseenrollment.manage.microsoft.com".to_owned()]);
//! let name = format!("enterpriseenrollment.{domain}");
//! seen.answers.push(Answer::new(name, RecordType::Cname, enrollment));
//!
//! // Who holds the mailboxes, how ready the company is, and what deserves a word.
//! let lead = Lead { seats: Some(40), ..Lead::default() };
//! let found = Engine::builtin().assess(&seen, &lead);
//! assert_eq!(found.provider_id.as_deref(), Some("google-workspace"));
//! assert_eq!(found.findings[0].kind, FindingKind::SplitEstate);
//! let verdict = found.verdict.expect("the MX question was answered");
//! assert!(verdict.partial, "SPF timed out: the score is an interval");
//! assert!(verdict.score_low < verdict.score && verdict.score < verdict.score_high);
//!
//! // What to say.
//! let facts = SalesFacts::from_assessment(&found, &lead);
//! let summary = SalesEngine::builtin().summarize(&facts, "tr", seen.observed_at)?;
//! assert!(!summary.call_script.is_empty());
//! # Ok::<(), hunter_core::Error>(())
//! ```
//!
//! # The modules, in the order of that walk
//!
//! | module | what it does |
//! | --- | --- |
//! | [`domain`] | takes the domain out of a cell, or says why there is none; public suffixes |
//! | [`observation`] | questions and what became of them, to be stored and read again |
//! | [`records`] | readers of MX, SPF, DKIM, DMARC, MTA-STS, TLS-RPT, BIMI and proofs of ownership |
//! | [`provider`] | the fingerprint table: mailbox, gateways, senders, identity, and how sure that is |
//! | [`signals`] | what the score rests on, each of which can be unknown |
//! | [`rules`] | rule sets, compiled to a table; verdict and breakdown |
//! | [`assess`] | all of it joined: [`Engine`], [`Assessment`], findings, tags |
//! | [`sales`] | the script, the offer and the next step, from a catalogue of texts |
//! | [`contacts`] | which addresses are a company's own, and how they are formed |
//! | [`sheet`] | lists as people keep them: the heading, the columns, and the company of a row |
//! | [`changes`] | what changed between two scans |
//! | [`batch`] | the same conclusions over columns |
//! | [`hash`] | canonical JSON, and the hash of the signals |
//! | [`vocabulary`] | the words of classes, segments and priorities |
//! | [`error`] | one error type, with a stable code |
//!
//! Rules, fingerprints, confidence, prices and texts are data files, built in and replaceable:
//! [`rules::RuleSet::from_toml`], [`provider::Fingerprints::from_json`],
//! [`provider::ConfidenceModel::from_toml`], [`sales::SalesEngine`].

pub mod assess;
pub mod batch;
pub mod changes;
pub mod contacts;
mod data_file;
pub mod domain;
pub mod error;
pub mod hash;
pub mod observation;
#[cfg(feature = "openapi")]
mod openapi;
pub mod operations;
pub mod provider;
pub mod records;
pub mod rules;
pub mod sales;
pub mod sheet;
pub mod signals;
pub mod vocabulary;

pub use assess::{Assessment, Engine, Lead};
pub use domain::{CellReading, Domain, DomainError, DomainFault};
pub use error::{Error, ErrorKind};
pub use observation::Observation;

/// The Rust of the README is run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
