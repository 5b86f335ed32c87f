//! Who registered a domain, from RDAP (RFC 9083) and WHOIS (RFC 3912).

mod bootstrap;
mod config;
mod dates;
mod lookup;
mod rdap;
mod status;
mod whois;

pub use bootstrap::Bootstrap;
pub use config::RegistrationConfig;
pub use lookup::{Leave, RegistrationLookup};
pub use rdap::parse_rdap;
pub use whois::{WhoisRoute, WhoisServer, WhoisServers, decode_whois, parse_whois};
