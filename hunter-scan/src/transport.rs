//! One question to one resolver: a datagram, and a connection when the answer does not fit.
//!
//! hickory's `Resolver` follows aliases, repeats, caches and answers special names by itself, so
//! that the server, the number of tries and the chain cannot be told afterwards. This crate keeps
//! facts, so it stands on hickory's messages and sockets and does the rest itself.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use hickory_proto::op::{DnsRequest, DnsRequestOptions, Message, MessageType, Query};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::udp::UdpClientStream;
use hickory_resolver::net::xfer::{DnsRequestSender, FirstAnswer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Why one try gave no usable answer, in rising order of how much it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Failure {
    /// An answer that cannot be decoded, or that says that the question could not be.
    Malformed,
    /// The resolver cannot be reached.
    Network,
    /// No answer in time.
    Timeout,
    /// The resolver will not answer this question.
    Refused,
    /// The resolver could not find the answer.
    ServFail,
}

impl Failure {
    /// The word that stands in an observation.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Refused => "refused",
            Self::ServFail => "servfail",
        }
    }

    /// Whether the resolver itself said so.
    pub(crate) const fn is_an_answer(self) -> bool {
        matches!(self, Self::Malformed | Self::Refused | Self::ServFail)
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

/// Puts a question once. `connections` bounds how many connections are open at a time.
pub(crate) async fn ask(
    server: SocketAddr,
    query: &Query,
    limit: Duration,
    connections: &Semaphore,
) -> Result<Message, Failure> {
    let request = DnsRequest::from_query(query.clone(), DnsRequestOptions::default());
    let datagram = timeout(limit, over_udp(server, request.clone(), limit));
    let message = datagram.await.unwrap_or(Err(Failure::Timeout))?;
    if !message.metadata.truncation {
        return Ok(message);
    }
    // The semaphore is never closed; were it, there would be no bound to keep.
    let _permit = connections.acquire().await.ok();
    timeout(limit, over_tcp(server, &request)).await.unwrap_or(Err(Failure::Timeout))
}

async fn over_udp(
    server: SocketAddr,
    request: DnsRequest,
    limit: Duration,
) -> Result<Message, Failure> {
    // A stream of its own for each question: another source port each time, and nothing is sent
    // twice behind the caller's back.
    let mut stream = UdpClientStream::builder(server, TokioRuntimeProvider::default())
        .with_timeout(Some(limit))
        .with_max_retries(1)
        .build();
    let response = stream.send_message(request).first_answer().await?;
    Ok(response.into_message())
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
