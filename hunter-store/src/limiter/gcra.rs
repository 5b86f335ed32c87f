//! The generic cell rate algorithm, as the script has it in Lua.

use std::time::Duration;

/// What a limiter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// A permit, for a moment `delay` from now.
    Leave { delay: Duration, remaining: u32 },
    /// None within the time given; the earliest would be this far away.
    Wait(Duration),
}

impl Answer {
    /// Leave from both, at the later of the two moments.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Wait(one), Self::Wait(two)) => Self::Wait(one.max(two)),
            (Self::Wait(wait), _) | (_, Self::Wait(wait)) => Self::Wait(wait),
            (
                Self::Leave { delay: one, remaining: left },
                Self::Leave { delay: two, remaining: right },
            ) => Self::Leave { delay: one.max(two), remaining: left.min(right) },
        }
    }
}

/// Takes the next permit of a bucket that would be full again at `full_at`, if its moment comes
/// within `patience`; gives the new time with it. Times are microseconds on any one clock.
pub(super) fn take(
    full_at: u64,
    now: u64,
    interval: u64,
    burst: u64,
    patience: u64,
) -> (Option<u64>, Answer) {
    let full_at = full_at.max(now) + interval;
    let room = burst * interval;
    let delay = full_at.saturating_sub(room + now);
    if delay > patience {
        return (None, Answer::Wait(Duration::from_micros(delay)));
    }
    let remaining = room.saturating_sub(full_at - now) / interval;
    let remaining = u32::try_from(remaining).unwrap_or(u32::MAX);
    (Some(full_at), Answer::Leave { delay: Duration::from_micros(delay), remaining })
}

/// Whole microseconds.
pub(super) fn micros(time: Duration) -> u64 {
    // Far beyond any wait, and exact in the floating-point numbers of Lua.
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX).min(1 << 50)
}
