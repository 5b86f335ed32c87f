//! What the handlers work with.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use hunter_core::operations::Hunter;
use hunter_scan::ip_data::IpData;
use hunter_scan::smtp::{SmtpConfig, SmtpProbe};
use hunter_store::cache::Caches;
use hunter_store::{Db, RedisLink};

use tokio::sync::watch;

use super::layers::deprecation::LegacyCalls;
use super::metrics::Measures;
use super::streams::Streams;
use crate::config::Config;
use crate::services::guard::Guard;
use crate::services::ingest::Files;
use crate::services::scanning::ScanService;
use crate::services::webhooks::Webhooks;
use crate::services::webhooks::signature::Verifier;

/// Everything that the handlers share. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Joined>);

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
    /// Rules, fingerprints, prices and texts as they were at the start; [`App::hunter`] has what is in
    /// force.
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
    /// What is measured, and whom to ask for the rest.
    pub measures: Measures,
}

/// The parts, and what follows from them.
struct Joined {
    parts: Parts,
    webhooks: Webhooks,
    verifier: Option<Verifier>,
    smtp: Option<SmtpProbe>,
    streams: Streams,
}

impl App {
    /// Joins the parts.
    pub fn new(parts: Parts) -> Self {
        let Config { webhooks, email, server, .. } = &parts.config;
        let tolerance = time::Duration::seconds(webhooks.tolerance_seconds.into());
        let verifier = Verifier::new(webhooks.secrets.clone(), tolerance);
        let smtp = (!email.smtp_probe_name.is_empty()).then(|| {
            let mut config = SmtpConfig::new(&email.smtp_probe_name);
            config.timeout = Duration::from_millis(email.smtp_timeout_milliseconds);
            parts.scans.observer().scanner().smtp(config)
        });
        let streams = Streams::new(server.event_streams, server.event_streams_per_key);
        let webhooks = Webhooks::new(parts.db.clone(), parts.scans.recorder().clone());
        Self(Arc::new(Joined { parts, webhooks, verifier, smtp, streams }))
    }

    /// Takes webhooks.
    pub fn webhooks(&self) -> &Webhooks {
        &self.0.webhooks
    }

    /// Checks the signatures of webhooks; `None` where they are not signed.
    pub(crate) fn verifier(&self) -> Option<&Verifier> {
        self.0.verifier.as_ref()
    }

    /// Asks mail servers; `None` where they are not to be asked.
    pub(crate) fn smtp(&self) -> Option<&SmtpProbe> {
        self.0.smtp.as_ref()
    }

    /// The streams of events that are open.
    pub(crate) fn streams(&self) -> &Streams {
        &self.0.streams
    }

    /// Rules, fingerprints, prices and texts that are in force.
    pub fn hunter(&self) -> Hunter {
        Hunter::new(self.scans.recorder().engine().get(), self.hunter.sales().clone())
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}
