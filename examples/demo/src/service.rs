//! The service as a process, which is this program again.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::{Args, PROGRAM};

/// How long the service may take to start.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Service {
    child: Child,
    said: mpsc::Receiver<String>,
}

impl Service {
    /// `hunter serve` with the defaults, but for the resolver: the sample name server. Silent servers are
    /// part of the sample; a short patience keeps the demonstration short.
    pub(crate) fn start(
        args: &Args,
        database: &str,
        resolver: SocketAddr,
        folder: &Path,
    ) -> Result<Self> {
        let mut command = hunter(&["serve", "--listen", &args.listen, "--database", database])?;
        if let Some(redis) = &args.redis {
            command.args(["--redis", redis]);
        }
        let authentication = if args.keys { "keys" } else { "auto" };
        let settings = format!(
            "[security]\nauthentication = \"{authentication}\"\n\n[scan]\nresolvers = [\"{resolver}\"]\ntimeout_milliseconds = 300\nregistration = false\n\
             domains_per_second = 1000\n"
        );
        let file = folder.join("demo.toml");
        std::fs::write(&file, settings).context("cannot write the settings")?;
        let mut child = command
            .arg("--config")
            .arg(&file)
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start the service")?;
        let stderr = child.stderr.take().context("a pipe")?;
        let (tell, said) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                // What the service says is for whoever watches; nobody may be left to be told.
                let _ = writeln!(std::io::stderr(), "{line}");
                let _ = tell.send(line);
            }
        });
        Ok(Self { child, said })
    }

    /// Where it listens, once it does.
    pub(crate) fn address(&mut self) -> Result<String> {
        while let Ok(line) = self.said.recv_timeout(PATIENCE) {
            if let Some((_, address)) = line.split_once("listening on ") {
                return Ok(address.trim().to_owned());
            }
        }
        bail!("the service did not start")
    }

    /// Tells it to end, as whoever runs it would.
    pub(crate) fn end(mut self) -> Result<ExitCode> {
        let id = self.child.id().to_string();
        let told = Command::new("kill").arg(&id).status();
        if !told.is_ok_and(|status| status.success()) {
            self.child.kill().context("cannot end the service")?;
        }
        let status = self.child.wait()?;
        Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Until this process is told to end. Ctrl-C tells both; twice does no harm.
    pub(crate) async fn wait(self) -> Result<ExitCode> {
        told().await?;
        self.end()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Where the demonstration failed; else it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A key that may do everything.
pub(crate) fn admin_key(database: &str) -> Result<String> {
    let words = ["keys", "create", "--name", "demo", "--scope", "admin", "--per-minute", "100000"];
    let mut command = hunter(&words)?;
    let output = command.args(["--database", database]).output().context("cannot make a key")?;
    if !output.status.success() {
        bail!("cannot make a key: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Resolves when this process is asked to end: by a key, or by whoever runs it.
async fn told() -> Result<()> {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            told = interrupt => told?,
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    interrupt.await?;
    Ok(())
}

fn hunter(words: &[&str]) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("this program has no path")?);
    command.arg(PROGRAM).args(words).stdin(Stdio::null());
    Ok(command)
}
