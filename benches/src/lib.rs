//! One manifest of workloads, and what runs them in Rust.
//!
//! `workloads.toml` names every workload, its input and its aim; [`manifest`] reads it, [`inputs`]
//! makes the inputs from seeds, [`peers`] does the same work by other means, and [`report`] prints
//! what was measured. Run it with `cargo bench -p hunter-benches --bench core`. [`bindings`] measures
//! the same work in Rust, Python and Node: `cargo xtask bench bindings`.

pub mod bindings;
pub mod inputs;
pub mod manifest;
pub mod peers;
pub mod report;
