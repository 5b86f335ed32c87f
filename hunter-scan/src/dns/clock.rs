//! The time of one domain: it runs while a question of the domain is on the wire, and stands while
//! all of them wait for leave.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How much time the questions of one domain have together. Waiting for a turn of the throttle or
/// for a place among the questions in flight costs nothing: how busy this program is must not
/// decide what is known of a domain.
#[derive(Debug)]
pub(crate) struct Clock {
    limit: Duration,
    hand: Mutex<Hand>,
}

#[derive(Debug)]
struct Hand {
    /// How many questions are on the wire.
    running: usize,
    /// Since when at least one is.
    since: Instant,
    /// What was spent before that.
    spent: Duration,
}

/// One question on the wire. The clock runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Running<'a> {
    clock: &'a Clock,
    /// What was left when it began. As the clock runs all the while, no more is left for it.
    pub(crate) left: Duration,
}

impl Clock {
    pub(crate) fn new(limit: Duration) -> Self {
        let hand = Hand { running: 0, since: Instant::now(), spent: Duration::ZERO };
        Self { limit, hand: Mutex::new(hand) }
    }

    /// Starts the clock, or lets it run on; `None` when the time is up.
    pub(crate) fn start(&self) -> Option<Running<'_>> {
        let now = Instant::now();
        let mut hand = self.hand.lock().unwrap_or_else(PoisonError::into_inner);
        let left = self.limit.saturating_sub(hand.spent(now));
        if left.is_zero() {
            return None;
        }
        if hand.running == 0 {
            hand.since = now;
        }
        hand.running += 1;
        Some(Running { clock: self, left })
    }

    /// Whether nothing is left.
    pub(crate) fn is_up(&self) -> bool {
        let hand = self.hand.lock().unwrap_or_else(PoisonError::into_inner);
        hand.spent(Instant::now()) >= self.limit
    }
}

impl Hand {
    fn spent(&self, now: Instant) -> Duration {
        let running = if self.running > 0 { now - self.since } else { Duration::ZERO };
        self.spent + running
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut hand = self.clock.hand.lock().unwrap_or_else(PoisonError::into_inner);
        hand.running -= 1;
        if hand.running == 0 {
            let ran = hand.since.elapsed();
            hand.spent += ran;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn it_stands_while_nothing_is_on_the_wire() {
        let clock = Clock::new(10 * SECOND);
        advance(60 * SECOND).await;
        let first = clock.start().expect("time");
        assert_eq!(first.left, 10 * SECOND);
        advance(3 * SECOND).await;
        drop(first);
        advance(60 * SECOND).await;
        assert_eq!(clock.start().expect("time").left, 7 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn questions_on_the_wire_together_share_one_time() {
        let clock = Clock::new(10 * SECOND);
        let first = clock.start().expect("time");
        advance(4 * SECOND).await;
        let second = clock.start().expect("time");
        assert_eq!(second.left, 6 * SECOND);
        drop(first);
        advance(5 * SECOND).await;
        assert!(!clock.is_up());
        advance(SECOND).await;
        drop(second);
        assert!(clock.is_up() && clock.start().is_none());
    }
}
