//! Host names in the value of a name server.

/// The host names of a value, lower case and without the trailing dot. Addresses, brackets and notes
/// are passed over.
pub(super) fn hosts(value: &str) -> impl Iterator<Item = String> + '_ {
    let mut depth = 0_u32;
    value.split([' ', '\t', ',', ';', '\u{a0}']).filter_map(move |word| {
        let outside = depth == 0 && !word.starts_with(['(', '[']);
        for c in word.chars() {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        let word = word.split(['(', '[']).next().unwrap_or_default();
        if outside { host(word) } else { None }
    })
}

/// One host name under a public suffix, if the text is one. Some registries write handles that look
/// like names (`NS1-HANDLE.SER`) and notes (`not.defined`).
pub(crate) fn host(text: &str) -> Option<String> {
    let name = text.trim().trim_matches('"').trim_end_matches('.').trim_start_matches("- ");
    let labels = || name.split('.');
    let fits = name.len() <= 253
        && labels().count() >= 2
        && labels().all(|label| {
            (1..=63).contains(&label.len())
                && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        })
        && labels().next_back().is_some_and(|top| top.chars().any(char::is_alphabetic));
    fits.then(|| name.to_lowercase())
        .filter(|name| psl::suffix(name.as_bytes()).is_some_and(|suffix| suffix.is_known()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_stand_beside_addresses_and_notes() {
        let all = |value| hosts(value).collect::<Vec<_>>();
        assert_eq!(all("NS1.Ornek.COM."), ["ns1.ornek.com"]);
        assert_eq!(all("ns1.ornek.com 192.0.2.1 2001:db8::1"), ["ns1.ornek.com"]);
        assert_eq!(all("f-dns.pl. [192.0.2.1][2001:db8::189]"), ["f-dns.pl"]);
        assert_eq!(all("beta.ornek.cz (192.0.2.1, 2001:db8::12)"), ["beta.ornek.cz"]);
        assert_eq!(all("a.ns.ornek.net [see www.ornek.net now]"), ["a.ns.ornek.net"]);
        assert_eq!(all("ns1.ornek.com, ns2.ornek.com"), ["ns1.ornek.com", "ns2.ornek.com"]);
        assert!(all("192.0.2.1 not set yet. (www.ornek.com) a..b not.defined NS1.SER").is_empty());
    }
}
