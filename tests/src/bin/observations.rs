//! Prints the observation of every shared real domain as a line of JSON, for benchmarks, or of as many
//! of them as the one argument says.
//!
//! Without the shared data it prints nothing, and says so on standard error.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Write as _};

use hunter_core::Domain;
use hunter_tests::domains::{DOMAINS, Row};

fn main() -> io::Result<()> {
    let Some(path) = hunter_tests::shared(DOMAINS) else { return Ok(()) };
    let first = match std::env::args().nth(1) {
        None => usize::MAX,
        Some(number) => number.parse().map_err(io::Error::other)?,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    for line in BufReader::new(File::open(path)?).lines().take(first) {
        let row: Row = serde_json::from_str(&line?)?;
        let domain: Domain = row.domain.parse().map_err(io::Error::other)?;
        writeln!(out, "{}", row.observation(&domain).to_json())?;
    }
    out.flush()
}
