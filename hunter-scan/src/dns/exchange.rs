//! Puts a question until it is answered: tries, the choice of resolver, and a second opinion.

use std::hash::{BuildHasher as _, RandomState};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use hickory_proto::op::{Message, Query, ResponseCode};
use hickory_proto::rr::RData;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout};

use super::clock::Clock;
use super::transport::{Channel, Failure};
use super::upstream::Resolver;
use crate::config::ScanConfig;
use crate::error::ScanError;
use crate::throttle::{Permit, Throttle};

/// Bounds of how many questions are fresh on the wire, whatever the number of domains: a burst that
/// is larger than the resolver's buffers is lost.
const IN_FLIGHT: (usize, usize) = (32, 512);
/// Fresh questions for each domain in flight.
const IN_FLIGHT_PER_DOMAIN: usize = 4;
/// The shortest time that a question keeps its place among the fresh ones; else it is twice the time
/// that answers of its resolver take. After that it is in no buffer any more: somebody further away
/// is slow or silent, and whoever waits for silence must not hold up the others. A resolver that is
/// overrun gets slower, and with it the pace at which places come free. Unbound's `jostle-timeout`
/// is of this kind.
const FRESH: Duration = Duration::from_millis(50);
/// How long leave to ask is waited for. Leave at the slowest pace comes sooner; what is waited for
/// longer does not come.
const LONGEST_WAIT: Duration = Duration::from_hours(24);
/// After so many failures in a row a resolver is asked last …
const MISSES_TO_REST: u32 = 3;
/// … for so long.
const REST: Duration = Duration::from_secs(30);
/// How long a resolver that said no is left alone before it is asked the same again, at the least and
/// at the most; both double with each time. Questions that failed together, as many do when a resolver
/// is overrun, come back one by one.
const PAUSE: (Duration, Duration) = (Duration::from_millis(30), Duration::from_millis(70));

/// What became of one question, after all tries.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) result: Result<Arc<Message>, Failure>,
    /// The resolver that answered; none when no resolver did.
    pub(crate) server: Option<Arc<str>>,
    /// How often the question was put; 0 when the answer was remembered.
    pub(crate) attempts: u32,
    /// How long the tries took; waiting for leave is not counted.
    pub(crate) ms: u64,
}

/// How one question is put.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner<'a> {
    /// The time of the domain.
    pub(crate) clock: &'a Clock,
    /// Whether "nothing" is believed only when no second resolver gives records.
    pub(crate) confirm: bool,
}

/// What a question has cost so far.
#[derive(Debug, Default)]
struct Cost {
    attempts: u32,
    took: Duration,
}

impl Cost {
    fn reply(self, result: Result<Arc<Message>, Failure>, server: Option<&Upstream>) -> Reply {
        Reply {
            result,
            server: server.map(|upstream| Arc::clone(&upstream.name)),
            attempts: self.attempts,
            ms: millis(self.took),
        }
    }
}

/// The resolvers, and the limits under which they are asked.
pub(crate) struct Exchange {
    upstreams: Vec<Upstream>,
    started: Instant,
    timeout: Duration,
    tries: usize,
    places: Semaphore,
    throttle: Option<Arc<dyn Throttle>>,
}

#[derive(Debug)]
pub(crate) struct Upstream {
    channel: Channel,
    pub(crate) name: Arc<str>,
    misses: AtomicU32,
    /// Until when it rests, in milliseconds since the exchange started.
    rests_until: AtomicU64,
    /// How long its answers take, in microseconds: a moving average.
    usual: AtomicU64,
}

impl Exchange {
    /// `resolvers` in order of preference, at least one.
    pub(crate) fn new(
        config: &ScanConfig,
        resolvers: &[Resolver],
        throttle: Option<Arc<dyn Throttle>>,
    ) -> Result<Self, ScanError> {
        let tls = crate::tls::client("resolver_roots", &config.resolver_roots)?;
        let attempts = usize::try_from(config.attempts).unwrap_or(usize::MAX);
        let in_flight = config.concurrency.saturating_mul(IN_FLIGHT_PER_DOMAIN);
        Ok(Self {
            upstreams: resolvers
                .iter()
                .map(|resolver| Upstream {
                    channel: Channel::new(resolver, &tls),
                    name: resolver.to_string().into(),
                    misses: AtomicU32::new(0),
                    rests_until: AtomicU64::new(0),
                    usual: AtomicU64::new(0),
                })
                .collect(),
            started: Instant::now(),
            timeout: config.timeout,
            tries: attempts.max(resolvers.len()),
            places: Semaphore::new(in_flight.clamp(IN_FLIGHT.0, IN_FLIGHT.1)),
            throttle,
        })
    }

    pub(crate) fn upstreams(&self) -> &[Upstream] {
        &self.upstreams
    }

    /// Puts a question until it is answered or the tries are used up. Of several failures the one
    /// that tells most is kept.
    pub(crate) async fn ask(&self, query: &Query, manner: Manner<'_>) -> Reply {
        let mut cost = Cost::default();
        let order = self.by_health();
        let mut kept: (Failure, Option<&Upstream>) = (Failure::Deadline, None);
        for turn in 0..self.tries {
            let (round, upstream) = (turn / order.len(), order[turn % order.len()]);
            if round > 0 {
                sleep(pause(round)).await;
            }
            if manner.clock.is_up() {
                break;
            }
            match self.try_once(upstream, query, manner.clock, &mut cost).await {
                Ok(message) => {
                    let doubtful = manner.confirm && is_nothing(&message);
                    let result = if doubtful
                        && self.differs(&order, upstream, query, manner.clock, &mut cost).await
                    {
                        Err(Failure::Disagreement)
                    } else {
                        Ok(Arc::new(message))
                    };
                    return cost.reply(result, Some(upstream));
                }
                Err(failure) => {
                    if failure > kept.0 || turn == 0 {
                        kept = (failure, failure.is_an_answer().then_some(upstream));
                    }
                }
            }
        }
        cost.reply(Err(kept.0), kept.1)
    }

    /// Whether another resolver than `first` gives records, as far as one can be heard.
    async fn differs(
        &self,
        order: &[&Upstream],
        first: &Upstream,
        query: &Query,
        clock: &Clock,
        cost: &mut Cost,
    ) -> bool {
        for other in order {
            // One that is silent anyway would only hold up every "nothing".
            if Arc::ptr_eq(&other.name, &first.name) || self.rests(other) {
                continue;
            }
            if clock.is_up() {
                break;
            }
            if let Ok(message) = self.try_once(other, query, clock, cost).await {
                return !is_nothing(&message);
            }
        }
        false
    }

    /// One try at one resolver, when the throttle gives leave and there is a place.
    async fn try_once(
        &self,
        upstream: &Upstream,
        query: &Query,
        clock: &Clock,
        cost: &mut Cost,
    ) -> Result<Message, Failure> {
        if let Some(throttle) = &self.throttle {
            let leave = throttle.leave(Permit::Resolver(&upstream.name));
            timeout(LONGEST_WAIT, leave).await.map_err(|_| Failure::Turn)?;
        }
        // The semaphore is never closed; were it, there would be no bound to keep.
        let place = self.places.acquire().await.ok();
        if clock.is_up() {
            return Err(Failure::Deadline);
        }
        let started = Instant::now();
        let mut asked = pin!(upstream.channel.ask(query, self.timeout, clock));
        let answer = if let Ok(answer) = timeout(upstream.fresh(), asked.as_mut()).await {
            answer
        } else {
            drop(place);
            asked.await
        };
        let took = started.elapsed();
        cost.attempts += 1;
        cost.took += took;
        if answer.is_ok() {
            upstream.took(took);
        }
        let answer = answer.and_then(usable);
        match answer {
            Ok(_) => upstream.misses.store(0, Ordering::Relaxed),
            // The resolver was not given its time.
            Err(Failure::Deadline) => {}
            Err(failure) => self.note(upstream, failure),
        }
        answer
    }

    /// One question to one resolver and no other.
    pub(crate) async fn ask_one(
        &self,
        upstream: &Upstream,
        query: &Query,
    ) -> Result<Message, Failure> {
        let mut last = Err(Failure::Network);
        let clock = Clock::new(Duration::MAX);
        for _ in 0..2 {
            last = upstream.channel.ask(query, self.timeout, &clock).await.and_then(usable);
            if last.is_ok() {
                break;
            }
        }
        last
    }

    /// The resolvers in order of preference, those that rest at the end.
    fn by_health(&self) -> Vec<&Upstream> {
        let mut order: Vec<&Upstream> = self.upstreams.iter().collect();
        order.sort_by_key(|upstream| self.rests(upstream));
        order
    }

    fn rests(&self, upstream: &Upstream) -> bool {
        upstream.rests_until.load(Ordering::Relaxed) > millis(self.started.elapsed())
    }

    fn note(&self, upstream: &Upstream, failure: Failure) {
        if failure.is_an_answer() {
            upstream.misses.store(0, Ordering::Relaxed);
        } else if upstream.misses.fetch_add(1, Ordering::Relaxed) + 1 >= MISSES_TO_REST {
            let until = self.started.elapsed() + REST;
            upstream.rests_until.store(millis(until), Ordering::Relaxed);
            upstream.misses.store(0, Ordering::Relaxed);
        }
    }
}

impl Upstream {
    /// How long a question keeps its place.
    fn fresh(&self) -> Duration {
        FRESH.max(2 * Duration::from_micros(self.usual.load(Ordering::Relaxed)))
    }

    /// Notes how long an answer took (RFC 6298 §2: an eighth of the difference counts). Of two at
    /// the same time one may be lost.
    fn took(&self, took: Duration) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let usual = self.usual.load(Ordering::Relaxed);
        self.usual.store(usual - usual / 8 + took / 8, Ordering::Relaxed);
    }
}

/// Whether the answer is that there is nothing. An alias is something.
fn is_nothing(message: &Message) -> bool {
    message.answers.is_empty()
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

/// How long a resolver is left alone before its `round`th repetition of a question.
fn pause(round: usize) -> Duration {
    let (least, most) = PAUSE;
    // A fresh seed of the standard library's hasher: nothing here has to be unforeseeable.
    let random = RandomState::new().hash_one(round) >> 32;
    let share = u32::try_from(random).unwrap_or_default();
    let between = most.saturating_sub(least).mul_f64(f64::from(share) / f64::from(u32::MAX));
    (least + between) * (1 << (round - 1).min(6))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use hickory_proto::rr::RecordType;

    use super::*;

    fn exchange() -> Exchange {
        let resolvers = ["192.0.2.1", "192.0.2.2"].map(|text| text.parse().expect("an address"));
        let config = ScanConfig { attempts: 1, ..ScanConfig::default() };
        Exchange::new(&config, &resolvers, None).expect("an exchange")
    }

    fn first(exchange: &Exchange) -> String {
        exchange.by_health()[0].name.to_string()
    }

    #[test]
    fn a_silent_resolver_is_asked_last_for_a_while() {
        let exchange = exchange();
        assert_eq!(exchange.tries, 2, "each resolver is asked at least once");
        for failure in [Failure::Timeout, Failure::Network] {
            exchange.note(&exchange.upstreams[0], failure);
        }
        assert_eq!(first(&exchange), "192.0.2.1:53");
        exchange.note(&exchange.upstreams[0], Failure::Timeout);
        assert_eq!(first(&exchange), "192.0.2.2:53");
        exchange.upstreams[0].rests_until.store(0, Ordering::Relaxed);
        assert_eq!(first(&exchange), "192.0.2.1:53");
    }

    #[test]
    fn a_place_is_kept_longer_where_answers_take_longer() {
        let exchange = exchange();
        let upstream = &exchange.upstreams[0];
        assert_eq!(upstream.fresh(), FRESH);
        for _ in 0..50 {
            upstream.took(Duration::from_millis(200));
        }
        let fresh = upstream.fresh().as_millis();
        assert!((390..=400).contains(&fresh), "{fresh} ms");
        for _ in 0..50 {
            upstream.took(Duration::from_millis(1));
        }
        assert_eq!(upstream.fresh(), FRESH);
    }

    #[test]
    fn an_answer_that_says_no_is_no_silence() {
        let exchange = exchange();
        for failure in [Failure::Timeout, Failure::Timeout, Failure::ServFail, Failure::Timeout] {
            exchange.note(&exchange.upstreams[0], failure);
        }
        assert_eq!(first(&exchange), "192.0.2.1:53");
    }

    #[test]
    fn questions_that_failed_together_come_back_one_by_one() {
        for (round, least, most) in
            [(1, 30, 70), (2, 60, 140), (7, 1_920, 4_480), (9, 1_920, 4_480)]
        {
            let pauses: Vec<u128> = (0..64).map(|_| pause(round).as_micros()).collect();
            assert!(
                pauses.iter().all(|us| (least * 1_000..=most * 1_000).contains(us)),
                "{pauses:?}"
            );
            let different: std::collections::HashSet<_> = pauses.iter().collect();
            assert!(different.len() > 32, "{pauses:?}");
        }
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
    struct Never;

    #[async_trait::async_trait]
    impl Throttle for Never {
        async fn leave(&self, _: Permit<'_>) {
            std::future::pending::<()>().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn leave_that_never_comes_blames_no_server() {
        let resolvers = ["192.0.2.1".parse().expect("an address")];
        let config = ScanConfig { attempts: 1, ..ScanConfig::default() };
        let exchange =
            Exchange::new(&config, &resolvers, Some(Arc::new(Never))).expect("an exchange");
        let query = Query::query("ornek.com.tr.".parse().expect("a name"), RecordType::MX);
        let clock = Clock::new(config.deadline);
        let reply = exchange.ask(&query, Manner { clock: &clock, confirm: false }).await;
        assert_eq!(reply.result.expect_err("no leave").reason(), "waited_for_turn");
        assert_eq!((reply.attempts, reply.ms), (0, 0));
        assert!(!clock.is_up());
    }
}
