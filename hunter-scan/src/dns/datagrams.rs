//! Sockets that questions to one resolver share, so that silence costs memory and no socket.
//!
//! A question is told from the others on its socket by its id, and an answer is taken only from
//! the resolver's address, with that id and that question (RFC 5452 §4). Ports are picked by the
//! system at random; while there is little to ask each question has its own, and a port carries
//! only so many questions before another takes its place (§4.5, §10).

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hickory_proto::op::Message;
use tokio::net::UdpSocket;
use tokio::runtime::{Handle, Id};
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

/// Sockets that take new questions, before they are shared.
const TAKING: usize = 16;
/// Sockets in all: beside those that take questions, some that wait for their last answers.
const OPEN: usize = 64;
/// Questions that one port carries in its life.
const CARRIED: usize = 512;
/// The longest datagram that is read; longer answers are truncated by the server (RFC 6891 §6.2.5).
const LONGEST: usize = 4096;
/// What stands before the question (RFC 1035 §4.1.1).
const HEAD: usize = 12;

/// The sockets to one resolver.
#[derive(Debug)]
pub(crate) struct Datagrams {
    server: SocketAddr,
    pool: Mutex<Pool>,
}

#[derive(Debug, Default)]
struct Pool {
    open: Vec<Arc<Socket>>,
    /// Which of them is next.
    turn: usize,
}

#[derive(Debug)]
struct Socket {
    io: Arc<UdpSocket>,
    /// Only whoever runs in the same runtime can count on the reader.
    runtime: Id,
    reader: AbortHandle,
    traffic: Arc<Mutex<Traffic>>,
}

#[derive(Debug, Default)]
struct Traffic {
    carried: usize,
    waiting: HashMap<u16, Waiting>,
}

#[derive(Debug)]
struct Waiting {
    /// The question as it was sent.
    question: Box<[u8]>,
    answer: oneshot::Sender<Vec<u8>>,
}

/// A question on a socket; it is forgotten when this is dropped.
struct Ticket<'a> {
    datagrams: &'a Datagrams,
    socket: Arc<Socket>,
    id: u16,
}

impl Datagrams {
    pub(crate) fn new(server: SocketAddr) -> Self {
        Self { server, pool: Mutex::default() }
    }

    /// Sends an encoded question under an id of its own and waits for its answer, without end.
    ///
    /// # Errors
    /// When no socket can be opened, or the question cannot be sent.
    pub(crate) async fn ask(&self, mut message: Vec<u8>) -> io::Result<Vec<u8>> {
        let question = question(&message).ok_or(io::ErrorKind::InvalidInput)?;
        let (sender, answer) = oneshot::channel();
        let ticket = self.enter(Waiting { question: question.into(), answer: sender })?;
        message[..2].copy_from_slice(&ticket.id.to_be_bytes());
        let io = &ticket.socket.io;
        // What was refused before, a port that nobody listens on, is told to whoever sends next.
        if let Err(error) = io.send(&message).await
            && (error.kind() != io::ErrorKind::ConnectionRefused
                || io.send(&message).await.is_err())
        {
            return Err(error);
        }
        // The reader ends only with its runtime.
        answer.await.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn enter(&self, waiting: Waiting) -> io::Result<Ticket<'_>> {
        let mut pool = locked(&self.pool);
        let socket = pool.socket(self.server)?;
        let mut traffic = locked(&socket.traffic);
        traffic.carried += 1;
        let id = loop {
            let id = Message::query().metadata.id;
            if let Entry::Vacant(place) = traffic.waiting.entry(id) {
                place.insert(waiting);
                break id;
            }
        };
        drop(traffic);
        Ok(Ticket { datagrams: self, socket, id })
    }

    /// How many sockets are open.
    #[cfg(test)]
    fn open(&self) -> usize {
        locked(&self.pool).open.len()
    }
}

impl Pool {
    /// The socket for the next question.
    fn socket(&mut self, server: SocketAddr) -> io::Result<Arc<Socket>> {
        let runtime = Handle::current().id();
        let ours = || self.open.iter().filter(|socket| socket.runtime == runtime);
        let mut taking: Vec<_> = ours().filter(|s| locked(&s.traffic).carried < CARRIED).collect();
        if taking.len() < TAKING && self.open.len() < OPEN {
            let socket = Arc::new(Socket::open(server, runtime)?);
            self.open.push(Arc::clone(&socket));
            return Ok(socket);
        }
        if taking.is_empty() {
            taking = ours().collect();
        }
        self.turn = self.turn.wrapping_add(1);
        match taking.get(self.turn % taking.len().max(1)) {
            Some(socket) => Ok(Arc::clone(socket)),
            // Another runtime has them all.
            None => Socket::open(server, runtime).map(Arc::new),
        }
    }
}

impl Socket {
    fn open(server: SocketAddr, runtime: Id) -> io::Result<Self> {
        let any: SocketAddr = match server {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        let socket = std::net::UdpSocket::bind(any)?;
        socket.set_nonblocking(true)?;
        // Datagrams of anybody else do not come through.
        socket.connect(server)?;
        let io = Arc::new(UdpSocket::from_std(socket)?);
        let traffic = Arc::<Mutex<Traffic>>::default();
        let reader = tokio::spawn(read(Arc::clone(&io), Arc::clone(&traffic))).abort_handle();
        Ok(Self { io, runtime, reader, traffic })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let mut pool = locked(&self.datagrams.pool);
        let mut traffic = locked(&self.socket.traffic);
        traffic.waiting.remove(&self.id);
        if traffic.waiting.is_empty() {
            pool.open.retain(|socket| !Arc::ptr_eq(socket, &self.socket));
        }
    }
}

/// Hands each answer to whoever waits for it.
async fn read(io: Arc<UdpSocket>, traffic: Arc<Mutex<Traffic>>) {
    let mut buffer = vec![0; LONGEST];
    loop {
        match io.recv(&mut buffer).await {
            Ok(length) => hand_over(&buffer[..length], &traffic),
            // That the port is closed may be over in a moment, or a lie: the question waits on.
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

fn hand_over(message: &[u8], traffic: &Mutex<Traffic>) {
    let Some(id) = message.first_chunk().map(|id| u16::from_be_bytes(*id)) else { return };
    let mut traffic = locked(traffic);
    let Entry::Occupied(place) = traffic.waiting.entry(id) else { return };
    // What cannot be read as the answer to any question is that of the id's.
    if answers(message, &place.get().question) || Message::from_vec(message).is_err() {
        // Whoever has just left needs no answer.
        let _ = place.remove().answer.send(message.to_vec());
    }
}

/// Whether a message is a response that repeats this question, in whatever case (RFC 1035 §7.3).
fn answers(message: &[u8], question: &[u8]) -> bool {
    let Some(head) = message.first_chunk::<HEAD>() else { return false };
    let (is_response, questions) = (head[2] & 0x80 != 0, &head[4..6]);
    let Some((name, kind)) = question.split_last_chunk::<4>() else { return false };
    is_response
        && questions == [0, 1]
        && message[HEAD..].get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name))
        && message[HEAD + name.len()..].starts_with(kind)
}

/// The question of an encoded message: the name, the type and the class.
fn question(message: &[u8]) -> Option<&[u8]> {
    let mut end = HEAD;
    while let length @ 1.. = usize::from(*message.get(end)?) {
        end += 1 + length;
    }
    message.get(HEAD..end + 5)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::future::join_all;
    use hickory_proto::op::Query;
    use hickory_proto::rr::{Name, RecordType};
    use tokio::time::timeout;

    use super::*;

    fn message(name: &str) -> Vec<u8> {
        let mut message = Message::query();
        message.add_query(Query::query(Name::from_ascii(name).expect("a name"), RecordType::MX));
        message.to_vec().expect("encoded")
    }

    fn response(name: &str) -> Vec<u8> {
        let mut message = message(name);
        message[2] |= 0x80;
        message
    }

    #[test]
    fn only_a_response_with_the_question_is_an_answer() {
        let asked = message("ornek.com.tr.");
        let wanted = question(&asked).expect("a question");
        assert_eq!(wanted.len(), asked.len() - HEAD);
        assert!(answers(&response("ornek.com.tr."), wanted));
        assert!(answers(&response("ORNEK.com.TR."), wanted), "case does not matter");
        assert!(!answers(&asked, wanted), "a question thrown back");
        assert!(!answers(&response("zrnek.com.tr."), wanted));
        assert!(!answers(&response("ornek.com."), wanted));
        let mut other_type = response("ornek.com.tr.");
        let last = other_type.len() - 3;
        other_type[last] = 1;
        assert!(!answers(&other_type, wanted));
        assert!(!answers(&response("ornek.com.tr.")[..20], wanted));
    }

    #[tokio::test]
    async fn sockets_are_shared_and_closed_when_nobody_waits() {
        let server = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
        let datagrams = Datagrams::new(server.local_addr().expect("bound"));
        let many = join_all((0..5_000).map(|n| datagrams.ask(message(&format!("d{n}.com.")))));
        let mut many = Box::pin(many);
        assert!(timeout(Duration::from_millis(50), &mut many).await.is_err(), "nobody answers");
        assert!((TAKING..=OPEN).contains(&datagrams.open()), "{}", datagrams.open());
        drop(many);
        assert_eq!(datagrams.open(), 0);
    }

    #[tokio::test]
    async fn answers_in_any_order_find_who_asked() {
        let server = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
        let datagrams = Datagrams::new(server.local_addr().expect("bound"));
        let names: Vec<String> = (0..100).map(|n| format!("d{n}.com.")).collect();
        let asked = join_all(names.iter().map(|name| datagrams.ask(message(name))));
        let echo = async {
            let mut held = Vec::new();
            let mut buffer = [0; LONGEST];
            while held.len() < names.len() {
                let (length, from) = server.recv_from(&mut buffer).await.expect("a question");
                held.push((buffer[..length].to_vec(), from));
            }
            for (mut answer, from) in held.into_iter().rev() {
                answer[2] |= 0x80;
                server.send_to(&answer, from).await.expect("sent");
            }
        };
        let (answers, ()) = futures::join!(asked, echo);
        for (name, answer) in names.iter().zip(answers) {
            let answer = Message::from_vec(&answer.expect("answered")).expect("a message");
            assert_eq!(answer.queries[0].name().to_ascii(), *name);
        }
    }
}
