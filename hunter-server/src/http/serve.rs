//! Listens, and ends in order.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use tokio::net::TcpListener;

use super::{App, router};
use crate::error::ServerError;

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
    ///
    /// # Errors
    /// `listen_failed`.
    pub async fn serve(
        self,
        app: App,
        told: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServerError> {
        let Self { listener, address } = self;
        let patience = Duration::from_secs(app.config.server.shutdown_seconds);
        let (ending, ended) = tokio::sync::oneshot::channel::<()>();
        let told = async move {
            told.await;
            // The other end waits for it, or is gone with the server.
            let _ = ending.send(());
        };
        let service: IntoMakeServiceWithConnectInfo<Router, SocketAddr> =
            router(&app).into_make_service_with_connect_info();
        let server = axum::serve(listener, service).with_graceful_shutdown(told);
        tokio::select! {
            served = std::future::IntoFuture::into_future(server) => {
                served.map_err(|source| ServerError::Listen { address, source })
            }
            () = async { let _ = ended.await; tokio::time::sleep(patience).await } => {
                tracing::warn!(?patience, "requests under way were cut off");
                Ok(())
            }
        }
    }
}
