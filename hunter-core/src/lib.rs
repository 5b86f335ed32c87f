//! Pure logic of Hunter.
pub mod changes;
pub mod contacts;
pub mod domain;
pub mod error;
pub mod hash;
pub mod observation;
pub mod signals;
pub mod vocabulary;
pub use domain::{Domain, DomainError, DomainFault};
pub use error::{Error, ErrorKind};
