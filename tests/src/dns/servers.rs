//! NSD and Unbound, started on free ports for as long as a value lives.

use std::fmt::Write as _;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long a server may take to load its zones.
const PATIENCE: Duration = Duration::from_mins(2);

/// A running server.
#[derive(Debug)]
pub struct Server {
    addr: SocketAddr,
    program: &'static str,
    child: Option<Child>,
    folder: PathBuf,
}

impl Server {
    /// NSD with these zones: the apex, and the text of the master file.
    pub fn nsd(zones: &[(String, String)]) -> Self {
        let (folder, port) = (folder("nsd"), free_port());
        let mut config = format!(
            "server:\n  ip-address: 127.0.0.1@{port}\n  port: {port}\n  username: \"\"\n  chroot: \"\"\n  \
             database: \"\"\n  zonesdir: \"{0}\"\n  zonelistfile: \"{0}/zone.list\"\n  \
             pidfile: \"{0}/nsd.pid\"\n  xfrdfile: \"{0}/xfrd.state\"\n  xfrdir: \"{0}\"\n  \
             logfile: \"{0}/nsd.log\"\n  server-count: 1\n  tcp-count: 500\n  rrl-ratelimit: 0\n  \
             rrl-whitelist-ratelimit: 0\n  minimal-responses: yes\n  send-buffer-size: 4194304\n  \
             receive-buffer-size: 4194304\nremote-control:\n  control-enable: no\n",
            folder.display()
        );
        for (n, (apex, text)) in zones.iter().enumerate() {
            let file = format!("{n}.zone");
            write(&folder.join(&file), text);
            let name = if apex.is_empty() { "." } else { apex };
            writeln!(config, "zone:\n  name: \"{name}\"\n  zonefile: \"{file}\"")
                .expect("a string");
        }
        Self::start("nsd", folder, port, &config, &["-d", "-c"])
    }

    /// Unbound, which asks `authority` for everything; zones other than the root are named, because
    /// a delegation cannot say a port.
    pub fn unbound(authority: SocketAddr, zones: &[String]) -> Self {
        let (folder, port) = (folder("unbound"), free_port());
        let mut config = format!(
            "server:\n  interface: 127.0.0.1@{port}\n  port: {port}\n  username: \"\"\n  chroot: \"\"\n  \
             directory: \"{0}\"\n  pidfile: \"{0}/unbound.pid\"\n  logfile: \"{0}/unbound.log\"\n  \
             use-syslog: no\n  do-daemonize: no\n  access-control: 127.0.0.0/8 allow\n  \
             do-not-query-localhost: no\n  do-ip6: no\n  module-config: \"iterator\"\n  num-threads: 1\n  \
             num-queries-per-thread: 4096\n  outgoing-range: 8192\n  incoming-num-tcp: 200\n  \
             msg-cache-size: 64m\n  rrset-cache-size: 128m\n  so-rcvbuf: 0\n  \
             unblock-lan-zones: yes\n  target-fetch-policy: \"0 0 0 0 0\"\n  \
             trust-anchor-file: \"\"\nremote-control:\n  control-enable: no\n",
            folder.display()
        );
        // Names that a resolver answers by itself (RFC 6761); here the zone alone says what is.
        for special in ["localhost", "invalid", "test", "onion"] {
            writeln!(config, "server:\n  local-zone: \"{special}.\" nodefault").expect("a string");
        }
        for zone in std::iter::once(".").chain(zones.iter().map(String::as_str)) {
            writeln!(
                config,
                "stub-zone:\n  name: \"{zone}\"\n  stub-addr: {}@{}\n  stub-prime: no\n  \
                 stub-no-cache: no",
                authority.ip(),
                authority.port()
            )
            .expect("a string");
        }
        Self::start("unbound", folder, port, &config, &["-d", "-c"])
    }

    fn start(
        program: &'static str,
        folder: PathBuf,
        port: u16,
        config: &str,
        args: &[&str],
    ) -> Self {
        let file = folder.join("server.conf");
        write(&file, config);
        let errors = fs::File::create(folder.join("stderr")).expect("a writable folder");
        let child = Command::new(program_file(program))
            .args(args)
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(errors)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("`{program}` does not start: {error}: `cargo xtask test` installs it")
            });
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        // The value exists before the server answers, so that a failed start is cleared away too.
        let mut server = Self { addr, program, child: Some(child), folder };
        server.wait();
        server
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Its process, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Ends it at once; its port stays silent.
    pub fn kill(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        // NSD is several processes; the first one ends the others when it is asked to end.
        let asked = Command::new("kill").arg(child.id().to_string()).status();
        let end = Instant::now() + Duration::from_secs(5);
        while asked.is_ok() && Instant::now() < end {
            if child.try_wait().is_ok_and(|ended| ended.is_some()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Waits until a question is answered.
    fn wait(&mut self) {
        let end = Instant::now() + PATIENCE;
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
        socket.set_read_timeout(Some(Duration::from_millis(100))).expect("a time-out");
        // The name server of the root, without recursion being needed.
        let question = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1];
        let mut buffer = [0; 2048];
        loop {
            let sent = socket.send_to(&question, self.addr).is_ok();
            if sent && socket.recv_from(&mut buffer).is_ok_and(|(length, _)| length > 12) {
                return;
            }
            let ended =
                self.child.as_mut().is_none_or(|child| !matches!(child.try_wait(), Ok(None)));
            assert!(
                !ended && Instant::now() < end,
                "{} does not answer:\n{}",
                self.program,
                self.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn log(&self) -> String {
        let read = |file: String| fs::read_to_string(self.folder.join(file)).unwrap_or_default();
        let all = read(format!("{}.log", self.program)) + &read("stderr".into());
        all.lines().rev().take(20).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        // What is left in the system's temporary folder does no harm.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The program's file: distributions install servers where a user's search path does not lead.
fn program_file(program: &str) -> PathBuf {
    let there = Path::new("/usr/sbin").join(program);
    if there.is_file() { there } else { PathBuf::from(program) }
}

fn folder(word: &str) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder =
        std::env::temp_dir().join(format!("hunter-{word}-{}-{number}", std::process::id()));
    fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// A port that is free for datagrams and connections now.
fn free_port() -> u16 {
    loop {
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let addr = tcp.local_addr().expect("bound");
        if UdpSocket::bind(addr).is_ok() {
            return addr.port();
        }
    }
}
