//! Servers of a test's own, which it may kill. Each panics where it cannot do what it is for: a test
//! without its server has failed.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The password in addresses of [`Postgres`]. The server asks for none; whoever is told one must keep it
/// to himself.
pub const PASSWORD: &str = "gizli-parola";

fn free_port() -> u16 {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    free.local_addr().expect("bound").port()
}

fn run(mut command: Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {text}");
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("`id` is everywhere");
    id.stdout.trim_ascii() == b"0"
}

/// A PostgreSQL server whose commits reach the disk.
pub struct Postgres {
    programs: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
}

impl Postgres {
    /// Makes a server in a folder of its own, and starts it.
    pub fn start() -> Self {
        let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL 15 or newer");
        let newest = versions.filter_map(|entry| {
            let path = entry.ok()?.path();
            let version: u32 = path.file_name()?.to_str()?.parse().ok()?;
            path.join("bin/initdb").is_file().then_some((version, path))
        });
        let (_, path) = newest.max().expect("PostgreSQL 15 or newer");
        let folder = tempfile::tempdir().expect("a folder");
        let server = Self { programs: path.join("bin"), folder, port: free_port() };
        if is_root() {
            let mut own = Command::new("chown");
            own.arg("postgres").arg(server.folder.path());
            run(own);
        }
        let mut make = server.command("initdb");
        make.args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=hunter"]);
        make.args(["--no-sync", "--pgdata"]).arg(server.data());
        run(make);
        server.start_again();
        server
    }

    /// Starts it after a crash, on the same port.
    pub fn start_again(&self) {
        let folder = self.folder.path().display();
        let mut start = self.command("pg_ctl");
        start.args(["start", "--silent", "--wait", "--timeout=60", "--pgdata"]).arg(self.data());
        start.arg("--log").arg(self.folder.path().join("log")).arg("--options").arg(format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} \
             -c deadlock_timeout=100ms",
            self.port
        ));
        // Its output goes to the log; a pipe would be held open by the server.
        start.stdout(Stdio::null()).stderr(Stdio::null());
        assert!(start.status().expect("pg_ctl").success(), "PostgreSQL does not start");
    }

    /// Stops it at once, as a crash does: connections break, and it recovers from its log.
    pub fn crash(&self) {
        let mut stop = self.command("pg_ctl");
        stop.args(["stop", "--silent", "--wait", "--mode=immediate", "--pgdata"]).arg(self.data());
        run(stop);
    }

    /// The database that every server has.
    pub fn url(&self) -> String {
        format!("postgres://hunter:{PASSWORD}@127.0.0.1:{}/postgres", self.port)
    }

    /// What it wrote to its log.
    pub fn log(&self) -> String {
        let log = std::fs::read(self.folder.path().join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// What one statement answers, by its own program, beside whoever else is connected.
    pub fn ask(&self, sql: &str) -> String {
        let mut ask = self.command("psql");
        ask.args(["--no-psqlrc", "--tuples-only", "--no-align", "--command", sql]).arg(self.url());
        let output = ask.output().expect("psql comes with PostgreSQL");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{sql}: {text}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// PostgreSQL refuses to run as root.
    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = self.command("pg_ctl");
        stop.args(["stop", "--silent", "--mode=immediate", "--pgdata"]).arg(self.data());
        // It may be stopped already.
        let _ = stop.output();
    }
}

/// A Redis server that keeps nothing.
pub struct Redis {
    port: u16,
    child: Option<Child>,
}

impl Redis {
    /// Starts one on a free port.
    pub fn start() -> Self {
        let mut server = Self { port: free_port(), child: None };
        server.start_again();
        server
    }

    /// Starts it after it was killed, on the same port.
    pub fn start_again(&mut self) {
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &self.port.to_string(), "--save", ""])
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server must be installed (Debian: apt-get install redis-server)");
        self.child = Some(child);
        let begun = Instant::now();
        let answers = || {
            let stream = TcpStream::connect(("127.0.0.1", self.port));
            stream.and_then(|mut stream| stream.write_all(b"PING\r\n")).is_ok()
        };
        while !answers() {
            assert!(begun.elapsed() < Duration::from_secs(10), "redis-server does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("a child of this test");
            child.wait().expect("a child of this test");
        }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A small disk of its own, in memory.
pub struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    /// A disk of this size; it takes root to mount one.
    pub fn new(megabytes: u32) -> Self {
        let disk = Self { folder: tempfile::tempdir().expect("a folder") };
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"]);
        mount.arg(disk.folder.path());
        run(mount);
        disk
    }

    /// Where it is mounted.
    pub fn path(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Gives it another size.
    pub fn resize(&self, megabytes: u32) {
        let mut mount = Command::new("mount");
        mount.args(["-o", &format!("remount,size={megabytes}m")]).arg(self.folder.path());
        run(mount);
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // What is left goes with the machine.
        let _ = Command::new("umount").arg("--lazy").arg(self.folder.path()).output();
    }
}
