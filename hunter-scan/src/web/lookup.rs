//! How a host name of a URL becomes addresses.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::{Instant, timeout};

/// How long the operating system may look for a host.
const SYSTEM_LIMIT: Duration = Duration::from_secs(30);

/// Finds the addresses of a host. What it returns is checked and then connected to; nobody resolves
/// the name a second time.
pub trait Lookup: Send + Sync {
    /// The addresses of a host name. It ends by itself: what waits for leave to ask is not cut off.
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

/// How long what was found may be connected to without another look-up: as long as a call takes.
const FRESH: Duration = Duration::from_secs(30);

/// The addresses of the hosts that are called at the moment, so that a host that was looked up before
/// its call is not looked up again by the connection.
pub(super) struct Hosts {
    lookup: Box<dyn Lookup>,
    found: Mutex<HashMap<String, (Instant, Vec<IpAddr>)>>,
}

impl Hosts {
    pub(super) fn new(lookup: impl Lookup + 'static) -> Self {
        Self { lookup: Box::new(lookup), found: Mutex::default() }
    }

    /// What the last look-up for a call found, if that was a moment ago; else looks again.
    pub(super) async fn recent(&self, host: &str) -> Result<Vec<IpAddr>, LookupError> {
        match self.kept(host) {
            Some(found) => Ok(found),
            None => self.look_up(host).await,
        }
    }

    /// Looks for the addresses, whatever was found before.
    pub(super) async fn look_up(&self, host: &str) -> Result<Vec<IpAddr>, LookupError> {
        let addresses = self.lookup.addresses(host).await?;
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.retain(|_, (at, _)| at.elapsed() < FRESH);
        found.insert(host.to_owned(), (Instant::now(), addresses.clone()));
        Ok(addresses)
    }

    fn kept(&self, host: &str) -> Option<Vec<IpAddr>> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, addresses) = found.get(host)?;
        (at.elapsed() < FRESH).then(|| addresses.clone())
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
            match timeout(SYSTEM_LIMIT, tokio::net::lookup_host((host, 0))).await {
                Ok(Ok(found)) => Ok(found.map(|addr| addr.ip()).collect()),
                Ok(Err(error)) => Err(LookupError::Failed(error.to_string())),
                Err(_) => Err(LookupError::Failed("timeout".to_owned())),
            }
        })
    }
}
