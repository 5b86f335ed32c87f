//! Domains in, leads out: the scanner behind caches and limits that all processes share.

mod counts;
mod observer;
mod scan;
mod scanned;
mod throttle;
mod words;

use std::sync::Arc;
use std::time::Duration;

use hunter_core::Observation;
use hunter_scan::ip_data::IpData;
use hunter_scan::probes::ProbesConfig;
use hunter_scan::registration::RegistrationConfig;
use hunter_scan::{ScanConfig, Scanner, ScannerBuilder, SelectorPlan as _};
use hunter_store::bulk::SharedEngine;
use hunter_store::limiter::Limiter;

pub use counts::ScanMetrics;
pub use observer::CachedScanner;
pub use scan::{NotScanned, Rescanned, ScanService};
pub use scanned::{Alerted, Changed, Scanned};
pub use throttle::SharedThrottle;
pub use words::SalesWords;

use crate::config::ScanSection;
use crate::error::ServerError;
use crate::resolver;

/// The scanner that the settings ask for, paced by a limiter. It asks for the selectors that the engine in
/// force names.
///
/// # Errors
/// `resolver_address`, or what the scanner says of a setting.
pub fn scanner(
    settings: &ScanSection,
    engine: impl Into<SharedEngine>,
    limiter: Limiter,
    ip_data: &IpData,
) -> Result<Scanner, ServerError> {
    let resolvers = settings.resolvers.iter().map(|text| resolver::parse(text));
    let config = ScanConfig {
        resolvers: resolvers.collect::<Result<_, _>>()?,
        timeout: Duration::from_millis(settings.timeout_milliseconds),
        attempts: settings.attempts,
        deadline: Duration::from_millis(settings.deadline_milliseconds),
        concurrency: settings.concurrency,
        profile: settings.profile,
        ..ScanConfig::default()
    };
    let throttle = SharedThrottle::new(limiter, settings)?;
    let engine = engine.into();
    let plan = move |seen: &Observation| engine.get().selectors(seen);
    let mut builder = ScannerBuilder::new(config).plan(plan).throttle(Arc::new(throttle));
    if settings.registration {
        builder = builder.registration(RegistrationConfig::default());
    }
    if !settings.probes.is_empty() {
        let on = settings.probes.iter().copied().collect();
        builder = builder.probes(ProbesConfig { on, ..ProbesConfig::default() });
    }
    if !ip_data.is_off() {
        builder = builder.ip_data(ip_data.clone());
    }
    Ok(builder.build()?)
}
