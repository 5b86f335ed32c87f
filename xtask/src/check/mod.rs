//! Checks of the repository itself: layers, manifests, and the paths that the documents name.

pub(crate) mod doc_paths;
pub(crate) mod layering;
pub(crate) mod manifests;
