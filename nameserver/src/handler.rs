//! Answers one request: from the zones, or as the script of faults says.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hickory_proto::op::{Edns, Header, HeaderCounts, Metadata, ResponseCode};
use hickory_proto::rr::rdata::CNAME;
use hickory_proto::rr::{LowerName, RData, Record, RecordType};
use hickory_server::net::runtime::Time;
use hickory_server::net::xfer::Protocol;
use hickory_server::server::{Request, RequestHandler, ResponseHandler, ResponseInfo};
use hickory_server::zone_handler::MessageResponseBuilder;

use crate::fault::{Fault, Rule};
use crate::zone::{Lookup, Zone};

/// How a question came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// One datagram.
    Udp,
    /// A connection.
    Tcp,
}

/// A question that came in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Query {
    /// The name in lower case, without trailing dot.
    pub name: String,
    /// The type's mnemonic.
    pub record_type: String,
    /// How it came in.
    pub transport: Transport,
}

/// What is served, what goes wrong, and what was asked.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) zone: Zone,
    pub(crate) rules: Vec<Rule>,
    pub(crate) queries: Mutex<Vec<Query>>,
}

impl State {
    pub(crate) fn queries(&self) -> Vec<Query> {
        self.queries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, query: Query) {
        self.queries.lock().unwrap_or_else(PoisonError::into_inner).push(query);
    }

    /// The delay and the fault that the script holds for a question.
    fn fault(&self, name: &LowerName, record_type: RecordType) -> (Duration, Option<Fault>) {
        let mut delay = Duration::ZERO;
        let mut fault = None;
        for rule in self.rules.iter().filter(|rule| rule.meets(name, record_type)) {
            match rule.fault {
                Fault::Slow(more) => delay += more,
                other => fault = fault.or(Some(other)),
            }
        }
        (delay, fault)
    }

    /// How often this question has come in.
    fn count(&self, query: &Query) -> usize {
        let queries = self.queries.lock().unwrap_or_else(PoisonError::into_inner);
        let same =
            |other: &&Query| (&other.name, &other.record_type) == (&query.name, &query.record_type);
        queries.iter().filter(same).count()
    }
}

pub(crate) struct Handler(pub(crate) std::sync::Arc<State>);

#[async_trait::async_trait]
impl RequestHandler for Handler {
    async fn handle_request<R: ResponseHandler, T: Time>(
        &self,
        request: &Request,
        mut response_handle: R,
    ) -> ResponseInfo {
        let mut metadata = Metadata::response_from_request(&request.metadata);
        metadata.authoritative = true;
        metadata.recursion_available = true;

        let Ok(info) = request.request_info() else {
            metadata.response_code = ResponseCode::FormErr;
            return send(request, &mut response_handle, metadata, None).await;
        };
        let transport = match info.protocol {
            Protocol::Udp => Transport::Udp,
            _ => Transport::Tcp,
        };
        let (name, record_type) = (info.query.name(), info.query.query_type());
        let query = Query {
            name: name.to_string().trim_end_matches('.').to_owned(),
            record_type: record_type.to_string(),
            transport,
        };
        self.0.note(query.clone());

        let (delay, fault) = self.0.fault(name, record_type);
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let lookup = match fault {
            Some(Fault::Timeout) => return info_of(metadata),
            Some(Fault::Lose(times)) if self.0.count(&query) <= times as usize => {
                return info_of(metadata);
            }
            Some(Fault::Stall) if transport == Transport::Tcp => return info_of(metadata),
            Some(Fault::ServFail) => failure(ResponseCode::ServFail),
            Some(Fault::Refused) => failure(ResponseCode::Refused),
            Some(Fault::FormErr) => failure(ResponseCode::FormErr),
            Some(Fault::NotImp) => failure(ResponseCode::NotImp),
            Some(Fault::NxDomain) => self.0.zone.nothing(name, ResponseCode::NXDomain),
            Some(Fault::NoData) => self.0.zone.nothing(name, ResponseCode::NoError),
            Some(Fault::Lame) => {
                metadata.authoritative = false;
                metadata.recursion_available = false;
                failure(ResponseCode::NoError)
            }
            Some(Fault::Truncate | Fault::Stall) if transport == Transport::Udp => {
                metadata.truncation = true;
                failure(ResponseCode::NoError)
            }
            Some(Fault::CnameLoop) => {
                let own = hickory_proto::rr::Name::from(name.clone());
                let alias = Record::from_rdata(own.clone(), 60, RData::CNAME(CNAME(own)));
                Lookup { answers: vec![alias], ..failure(ResponseCode::NoError) }
            }
            Some(Fault::Truncate | Fault::Stall | Fault::Lose(_) | Fault::Slow(_)) | None => {
                self.0.zone.lookup(name, record_type)
            }
        };
        metadata.response_code = lookup.rcode;
        send(request, &mut response_handle, metadata, Some(&lookup)).await
    }
}

fn failure(rcode: ResponseCode) -> Lookup {
    Lookup { rcode, answers: Vec::new(), authority: None }
}

/// What hickory wants to hear of a question that is left without answer.
fn info_of(metadata: Metadata) -> ResponseInfo {
    ResponseInfo::from(Header { metadata, counts: HeaderCounts::default() })
}

async fn send<R: ResponseHandler>(
    request: &Request,
    response_handle: &mut R,
    metadata: Metadata,
    lookup: Option<&Lookup>,
) -> ResponseInfo {
    let edns = request.edns.as_ref().map(|asked| {
        let mut edns = Edns::new();
        edns.set_max_payload(asked.max_payload().max(512));
        edns
    });
    let mut builder = MessageResponseBuilder::from_message_request(request);
    if let Some(edns) = &edns {
        builder.edns(edns);
    }
    let answers = lookup.map_or(&[][..], |lookup| &lookup.answers);
    let authority = lookup.and_then(|lookup| lookup.authority.as_ref());
    let response = builder.build(metadata, answers, [], authority, []);
    // An answer that cannot be sent is the asker's time-out; there is nobody else to tell.
    response_handle.send_response(response).await.unwrap_or_else(|_| info_of(metadata))
}
