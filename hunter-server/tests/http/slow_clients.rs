//! Clients that hold a connection without using it, over real sockets.

use std::time::{Duration, Instant};

use hunter_server::http::serve::Listening;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::support::Service;

const LONG: Duration = Duration::from_secs(20);

/// Everything that comes until the other end closes.
async fn to_the_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset is an end too.
    let _ = timeout(LONG, stream.read_to_end(&mut bytes)).await.expect("the other end closes");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_client_that_dawdles_is_cut_off_and_others_are_answered() {
    let service = Service::with(&[("HUNTER_SERVER_IDLE_TIMEOUT_SECONDS", "1")]).await;
    let listening = Listening::at(([127, 0, 0, 1], 0).into()).await.expect("a port");
    let address = listening.address();
    let (end, ended) = oneshot::channel::<()>();
    let server = tokio::spawn(listening.serve(service.app(), async move {
        let _ = ended.await;
    }));
    // Half a request, then nothing; and nothing at all.
    let begun = Instant::now();
    let mut half = TcpStream::connect(address).await.unwrap();
    half.write_all(b"GET /healthz/live HTTP/1.1\r\nHost: loc").await.unwrap();
    let mut silent = TcpStream::connect(address).await.unwrap();
    // Others are answered meanwhile.
    let mut other = TcpStream::connect(address).await.unwrap();
    other
        .write_all(b"GET /healthz/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    assert!(to_the_end(&mut other).await.starts_with("HTTP/1.1 200 OK"));
    to_the_end(&mut half).await;
    to_the_end(&mut silent).await;
    assert!(begun.elapsed() >= Duration::from_millis(900), "not before its time");
    // Headers without end.
    let mut large = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "GET /healthz/live HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n",
        "x".repeat(65536)
    );
    // It may be refused before all of it is sent.
    let _ = large.write_all(head.as_bytes()).await;
    let answer = to_the_end(&mut large).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    end.send(()).unwrap();
    timeout(LONG, server).await.expect("it ends").expect("in order");
}
