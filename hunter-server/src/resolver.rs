//! The resolvers, as given on the command line and in settings.

use std::net::ToSocketAddrs;

use hunter_scan::Resolver;

use crate::error::ServerError;

/// Reads what [`Resolver`] reads, and `HOST:PORT`, whose name is looked up by the system.
pub(crate) fn parse(text: &str) -> Result<Resolver, ServerError> {
    if let Ok(resolver) = text.parse::<Resolver>() {
        return Ok(resolver);
    }
    let fail = |problem: String| ServerError::Resolver { address: text.to_owned(), problem };
    if text.contains("://") {
        let problem = "a resolver over TLS or HTTPS is named by its address".to_owned();
        return Err(fail(problem));
    }
    if !text.contains(':') {
        return Err(fail("it has no port".to_owned()));
    }
    let mut found = text.to_socket_addrs().map_err(|error| fail(error.to_string()))?;
    found.next().map(Resolver::from).ok_or_else(|| fail("it has no address".to_owned()))
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
        let tls = "tls://192.0.2.53:853#dns.example";
        assert_eq!(parsed(tls).as_deref(), Ok(tls));
        assert_eq!(parsed("tls://dns.example"), Err("resolver_address"));
        assert_eq!(parsed("resolver"), Err("resolver_address"));
        assert_eq!(parsed("192.0.2.53:x"), Err("resolver_address"));
    }
}
