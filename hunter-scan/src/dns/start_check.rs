//! Whether the resolvers can be believed: asked once, before a scan.
//!
//! Portals of hotels and some providers answer every name, and filters say of every name that it
//! does not exist. Either makes a fact of each domain that is none.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use futures::future::join_all;
use hickory_proto::op::{Message, Query, ResponseCode};
use hickory_proto::rr::{Name, RecordType};

use super::exchange::{Exchange, Upstream};
use super::transport::Failure;
use crate::error::ScanError;

/// What the check found out about one resolver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soundness {
    /// The resolver, as it stands in answers.
    pub resolver: String,
    /// Why it did not answer the check (`timeout`, `network`, `refused` …); none when it did.
    pub silent: Option<&'static str>,
}

/// Asks each resolver for names that cannot exist and for the root, which always does.
///
/// # Errors
/// `scan_resolver_lies` names the resolver and what it said; `scan_resolvers_silent` when none
/// answers.
pub(crate) async fn run(exchange: &Exchange) -> Result<Vec<Soundness>, ScanError> {
    let looked = join_all(exchange.upstreams().iter().map(|one| look(exchange, one))).await;
    let looked: Vec<Soundness> = looked.into_iter().collect::<Result<_, _>>()?;
    if let Some(reason) = looked.iter().map(|one| one.silent).min_by_key(Option::is_some).flatten()
    {
        let resolvers = looked.iter().map(|one| one.resolver.as_str()).collect::<Vec<_>>();
        return Err(ScanError::ResolversSilent { resolvers: resolvers.join(", "), reason });
    }
    Ok(looked)
}

async fn look(exchange: &Exchange, upstream: &Upstream) -> Result<Soundness, ScanError> {
    let resolver = upstream.name.to_string();
    let lies = |problem: String| ScanError::ResolverLies { resolver: resolver.clone(), problem };
    // A name that nobody has asked for before: an answer kept from earlier would prove nothing.
    let label = format!("hunter-{:016x}", RandomState::new().build_hasher().finish());
    // A made-up name below a top that anybody may register in, and one that is reserved never to
    // exist (RFC 6761 §6.4). Portals answer addresses, broken ones answer any type.
    let made_up = [
        (format!("{label}.com."), RecordType::A),
        (format!("{label}.com."), RecordType::TXT),
        (format!("{label}.invalid."), RecordType::A),
    ];
    let asked = made_up.iter().map(|(name, record_type)| async move {
        let name = Name::from_ascii(name).expect("a label and a top");
        exchange.ask_one(upstream, &Query::query(name, *record_type)).await
    });
    let root = Query::query(Name::root(), RecordType::NS);
    let (answers, root) = futures::join!(join_all(asked), exchange.ask_one(upstream, &root));
    for ((name, record_type), answer) in made_up.iter().zip(&answers) {
        if let Ok(message) = answer
            && let Some(first) = message.answers.first()
        {
            let name = name.trim_end_matches('.');
            return Err(lies(format!(
                "it answers `{}` to {record_type} for the made-up name {name}",
                first.data
            )));
        }
    }
    if root.as_ref().is_ok_and(denies_the_root) {
        return Err(lies("it says that the root of the DNS does not exist".to_owned()));
    }
    let silent = |answer: &Result<Message, Failure>| answer.as_ref().err().map(|f| f.reason());
    let all = || answers.iter().chain([&root]);
    let silent = if all().any(Result::is_ok) { None } else { all().find_map(silent) };
    Ok(Soundness { resolver, silent })
}

fn denies_the_root(message: &Message) -> bool {
    message.metadata.response_code == ResponseCode::NXDomain
}
