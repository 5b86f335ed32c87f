//! The main job from end to end, on invented companies and without a network: a name server with a
//! sample zone, a scan of a messy list, the leads by priority, and one script in full.

use std::io::{Write, stdout};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use hunter_nameserver::NameServer;
use hunter_server::cli;

/// The company whose script is printed in full.
const SHOWN: &str = "uydurma-makina.com.tr";

fn main() -> Result<ExitCode> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let server = runtime
        .block_on(NameServer::builder().folder(folder.join("zone")).spawn())
        .context("cannot start the sample name server")?;
    let cells = cells(&folder.join("companies.csv"))?;
    let resolver = server.addr().to_string();
    writeln!(stdout(), "{} cells, asked of the sample name server at {resolver}\n", cells.len())?;

    // Silent servers are part of the sample; a short patience keeps the demonstration short.
    let scanning = ["--resolver", &resolver, "--timeout", "300", "--attempts", "2"];
    let mut scan = vec!["hunter", "scan"];
    scan.extend(scanning);
    scan.push("--");
    scan.extend(cells.iter().map(String::as_str));
    // Some cells are refused and some servers are silent on purpose: a partial outcome is expected.
    cli::run_from(scan)?;

    writeln!(stdout(), "\n\nhunter explain {SHOWN}\n")?;
    let mut explain = vec!["hunter", "explain", SHOWN];
    explain.extend(scanning);
    cli::run_from(explain)?;
    Ok(ExitCode::SUCCESS)
}

/// The domain column of the list, as messy as people write it.
fn cells(path: &Path) -> Result<Vec<String>> {
    let name = path.display();
    let mut reader =
        csv::Reader::from_path(path).with_context(|| format!("cannot read `{name}`"))?;
    reader
        .records()
        .map(|record| {
            let record = record.with_context(|| format!("`{name}` is not a list"))?;
            Ok(record.get(0).unwrap_or_default().to_owned())
        })
        .collect()
}
