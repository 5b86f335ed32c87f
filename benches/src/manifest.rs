//! `workloads.toml` as it is read.

use serde::Deserialize;

const TEXT: &str = include_str!("../workloads.toml");

/// Every workload, in the order of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The workloads.
    #[serde(rename = "workload")]
    pub workloads: Vec<Workload>,
}

/// One workload.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// Its name; unique.
    pub name: String,
    /// Which part of the product it measures.
    pub group: String,
    /// What is done with one item.
    pub call: String,
    /// What the rate counts.
    pub unit: String,
    /// Items a second to reach.
    pub aim: Option<u64>,
    /// Items a second before the work grew, on the machine and day that the manifest names.
    pub before: Option<u64>,
    /// What it works on.
    pub input: InputSpec,
    /// The same work by other means.
    #[serde(default, rename = "peer")]
    pub peers: Vec<Peer>,
}

/// What a workload works on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    /// What the items are.
    pub kind: InputKind,
    /// How many.
    pub size: usize,
    /// Where the generator starts.
    pub seed: u64,
}

/// What the items of an input are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// The facts that scores rest on.
    Facts,
    /// MX hosts.
    Hosts,
    /// The signals that are hashed.
    Signals,
    /// Observations as a standard scan leaves them.
    Observations,
    /// Spreadsheet cells.
    Cells,
    /// Companies `sirket0.com.tr` and on, each a lead where leads are wanted; `seed` makes what is
    /// observed of them.
    Leads,
}

/// The same work by other means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// Its name; unique within the workload.
    pub name: String,
    /// What it does.
    pub call: String,
}

impl Manifest {
    /// The manifest of this workspace.
    pub fn read() -> Self {
        toml::from_str(TEXT).expect("a test reads the same text")
    }

    /// The workloads of one group, in order.
    pub fn group<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a Workload> {
        self.workloads.iter().filter(move |workload| workload.group == group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_valid_and_names_are_unique() {
        let manifest: Manifest = toml::from_str(TEXT).expect("valid");
        let mut names: Vec<&str> = manifest.workloads.iter().map(|w| w.name.as_str()).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all, "a name stands twice");
        assert!(manifest.group("core").count() > 8);
        assert!(manifest.workloads.iter().all(|w| w.input.size > 0 && w.aim != Some(0)));
    }
}
