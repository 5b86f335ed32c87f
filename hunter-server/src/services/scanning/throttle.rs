//! The pace of scans, kept by all processes together.

use std::num::NonZeroU32;
use std::time::Duration;

use async_trait::async_trait;
use hunter_scan::{Permit, Rates, ScanError, Throttle};
use hunter_store::limiter::{Limit, Limiter};

use crate::config::ScanSection;

/// How long a place in the line is held before it is asked for anew.
const PATIENCE: Duration = Duration::from_mins(10);
/// Probes a second to each host.
const PROBES: f64 = 10.0;

/// Gives leave by limits that stand in Redis, or in this process where there is none.
pub struct SharedThrottle {
    limiter: Limiter,
    domains: Limit,
    registries: Limit,
    probes: Limit,
}

impl SharedThrottle {
    /// A throttle of the rates in the settings.
    ///
    /// # Errors
    /// `scan_setting` for a rate out of range.
    pub fn new(limiter: Limiter, settings: &ScanSection) -> Result<Self, ScanError> {
        let (domains, registries) =
            (settings.domains_per_second, settings.registry_queries_per_second);
        let rates =
            Rates { domains: Some(domains), registry: Some(registries), ..Rates::default() };
        rates.validate()?;
        Ok(Self {
            limiter,
            domains: limit(domains),
            registries: limit(registries),
            probes: limit(PROBES),
        })
    }
}

/// So many a second, evenly spaced but for a tenth of a second's worth.
fn limit(per_second: f64) -> Limit {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rates are checked to be between 0.01 and a million"
    )]
    let burst = NonZeroU32::new((per_second / 10.0) as u32).unwrap_or(NonZeroU32::MIN);
    Limit::new(NonZeroU32::MIN, Duration::from_secs_f64(1.0 / per_second), burst)
}

#[async_trait]
impl Throttle for SharedThrottle {
    async fn leave(&self, permit: Permit<'_>) {
        let (key, limit) = match permit {
            Permit::Domain(_) => ("scan:domains".to_owned(), self.domains),
            // All registries together: they know each other's banned addresses.
            Permit::Registry(_) => ("scan:registries".to_owned(), self.registries),
            Permit::Probe(host) => (format!("scan:probe#{host}"), self.probes),
            // A resolver and a name server are spared by the pace of domains.
            _ => return,
        };
        while let Err(refused) = self.limiter.acquire(&key, limit, PATIENCE).await {
            tokio::time::sleep(refused.retry_after.min(PATIENCE)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use hunter_core::Domain;
    use tokio::time::Instant;

    use super::*;
    use crate::config::Layers;

    #[tokio::test(start_paused = true)]
    async fn domains_and_registries_have_a_pace_each() {
        let settings = Layers::default().config().expect("the defaults").scan;
        let throttle = SharedThrottle::new(Limiter::in_process(), &settings).expect("rates");
        let domain: Domain = "ornek.com.tr".parse().expect("a domain");
        let begun = Instant::now();
        for _ in 0..21 {
            throttle.leave(Permit::Domain(&domain)).await;
        }
        let domains = begun.elapsed();
        let begun = Instant::now();
        assert!((1_900..=2_100).contains(&domains.as_millis()), "{domains:?}");
        for i in 0..11 {
            throttle.leave(Permit::Registry(&format!("whois{i}.example"))).await;
        }
        let registries = begun.elapsed();
        assert!((1_900..=2_100).contains(&registries.as_millis()), "{registries:?}");
    }

    #[test]
    fn a_rate_out_of_range_is_refused() {
        let mut settings = Layers::default().config().expect("the defaults").scan;
        settings.domains_per_second = 0.0;
        let error = SharedThrottle::new(Limiter::in_process(), &settings).err().expect("refused");
        assert_eq!(error.code(), "scan_setting");
    }
}
