//! `hunter data update`: renews what was built in.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use hunter_scan::registration::Bootstrap;
use hunter_scan::web::{Get, SystemLookup, WebClient, WebConfig};

use super::Outcome;
use crate::error::ServerError;

/// Where IANA publishes the list (RFC 9224 §8).
const SOURCE: &str = "https://data.iana.org/rdap/dns.json";

/// Arguments of `hunter data update`.
#[derive(Debug, Args)]
pub(super) struct UpdateArgs {
    /// Where to put the list, for `hunter scan --rdap-bootstrap`. What is there stays unless the new
    /// one is sound.
    #[arg(long, value_name = "FILE", default_value = "rdap-dns.json")]
    rdap_bootstrap: PathBuf,
}

pub(super) fn run(args: &UpdateArgs) -> Result<Outcome, ServerError> {
    let runtime = tokio::runtime::Runtime::new().map_err(ServerError::Start)?;
    let client = WebClient::new(WebConfig::default(), SystemLookup)?;
    let failed = |problem: String| ServerError::Download { url: SOURCE, problem };
    let reply = runtime
        .block_on(client.get(&Get::new(SOURCE)))
        .map_err(|fault| failed(format!("{fault} ({})", fault.reason())))?;
    if reply.status != 200 {
        return Err(failed(format!("the server answers {}", reply.status)));
    }
    let text = std::str::from_utf8(&reply.body).map_err(|error| failed(error.to_string()))?;
    let stored = Bootstrap::store(text, &args.rdap_bootstrap)?;
    let said = writeln!(
        io::stdout(),
        "{}: {} suffixes, published {}",
        args.rdap_bootstrap.display(),
        stored.len(),
        stored.published().date()
    );
    said.map_err(ServerError::Output)?;
    Ok(Outcome::Complete)
}
