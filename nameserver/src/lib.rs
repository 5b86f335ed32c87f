//! An authoritative name server inside the process, for demonstrations and tests.
//!
//! It serves zone files (RFC 1035) over UDP and TCP on a free loopback port, and it can be told to
//! misbehave for given names: see [`Fault`]. A resolver may treat it as *the* DNS: it is
//! authoritative for the root, so a name that no zone holds does not exist.
//!
//! ```
//! use hunter_nameserver::{Fault, NameServer};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), hunter_nameserver::NameServerError> {
//! let server = NameServer::builder()
//!     .zone_text("$ORIGIN ornek.com.tr.\n$TTL 300\n@ IN MX 10 mail\nmail IN A 192.0.2.7\n")
//!     .fault("_dmarc.ornek.com.tr", Some("TXT"), Fault::Timeout)
//!     .spawn()
//!     .await?;
//! assert!(server.addr().ip().is_loopback());
//! assert!(server.queries().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! A folder of `*.zone` files with a `faults.txt` beside them is served by
//! [`Builder::folder`]. Zone files are UTF-8; the escape `\DDD` is refused, so give a text record
//! of other bytes with [`Builder::txt_bytes`].

mod error;
mod fault;
mod handler;
mod server;
mod zone;

pub use error::{CODES, ErrorKind, NameServerError};
pub use fault::Fault;
pub use handler::{Query, Transport};
pub use server::{Builder, NameServer, Running};
