//! Leave to ask: the port through which all network traffic of this crate is paced.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use hunter_core::Domain;
use tokio::time::Instant;

use crate::error::ScanError;

/// What leave is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Permit<'a> {
    /// To observe a domain over the DNS: once a domain, however many questions follow.
    Domain(&'a Domain),
    /// To put one question to a resolver, by the address that stands in answers.
    Resolver(&'a str),
    /// To have so many questions put, through a resolver, to the servers that are authoritative
    /// for a domain; by the first name server in alphabetical order.
    NameServer {
        /// The name server.
        host: &'a str,
        /// How many questions.
        questions: u32,
    },
    /// To put one question to a registry's WHOIS or RDAP server, by its host.
    Registry(&'a str),
    /// To make one HTTPS probe, by the host that is called.
    Probe(&'a str),
}

/// Gives leave to ask, when the time has come. A process of its own is paced by [`LocalThrottle`];
/// several that share one limit bring their own.
///
/// Dropping the future gives up waiting; leave that was not yet given is then not used up by more
/// than one turn.
#[async_trait]
pub trait Throttle: Send + Sync {
    /// Returns when the question may be put.
    async fn leave(&self, permit: Permit<'_>);
}

/// Turns a second for each kind of [`Permit`]; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rates {
    /// Domains a second, over all resolvers.
    pub domains: Option<f64>,
    /// Questions a second to each resolver.
    pub resolver: Option<f64>,
    /// Questions a second for the domains of one name server.
    pub name_server: Option<f64>,
    /// Questions a second to each registry.
    pub registry: Option<f64>,
    /// Probes a second to each host.
    pub probe: Option<f64>,
}

impl Rates {
    /// Checks every rate.
    ///
    /// # Errors
    /// `scan_setting` when a rate is not between 0.01 and 1,000,000 a second.
    pub fn validate(&self) -> Result<(), ScanError> {
        let rates = [
            ("rates.domains", self.domains),
            ("rates.resolver", self.resolver),
            ("rates.name_server", self.name_server),
            ("rates.registry", self.registry),
            ("rates.probe", self.probe),
        ];
        for (setting, rate) in rates {
            if let Some(rate) = rate.filter(|rate| !(0.01..=1_000_000.0).contains(rate)) {
                let problem = format!("{rate} is outside 0.01 to 1000000 a second");
                return Err(ScanError::setting(setting, problem));
            }
        }
        Ok(())
    }
}

/// Paces within this process: turns are given out in the order of asking, evenly spaced, and up to
/// a tenth of a second's worth of turns that nobody took may be made up for.
#[derive(Debug)]
pub struct LocalThrottle {
    rates: Rates,
    next: Mutex<HashMap<Key, Instant>>,
}

/// How many servers are remembered before those whose turn has passed are forgotten.
const MANY: usize = 4096;
/// How much time that passed unused may be made up for.
const CREDIT: Duration = Duration::from_millis(100);

#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Domains,
    Resolver(String),
    NameServer(String),
    Registry(String),
    Probe(String),
}

impl LocalThrottle {
    /// A throttle for these rates.
    ///
    /// # Errors
    /// As [`Rates::validate`].
    pub fn new(rates: Rates) -> Result<Self, ScanError> {
        rates.validate()?;
        Ok(Self { rates, next: Mutex::default() })
    }

    /// Takes the next turns and says when the first of them comes.
    fn turn(&self, key: Key, rate: f64, turns: u32) -> Instant {
        let now = Instant::now();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if next.len() >= MANY {
            next.retain(|_, turn| *turn + CREDIT > now);
        }
        let earliest = now.checked_sub(CREDIT).unwrap_or(now);
        let turn = next.entry(key).or_insert(earliest);
        let mine = (*turn).max(earliest);
        *turn = mine + Duration::from_secs_f64(f64::from(turns) / rate);
        mine
    }
}

#[async_trait]
impl Throttle for LocalThrottle {
    async fn leave(&self, permit: Permit<'_>) {
        let (key, rate, turns) = match permit {
            Permit::Domain(_) => (Key::Domains, self.rates.domains, 1),
            Permit::Resolver(server) => (Key::Resolver(server.to_owned()), self.rates.resolver, 1),
            Permit::NameServer { host, questions } => {
                (Key::NameServer(host.to_owned()), self.rates.name_server, questions)
            }
            Permit::Registry(host) => (Key::Registry(host.to_owned()), self.rates.registry, 1),
            Permit::Probe(host) => (Key::Probe(host.to_owned()), self.rates.probe, 1),
        };
        let Some(rate) = rate else { return };
        let turn = self.turn(key, rate, turns);
        tokio::time::sleep_until(turn).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle(rates: Rates) -> LocalThrottle {
        LocalThrottle::new(rates).expect("good rates")
    }

    #[tokio::test(start_paused = true)]
    async fn turns_are_evenly_spaced_for_each_key() {
        let throttle = throttle(Rates { resolver: Some(10.0), ..Rates::default() });
        let started = Instant::now();
        for _ in 0..21 {
            throttle.leave(Permit::Resolver("192.0.2.1:53")).await;
        }
        let taken = started.elapsed();
        assert!((1900..=2000).contains(&taken.as_millis()), "{taken:?}");
        throttle.leave(Permit::Resolver("192.0.2.2:53")).await;
        throttle.leave(Permit::Registry("whois.example")).await;
        assert_eq!(started.elapsed(), taken, "another key, and one without limit, wait for nobody");
    }

    #[tokio::test(start_paused = true)]
    async fn many_questions_take_many_turns() {
        let throttle = throttle(Rates { name_server: Some(100.0), ..Rates::default() });
        let started = Instant::now();
        for _ in 0..3 {
            throttle.leave(Permit::NameServer { host: "ns1.example", questions: 50 }).await;
        }
        assert!((850..=1000).contains(&started.elapsed().as_millis()));
    }

    #[tokio::test(start_paused = true)]
    async fn unused_time_is_made_up_for_only_a_little() {
        let throttle = throttle(Rates { domains: Some(100.0), ..Rates::default() });
        let domain: Domain = "ornek.com.tr".parse().expect("a domain");
        throttle.leave(Permit::Domain(&domain)).await;
        tokio::time::sleep(Duration::from_mins(1)).await;
        let started = Instant::now();
        for _ in 0..110 {
            throttle.leave(Permit::Domain(&domain)).await;
        }
        assert!(started.elapsed() >= Duration::from_millis(980), "{:?}", started.elapsed());
    }

    #[test]
    fn a_rate_has_its_bounds() {
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let rates = Rates { domains: Some(rate), ..Rates::default() };
            assert_eq!(rates.validate().expect_err("no rate").code(), "scan_setting");
        }
        assert_eq!(Rates { registry: Some(0.5), ..Rates::default() }.validate(), Ok(()));
    }
}
