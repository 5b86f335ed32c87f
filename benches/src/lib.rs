//! One manifest of workloads, and what runs them in Rust.
//!
//! `workloads.toml` names every workload, its input and its aim; [`manifest`] reads it, [`inputs`]
//! makes the inputs from seeds, [`peers`] does the same work by other means, and [`report`] prints
//! what was measured. [`scan`] is all of this for scans, which want a name server and processes of
//! their own. Run it with `cargo xtask bench core` and `cargo xtask bench scan`.

pub mod inputs;
pub mod manifest;
pub mod peers;
pub mod report;
pub mod scan;
