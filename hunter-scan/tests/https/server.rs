//! A TLS server on a free loopback port. It speaks just enough HTTP/1.1 to answer, and to break off.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::BoxFuture;
use hunter_scan::web::{Lookup, LookupError, WebConfig};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{ServerConfig, crypto, pki_types::PrivateKeyDer};

/// What the server does with one request.
#[derive(Clone)]
pub(crate) enum Does {
    /// Answers with a status, further header lines, and a body.
    Answers(u16, Vec<String>, Vec<u8>),
    /// Takes the request and says nothing.
    Stalls,
    /// Promises a body, sends half of it, and says nothing more.
    StallsInside,
    /// Sends a body without end.
    NeverEnds,
    /// Sends these bytes in place of HTTP, and closes.
    Sends(&'static [u8]),
}

impl Does {
    pub(crate) fn json(body: &str) -> Self {
        Self::Answers(200, vec!["content-type: application/json".into()], body.into())
    }

    pub(crate) fn status(status: u16) -> Self {
        Self::Answers(status, Vec::new(), b"{}".to_vec())
    }

    pub(crate) fn redirects(status: u16, to: &str) -> Self {
        Self::Answers(status, vec![format!("location: {to}")], Vec::new())
    }
}

/// One request as it came: the host and the target.
pub(crate) type Seen = (String, String);

type Plan = Box<dyn Fn(&str, usize) -> Does + Send + Sync>;

pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    /// The certificate of the authority, DER.
    pub(crate) root: Vec<u8>,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: AbortHandle,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// A server with a certificate for these names, which answers a target and the number of
    /// requests before it by `plan`.
    pub(crate) async fn start(
        names: &[&str],
        plan: impl Fn(&str, usize) -> Does + Send + Sync + 'static,
    ) -> Self {
        let authority_key = KeyPair::generate().expect("a key");
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = authority.self_signed(&authority_key).expect("a root").der().to_vec();
        let issuer = Issuer::new(authority, authority_key);

        let key = KeyPair::generate().expect("a key");
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let leaf = CertificateParams::new(names).expect("names").signed_by(&key, &issuer);
        let chain = vec![leaf.expect("a certificate").der().clone()];
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let tls = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .expect("a key that fits");

        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("an address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let task =
            tokio::spawn(accept(listener, acceptor, Arc::new(Box::new(plan)), Arc::clone(&seen)));
        Self { addr, root, seen, task: task.abort_handle() }
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no panic").clone()
    }

    /// Settings under which this server may be called.
    pub(crate) fn config(&self) -> WebConfig {
        WebConfig {
            timeout: Duration::from_secs(5),
            allow: vec![self.addr],
            roots: vec![self.root.clone()],
            ..WebConfig::default()
        }
    }

    /// A URL of this server under one of its names.
    pub(crate) fn url(&self, host: &str, target: &str) -> String {
        format!("https://{host}:{}{target}", self.addr.port())
    }
}

async fn accept(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    plan: Arc<Plan>,
    seen: Arc<Mutex<Vec<Seen>>>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, plan, seen) = (acceptor.clone(), Arc::clone(&plan), Arc::clone(&seen));
        // A client that refuses the certificate or closes early ends only its own connection.
        tokio::spawn(async move { serve(stream, acceptor, &plan, &seen).await });
    }
}

/// One request a connection.
async fn serve(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    plan: &Plan,
    seen: &Mutex<Vec<Seen>>,
) -> std::io::Result<()> {
    let mut stream = acceptor.accept(stream).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let before = {
        let mut seen = seen.lock().expect("no panic");
        seen.push((host.to_owned(), target.clone()));
        seen.len() - 1
    };
    match plan(&target, before) {
        Does::Answers(status, headers, body) => {
            let length = body.len();
            let more = headers.iter().fold(String::new(), |all, line| all + line + "\r\n");
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{more}\r\n"
            );
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&body).await?;
        }
        Does::Stalls => std::future::pending::<()>().await,
        Does::StallsInside => {
            stream.write_all(b"HTTP/1.1 200 X\r\ncontent-length: 8\r\n\r\nhalf").await?;
            stream.flush().await?;
            std::future::pending::<()>().await;
        }
        Does::NeverEnds => {
            stream.write_all(b"HTTP/1.1 200 X\r\n\r\n").await?;
            loop {
                stream.write_all(&[b'x'; 4096]).await?;
            }
        }
        Does::Sends(bytes) => stream.write_all(bytes).await?,
    }
    stream.shutdown().await
}

type Turn = Result<Vec<IpAddr>, LookupError>;

/// Names and the addresses that each look-up of them gives, in turn; the last one stays.
#[derive(Default)]
pub(crate) struct Names(Mutex<HashMap<String, Vec<Turn>>>);

impl Names {
    /// All of these names stand on the loopback address.
    pub(crate) fn local(names: &[&str]) -> Self {
        names.iter().fold(Self::default(), |names, name| names.with(name, &[&["127.0.0.1"]]))
    }

    pub(crate) fn with(self, name: &str, turns: &[&[&str]]) -> Self {
        let turns = turns.iter().map(|addresses| {
            Ok(addresses.iter().map(|ip| ip.parse().expect("an address")).collect())
        });
        self.set(name, turns.collect())
    }

    pub(crate) fn failing(self, name: &str, error: LookupError) -> Self {
        self.set(name, vec![Err(error)])
    }

    fn set(self, name: &str, turns: Vec<Turn>) -> Self {
        self.0.lock().expect("no panic").insert(name.to_owned(), turns);
        self
    }
}

impl Lookup for Names {
    fn addresses<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
        let mut names = self.0.lock().expect("no panic");
        let found = match names.get_mut(host) {
            Some(turns) if turns.len() > 1 => turns.remove(0),
            Some(turns) => turns[0].clone(),
            None => Err(LookupError::Failed("not in the test's list".into())),
        };
        Box::pin(std::future::ready(found))
    }
}
