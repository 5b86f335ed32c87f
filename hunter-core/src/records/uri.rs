//! The one kind of URI besides `mailto:` that mail records hold.

/// Whether a text is an absolute `https:` URI with a host name.
pub(super) fn is_https(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_at_checked("https://".len()) else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    scheme.eq_ignore_ascii_case("https://")
        && uri.bytes().all(|b| b.is_ascii_graphic())
        && name.contains('.')
        && name.split('.').all(|label| matches!(label.len(), 1..=63))
}

#[cfg(test)]
mod tests {
    use super::is_https;

    #[test]
    fn a_host_is_needed() {
        assert!(is_https("https://ornek.com/logo.svg") && is_https("HTTPS://a.b:443?x"));
        for uri in
            ["", "http://ornek.com", "https://", "https:///x", "https://ornek", "https://a b.com"]
        {
            assert!(!is_https(uri), "{uri}");
        }
    }
}
