//! Builds the server, runs it, and stops it when it is dropped.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use hickory_proto::rr::{LowerName, Name};
use hickory_server::server::Server;
#[cfg(feature = "encrypted")]
use rustls::server::ResolvesServerCert;
use tokio::net::{TcpListener, UdpSocket};

use crate::error::NameServerError;
use crate::fault::{self, Fault, Rule};
use crate::handler::{Handler, Query, State};

/// How long a TCP connection may stand idle.
const TCP_IDLE: Duration = Duration::from_secs(5);
/// Answers that may wait on one TCP connection.
const TCP_BACKLOG: usize = 64;
/// How often another port is tried when UDP finds TCP's taken.
const PORT_TRIES: usize = 16;
/// The fault file of a folder.
const FAULT_FILE: &str = "faults.txt";

/// The name server; start with [`NameServer::builder`].
#[derive(Debug, Clone, Copy)]
pub struct NameServer;

impl NameServer {
    /// A server without zones and faults.
    pub fn builder() -> Builder {
        Builder {
            state: State::default(),
            texts: 0,
            problem: None,
            #[cfg(feature = "encrypted")]
            certificate: None,
        }
    }
}

/// Collects zones and faults. The first problem is kept, and told by [`Builder::spawn`].
#[derive(Debug)]
pub struct Builder {
    state: State,
    texts: usize,
    problem: Option<NameServerError>,
    #[cfg(feature = "encrypted")]
    certificate: Option<Arc<dyn ResolvesServerCert>>,
}

impl Builder {
    /// Adds the records of a zone file's text. Without `$ORIGIN`, names are relative to the root.
    #[must_use]
    pub fn zone_text(mut self, text: &str) -> Self {
        self.texts += 1;
        let origin = format!("zone text {}", self.texts);
        self.add_zone(origin, text);
        self
    }

    /// Adds a text record of any bytes: one string a slice, at most 255 bytes each.
    #[must_use]
    pub fn txt_bytes(mut self, name: &str, strings: &[&[u8]]) -> Self {
        let strings: Vec<Vec<u8>> = strings.iter().map(|string| string.to_vec()).collect();
        if let Err(problem) = self.state.zone.add_txt(name, &strings) {
            self.keep(NameServerError::Zone { origin: name.to_owned(), problem });
        }
        self
    }

    /// Makes a question fail. `*.name` stands for every name below `name`, no type for every type.
    ///
    /// [`Fault::Slow`] adds up and joins with another fault; of others the first rule counts.
    #[must_use]
    pub fn fault(mut self, name: &str, record_type: Option<&str>, fault: Fault) -> Self {
        match Rule::new(name, record_type, fault) {
            Ok(rule) => self.state.rules.push(rule),
            Err(problem) => self.keep(problem),
        }
        self
    }

    /// Adds a fault file's text: one `name type fault` a line, `#` starts a comment. A fault is
    /// `timeout`, `servfail`, `refused`, `formerr`, `notimp`, `nxdomain`, `nodata`, `lame`,
    /// `truncate`, `stall`, `cname_loop`, `lose TIMES` or `slow MS`; see [`Fault`]. The type `*`
    /// stands for every type, and `*.name` for every name below.
    #[must_use]
    pub fn faults_text(mut self, text: &str) -> Self {
        match fault::parse(text) {
            Ok(rules) => self.state.rules.extend(rules),
            Err(problem) => self.keep(problem),
        }
        self
    }

    /// Adds every `*.zone` file of a folder, in the order of their names, and its `faults.txt` if
    /// there is one.
    #[must_use]
    pub fn folder(mut self, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        match zone_files(path) {
            Ok(files) => {
                for (file, text) in files {
                    self.add_zone(file.display().to_string(), &text);
                }
            }
            Err(problem) => self.keep(problem),
        }
        let file = path.join(FAULT_FILE);
        match fs::read_to_string(&file) {
            Ok(text) => self = self.faults_text(&text),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(source) => self.keep(NameServerError::File { path: file, source }),
        }
        self
    }

    fn add_zone(&mut self, origin: String, text: &str) {
        if let Err(problem) = self.state.zone.add_text(text) {
            self.keep(NameServerError::Zone { origin, problem });
        }
    }

    fn keep(&mut self, problem: NameServerError) {
        self.problem.get_or_insert(problem);
    }

    /// Serves over TLS (RFC 7858) and HTTPS (RFC 8484, under `/dns-query`) too, with this
    /// certificate, each on a port of its own.
    #[cfg(feature = "encrypted")]
    #[must_use]
    pub fn certificate(mut self, certificate: Arc<dyn ResolvesServerCert>) -> Self {
        self.certificate = Some(certificate);
        self
    }

    /// Binds a free loopback port and serves on it, over UDP and TCP.
    ///
    /// # Errors
    /// The first problem with a zone or a fault, or [`NameServerError::Bind`].
    pub async fn spawn(self) -> Result<Running, NameServerError> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let (tcp, udp) = bind().await.map_err(NameServerError::Bind)?;
        let addr = tcp.local_addr().map_err(NameServerError::Bind)?;
        let state = Arc::new(self.state);
        let mut server = Server::new(Handler(Arc::clone(&state)));
        server.register_socket(udp);
        server.register_listener(tcp, TCP_IDLE, TCP_BACKLOG);
        #[cfg(feature = "encrypted")]
        let (tls, https) = match self.certificate {
            Some(certificate) => {
                let (tls, https) = encrypt(&mut server, certificate).await?;
                (Some(tls), Some(https))
            }
            None => (None, None),
        };
        Ok(Running {
            addr,
            #[cfg(feature = "encrypted")]
            tls,
            #[cfg(feature = "encrypted")]
            https,
            state,
            _server: server,
        })
    }
}

/// A running server. It stops when this is dropped.
pub struct Running {
    addr: SocketAddr,
    #[cfg(feature = "encrypted")]
    tls: Option<SocketAddr>,
    #[cfg(feature = "encrypted")]
    https: Option<SocketAddr>,
    state: Arc<State>,
    /// Dropping it ends the server's tasks.
    _server: Server<Handler>,
}

impl Running {
    /// The address served, the same for UDP and TCP.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The address served over TLS, where there is a certificate.
    #[cfg(feature = "encrypted")]
    pub fn tls_addr(&self) -> Option<SocketAddr> {
        self.tls
    }

    /// The address served over HTTPS, where there is a certificate.
    #[cfg(feature = "encrypted")]
    pub fn https_addr(&self) -> Option<SocketAddr> {
        self.https
    }

    /// Every question so far, in the order received.
    pub fn queries(&self) -> Vec<Query> {
        self.state.queries()
    }

    /// Whether a zone holds the name, or a name below it. A name that cannot be read is in no zone.
    pub fn holds(&self, name: &str) -> bool {
        Name::from_ascii(name).is_ok_and(|mut name| {
            name.set_fqdn(true);
            self.state.zone.contains(&LowerName::new(&name))
        })
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").field("addr", &self.addr).finish_non_exhaustive()
    }
}

/// One port, free for both TCP and UDP.
async fn bind() -> io::Result<(TcpListener, UdpSocket)> {
    let mut tries = PORT_TRIES;
    loop {
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        match UdpSocket::bind(tcp.local_addr()?).await {
            Ok(udp) => return Ok((tcp, udp)),
            Err(e) if e.kind() == io::ErrorKind::AddrInUse && tries > 1 => tries -= 1,
            Err(e) => return Err(e),
        }
    }
}

/// Serves over TLS and HTTPS on two more ports.
#[cfg(feature = "encrypted")]
async fn encrypt(
    server: &mut Server<Handler>,
    certificate: Arc<dyn ResolvesServerCert>,
) -> Result<(SocketAddr, SocketAddr), NameServerError> {
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let tls = bind().await.map_err(NameServerError::Bind)?;
    let https = bind().await.map_err(NameServerError::Bind)?;
    let addr = |listener: &TcpListener| listener.local_addr().map_err(NameServerError::Bind);
    let addrs = (addr(&tls)?, addr(&https)?);
    let path = "/dns-query".to_owned();
    server
        .register_tls_listener(tls, TCP_IDLE, Arc::clone(&certificate))
        .and_then(|()| server.register_https_listener(https, TCP_IDLE, certificate, None, path))
        .map_err(NameServerError::Bind)?;
    Ok(addrs)
}

fn zone_files(folder: &Path) -> Result<Vec<(PathBuf, String)>, NameServerError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |source| NameServerError::File { path, source }
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail(folder))? {
        let path = entry.map_err(fail(folder))?.path();
        if path.extension().is_some_and(|extension| extension == "zone") {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        let source = io::Error::new(io::ErrorKind::NotFound, "no `*.zone` file in the folder");
        return Err(fail(folder)(source));
    }
    paths
        .into_iter()
        .map(|path| match fs::read_to_string(&path) {
            Ok(text) => Ok((path, text)),
            Err(source) => Err(NameServerError::File { path, source }),
        })
        .collect()
}
