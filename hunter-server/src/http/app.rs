//! What the handlers work with.

use std::ops::Deref;
use std::sync::Arc;

use hunter_core::operations::Hunter;
use hunter_scan::ip_data::IpData;
use hunter_store::cache::Caches;
use hunter_store::{Db, RedisLink};

use tokio::sync::watch;

use super::layers::deprecation::LegacyCalls;
use crate::config::Config;
use crate::services::guard::Guard;
use crate::services::ingest::Files;
use crate::services::scanning::ScanService;

/// Everything that the handlers share. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Redis, where it is set up.
    pub redis: Option<RedisLink>,
    /// The caches, over Redis where that is set up.
    pub caches: Caches,
    /// Rules, fingerprints, prices and texts.
    pub hunter: Hunter,
    /// The databases of IP data.
    pub ip_data: IpData,
    /// Keys and limits.
    pub guard: Guard,
    /// Reads files that are sent in.
    pub files: Files,
    /// Scans single domains.
    pub scans: ScanService,
    /// Becomes true when the process ends: streams without an end of their own end then.
    pub ending: watch::Receiver<bool>,
    /// Calls of paths that have successors.
    pub legacy: LegacyCalls,
}

impl App {
    /// Joins the parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
