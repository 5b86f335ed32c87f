//! From where a request comes: the peer, or what trusted proxies say of it.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;

/// The address of the client. Proxies add the address they were asked from at the end, so that the list
/// is read from there, for as long as those who wrote it are trusted: what stands before can be forged.
/// `None` where there is no socket, as in tests.
pub(crate) fn address(request: &Request, trusted: &[IpAddr]) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    Some(behind(peer, request.headers(), trusted))
}

fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|one| one.to_canonical() == *address);
    if !is_trusted(&peer) {
        return peer;
    }
    let mut client = peer;
    for hop in hops(headers).into_iter().rev() {
        // What is no address, such as `unknown`, hides all before it (RFC 7239 §6).
        let Some(hop) = hop else { break };
        client = hop;
        if !is_trusted(&hop) {
            break;
        }
    }
    client
}

/// Who was asked by whom, the client first: `Forwarded` (RFC 7239), else `X-Forwarded-For`.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let lists = |name: &str| {
        let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|list| list.split(',')).map(str::to_owned).collect::<Vec<_>>()
    };
    let forwarded = lists("forwarded");
    if forwarded.is_empty() {
        return lists("x-forwarded-for").iter().map(|hop| node(hop)).collect();
    }
    let of = |element: &String| {
        element.split(';').find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            name.trim().eq_ignore_ascii_case("for").then(|| node(value.trim().trim_matches('"')))?
        })
    };
    forwarded.iter().map(of).collect()
}

/// An address, with or without port and brackets.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let address = text.parse::<SocketAddr>().map(|with_port| with_port.ip());
    address.or_else(|_| bare.parse()).ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, name: &'static str, value: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        let trusted = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        behind(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        for (peer, name, value, client) in [
            ("192.0.2.9", "x-forwarded-for", "203.0.113.1", "192.0.2.9"),
            ("10.0.0.1", "x-forwarded-for", "203.0.113.1", "203.0.113.1"),
            ("10.0.0.1", "x-forwarded-for", "198.51.100.7, 203.0.113.1, 10.0.0.2", "203.0.113.1"),
            ("10.0.0.1", "x-forwarded-for", "203.0.113.1:4711", "203.0.113.1"),
            ("10.0.0.1", "x-forwarded-for", "203.0.113.1, junk", "10.0.0.1"),
            ("10.0.0.1", "forwarded", "for=203.0.113.1;proto=https", "203.0.113.1"),
            ("10.0.0.1", "forwarded", "For=\"[2001:db8::1]:4711\"", "2001:db8::1"),
            ("10.0.0.1", "forwarded", "for=198.51.100.7, for=unknown", "10.0.0.1"),
            ("192.0.2.9", "forwarded", "for=203.0.113.1", "192.0.2.9"),
        ] {
            assert_eq!(seen(peer, name, value), client, "{peer} {name}: {value}");
        }
    }
}
