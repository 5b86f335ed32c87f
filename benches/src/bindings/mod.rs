//! The same work in Rust, Python and Node, over the same rows.
//!
//! [`prepare`] writes a folder: the plan, and the rows of each workload as a stream of Arrow IPC. The
//! harness of each language measures the forms of one workload and writes a [`Line`] for each as JSON;
//! [`rust`] is that of Rust. The languages take turns, so that whatever else the machine does slows
//! them alike. [`table`] joins the lines. A harness refuses a form that it does not know.

mod input;
pub mod rust;
mod table;

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::manifest::{Manifest, Workload};

pub use self::input::prepare;
pub use self::table::table;

/// The group in the manifest.
pub const GROUP: &str = "bindings";

/// The file of the plan.
pub const PLAN: &str = "plan.json";

/// What is measured in one run.
#[derive(Debug, Serialize, Deserialize)]
pub struct Plan {
    /// So many times each language measures each workload.
    pub turns: usize,
    /// In a turn a form is repeated for at least so long.
    pub seconds: f64,
    /// In a turn a form is repeated at least so many times, after one pass that is not measured.
    pub passes: usize,
    /// Answers are added up over so many of the first rows, to see that all languages give the same.
    pub checked: usize,
    /// The workloads whose rows are there.
    pub workloads: Vec<Workload>,
}

impl Plan {
    fn new(is_smoke: bool, workloads: Vec<Workload>) -> Self {
        let (turns, seconds, passes) = if is_smoke { (1, 0.0, 1) } else { (3, 0.5, 2) };
        Self { turns, seconds, passes, checked: 10_000, workloads }
    }

    /// The plan in a folder.
    ///
    /// # Errors
    /// Where the folder was not prepared.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(PLAN);
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{}: run `prepare` first", path.display()))?;
        Ok(serde_json::from_str(&text)?)
    }
}

/// What one form came to in one turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The workload.
    pub workload: String,
    /// The form.
    pub form: String,
    /// On how many threads.
    pub threads: usize,
    /// How many rows one pass handles.
    pub items: usize,
    /// The time of one pass: the median of the turn.
    pub seconds: f64,
    /// The answers of the first rows, added up.
    pub check: u64,
}

/// The workloads of the group.
pub fn workloads() -> Vec<Workload> {
    Manifest::read().group(GROUP).cloned().collect()
}
