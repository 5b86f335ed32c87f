//! One question to one resolver: a datagram, and a connection when the answer does not fit; or a
//! kept connection under TLS.
//!
//! hickory's `Resolver` follows aliases, repeats, caches and answers special names by itself, so
//! that the server, the number of tries and the chain cannot be told afterwards. This crate keeps
//! facts, so it stands on hickory's messages and sockets and does the rest itself.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::{DnsRequest, DnsRequestOptions, Message, MessageType, Query};
use hickory_resolver::net::NetError;
use hickory_resolver::net::h2::HttpsClientStream;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::tls::tls_exchange;
use hickory_resolver::net::xfer::{DnsExchange, DnsHandle, FirstAnswer};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, Semaphore};
use tokio::time::timeout;

use super::clock::Clock;
use super::datagrams::Datagrams;
use super::upstream::{Protocol, Resolver};

/// How many questions may be on the way to one resolver over connections. hickory loses questions
/// above 32 on one connection.
const ON_CONNECTIONS: usize = 30;

/// Why one try gave no usable answer, in rising order of how much it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Failure {
    /// An answer that cannot be decoded, or that says that the question could not be.
    Malformed,
    /// The resolver cannot be reached.
    Network,
    /// The domain's time was up before an answer came.
    Deadline,
    /// Leave to ask was not given: this program's doing, not the server's.
    Turn,
    /// No answer in time.
    Timeout,
    /// The resolver will not answer this question.
    Refused,
    /// The resolver could not find the answer.
    ServFail,
    /// One resolver says that there is nothing, another gives records.
    Disagreement,
}

impl Failure {
    /// The word that stands in an observation.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Network => "network",
            Self::Deadline => "deadline",
            Self::Turn => "waited_for_turn",
            Self::Timeout => "timeout",
            Self::Refused => "refused",
            Self::ServFail => "servfail",
            Self::Disagreement => "resolvers_disagree",
        }
    }

    /// Whether the resolver itself said so.
    pub(crate) const fn is_an_answer(self) -> bool {
        matches!(self, Self::Malformed | Self::Refused | Self::ServFail | Self::Disagreement)
    }
}

impl From<NetError> for Failure {
    fn from(error: NetError) -> Self {
        match error {
            NetError::Timeout => Self::Timeout,
            NetError::Proto(_) => Self::Malformed,
            _ => Self::Network,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData => Self::Malformed,
            io::ErrorKind::TimedOut => Self::Timeout,
            _ => Self::Network,
        }
    }
}

/// The way to one resolver.
pub(crate) struct Channel {
    addr: SocketAddr,
    datagrams: Datagrams,
    connections: Semaphore,
    encrypted: Option<Encrypted>,
}

/// A kept connection under TLS, opened when it is first needed and again when it breaks.
struct Encrypted {
    protocol: Protocol,
    tls: ClientConfig,
    /// Owns the tasks that drive the connections: where it goes, they are cut off.
    provider: TokioRuntimeProvider,
    kept: Mutex<Option<DnsExchange<TokioRuntimeProvider>>>,
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel").field("addr", &self.addr).finish_non_exhaustive()
    }
}

impl Channel {
    pub(crate) fn new(resolver: &Resolver, tls: &ClientConfig) -> Self {
        let encrypted = match &resolver.protocol {
            Protocol::Plain => None,
            protocol => Some(Encrypted {
                protocol: protocol.clone(),
                tls: tls.clone(),
                provider: TokioRuntimeProvider::default(),
                kept: Mutex::default(),
            }),
        };
        Self {
            addr: resolver.addr,
            datagrams: Datagrams::new(resolver.addr),
            connections: Semaphore::new(ON_CONNECTIONS),
            encrypted,
        }
    }

    /// Puts a question once. Neither the datagram nor the connection takes longer than `limit`, nor
    /// than what is left on the clock, which runs only while something is on the wire.
    pub(crate) async fn ask(
        &self,
        query: &Query,
        limit: Duration,
        clock: &Clock,
    ) -> Result<Message, Failure> {
        let request = DnsRequest::from_query(query.clone(), DnsRequestOptions::default());
        if let Some(encrypted) = &self.encrypted {
            let _permit = self.connections.acquire().await.ok();
            return timed(clock, limit, encrypted.ask(self.addr, request, limit)).await;
        }
        let message = timed(clock, limit, self.over_udp(&request)).await?;
        if !message.metadata.truncation {
            return Ok(message);
        }
        // The semaphore is never closed; were it, there would be no bound to keep.
        let _permit = self.connections.acquire().await.ok();
        timed(clock, limit, over_tcp(self.addr, &request)).await
    }

    async fn over_udp(&self, request: &DnsRequest) -> Result<Message, Failure> {
        let question = request.to_vec().map_err(|_| Failure::Malformed)?;
        let answer = self.datagrams.ask(question).await?;
        Message::from_vec(&answer).map_err(|_| Failure::Malformed)
    }
}

/// Lets the clock run while something is on the wire, and ends it when the time is up.
async fn timed<T>(
    clock: &Clock,
    limit: Duration,
    on_wire: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let running = clock.start().ok_or(Failure::Deadline)?;
    let ended = timeout(limit.min(running.left), on_wire).await;
    // Cut short by the domain's time, the resolver was not given its own.
    let late = if running.left < limit { Failure::Deadline } else { Failure::Timeout };
    ended.unwrap_or(Err(late))
}

impl Encrypted {
    async fn ask(
        &self,
        addr: SocketAddr,
        request: DnsRequest,
        limit: Duration,
    ) -> Result<Message, Failure> {
        let connection = {
            let mut kept = self.kept.lock().await;
            if let Some(connection) = &*kept {
                connection.clone()
            } else {
                kept.insert(self.connect(addr, limit).await?).clone()
            }
        };
        let queries = request.queries.clone();
        let answer = connection.send(request).first_answer().await;
        match answer.map(hickory_proto::op::DnsResponse::into_message) {
            Ok(message) if message.queries == queries && !message.metadata.truncation => {
                Ok(message)
            }
            Ok(_) => Err(Failure::Malformed),
            Err(error) => {
                let failure = Failure::from(error);
                if failure == Failure::Network {
                    // Whoever comes next opens a new one.
                    *self.kept.lock().await = None;
                }
                Err(failure)
            }
        }
    }

    async fn connect(
        &self,
        addr: SocketAddr,
        limit: Duration,
    ) -> Result<DnsExchange<TokioRuntimeProvider>, Failure> {
        let provider = self.provider.clone();
        let opened = match &self.protocol {
            Protocol::Https { name, path } => {
                let tls = Arc::new(self.tls.clone());
                let mut builder = HttpsClientStream::builder(tls, provider);
                builder.request_timeout(limit);
                builder.exchange(addr, name.as_str().into(), path.as_str().into()).await
            }
            Protocol::Plain => return Err(Failure::Network),
            Protocol::Tls { name } => {
                let name = ServerName::try_from(name.clone()).map_err(|_| Failure::Network)?;
                tls_exchange(addr, name, self.tls.clone(), limit, None, provider).await
            }
        };
        opened.map_err(Failure::from)
    }
}

async fn over_tcp(server: SocketAddr, request: &DnsRequest) -> Result<Message, Failure> {
    let bytes = request.to_vec().map_err(|_| Failure::Malformed)?;
    let length = u16::try_from(bytes.len()).map_err(|_| Failure::Malformed)?;
    let mut framed = length.to_be_bytes().to_vec();
    framed.extend_from_slice(&bytes);

    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(&framed).await?;
    let mut answer = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut answer).await?;

    let message = Message::from_vec(&answer).map_err(|_| Failure::Malformed)?;
    let ours = message.metadata.id == request.metadata.id
        && message.metadata.message_type == MessageType::Response
        && message.queries == request.queries
        && !message.metadata.truncation;
    if ours { Ok(message) } else { Err(Failure::Malformed) }
}
