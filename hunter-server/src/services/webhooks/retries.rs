//! Calls that failed are tried again by the worker, later each time, and given up in the end.

use std::time::Duration;

use hunter_store::StoreError;
use hunter_store::webhooks::{WebhookRetries as _, WebhookRetry};
use time::OffsetDateTime;
use tokio::sync::watch;

use super::calls::{Kept, Refused, Webhooks};

/// How often a call is tried again.
pub const MOST_RETRIES: u8 = 3;
/// How long a worker may take for one call before another one takes it.
const LEASE: Duration = Duration::from_mins(2);
/// Calls that are taken at once.
const AT_ONCE: u32 = 20;
/// How long a call that was done is known by its name.
const KNOWN: Duration = Duration::from_hours(24);
/// How long a call that was given up is shown.
const SHOWN: Duration = Duration::from_hours(30 * 24);
/// How often what is over is forgotten.
const CLEANING: Duration = Duration::from_hours(1);

/// When retries come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The pause after the first failure; each further one is four times as long.
    pub first: Duration,
    /// How often the worker looks for calls that are due.
    pub poll: Duration,
}

impl Default for Pace {
    /// After half a minute, two minutes and eight.
    fn default() -> Self {
        Self { first: Duration::from_secs(30), poll: Duration::from_secs(5) }
    }
}

impl Pace {
    /// The pause before the next try, after so many.
    pub(super) fn after(self, tries: u32) -> Duration {
        self.first * 4_u32.pow(tries.min(6))
    }
}

/// Why a call was not done this time.
enum Failed {
    /// The store failed; another try may do.
    Store(StoreError),
    /// No further try would do.
    For(&'static str),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refused> for Failed {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Store(error) => Self::Store(error),
            Refused::OptedOut(_) => Self::For("opted_out"),
            Refused::OtherCall => Self::For("idempotency_conflict"),
        }
    }
}

impl Webhooks {
    /// Tries calls again as they are due, until `stop` becomes true. A database that is away is waited
    /// for.
    pub async fn retry(&self, mut stop: watch::Receiver<bool>) {
        let mut cleaned: Option<tokio::time::Instant> = None;
        while !*stop.borrow() {
            if cleaned.is_none_or(|at| at.elapsed() >= CLEANING) && self.forget().await.is_ok() {
                cleaned = Some(tokio::time::Instant::now());
            }
            let more = match self.retry_due().await {
                Ok(taken) => taken >= AT_ONCE as usize,
                Err(error) => {
                    tracing::debug!(%error, "webhook calls cannot be tried again at the moment");
                    false
                }
            };
            if more {
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep(self.pace.poll) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Tries once what is due; gives how many calls that were.
    ///
    /// # Errors
    /// What the database said.
    pub async fn retry_due(&self) -> Result<usize, StoreError> {
        let now = OffsetDateTime::now_utc();
        let mut unit = self.db.read().await?;
        let nothing_waits = unit.next_call_due().await?.is_none_or(|due| due > now.into());
        drop(unit);
        if nothing_waits {
            return Ok(0);
        }
        let mut unit = self.db.begin().await?;
        let calls = unit.take_due_calls(now.into(), (now + LEASE).into(), AT_ONCE).await?;
        unit.commit().await?;
        let taken = calls.len();
        for call in calls {
            self.again(call).await?;
        }
        Ok(taken)
    }

    async fn again(&self, kept: WebhookRetry) -> Result<(), StoreError> {
        let WebhookRetry { retry_id, attempts, .. } = kept;
        let (code, most) = match self.perform_kept(kept).await {
            Ok(()) => {
                tracing::info!(%retry_id, attempts, "a webhook call was done at last");
                return Ok(());
            }
            Err(Failed::Store(error)) => (error.code(), MOST_RETRIES),
            Err(Failed::For(code)) => (code, 1),
        };
        let now = OffsetDateTime::now_utc();
        let due = now + self.pace.after(u32::try_from(attempts).unwrap_or(0));
        let mut unit = self.db.begin().await?;
        unit.call_failed(retry_id, code, now.into(), due.into(), most).await?;
        unit.commit().await?;
        if attempts >= i16::from(most) {
            tracing::error!(%retry_id, attempts, code, "a webhook call was given up");
        } else {
            tracing::warn!(%retry_id, attempts, code, "a webhook call failed again");
        }
        Ok(())
    }

    async fn perform_kept(&self, kept: WebhookRetry) -> Result<(), Failed> {
        // Each worker that took it that often died of it.
        if kept.attempts > i16::from(MOST_RETRIES) {
            return Err(Failed::For("call_given_up"));
        }
        let unreadable = || Failed::For("store_corrupt");
        let content: Kept = serde_json::from_value(kept.payload).map_err(|_| unreadable())?;
        let call = content.call.ok_or_else(unreadable)?;
        let mut unit = self.db.begin().await?;
        self.perform(&mut unit, &call).await?;
        unit.call_done(kept.retry_id, OffsetDateTime::now_utc().into()).await?;
        unit.commit().await?;
        Ok(())
    }

    async fn forget(&self) -> Result<u64, StoreError> {
        let now = OffsetDateTime::now_utc();
        let mut unit = self.db.begin().await?;
        let forgotten = unit.forget_calls((now - KNOWN).into(), (now - SHOWN).into()).await?;
        unit.commit().await?;
        Ok(forgotten)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow() {
        let pauses = [0, 1, 2].map(|tries| Pace::default().after(tries).as_secs());
        assert_eq!(pauses, [30, 120, 480]);
    }
}
