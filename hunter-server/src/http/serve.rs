//! Listens, and ends in order.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::middleware::AddExtension;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout_at};
use tower::Layer as _;

use super::patience::Patience;
use super::{App, probes, router};
use crate::error::ServerError;

/// The most bytes of all headers of a request, with its first line.
const HEADER_BYTES: usize = 32 * 1024;
/// The most headers of a request.
const HEADERS: usize = 100;
/// How long connections are still taken after it was told to end, and how long these have for a request.
const LINGER: Duration = Duration::from_millis(50);
/// How long it waits after it could not take a connection: there are no file descriptors left, say.
const PAUSE: Duration = Duration::from_millis(100);

/// An interface that listens and does not answer yet.
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
}

impl Listening {
    /// Takes the address of the settings.
    ///
    /// # Errors
    /// `listen_failed`.
    pub async fn at(address: SocketAddr) -> Result<Self, ServerError> {
        let failed = |source| ServerError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// Where it listens: the port is known by now.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `told` resolves; then finishes what is under way, for as long as the settings allow.
    pub async fn serve(self, app: App, told: impl Future<Output = ()> + Send + 'static) {
        let router = router(&app);
        self.answer(&app, router, told).await;
    }

    /// The same for those routes alone that a worker has.
    pub async fn serve_probes(self, app: App, told: impl Future<Output = ()> + Send + 'static) {
        let router = probes(&app);
        self.answer(&app, router, told).await;
    }

    async fn answer(self, app: &App, router: Router, told: impl Future<Output = ()>) {
        let server = &app.config.server;
        let idle = Duration::from_secs(server.idle_timeout_seconds.max(1));
        let patience = Duration::from_secs(server.shutdown_seconds);
        let builder = builder(idle);
        let under_way = GracefulShutdown::new();
        let mut told = pin!(told);
        loop {
            let taken = tokio::select! {
                taken = self.listener.accept() => taken,
                () = &mut told => break,
            };
            match taken {
                Ok((stream, peer)) => {
                    let connection = connection(&builder, &router, stream, peer, idle);
                    tokio::spawn(under_way.watch(connection));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        // Closing resets whoever stands in the system's queue: they are let in first, and are given the time to
        // put their request.
        let last = Instant::now() + LINGER;
        while let Ok(taken) = timeout_at(last, self.listener.accept()).await {
            let Ok((stream, peer)) = taken else { break };
            let connection = connection(&builder, &router, stream, peer, idle);
            tokio::spawn(under_way.watch(connection));
        }
        drop(self.listener);
        tokio::time::sleep(LINGER).await;
        if tokio::time::timeout(patience, under_way.shutdown()).await.is_err() {
            tracing::warn!(?patience, "requests under way were cut off");
        }
    }
}

/// How connections are spoken on: a client that sends its headers too slowly, or too many of them, is cut
/// off.
fn builder(idle: Duration) -> Builder<TokioExecutor> {
    // Telling HTTP/1 from HTTP/2 by the first bytes would wait for them without end; who wants HTTP/2
    // has a proxy before this that speaks it, over TLS.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(idle)
        .max_headers(HEADERS)
        .max_buf_size(HEADER_BYTES);
    builder
}

type Spoken = hyper_util::server::conn::auto::Connection<
    'static,
    TokioIo<Patience<TcpStream>>,
    TowerToHyperService<AddExtension<Router, ConnectInfo<SocketAddr>>>,
    TokioExecutor,
>;

fn connection(
    builder: &Builder<TokioExecutor>,
    router: &Router,
    stream: TcpStream,
    peer: SocketAddr,
    idle: Duration,
) -> Spoken {
    let service = TowerToHyperService::new(Extension(ConnectInfo(peer)).layer(router.clone()));
    builder.serve_connection(TokioIo::new(Patience::new(stream, idle)), service).into_owned()
}
