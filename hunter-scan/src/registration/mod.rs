//! Who registered a domain, from RDAP (RFC 9083) and WHOIS (RFC 3912).

mod dates;
mod status;
mod whois;

pub use whois::{decode_whois, parse_whois};
