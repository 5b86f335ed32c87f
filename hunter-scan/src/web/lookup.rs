//! How a host name of a URL becomes addresses.

use std::net::IpAddr;
use std::sync::Arc;

use futures::future::BoxFuture;

/// Finds the addresses of a host. What it returns is checked and then connected to; nobody resolves
/// the name a second time.
pub trait Lookup: Send + Sync {
    /// The addresses of a host name.
    ///
    /// # Errors
    /// [`LookupError::Absent`] only when an authoritative answer says so; a look-up that failed, or
    /// that cannot tell, is [`LookupError::Failed`].
    fn addresses<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>>;
}

impl<L: Lookup + ?Sized> Lookup for Arc<L> {
    fn addresses<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
        (**self).addresses(host)
    }
}

/// Why a host has no address to connect to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// The name does not exist, or has no address.
    #[error("no address")]
    Absent,
    /// Nobody knows.
    #[error("{0}")]
    Failed(String),
}

/// The look-up of the operating system. It cannot tell a missing name from a failure, so it never
/// says [`LookupError::Absent`].
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn addresses<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
        Box::pin(async move {
            match tokio::net::lookup_host((host, 0)).await {
                Ok(found) => Ok(found.map(|addr| addr.ip()).collect()),
                Err(error) => Err(LookupError::Failed(error.to_string())),
            }
        })
    }
}
