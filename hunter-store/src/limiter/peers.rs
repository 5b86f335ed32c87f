//! How many processes share a limit, and when this one must keep to its share.

use std::time::Duration;

use tokio::time::Instant;

/// A process that was not heard of for this long is not counted any more.
pub(super) const FORGOTTEN: Duration = Duration::from_secs(3);
/// How often a process lets itself be heard.
pub(super) const HEARTBEAT: Duration = Duration::from_millis(500);

/// What is known of the other processes.
#[derive(Debug)]
pub(super) struct Peers {
    at_least: u32,
    /// How many shares there are.
    shares: u32,
    /// Farewells that Redis counted so far.
    farewells: u64,
    guard: Option<Guard>,
    /// Time after which a process without Redis must have tried it again.
    open: Duration,
}

/// Another process may be without Redis: this one needs leave from both, Redis and its own share.
#[derive(Debug, Clone, Copy)]
struct Guard {
    /// Before this, Redis may still count a process that has lost it.
    from: Instant,
    /// After this, a process that has not come back is dead.
    until: Instant,
}

impl Peers {
    pub(super) fn new(at_least: u32, open: Duration) -> Self {
        let at_least = at_least.max(1);
        Self { at_least, shares: at_least, farewells: 0, guard: None, open }
    }

    pub(super) fn shares(&self) -> u32 {
        self.shares
    }

    pub(super) fn is_guarded(&self) -> bool {
        self.guard.is_some()
    }

    /// Redis counted so many processes.
    pub(super) fn counted(&mut self, alive: u32, farewells: u64, now: Instant) {
        let left = u32::try_from(farewells.saturating_sub(self.farewells)).unwrap_or(u32::MAX);
        self.farewells = farewells;
        let alive = alive.max(self.at_least);
        let all_known = alive.saturating_add(left) >= self.shares;
        match self.guard {
            None if all_known => self.shares = alive,
            None => self.guard_from(now),
            Some(guard) if now >= guard.until || (all_known && now >= guard.from) => {
                self.shares = alive;
                self.guard = None;
            }
            Some(_) => self.shares = self.shares.max(alive),
        }
    }

    /// This process has Redis again; others may not.
    pub(super) fn came_back(&mut self, now: Instant) {
        self.guard_from(now);
    }

    fn guard_from(&mut self, now: Instant) {
        let from = now + FORGOTTEN + HEARTBEAT;
        // Twice: a breaker that was half open may have opened once more.
        self.guard = Some(Guard { from, until: from + 2 * self.open });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Duration = Duration::from_mins(1);

    #[test]
    fn processes_come_and_say_farewell() {
        let now = Instant::now();
        let mut peers = Peers::new(1, OPEN);
        peers.counted(3, 0, now);
        assert_eq!((peers.shares(), peers.is_guarded()), (3, false));
        peers.counted(2, 1, now);
        assert_eq!((peers.shares(), peers.is_guarded()), (2, false));
    }

    #[test]
    fn one_that_is_lost_keeps_its_share_until_it_must_be_dead() {
        let now = Instant::now();
        let mut peers = Peers::new(1, OPEN);
        peers.counted(4, 0, now);
        peers.counted(3, 0, now);
        assert_eq!((peers.shares(), peers.is_guarded()), (4, true));
        peers.counted(3, 0, now + OPEN);
        assert_eq!((peers.shares(), peers.is_guarded()), (4, true));
        peers.counted(3, 0, now + 3 * OPEN);
        assert_eq!((peers.shares(), peers.is_guarded()), (3, false));
    }

    #[test]
    fn after_an_outage_all_must_be_back() {
        let now = Instant::now();
        let mut peers = Peers::new(1, OPEN);
        peers.counted(4, 0, now);
        peers.came_back(now);
        peers.counted(4, 0, now + HEARTBEAT);
        assert!(peers.is_guarded(), "one of the four may be a memory");
        peers.counted(2, 0, now + 2 * FORGOTTEN);
        assert!(peers.is_guarded());
        peers.counted(4, 0, now + 3 * FORGOTTEN);
        assert_eq!((peers.shares(), peers.is_guarded()), (4, false));
    }
}
