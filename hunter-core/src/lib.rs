//! Pure logic of Hunter.
pub mod assess;
pub mod batch;
mod data_file;
pub mod domain;
pub mod error;
pub mod observation;
pub mod provider;
pub mod records;
pub mod rules;
pub mod signals;
pub mod vocabulary;
pub use domain::{Domain, DomainError, DomainFault};
pub use error::{Error, ErrorKind};
