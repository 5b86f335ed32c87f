//! A relay that spoils answers on their way, in ways that no name server would offer.

use std::net::SocketAddr;

use hickory_proto::op::{Message, Query};
use hickory_proto::rr::Name;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinHandle;

/// How an answer is spoilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoil {
    /// It carries another id, as forged ones do.
    WrongId,
    /// It repeats another question, as forged ones do.
    WrongQuestion,
    /// Its head stands, what follows is noise.
    Garbage,
    /// It ends in the middle.
    Short,
    /// The datagram is truncated, and the connection ends in the middle of the answer.
    Cut,
    /// The datagram is truncated, and the answer on the connection carries another id.
    WrongIdOverTcp,
}

/// The relay. It ends when this is dropped.
pub(crate) struct Relay {
    pub(crate) addr: SocketAddr,
    tasks: [JoinHandle<()>; 2],
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Passes everything on to `behind`, and spoils the answers to one question.
pub(crate) async fn relay(behind: SocketAddr, name: &str, of_type: &str, spoil: Spoil) -> Relay {
    let mut name = Name::from_ascii(name).expect("a name");
    name.set_fqdn(true);
    let question = Query::query(name, of_type.parse().expect("a type"));
    let (udp, tcp) = loop {
        let tcp = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        // Another program may hold the port for datagrams.
        if let Ok(udp) = UdpSocket::bind(tcp.local_addr().expect("bound")).await {
            break (udp, tcp);
        }
    };
    let addr = udp.local_addr().expect("bound");
    let datagrams = tokio::spawn(datagrams(udp, behind, question.clone(), spoil));
    let connections = tokio::spawn(connections(tcp, behind, question, spoil));
    Relay { addr, tasks: [datagrams, connections] }
}

async fn datagrams(front: UdpSocket, behind: SocketAddr, question: Query, spoil: Spoil) {
    let front = std::sync::Arc::new(front);
    let mut buffer = [0; 4096];
    while let Ok((length, from)) = front.recv_from(&mut buffer).await {
        let (asked, front) = (buffer[..length].to_vec(), front.clone());
        let spoil = is_about(&asked, &question).then_some(spoil);
        tokio::spawn(async move {
            let back = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
            back.send_to(&asked, behind).await.expect("sent");
            let mut buffer = [0; 4096];
            let (length, _) = back.recv_from(&mut buffer).await.expect("answered");
            let mut answer = buffer[..length].to_vec();
            match spoil {
                Some(Spoil::WrongId) => answer[0] ^= 0xff,
                // The first letter of the first label.
                Some(Spoil::WrongQuestion) => answer[13] = b'z',
                Some(Spoil::Garbage) => answer[12..].fill(0xff),
                Some(Spoil::Short) => answer.truncate(answer.len() - 5),
                Some(Spoil::Cut | Spoil::WrongIdOverTcp) => answer = truncated(&answer),
                None => {}
            }
            // Whoever has left needs no answer.
            let _ = front.send_to(&answer, from).await;
        });
    }
}

async fn connections(front: TcpListener, behind: SocketAddr, question: Query, spoil: Spoil) {
    while let Ok((mut stream, _)) = front.accept().await {
        let question = question.clone();
        tokio::spawn(async move {
            let asked = read(&mut stream).await;
            let mut back = TcpStream::connect(behind).await.expect("a server behind");
            back.write_all(&framed(&asked)).await.expect("sent");
            let mut answer = framed(&read(&mut back).await);
            if is_about(&asked, &question) {
                match spoil {
                    Spoil::Cut => answer.truncate(answer.len() / 2),
                    Spoil::WrongIdOverTcp => answer[2] ^= 0xff,
                    _ => {}
                }
            }
            let _ = stream.write_all(&answer).await;
        });
    }
}

fn is_about(asked: &[u8], question: &Query) -> bool {
    let asked = Message::from_vec(asked).expect("a question");
    asked
        .queries
        .iter()
        .any(|query| query.name == question.name && query.query_type() == question.query_type())
}

/// An answer without records and with the truncation bit.
fn truncated(answer: &[u8]) -> Vec<u8> {
    let mut message = Message::from_vec(answer).expect("an answer");
    message.answers.clear();
    message.authorities.clear();
    message.metadata.truncation = true;
    message.to_vec().expect("an answer")
}

fn framed(message: &[u8]) -> Vec<u8> {
    let length = u16::try_from(message.len()).expect("a message fits");
    [&length.to_be_bytes(), message].concat()
}

async fn read(stream: &mut TcpStream) -> Vec<u8> {
    let length = stream.read_u16().await.expect("a length");
    let mut message = vec![0; usize::from(length)];
    stream.read_exact(&mut message).await.expect("a message");
    message
}
