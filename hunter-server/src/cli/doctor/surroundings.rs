//! Folders that are written to, and addresses that are listened on.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::report::Check;
use super::state::{folder_of, sqlite_file};
use crate::config::Config;

/// How long what listens on an address may take to say what it is.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn looks(config: &Config) -> Vec<Check> {
    let mut checks = vec![folder("temporary folder", &std::env::temp_dir())];
    if let Some(file) = sqlite_file(config) {
        checks.push(folder("folder of the database", &folder_of(&file)));
    }
    if !config.log.file.is_empty() {
        checks.push(folder("folder of the log", &folder_of(Path::new(&config.log.file))));
    }
    checks.push(port("port", config.server.listen, "server.listen").await);
    if let Some(listen) = config.worker.listen {
        checks.push(port("port of the worker", listen, "worker.listen").await);
    }
    checks
}

/// Whether something can be written there; a folder that is not there yet is made by whoever needs it.
fn folder(name: &str, path: &Path) -> Check {
    let there = path.ancestors().find(|path| path.is_dir()).unwrap_or_else(|| Path::new("."));
    match tempfile::NamedTempFile::new_in(there) {
        Ok(_) => Check::ok(name, format!("`{}` can be written to", path.display())),
        Err(error) => Check::failed(
            name,
            format!("`{}` cannot be written to: {error}", path.display()),
            "give the user of the service leave to write there, and room",
        ),
    }
}

async fn port(name: &str, address: SocketAddr, setting: &str) -> Check {
    match TcpListener::bind(address).await {
        Ok(_) => Check::ok(name, format!("{address} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            if matches!(timeout(PATIENCE, is_hunter(address)).await, Ok(Ok(true))) {
                return Check::ok(name, format!("a hunter answers on {address}"));
            }
            let remedy = format!("end what listens there, or choose another `{setting}`");
            Check::failed(name, format!("{address} is taken by another program"), remedy)
        }
        Err(error) => {
            let remedy = format!("choose another `{setting}`; ports below 1024 need leave");
            Check::failed(name, format!("{address}: {error}"), remedy)
        }
    }
}

async fn is_hunter(address: SocketAddr) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    let question = "GET /healthz/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(question.as_bytes()).await?;
    let mut answer = String::new();
    stream.take(16_384).read_to_string(&mut answer).await?;
    Ok(answer.ends_with(r#"{"status":"alive"}"#))
}
