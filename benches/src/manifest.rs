//! `workloads.toml` as it is read.

use serde::{Deserialize, Serialize};

const TEXT: &str = include_str!("../workloads.toml");

/// Every workload, in the order of the file.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The workloads.
    #[serde(rename = "workload")]
    pub workloads: Vec<Workload>,
}

/// One workload.
#[derive(Debug, Clone, Deserialize, Serialize)]
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
    /// The same work through the bindings: one for each language and shape of the rows.
    #[serde(default, rename = "form")]
    pub forms: Vec<Form>,
}

/// What a workload works on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
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
    /// Rows of `score_batch`.
    ScoreRows,
    /// SPF records.
    SpfRecords,
    /// The shared real domains as JSON text, and nothing made here; `size` says how many there are.
    Domains,
    /// Real domains of the shared data, each served with what others saw of it; `seed` has no part.
    RealDomains,
    /// Companies `sirket0.com.tr` and on, each a lead where leads are wanted; `seed` makes what is
    /// observed of them.
    Leads,
}

/// The same work by other means.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// Its name; unique within the workload.
    pub name: String,
    /// What it does.
    pub call: String,
    /// How many items it is given, where all would take too long.
    pub size: Option<usize>,
    /// How many times its rate is to be reached.
    pub faster: Option<f64>,
    /// How many times its processor time for one question may be used.
    pub cpu_within: Option<f64>,
}

/// How a workload is done in one language, with rows of one shape.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Its name, unique within the workload: the language, an underscore, the shape.
    pub name: String,
    /// What it does.
    pub call: String,
    /// On how many threads it is measured, one after the other.
    #[serde(default = "one_thread")]
    pub threads: Vec<usize>,
    /// It goes over the first rows alone, so many of them, where all would take too long.
    pub rows: Option<usize>,
    /// What is wanted of it.
    #[serde(default)]
    pub aims: Vec<Aim>,
}

fn one_thread() -> Vec<usize> {
    vec![1]
}

impl Form {
    /// The language, which is the first part of the name.
    pub fn language(&self) -> &str {
        self.name.split_once('_').map_or(self.name.as_str(), |(language, _)| language)
    }
}

/// What is wanted of a form, measured against another of the same workload on the same threads.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Aim {
    /// The other form.
    pub against: String,
    /// How far apart the two may or must be.
    #[serde(flatten)]
    pub bound: Bound,
}

/// How far apart two forms may or must be.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// It takes at most so many times as long.
    SlowerAtMost(f64),
    /// It is at least so many times as fast.
    FasterAtLeast(f64),
    /// One item takes at most so many nanoseconds more.
    MoreNanosAtMost(f64),
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
        assert_eq!(manifest.group("scan").count(), 3, "one a profile");
        assert!(manifest.workloads.iter().all(|w| w.input.size > 0 && w.aim != Some(0)));
    }

    #[test]
    fn forms_are_of_a_known_language_and_aims_name_another_form() {
        let manifest = Manifest::read();
        assert!(manifest.group("bindings").count() > 3);
        for workload in &manifest.workloads {
            let is_bindings = workload.group == "bindings";
            assert_eq!(workload.forms.is_empty(), !is_bindings, "{}", workload.name);
            for (nth, form) in workload.forms.iter().enumerate() {
                let name = &form.name;
                assert!(["rust", "python", "node"].contains(&form.language()), "{name}");
                assert!(!form.threads.is_empty() && !form.threads.contains(&0), "{name}");
                assert!(workload.forms[..nth].iter().all(|other| other.name != *name), "{name}");
                for aim in &form.aims {
                    let other = workload.forms.iter().find(|other| other.name == aim.against);
                    let other = other.unwrap_or_else(|| panic!("{name}: no {}", aim.against));
                    let both = |threads| other.threads.contains(threads);
                    assert!(form.threads.iter().any(both), "{name} and {}", aim.against);
                }
            }
        }
    }
}
