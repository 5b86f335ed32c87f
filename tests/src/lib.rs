//! Support for the whole-system tests: where the data of others lies, how its rows read, and servers to
//! test against.

pub mod dns;
pub mod domains;
#[cfg(feature = "programs")]
pub mod servers;

use std::io::Write;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A file or folder of the shared test data, which lies beside the repository. Where it is missing,
/// a line on standard error says that nothing was tested.
pub fn shared(path: &str) -> Option<PathBuf> {
    let path = root().join("../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    // If standard error is gone, so is whoever would read it.
    let _ = writeln!(std::io::stderr(), "NOT TESTED: `{}` does not exist", path.display());
    None
}
