//! Answers about names that many domains share: provider hosts, and the parents of a tree walk.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hickory_proto::op::Query;
use tokio::sync::OnceCell;

use super::exchange::{Reply, negative_ttl};
use super::transport::Failure;

/// How many answers are kept.
const CAPACITY: usize = 4096;
/// The longest that an answer is kept, whatever its time to live.
const LONGEST: Duration = Duration::from_mins(5);

/// Remembers answers for their time to live, and lets those who ask the same at the same time share
/// one question. Failures are shared while they happen, and never kept.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    slots: Mutex<HashMap<Query, Slot>>,
}

type Slot = Arc<OnceCell<(Reply, Instant)>>;

impl Memory {
    /// The remembered answer, with no attempt and no time of its own; or that of `ask`.
    pub(crate) async fn recall_or<F>(&self, query: &Query, ask: impl Fn() -> F) -> Reply
    where
        F: Future<Output = Reply>,
    {
        loop {
            let slot = self.slot(query);
            let mut asked = false;
            let note = &mut asked;
            let (reply, _) = slot
                .get_or_init(|| async {
                    *note = true;
                    let reply = ask().await;
                    let until = Instant::now() + lifetime(&reply);
                    (reply, until)
                })
                .await;
            let mut reply = reply.clone();
            if asked {
                return reply;
            }
            // The time of the domain that asked was up. Ours need not be.
            if matches!(reply.result, Err(Failure::Deadline)) {
                continue;
            }
            (reply.attempts, reply.ms) = (0, 0);
            return reply;
        }
    }

    fn slot(&self, query: &Query) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let fresh = |slot: &Slot| slot.get().is_none_or(|(_, until)| *until > now);
        if let Some(slot) = slots.get(query).filter(|slot| fresh(slot)) {
            return Arc::clone(slot);
        }
        if slots.len() >= CAPACITY {
            slots.retain(|_, slot| fresh(slot));
        }
        if slots.len() >= CAPACITY {
            slots.clear();
        }
        let slot = Slot::default();
        slots.insert(query.clone(), Arc::clone(&slot));
        slot
    }
}

fn lifetime(reply: &Reply) -> Duration {
    let Ok(message) = &reply.result else { return Duration::ZERO };
    let seconds = match message.answers.iter().map(|record| record.ttl).min() {
        Some(ttl) => ttl,
        None => negative_ttl(message).unwrap_or(0),
    };
    Duration::from_secs(seconds.into()).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use hickory_proto::op::Message;
    use hickory_proto::rr::rdata::A;
    use hickory_proto::rr::{Name, RData, Record, RecordType};

    use super::*;

    fn query() -> Query {
        Query::query(Name::from_ascii("mx.example.net.").expect("a name"), RecordType::A)
    }

    fn reply(ttl: Option<u32>) -> Reply {
        let result = ttl.map_or(Err(Failure::Timeout), |ttl| {
            let mut message = Message::query().into_response();
            let data = RData::A(A::new(192, 0, 2, 7));
            message.add_answer(Record::from_rdata(query().name, ttl, data));
            Ok(Arc::new(message))
        });
        Reply { result, server: None, attempts: 2, ms: 9 }
    }

    async fn attempts(memory: &Memory, ttl: Option<u32>) -> u32 {
        memory.recall_or(&query(), async || reply(ttl)).await.attempts
    }

    #[tokio::test]
    async fn an_answer_is_kept_and_a_failure_is_not() {
        let memory = Memory::default();
        assert_eq!(attempts(&memory, None).await, 2);
        assert_eq!(attempts(&memory, Some(0)).await, 2, "the failure was not kept");
        assert_eq!(attempts(&memory, Some(60)).await, 2, "a lifetime of zero ends at once");
        assert_eq!(attempts(&memory, Some(60)).await, 0);
    }

    #[tokio::test]
    async fn those_who_ask_at_once_share_one_question() {
        let memory = Memory::default();
        let slow = async || {
            tokio::time::sleep(Duration::from_millis(20)).await;
            reply(None)
        };
        let never = async || panic!("asked twice");
        let query = query();
        let (first, second) =
            tokio::join!(memory.recall_or(&query, slow), memory.recall_or(&query, never));
        assert_eq!((first.attempts, second.attempts), (2, 0));
    }
    #[tokio::test]
    async fn the_end_of_one_domain_s_time_is_not_shared() {
        let memory = Memory::default();
        let late = async || {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Reply { result: Err(Failure::Deadline), ..reply(None) }
        };
        let query = query();
        let (first, second) = tokio::join!(
            memory.recall_or(&query, late),
            memory.recall_or(&query, async || reply(Some(60)))
        );
        assert_eq!(first.result.expect_err("late"), Failure::Deadline);
        assert!(second.result.is_ok());
    }
}
