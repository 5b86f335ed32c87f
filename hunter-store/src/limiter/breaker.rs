//! Keeps calls from piling up behind a Redis that is away.

use std::time::Duration;

use recloser::{AsyncRecloser, Error, Recloser};
use redis::RedisError;

/// So many failures in a row open it.
const FAILURES: usize = 5;

/// A circuit breaker over calls to Redis.
pub(super) struct Breaker(AsyncRecloser);

impl Breaker {
    pub(super) fn new(open: Duration) -> Self {
        // The crate decides on the call after the ring is full, so that its length is one less. When
        // half open, the second success closes it, or the second failure opens it.
        let recloser = Recloser::custom()
            .error_rate(1.0)
            .closed_len(FAILURES - 1)
            .half_open_len(1)
            .open_wait(open)
            .build();
        Self(AsyncRecloser::from(recloser))
    }

    /// `None` where the breaker is open, and nothing was sent.
    pub(super) async fn call<T>(
        &self,
        call: impl Future<Output = Result<T, RedisError>>,
    ) -> Option<Result<T, RedisError>> {
        match self.0.call(call).await {
            Ok(value) => Some(Ok(value)),
            Err(Error::Inner(error)) => Some(Err(error)),
            Err(Error::Rejected) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fail(breaker: &Breaker) -> bool {
        let error = RedisError::from((redis::ErrorKind::Io, "gone"));
        breaker.call(async { Err::<(), _>(error) }).await.is_some()
    }

    #[tokio::test]
    async fn the_fifth_failure_in_a_row_opens_it_and_time_half_opens_it() {
        let breaker = Breaker::new(Duration::from_millis(50));
        for _ in 0..4 {
            assert!(fail(&breaker).await);
        }
        assert!(breaker.call(async { Ok(()) }).await.is_some(), "a success in between");
        for call in 1..=5 {
            assert!(fail(&breaker).await, "call {call}");
        }
        assert!(!fail(&breaker).await, "open: nothing is sent");
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert!(fail(&breaker).await && fail(&breaker).await, "half open");
        assert!(!fail(&breaker).await, "open again");
        tokio::time::sleep(Duration::from_millis(60)).await;
        for _ in 0..2 {
            assert!(breaker.call(async { Ok(()) }).await.is_some());
        }
        for call in 1..=5 {
            assert!(fail(&breaker).await, "closed again, call {call}");
        }
    }
}
