//! WHOIS (RFC 3912): which server to ask, how, and what its answer says.

mod charset;
pub(crate) mod parse;

pub use charset::decode_whois;
pub use parse::parse_whois;
