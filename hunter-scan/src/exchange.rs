//! Puts a question until it is answered: tries, and the choice of resolver.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hickory_proto::op::{Message, Query, ResponseCode};
use hickory_proto::rr::RData;
use tokio::sync::Semaphore;

use crate::transport::{self, Failure};

/// How many connections may be open at once; resolvers are meant to answer by datagram.
const MAX_CONNECTIONS: usize = 30;
/// Bounds of how many questions are in flight, whatever the number of domains. Each holds a socket.
const IN_FLIGHT: (usize, usize) = (32, 512);
/// Questions in flight for each domain in flight.
const IN_FLIGHT_PER_DOMAIN: usize = 4;
/// After so many failures in a row a resolver is asked last …
const MISSES_TO_REST: u32 = 3;
/// … for so long.
const REST: Duration = Duration::from_secs(30);

/// What became of one question, after all tries.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) result: Result<Arc<Message>, Failure>,
    /// The resolver that answered; none when no resolver did.
    pub(crate) server: Option<Arc<str>>,
    /// How often the question was put; 0 when the answer was remembered.
    pub(crate) attempts: u32,
    pub(crate) ms: u64,
}

/// The resolvers, and the limits under which they are asked.
#[derive(Debug)]
pub(crate) struct Exchange {
    resolvers: Vec<Resolver>,
    started: Instant,
    timeout: Duration,
    tries: usize,
    in_flight: Semaphore,
    connections: Semaphore,
}

#[derive(Debug)]
struct Resolver {
    addr: SocketAddr,
    name: Arc<str>,
    misses: AtomicU32,
    /// Until when it rests, in milliseconds since the exchange started.
    rests_until: AtomicU64,
}

impl Exchange {
    /// `resolvers` in order of preference, at least one.
    pub(crate) fn new(
        resolvers: &[SocketAddr],
        timeout: Duration,
        attempts: u32,
        concurrency: usize,
    ) -> Self {
        let attempts = usize::try_from(attempts).unwrap_or(usize::MAX);
        let in_flight = concurrency.saturating_mul(IN_FLIGHT_PER_DOMAIN);
        Self {
            resolvers: resolvers.iter().copied().map(Resolver::new).collect(),
            started: Instant::now(),
            timeout,
            tries: attempts.max(resolvers.len()),
            in_flight: Semaphore::new(in_flight.clamp(IN_FLIGHT.0, IN_FLIGHT.1)),
            connections: Semaphore::new(MAX_CONNECTIONS),
        }
    }

    /// Puts a question until it is answered or the tries are used up. Of several failures the one
    /// that tells most is kept.
    pub(crate) async fn ask(&self, query: &Query) -> Reply {
        // The semaphore is never closed; were it, there would be no bound to keep.
        let _permit = self.in_flight.acquire().await.ok();
        let started = Instant::now();
        let mut kept: Option<(Failure, Option<Arc<str>>)> = None;
        let mut attempts = 0;
        for resolver in self.by_health().into_iter().cycle().take(self.tries) {
            attempts += 1;
            let answer =
                transport::ask(resolver.addr, query, self.timeout, &self.connections).await;
            match answer.and_then(usable) {
                Ok(message) => {
                    resolver.misses.store(0, Ordering::Relaxed);
                    return Reply {
                        result: Ok(Arc::new(message)),
                        server: Some(Arc::clone(&resolver.name)),
                        attempts,
                        ms: millis(started.elapsed()),
                    };
                }
                Err(failure) => {
                    self.note(resolver, failure);
                    if kept.as_ref().is_none_or(|(other, _)| failure > *other) {
                        let server = failure.is_an_answer().then(|| Arc::clone(&resolver.name));
                        kept = Some((failure, server));
                    }
                }
            }
        }
        let (failure, server) = kept.unwrap_or((Failure::Network, None));
        Reply { result: Err(failure), server, attempts, ms: millis(started.elapsed()) }
    }

    /// The resolvers in order of preference, those that rest at the end.
    fn by_health(&self) -> Vec<&Resolver> {
        let now = millis(self.started.elapsed());
        let mut order: Vec<&Resolver> = self.resolvers.iter().collect();
        order.sort_by_key(|resolver| resolver.rests_until.load(Ordering::Relaxed) > now);
        order
    }

    fn note(&self, resolver: &Resolver, failure: Failure) {
        if failure.is_an_answer() {
            resolver.misses.store(0, Ordering::Relaxed);
        } else if resolver.misses.fetch_add(1, Ordering::Relaxed) + 1 >= MISSES_TO_REST {
            let until = self.started.elapsed() + REST;
            resolver.rests_until.store(millis(until), Ordering::Relaxed);
            resolver.misses.store(0, Ordering::Relaxed);
        }
    }
}

impl Resolver {
    fn new(addr: SocketAddr) -> Self {
        Self {
            addr,
            name: addr.to_string().into(),
            misses: AtomicU32::new(0),
            rests_until: AtomicU64::new(0),
        }
    }
}

/// Takes an answer for what it is: data, "nothing", or a failure.
fn usable(message: Message) -> Result<Message, Failure> {
    let head = &message.metadata;
    match head.response_code {
        // Empty, with no authority and no recursion: a hint where else to ask, not an answer.
        ResponseCode::NoError
            if message.answers.is_empty()
                && !head.authoritative
                && !head.recursion_available
                && negative_ttl(&message).is_none() =>
        {
            Err(Failure::Refused)
        }
        ResponseCode::NoError | ResponseCode::NXDomain => Ok(message),
        ResponseCode::ServFail => Err(Failure::ServFail),
        ResponseCode::Refused | ResponseCode::NotAuth => Err(Failure::Refused),
        _ => Err(Failure::Malformed),
    }
}

/// How long "nothing" holds, in seconds (RFC 2308 §5); `None` without a start of authority.
pub(crate) fn negative_ttl(message: &Message) -> Option<u32> {
    message.authorities.iter().find_map(|record| match &record.data {
        RData::SOA(soa) => Some(record.ttl.min(soa.minimum)),
        _ => None,
    })
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange() -> Exchange {
        let addrs: Vec<SocketAddr> =
            (1..=2).map(|n| SocketAddr::from(([192, 0, 2, n], 53))).collect();
        Exchange::new(&addrs, Duration::from_secs(1), 1, 64)
    }

    fn first(exchange: &Exchange) -> String {
        exchange.by_health()[0].name.to_string()
    }

    #[test]
    fn a_silent_resolver_is_asked_last_for_a_while() {
        let exchange = exchange();
        assert_eq!(exchange.tries, 2, "each resolver is asked at least once");
        for failure in [Failure::Timeout, Failure::Network] {
            exchange.note(&exchange.resolvers[0], failure);
        }
        assert_eq!(first(&exchange), "192.0.2.1:53");
        exchange.note(&exchange.resolvers[0], Failure::Timeout);
        assert_eq!(first(&exchange), "192.0.2.2:53");
        exchange.resolvers[0].rests_until.store(0, Ordering::Relaxed);
        assert_eq!(first(&exchange), "192.0.2.1:53");
    }

    #[test]
    fn an_answer_that_says_no_is_no_silence() {
        let exchange = exchange();
        for failure in [Failure::Timeout, Failure::Timeout, Failure::ServFail, Failure::Timeout] {
            exchange.note(&exchange.resolvers[0], failure);
        }
        assert_eq!(first(&exchange), "192.0.2.1:53");
    }

    #[test]
    fn a_referral_is_not_nothing() {
        let mut referral = Message::query().into_response();
        referral.metadata.recursion_available = false;
        referral.metadata.authoritative = false;
        assert_eq!(usable(referral.clone()).expect_err("no answer"), Failure::Refused);
        referral.metadata.recursion_available = true;
        assert!(usable(referral).is_ok());
    }
}
