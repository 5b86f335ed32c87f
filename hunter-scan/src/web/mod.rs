//! Outbound HTTPS for everything here that needs it: probes, RDAP, policies.
//!
//! Where a call goes is told by strangers: by a domain's own name, by a registry's list, by a
//! redirect. Hence, for the first URL and for each redirect alike:
//!
//! * `https` only, unless [`WebConfig::allow_http`]; never from `https` back to `http`; no
//!   credentials in a URL; only the usual ports and those that were named;
//! * the address must be public ([`special_purpose`]) or named with its port in
//!   [`WebConfig::allow`]. One forbidden address among several refuses the host. A literal address
//!   is checked as well as those that a name resolves to, and the addresses that were checked are
//!   those that are connected to: a name that changes its mind in between changes nothing;
//! * no proxy and no settings from the environment;
//! * at most [`WebConfig::max_bytes`] of body after decompression, within [`WebConfig::timeout`]
//!   over all redirects. Looking up the hosts is not counted: it has bounds of its own, and may wait
//!   for its turn, which says nothing about the server.
//!
//! TLS is rustls with ring, handed to the client explicitly, so that no process-wide default is
//! needed and none is set. Servers are checked against Mozilla's roots, built in, and against
//! [`WebConfig::roots`]: a container without a store of certificates behaves like a desktop.

mod client;
mod config;
mod fault;
mod guard;
mod lookup;

pub use client::{Get, Reply, WebClient};
pub use config::WebConfig;
pub use fault::WebFault;
pub(crate) use guard::Guard;
pub use guard::special_purpose;
pub use lookup::{Lookup, LookupError, SystemLookup};
