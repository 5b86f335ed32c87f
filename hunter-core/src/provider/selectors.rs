//! Which DKIM selectors a domain's own records make likely.

use super::fingerprints::Fingerprints;
use super::schema::Provider;
use crate::observation::{Observation, RecordType};
use crate::records::mx::MailExchangers;
use crate::records::spf::SpfReading;

impl Fingerprints {
    /// The DKIM selectors of every provider that the domain's MX and SPF records name, each once, in
    /// the table's order of providers. Selectors that the table knows only by their beginning cannot
    /// be asked for and are left out.
    ///
    /// ```
    /// use hunter_core::observation::Observation;
    /// use hunter_core::provider::Fingerprints;
    ///
    /// let seen = Observation::from_json(r#"{"v":1,"domain":"ornek.com","observed_at":"2026-11-24T09:30:00Z",
    ///   "answers":[{"name":"ornek.com","type":"MX","state":"found","records":["10 mx.kurumsaleposta.com"]}]}"#)?;
    /// assert_eq!(Fingerprints::builtin().dkim_selectors(&seen), ["ntr"]);
    /// # Ok::<(), hunter_core::Error>(())
    /// ```
    pub fn dkim_selectors(&self, seen: &Observation) -> Vec<&str> {
        let domain = seen.domain.as_str();
        let mx = seen.ask(domain, &RecordType::Mx);
        let exchangers =
            mx.found().map(|records| MailExchangers::read(records)).unwrap_or_default();
        let txt = seen.ask(domain, &RecordType::Txt);
        let includes: Vec<&str> = match txt.found().map(|texts| SpfReading::read(texts)) {
            Some(SpfReading::Valid(record)) => record.delegates().collect(),
            _ => Vec::new(),
        };
        let is_named = |provider: &Provider| {
            let takes_mail = exchangers.hosts.iter().any(|mx| {
                self.match_mx(mx.host).is_some_and(|found| found.provider.id == provider.id)
            });
            takes_mail
                || provider
                    .spf_include
                    .iter()
                    .any(|sign| includes.iter().any(|include| sign.value.covers(include)))
        };
        let mut selectors = Vec::new();
        for provider in self.providers() {
            if provider.dkim_selector.is_empty() || !is_named(provider) {
                continue;
            }
            for sign in &provider.dkim_selector {
                let selector = sign.value.as_str();
                if !selector.ends_with('*') && !selectors.contains(&selector) {
                    selectors.push(selector);
                }
            }
        }
        selectors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selectors(answers: &str) -> Vec<String> {
        let seen = Observation::from_json(&format!(
            r#"{{"v":1,"domain":"ornek.com","observed_at":"2026-11-24T09:30:00Z","answers":[{answers}]}}"#
        ))
        .expect("well-formed");
        let table = Fingerprints::builtin();
        table.dkim_selectors(&seen).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn mx_and_spf_each_name_a_provider() {
        let mx = r#"{"name":"ornek.com","type":"MX","state":"found","records":["10 mx.kurumsaleposta.com"]}"#;
        let spf = |text: &str| {
            format!(r#"{{"name":"ornek.com","type":"TXT","state":"found","records":["{text}"]}}"#)
        };
        let google = spf("v=spf1 include:_spf.google.com ~all");
        assert_eq!(selectors(mx), ["ntr"]);
        assert_eq!(selectors(&google), ["google", "google2048"]);
        let both = selectors(&format!("{mx},{google}"));
        assert_eq!(both, ["google", "google2048", "ntr"]);
    }

    #[test]
    fn nothing_readable_names_nobody() {
        let invalid = r#"{"name":"ornek.com","type":"TXT","state":"found","records":["v=spf1 include:_spf.google.com oops:x"]}"#;
        let failed = r#"{"name":"ornek.com","type":"MX","state":"temp_fail","reason":"timeout"}"#;
        assert_eq!(selectors(invalid), [""; 0]);
        assert_eq!(selectors(failed), [""; 0]);
        assert_eq!(selectors(""), [""; 0]);
    }
}
