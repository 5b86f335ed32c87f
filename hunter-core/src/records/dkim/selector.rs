//! How a selector is published: with a key of its own, or as an alias into somebody else's zone.

use crate::observation::{Outcome, RecordType};
use crate::records::Ask;

/// What stands at `selector._domainkey.domain` itself, aliases not followed.
///
/// An alias tells who signs: its target lies in the zone of the provider, who can change keys. A text
/// in the domain's own zone was copied there by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SelectorSource {
    /// A CNAME; holds its target, without trailing dot.
    Alias(String),
    /// A TXT record in the domain's own zone.
    Text,
    /// Neither: an authoritative answer says so.
    Nothing,
    /// No answer says.
    Unknown,
}

impl SelectorSource {
    /// Looks at what `ask` answers for a name.
    pub fn of(name: &str, ask: &Ask<'_, '_>) -> Self {
        let alias = ask(name, &RecordType::Cname);
        if let Some(target) = alias.found().and_then(|targets| targets.iter().min()) {
            return Self::Alias(target.strip_suffix('.').unwrap_or(target).to_owned());
        }
        match ask(name, &RecordType::Txt) {
            Outcome::Absent { .. } => Self::Nothing,
            // A text found may be the end of an alias that nobody asked for.
            Outcome::Found(_) if alias.is_absent() => Self::Text,
            _ if alias.is_nxdomain() => Self::Nothing,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Observation;

    #[test]
    fn an_alias_is_told_from_a_text_and_both_from_the_unknown() {
        let seen = Observation::from_json(
            r#"{"v":1,"domain":"a.com","observed_at":"2026-11-24T09:30:00Z","answers":[
            {"name":"s1.a.com","type":"CNAME","state":"found","records":["s1-a-com._domainkey.a.onmicrosoft.com."]},
            {"name":"s2.a.com","type":"CNAME","state":"absent","rcode":"NOERROR"},
            {"name":"s2.a.com","type":"TXT","state":"found","records":["p="]},
            {"name":"s3.a.com","type":"TXT","state":"found","records":["p="]},
            {"name":"s4.a.com","type":"CNAME","state":"absent","rcode":"NXDOMAIN"},
            {"name":"s5.a.com","type":"CNAME","state":"absent","rcode":"NOERROR"}]}"#,
        )
        .expect("well-formed");
        let of = |name| SelectorSource::of(name, &|name, kind| seen.ask(name, kind));
        let target = "s1-a-com._domainkey.a.onmicrosoft.com".to_owned();
        assert_eq!(of("s1.a.com"), SelectorSource::Alias(target));
        assert_eq!(of("s2.a.com"), SelectorSource::Text);
        assert_eq!(of("s3.a.com"), SelectorSource::Unknown);
        assert_eq!(of("s4.a.com"), SelectorSource::Nothing);
        assert_eq!(of("s5.a.com"), SelectorSource::Unknown);
    }
}
