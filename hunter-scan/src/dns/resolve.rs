//! From one question to its answers: follows aliases, and writes down each hop.

use std::collections::HashSet;

use hickory_proto::op::{Message, Query, ResponseCode};
use hickory_proto::rr::{LowerName, Name, RData, Record, RecordType as WireType};
use hunter_core::Domain;
use hunter_core::observation::{Answer, Outcome, RecordType};

use super::exchange::{Exchange, Manner, Reply, negative_ttl};
use super::memory::Memory;
use super::records::{host, present, wire_type};
use super::transport::Failure;

/// How many aliases a chain may have.
const MAX_HOPS: usize = 8;

/// Asks questions and turns what comes back into answers.
pub(crate) struct Asker {
    exchange: Exchange,
    memory: Memory,
}

/// How far one message carries the question.
enum Reach {
    /// To records, the lowest time to live among them.
    Records(Vec<String>, u32),
    /// To an authoritative "nothing".
    Nothing(&'static str),
    /// To an alias whose target the message says nothing of.
    Alias,
    /// Back to a name already seen, or further than a chain may go.
    Loop,
}

impl Asker {
    pub(crate) fn new(exchange: Exchange) -> Self {
        Self { exchange, memory: Memory::default() }
    }

    pub(crate) fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// The answers to one question about `name`: one for each alias on the way, and the last under
    /// the name that the chain leads to. Names outside `home` may be answered from memory.
    pub(crate) async fn ask(
        &self,
        home: Option<&Domain>,
        name: &str,
        record_type: &RecordType,
        manner: Manner<'_>,
    ) -> Vec<Answer> {
        let parsed = Name::from_ascii(format!("{name}."));
        let (Ok(asked), Some(wire)) = (parsed, wire_type(record_type)) else {
            return vec![not_asked(name, record_type, "bad_name")];
        };
        let mut answers = Vec::new();
        let mut seen = HashSet::from([LowerName::new(&asked)]);
        let mut current = asked;
        loop {
            let reply = self.put(home, &current, wire, manner).await;
            let message = match &reply.result {
                Ok(message) => message,
                Err(failure) => {
                    let reason = failure.reason().to_owned();
                    let outcome = if *failure == Failure::Malformed {
                        Outcome::PermFail { reason }
                    } else {
                        Outcome::TempFail { reason }
                    };
                    answers.push(answer(host(&current), record_type, outcome, None, &reply));
                    return answers;
                }
            };
            let reach = follow(message, &mut current, wire, &mut seen, |alias, target, ttl| {
                answers.push(Answer {
                    ttl: Some(ttl),
                    server: reply.server.as_deref().map(str::to_owned),
                    ..Answer::new(
                        host(alias),
                        RecordType::Cname,
                        Outcome::Found(vec![host(target)]),
                    )
                });
            });
            let (at, outcome, ttl) = match reach {
                Reach::Alias => continue,
                Reach::Records(records, ttl) => {
                    (host(&current), Outcome::Found(records), Some(ttl))
                }
                Reach::Nothing(rcode) => {
                    let outcome = Outcome::Absent { rcode: Some(rcode.to_owned()) };
                    (host(&current), outcome, negative_ttl(message))
                }
                Reach::Loop => {
                    let outcome = Outcome::PermFail { reason: "cname_loop".to_owned() };
                    (name.to_owned(), outcome, None)
                }
            };
            answers.push(answer(at, record_type, outcome, ttl, &reply));
            return answers;
        }
    }

    async fn put(
        &self,
        home: Option<&Domain>,
        name: &Name,
        wire: WireType,
        manner: Manner<'_>,
    ) -> Reply {
        let query = Query::query(name.clone(), wire);
        // Boxed: some twenty of these stand inside the future of one domain.
        let exchange = || Box::pin(self.exchange.ask(&query, manner));
        if home.is_some_and(|domain| domain.covers(&host(name))) {
            exchange().await
        } else {
            self.memory.recall_or(&query, exchange).await
        }
    }
}

/// An answer that says why the question was not put.
pub(crate) fn not_asked(name: &str, record_type: &RecordType, reason: &str) -> Answer {
    Answer::new(name, record_type.clone(), Outcome::NotAsked { reason: reason.to_owned() })
}

fn answer(
    name: String,
    record_type: &RecordType,
    outcome: Outcome<Vec<String>>,
    ttl: Option<u32>,
    reply: &Reply,
) -> Answer {
    Answer {
        ttl,
        server: reply.server.as_deref().map(str::to_owned),
        attempts: Some(reply.attempts),
        ms: Some(reply.ms),
        ..Answer::new(name, record_type.clone(), outcome)
    }
}

/// Follows the aliases of one message from `current`, which ends as the last name reached.
fn follow(
    message: &Message,
    current: &mut Name,
    wire: WireType,
    seen: &mut HashSet<LowerName>,
    mut hop: impl FnMut(&Name, &Name, u32),
) -> Reach {
    let mut hops = 0;
    loop {
        let own = LowerName::new(current);
        let here: Vec<&Record> =
            message.answers.iter().filter(|record| LowerName::new(&record.name) == own).collect();
        let wanted = here.iter().filter(|record| record.record_type() == wire);
        let records: Vec<String> = wanted.clone().map(|record| present(&record.data)).collect();
        if let Some(ttl) = wanted.map(|record| record.ttl).min() {
            return Reach::Records(records, ttl);
        }
        let alias = here.iter().find_map(|record| match &record.data {
            RData::CNAME(target) => Some((&target.0, record.ttl)),
            _ => None,
        });
        let Some((target, ttl)) = alias else { break };
        hops += 1;
        hop(current, target, ttl);
        // The first name is in `seen` too: so many names are so many hops and one.
        if !seen.insert(LowerName::new(target)) || seen.len() > MAX_HOPS + 1 {
            return Reach::Loop;
        }
        current.clone_from(target);
    }
    match message.metadata.response_code {
        ResponseCode::NXDomain => Reach::Nothing("NXDOMAIN"),
        // A chain that ends without a start of authority was only followed so far.
        _ if hops > 0 && negative_ttl(message).is_none() => Reach::Alias,
        _ => Reach::Nothing("NOERROR"),
    }
}

#[cfg(test)]
mod tests {
    use hickory_proto::rr::rdata::{A, CNAME, SOA};

    use super::*;

    fn name(text: &str) -> Name {
        Name::from_ascii(text).expect("a name")
    }

    fn message(chain: &[&str], address: bool, soa: bool) -> Message {
        let mut message = Message::query().into_response();
        for pair in chain.windows(2) {
            let data = RData::CNAME(CNAME(name(pair[1])));
            message.add_answer(Record::from_rdata(name(pair[0]), 60, data));
        }
        let last = name(chain[chain.len() - 1]);
        if address {
            let data = RData::A(A::new(192, 0, 2, 7));
            message.add_answer(Record::from_rdata(last.clone(), 30, data));
        }
        if soa {
            let data = RData::SOA(SOA::new(last.clone(), last.clone(), 1, 2, 3, 4, 5));
            message.add_authority(Record::from_rdata(last, 60, data));
        }
        message
    }

    fn reach(message: &Message, from: &str) -> (String, usize, Reach) {
        let mut current = name(from);
        let mut seen = HashSet::from([LowerName::new(&current)]);
        let mut hops = 0;
        let reach = follow(message, &mut current, WireType::A, &mut seen, |_, _, _| hops += 1);
        (host(&current), hops, reach)
    }

    #[test]
    fn a_chain_ends_at_records_or_nothing_or_is_asked_on() {
        let chain = ["a.net.", "B.net.", "c.net."];
        let (at, hops, end) = reach(&message(&chain, true, false), "A.net.");
        assert!(matches!(end, Reach::Records(ref r, 30) if r[..] == ["192.0.2.7"]));
        assert_eq!((at.as_str(), hops), ("c.net", 2));
        let (_, _, end) = reach(&message(&chain, false, true), "a.net.");
        assert!(matches!(end, Reach::Nothing("NOERROR")));
        let (at, _, end) = reach(&message(&chain, false, false), "a.net.");
        assert!(matches!(end, Reach::Alias) && at == "c.net");
        let (_, _, end) = reach(&message(&["a.net."], false, false), "a.net.");
        assert!(matches!(end, Reach::Nothing("NOERROR")));
    }

    #[test]
    fn a_circle_and_an_overlong_chain_are_loops() {
        let circle = message(&["a.net.", "b.net.", "a.net."], false, false);
        assert!(matches!(reach(&circle, "a.net."), (_, 2, Reach::Loop)));
        let names: Vec<String> = (0..=9).map(|n| format!("n{n}.net.")).collect();
        let chain: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(matches!(
            reach(&message(&chain[..9], true, false), "n0.net."),
            (_, 8, Reach::Records(..))
        ));
        assert!(matches!(reach(&message(&chain, true, false), "n0.net."), (_, 9, Reach::Loop)));
    }
}
