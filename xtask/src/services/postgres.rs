//! A PostgreSQL server of the tests' own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Durability, Folder, free_port, packages, wait_for};
use crate::process;

/// The account that the server runs under when this program runs as root, which PostgreSQL refuses.
const ACCOUNT: &str = "postgres";

pub(super) struct Postgres {
    programs: PathBuf,
    folder: Folder,
    port: u16,
}

impl Postgres {
    pub(super) fn start(durability: Durability) -> Result<Self, String> {
        let programs = packages::postgres_programs()
            .ok_or("no PostgreSQL of version 15 or newer below /usr/lib/postgresql")?;
        let folder = Folder::new("postgres")?;
        if is_root() {
            let mut own = Command::new("chown");
            own.arg(ACCOUNT).arg(&folder.0);
            process::run(own)?;
        }
        // The value exists before the server does, so that a failed start is cleared away too.
        let server = Self { programs, folder, port: free_port()? };
        let mut make = server.command("initdb");
        make.args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=hunter"]);
        make.args(["--no-sync", "--pgdata"]).arg(server.data());
        process::run(quiet(make))?;
        let mut start = server.command("pg_ctl");
        start.args(["start", "--silent", "--wait", "--timeout=60", "--pgdata"]);
        start.arg(server.data()).arg("--log").arg(server.folder.0.join("log"));
        start.arg("--options").arg(server.options(durability));
        process::run(quiet(start))
            .map_err(|error| format!("{error}\n{}", server.log().trim_end()))?;
        wait_for("PostgreSQL", || server.answers())?;
        Ok(server)
    }

    pub(super) fn url(&self) -> String {
        format!("postgres://hunter@127.0.0.1:{}/postgres", self.port)
    }

    fn options(&self, durability: Durability) -> String {
        let folder = self.folder.0.display();
        let mut options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} \
             -c max_connections=300 -c shared_buffers=256MB",
            self.port
        );
        if durability == Durability::Fast {
            options.push_str(" -c fsync=off -c synchronous_commit=off -c full_page_writes=off");
        }
        options
    }

    fn answers(&self) -> bool {
        let mut ask = self.command("pg_isready");
        ask.args(["--quiet", "--host=127.0.0.1", "--port"]).arg(self.port.to_string());
        ask.status().is_ok_and(|status| status.success())
    }

    fn data(&self) -> PathBuf {
        self.folder.0.join("data")
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.0.join("log")).unwrap_or_default()
    }

    fn command(&self, program: &str) -> Command {
        as_account(&self.programs.join(program), &self.folder.0)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = self.command("pg_ctl");
        stop.args(["stop", "--silent", "--mode=immediate", "--pgdata"]).arg(self.data());
        // A server that never came up cannot be stopped, and need not be.
        let _ = process::run(quiet(stop));
    }
}

fn as_account(program: &Path, folder: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.arg(format!("--reuid={ACCOUNT}")).arg(format!("--regid={ACCOUNT}"));
        command.arg("--init-groups").arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(folder);
    command
}

fn quiet(mut command: Command) -> Command {
    command.stdout(Stdio::null());
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
