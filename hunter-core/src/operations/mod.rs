//! The one seam: every operation of the product as a request, an answer and its error codes.
//!
//! Python, Node, the command line and the server offer these operations and none of their own. A
//! [`Hunter`] holds what they need. Each operation is a method that takes a serde request and returns a
//! serde answer in the names of the lead row; [`Hunter::call`] does the same from JSON text to JSON
//! text. [`OPERATIONS`] lists them with arguments, defaults and error codes; `docs/PARITY.md` is
//! written from it, and each language tests itself against it.
//!
//! Requests refuse fields that they do not know. What is not given is unknown, and unknown is never
//! absent: a signal that is missing or `null` was not answered.
//!
//! ```
//! use hunter_core::operations::{Hunter, ScoreRequest};
//!
//! let hunter = Hunter::builtin();
//! let request: ScoreRequest = serde_json::from_str(
//!     r#"{"provider": "Google", "mx_records": ["1 aspmx.l.google.com"],
//!         "signals": {"spf": true, "dkim": true, "dmarc_policy": null}}"#,
//! ).expect("a request");
//! let answer = hunter.score(&request);
//! assert_eq!((answer.score, answer.priority_score), (Some(70), Some(2)));
//! ```
//!
//! Single rows that are asked for by the million need no request: [`Hunter::verdict`],
//! [`Hunter::segment_of`], [`Hunter::priority_score_of`], [`Hunter::commercial_of`] and
//! [`Hunter::mail_provider`] take plain values, and all but the last allocate nothing. Columns go
//! through [`batch`].

mod assess;
pub mod batch;
mod call;
mod catalogue;
mod data_files;
mod diff;
mod explain;
mod hunter;
mod lead_row;
mod mail;
mod records;
mod request;
mod sales;
mod score;
mod tables;
mod text;

pub use assess::AssessRequest;
pub use catalogue::{Answer, Argument, BATCHES, Batch, Column, OPERATIONS, Operation, camel_case};
pub use data_files::{DATA_FILES, DataFiles};
pub use diff::{DiffAnswer, DiffRequest};
pub use explain::{ExplainAnswer, ExplainRequest, Unanswered};
pub use hunter::Hunter;
pub use lead_row::{EvidenceField, FindingField, IdentityField, LeadRow, SenderField};
pub use mail::{ClassifyMxAnswer, ClassifyMxRequest};
pub use records::{
    ParseDkimAnswer, ParseDmarcAnswer, ParseRequest, ParseSpfAnswer, RecordFinding, SpfTermAnswer,
};
pub use request::{domain, read_request, score_in_range};
pub use sales::SalesSummaryRequest;
pub use score::{ScoreAnswer, ScoreRequest, SignalsInput, SignalsRef, dmarc_signal, mail_taken};
pub use tables::{
    CommercialAnswer, CommercialRequest, NextStepAnswer, NextStepRequest, PriorityScoreAnswer,
    PriorityScoreRequest, SegmentAnswer, SegmentRequest,
};
pub use text::{
    ContactsAnswer, ContactsRequest, NormalizeDomainAnswer, NormalizeDomainRequest,
    SignalsCanonicalAnswer, SignalsHashAnswer, SignalsRequest,
};
