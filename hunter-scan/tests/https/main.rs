//! Outbound HTTPS against a local TLS server that answers as told, and fails as told.

mod client;
mod probes;
mod registration;
mod server;
mod whois_server;
