//! Times as statements take them, and pauses.

use std::time::Duration;

use crate::db::Value;

/// A time in microseconds.
pub(super) fn micros(time: Duration) -> Value {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX / 2).into()
}

/// Between half and all of a time, so that those who failed together do not come back together.
pub(crate) fn jittered(time: Duration) -> Duration {
    // The last bits of a UUIDv7 are random.
    let random = u32::try_from(uuid::Uuid::now_v7().as_u128() & 0xffff).expect("16 bits");
    time / 2 + time * random / 0x2_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_within_half() {
        let times: Vec<_> = (0..1000).map(|_| jittered(Duration::from_secs(10))).collect();
        assert!(times.iter().all(|time| (5..10).contains(&time.as_secs())));
        assert!(times.iter().any(|time| *time < Duration::from_secs(6)));
        assert!(times.iter().any(|time| *time > Duration::from_secs(9)));
    }
}
