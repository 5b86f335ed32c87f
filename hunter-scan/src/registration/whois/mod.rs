//! WHOIS (RFC 3912): which server to ask, how, and what its answer says.

mod charset;
mod parse;
mod servers;

pub use charset::decode_whois;
pub use parse::parse_whois;
pub use servers::{WhoisRoute, WhoisServer, WhoisServers};

pub(super) use parse::{host, registrar_name};
