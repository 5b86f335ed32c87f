//! Bytes over a socket: what no proper client would send.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

const LONG: Duration = Duration::from_secs(40);

/// Sends a request in pieces until the other end has had enough; what it answers until it closes.
pub(crate) async fn send<'a>(address: &str, pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
    let (mut answers, mut requests) = open(address).await.into_split();
    let answer = tokio::spawn(async move {
        let mut bytes = Vec::new();
        // A reset is an end too.
        let _ = timeout(LONG, answers.read_to_end(&mut bytes)).await.expect("the other end closes");
        String::from_utf8_lossy(&bytes).into_owned()
    });
    for piece in pieces {
        if requests.write_all(piece).await.is_err() {
            break;
        }
    }
    // Nothing more comes.
    let _ = requests.shutdown().await;
    answer.await.expect("in order")
}

/// A connection.
pub(crate) async fn open(address: &str) -> TcpStream {
    let place = address.strip_prefix("http://").expect("an address");
    TcpStream::connect(place).await.expect("a connection")
}
