//! A name server that is far away: what is asked of it arrives late.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket};

/// The longest message over UDP.
const LONGEST: usize = 65_535;

/// Passes everything on to `server`, each question after `delay`; gives the address to ask. It stays
/// for as long as the runtime.
///
/// # Errors
/// When no port is free for both protocols.
pub async fn before(server: SocketAddr, delay: Duration) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let addr = listener.local_addr()?;
    let socket = Arc::new(UdpSocket::bind(addr).await?);
    tokio::spawn(async move {
        let mut buffer = vec![0; LONGEST];
        while let Ok((length, asker)) = socket.recv_from(&mut buffer).await {
            let (question, socket) = (buffer[..length].to_vec(), Arc::clone(&socket));
            tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                // A question that is lost is asked again by whoever put it.
                if let Ok(answer) = ask(server, &question).await {
                    let _ = socket.send_to(&answer, asker).await;
                }
            });
        }
    });
    tokio::spawn(async move {
        while let Ok((asker, _)) = listener.accept().await {
            tokio::spawn(join(asker, server, delay));
        }
    });
    Ok(addr)
}

async fn ask(server: SocketAddr, question: &[u8]) -> std::io::Result<Vec<u8>> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    socket.connect(server).await?;
    socket.send(question).await?;
    let mut answer = vec![0; LONGEST];
    let length = socket.recv(&mut answer).await?;
    answer.truncate(length);
    Ok(answer)
}

/// One connection: its start takes a delay too.
async fn join(asker: TcpStream, server: SocketAddr, delay: Duration) -> std::io::Result<()> {
    let (mut from_asker, mut to_asker) = asker.into_split();
    let (mut from_server, mut to_server) = TcpStream::connect(server).await?.into_split();
    tokio::time::sleep(delay).await;
    tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_asker).await });
    let mut buffer = vec![0; LONGEST];
    loop {
        let length = from_asker.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        tokio::time::sleep(delay).await;
        to_server.write_all(&buffer[..length]).await?;
    }
}
