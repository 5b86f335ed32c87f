//! Batches of rows. Rows are views into the caller's columns, whatever their layout, so that nothing is
//! copied on the way in; results are columns in buffers that the caller keeps and reuses. Every row in
//! gives one row out: its values, or the error that names its fault.
//!
//! Null is "nobody knows", an empty list or text the authoritative "nothing there".
//!
//! ```
//! use hunter_core::observation::Signal;
//! use hunter_core::operations::Hunter;
//! use hunter_core::operations::batch::{ScoreRow, ScoreRows};
//!
//! let row = |provider, policy| ScoreRow {
//!     provider: Some(provider),
//!     spf: Some(true),
//!     dkim: Some(true),
//!     dmarc_policy: policy,
//!     mail: Signal::Present,
//!     ..ScoreRow::default()
//! };
//! let mut rows = ScoreRows::default();
//! Hunter::builtin().score_batch([row("M365", Some("")), row("Gogle", None)], &mut rows);
//! assert_eq!((rows.values.score[0], rows.valid[0]), (70, true));
//! assert!(!rows.valid[1] && rows.errors[0].0 == 1);
//! ```

mod assess;
mod classify;
mod columns;
mod score;

use crate::error::Error;

pub use assess::FlatObservation;
pub use classify::{ClassifyRow, ClassifyRows};
pub use columns::{Cell, ColumnType, LEAD_COLUMNS, LeadColumn};
pub use score::{ScoreRow, ScoreRows};

/// What stands in the column `error` of a faulty row: the stable code, a colon and the message.
pub fn error_text(error: &Error) -> String {
    format!("{}: {error}", error.code())
}
