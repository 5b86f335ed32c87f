//! A WHOIS server on a free loopback port, which answers as told and breaks off as told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// What the server does with one question.
#[derive(Clone)]
pub(crate) enum Says {
    /// Sends these bytes and closes (RFC 3912 §2).
    Bytes(Vec<u8>),
    /// Takes the question and says nothing.
    Nothing,
    /// Sends these bytes, and nothing more.
    Half(Vec<u8>),
    /// Sends without end.
    NoEnd,
    /// Sends a byte now and then.
    Drip,
}

impl Says {
    pub(crate) fn text(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }
}

type Plan = Box<dyn Fn(&str) -> Says + Send + Sync>;

pub(crate) struct WhoisResponder {
    pub(crate) addr: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    task: AbortHandle,
}

impl Drop for WhoisResponder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl WhoisResponder {
    pub(crate) async fn start(plan: impl Fn(&str) -> Says + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("an address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let plan: Arc<Plan> = Arc::new(Box::new(plan));
        let noted = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (plan, noted) = (Arc::clone(&plan), Arc::clone(&noted));
                // A client that gives up ends only its own connection.
                tokio::spawn(async move { serve(stream, &plan, &noted).await });
            }
        });
        Self { addr, seen, task: task.abort_handle() }
    }

    /// The questions so far, without their line end.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("no panic").clone()
    }

    /// Its host, with the port.
    pub(crate) fn host(&self, name: &str) -> String {
        format!("{name}:{}", self.addr.port())
    }
}

async fn serve(
    mut stream: TcpStream,
    plan: &Plan,
    seen: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut question = Vec::new();
    while !question.ends_with(b"\r\n") {
        question.push(stream.read_u8().await?);
    }
    let question = String::from_utf8_lossy(&question).trim_end().to_owned();
    seen.lock().expect("no panic").push(question.clone());
    match plan(&question) {
        Says::Bytes(bytes) => stream.write_all(&bytes).await?,
        Says::Nothing => std::future::pending::<()>().await,
        Says::Half(bytes) => {
            stream.write_all(&bytes).await?;
            stream.flush().await?;
            std::future::pending::<()>().await;
        }
        Says::NoEnd => loop {
            stream.write_all(&[b'x'; 4096]).await?;
        },
        Says::Drip => loop {
            stream.write_all(b"x").await?;
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        },
    }
    stream.shutdown().await
}
