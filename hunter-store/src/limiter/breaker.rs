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
        // The crate decides from the first call on that finds its ring full: a process that starts
        // without Redis needs one failure more. When half open, it decides on the second call.
        let recloser = Recloser::custom()
            .error_rate(1.0)
            .closed_len(FAILURES)
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
        let succeed = async |times| {
            for _ in 0..times {
                assert!(breaker.call(async { Ok(()) }).await.is_some());
            }
        };
        succeed(5).await;
        for _ in 0..4 {
            assert!(fail(&breaker).await);
        }
        succeed(1).await;
        for call in 1..=5 {
            assert!(fail(&breaker).await, "call {call}");
        }
        assert!(!fail(&breaker).await, "open: nothing is sent");
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert!(fail(&breaker).await && fail(&breaker).await, "half open");
        assert!(!fail(&breaker).await, "open again");
        tokio::time::sleep(Duration::from_millis(60)).await;
        succeed(7).await;
        for call in 1..=5 {
            assert!(fail(&breaker).await, "closed again, call {call}");
        }
        assert!(!fail(&breaker).await, "open");
    }
}
