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
