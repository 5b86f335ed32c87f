//! Starts the program, asks it over its socket, and ends it.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

/// The program without the settings of whoever runs the tests, in a folder of its own.
pub(crate) fn hunter(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hunter"));
    let own =
        |name: &str| name.starts_with("HUNTER_") || matches!(name, "DATABASE_URL" | "REDIS_URL");
    for (name, _) in std::env::vars().filter(|(name, _)| own(name)) {
        command.env_remove(name);
    }
    command
        .current_dir(folder)
        .env("HOME", folder)
        .env("XDG_DATA_HOME", folder)
        .env("HUNTER_SCAN_RESOLVERS", "127.0.0.1:9")
        .env("HUNTER_SCAN_CHECK_RESOLVERS", "false")
        .env("HUNTER_SCAN_REGISTRATION", "false")
        .stdin(Stdio::null());
    command
}

/// What a command that ends by itself said.
pub(crate) fn output(command: &mut Command) -> Output {
    command.output().expect("the program starts")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An address that nobody listens on.
pub(crate) fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}

/// A program that runs until it is told to end.
pub(crate) struct Running {
    child: Child,
    address: SocketAddr,
}

impl Running {
    /// Starts `hunter serve` and waits until it listens.
    pub(crate) fn serve(command: &mut Command) -> Self {
        let child = command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn();
        let mut child = child.expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let address = loop {
            let line = lines.next().expect("it says where it listens").expect("text");
            if let Some(address) = line.strip_prefix("hunter: listening on http://") {
                break address.parse().expect("an address");
            }
        };
        // What it says from now on must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// Starts another command that listens at an address, and waits until it does.
    pub(crate) fn listening(command: &mut Command, address: SocketAddr) -> Self {
        let child = command.stderr(Stdio::null()).stdout(Stdio::null()).spawn();
        let child = child.expect("the program starts");
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(begun.elapsed() < Duration::from_mins(1), "it does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { child, address }
    }

    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
        self.ask("GET", path, headers, "")
    }

    /// One request over a connection of its own.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (u16, String) {
        let mut stream = TcpStream::connect(self.address).expect("it listens");
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        request.push_str("\r\n");
        request.push_str(body);
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        (status.expect("a status"), body.unwrap_or_default())
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Tells it to end, as systemd does, and waits for it.
    pub(crate) fn end(mut self) -> ExitStatus {
        self.terminate();
        self.child.wait().expect("it ends")
    }

    pub(crate) fn terminate(&self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.expect("kill").success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that ended is none to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A SQLite database in a folder, as the setting names it.
pub(crate) fn sqlite(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("hunter.db").display())
}

/// A file with a text.
pub(crate) fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    path
}
