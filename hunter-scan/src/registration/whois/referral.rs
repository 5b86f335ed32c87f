//! Where an answer sends on to.

/// The server that an answer refers to: `refer:` and `whois:` of IANA, `ReferralServer:`, and the
/// `Registrar WHOIS Server:` of thin registries. The first that is a host name.
pub(in crate::registration) fn referral(text: &str) -> Option<String> {
    const LABELS: [&str; 5] =
        ["refer", "whois", "referralserver", "registrar whois server", "whois server"];
    text.lines().find_map(|line| {
        let (label, value) = line.split_once(':')?;
        let label = label.trim().to_ascii_lowercase();
        LABELS.contains(&label.as_str()).then_some(())?;
        let value = value.trim();
        let value = value
            .strip_prefix("rwhois://")
            .or_else(|| value.strip_prefix("whois://"))
            .unwrap_or(value);
        let host = value.split_whitespace().next()?.trim_end_matches('/');
        let plain =
            |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']');
        (!host.is_empty() && host.bytes().all(plain)).then(|| host.to_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_referral_is_a_host() {
        for (text, host) in [
            ("% IANA\nrefer:        whois.nic.google\n", Some("whois.nic.google")),
            ("   Registrar WHOIS Server: whois.ornek.com\r\n", Some("whois.ornek.com")),
            ("ReferralServer: rwhois://whois.ornek.net:4321/\n", Some("whois.ornek.net:4321")),
            ("Whois Server:\nWHOIS Server: localhost:43 (see)\n", Some("localhost:43")),
            ("whois: http://ornek.com/whois\n", None),
            ("Domain Name: ORNEK.COM\n", None),
            ("", None),
        ] {
            assert_eq!(referral(text).as_deref(), host, "{text}");
        }
    }
}
