//! Pure logic of Hunter.
pub mod domain;
pub mod error;
pub mod observation;
pub mod sales;
pub mod signals;
pub mod vocabulary;
pub use domain::{Domain, DomainError, DomainFault};
pub use error::{Error, ErrorKind};
