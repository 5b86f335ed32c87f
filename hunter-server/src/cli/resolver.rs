//! The addresses of resolvers, as given on the command line.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use crate::error::ServerError;

const DNS_PORT: u16 = 53;

/// Reads `ADDRESS:PORT`, a bare address, or `HOST:PORT`.
pub(super) fn parse(text: &str) -> Result<SocketAddr, ServerError> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    if let Ok(ip) = bare.parse::<IpAddr>() {
        return Ok(SocketAddr::new(ip, DNS_PORT));
    }
    let fail = |problem: String| ServerError::Resolver { address: text.to_owned(), problem };
    if !text.contains(':') {
        return Err(fail("it has no port".to_owned()));
    }
    let mut found = text.to_socket_addrs().map_err(|error| fail(error.to_string()))?;
    found.next().ok_or_else(|| fail("it has no address".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_with_and_without_port() {
        let parsed = |text| parse(text).map(|address| address.to_string()).map_err(|e| e.code());
        assert_eq!(parsed("192.0.2.53").as_deref(), Ok("192.0.2.53:53"));
        assert_eq!(parsed("192.0.2.53:5353").as_deref(), Ok("192.0.2.53:5353"));
        assert_eq!(parsed("2001:db8::53").as_deref(), Ok("[2001:db8::53]:53"));
        assert_eq!(parsed("[2001:db8::53]:5353").as_deref(), Ok("[2001:db8::53]:5353"));
        assert_eq!(parsed("resolver"), Err("resolver_address"));
        assert_eq!(parsed("192.0.2.53:x"), Err("resolver_address"));
    }
}
