//! Who registered a domain: RDAP (RFC 9083) where the registry has it, else WHOIS (RFC 3912).
//!
//! Three layers, each of use alone:
//! * [`parse_rdap`] and [`parse_whois`] read an answer. They are pure functions, and know no registry by
//!   name;
//! * [`Bootstrap`] and [`WhoisServers`] say who is to be asked;
//! * [`RegistrationLookup`] asks, within bounds of time and size, and only at public addresses.
//!
//! Only a registry's own word makes a domain absent. A refusal, a time-out or an answer that nobody
//! understands is a failure with a reason.
//!
//! ```
//! use hunter_core::observation::Outcome;
//! use hunter_scan::registration::parse_whois;
//!
//! let answer = "** Domain Name: ornek.com.tr\n\n** Registrar:\nOrganization Name\t: ÖRNEK A.Ş.\n\n\
//!               ** Domain Servers:\nns1.ornek.com.tr\n\n\
//!               ** Additional Info:\nExpires on..............: 2027-May-02.\n";
//! let Outcome::Found(facts) = parse_whois("ornek.com.tr", answer) else { panic!("registered") };
//! assert_eq!(facts.registrar.as_deref(), Some("ÖRNEK A.Ş."));
//! assert_eq!(facts.expires.map(|day| day.to_string()).as_deref(), Some("2027-05-02"));
//! assert_eq!(facts.nameservers, ["ns1.ornek.com.tr"]);
//!
//! assert!(parse_whois("ornek.com.tr", "No match found for ornek.com.tr").is_absent());
//! let refused = parse_whois("ornek.fr", "%% Too many requests...\n%% No entries found\n");
//! assert_eq!(refused.why_unanswered(), Some("rate_limited"));
//! ```

mod bootstrap;
mod config;
mod dates;
mod lookup;
mod rdap;
mod status;
mod whois;

pub use bootstrap::Bootstrap;
pub use config::RegistrationConfig;
pub use lookup::RegistrationLookup;
pub use rdap::parse_rdap;
pub use whois::{WhoisRoute, WhoisServer, WhoisServers, decode_whois, parse_whois};
