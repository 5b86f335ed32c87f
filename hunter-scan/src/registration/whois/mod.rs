//! WHOIS (RFC 3912): which server to ask, how, and what its answer says.

mod charset;
mod client;
mod parse;
mod referral;
mod servers;

pub use charset::decode_whois;
pub use parse::parse_whois;
pub use servers::{WhoisRoute, WhoisServer, WhoisServers};

pub(super) use client::{WhoisClient, WhoisFault};
pub(super) use parse::{host, registrar_name};
pub(super) use referral::referral;
