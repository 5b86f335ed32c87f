//! Pure logic of Hunter.

pub mod assess;
pub mod batch;
pub mod changes;
pub mod contacts;
mod data_file;
pub mod domain;
pub mod error;
pub mod hash;
pub mod observation;
pub mod operations;
pub mod provider;
pub mod records;
pub mod rules;
pub mod sales;
pub mod signals;
pub mod vocabulary;

pub use assess::{Assessment, Engine, Lead};
pub use domain::{CellReading, Domain, DomainError, DomainFault};
pub use error::{Error, ErrorKind};
pub use observation::Observation;
