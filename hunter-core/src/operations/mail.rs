//! `classify_mx`: who takes the mail, by MX records alone.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::Hunter;
use crate::domain::Domain;
use crate::provider::{Basis, Evidence, MailProvider};
use crate::records::mx::MailExchangers;
use crate::rules::Mailbox;
use crate::vocabulary::ProviderClass;

/// Arguments of `classify_mx`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassifyMxRequest {
    /// The MX records, as `10 host`, or as bare hosts that count as equal. An empty list is the
    /// authoritative "no MX".
    pub records: Vec<String>,
    /// The domain, by which its own hosts are known.
    #[serde(default)]
    pub domain: Option<Domain>,
}

/// Who takes the mail.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassifyMxAnswer {
    /// The scoring class.
    pub provider: ProviderClass,
    /// Whether only a gateway, a forwarder or a sending service shows, so that any class may follow.
    pub undetermined: bool,
    /// The listed provider that holds the mailboxes, by its identifier in the table.
    pub provider_id: Option<String>,
    /// Its name to show.
    pub provider_name: Option<String>,
    /// The name of a local hoster or access provider.
    pub local_provider: Option<String>,
    /// What stands in front of the mailboxes, by its identifier in the table.
    pub gateway: Option<String>,
    /// Its name to show.
    pub gateway_name: Option<String>,
    /// What the classification rests on.
    pub basis: Basis,
    /// How far to trust it, 0 to 1.
    pub confidence: f64,
    /// The records that say so.
    pub evidence: Vec<Evidence>,
}

/// A name in which no host lies (RFC 6761 §6.4), for records whose domain is not given.
static NO_DOMAIN: LazyLock<Domain> =
    LazyLock::new(|| "not-given.invalid".parse().expect("a valid name"));

impl Hunter {
    /// Who takes the mail, by MX records alone.
    pub fn classify_mx(&self, request: &ClassifyMxRequest) -> ClassifyMxAnswer {
        ClassifyMxAnswer::of(self.mail_provider(&request.records, request.domain.as_ref()))
    }

    /// The same from plain values, in references into the fingerprint table.
    pub fn mail_provider<S: AsRef<str>>(
        &self,
        records: &[S],
        domain: Option<&Domain>,
    ) -> MailProvider<'_> {
        let records: Vec<Cow<'_, str>> =
            records.iter().map(|record| with_preference(record.as_ref())).collect();
        let engine = self.engine();
        let domain = domain.unwrap_or_else(|| &NO_DOMAIN);
        let mx = MailExchangers::read(&records);
        engine.fingerprints().classify_mx(engine.confidence(), domain, &mx)
    }
}

impl ClassifyMxAnswer {
    fn of(found: MailProvider<'_>) -> Self {
        let gateway = found.gateway();
        Self {
            provider: found.mailbox.class(),
            undetermined: found.mailbox == Mailbox::Undetermined,
            provider_id: found.provider.map(|provider| provider.id.clone()),
            provider_name: found.provider.map(|provider| provider.name.clone()),
            local_provider: found.local_provider().map(str::to_owned),
            gateway: gateway.map(|gateway| gateway.id.clone()),
            gateway_name: gateway.map(|gateway| gateway.name.clone()),
            basis: found.basis,
            confidence: found.confidence,
            evidence: found.evidence,
        }
    }
}

/// An MX record. A bare host gets the preference 0.
pub(super) fn with_preference(record: &str) -> Cow<'_, str> {
    let host = record.trim();
    if host.is_empty() || host.contains([' ', '\t']) {
        Cow::Borrowed(record)
    } else {
        Cow::Owned(format!("0 {host}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classify(records: &[&str], domain: Option<&str>) -> ClassifyMxAnswer {
        Hunter::builtin().classify_mx(&ClassifyMxRequest {
            records: records.iter().map(|record| (*record).to_owned()).collect(),
            domain: domain.map(|domain| domain.parse().expect("a domain")),
        })
    }

    #[test]
    fn records_and_bare_hosts_say_the_same() {
        for (record, host) in [
            ("0 aspmx.l.google.com", "aspmx.l.google.com"),
            ("0 mx1.ornek.iphmx.com", "mx1.ornek.iphmx.com."),
            ("0 .", "."),
            ("0 192.0.2.1", "192.0.2.1"),
        ] {
            let (by_record, by_host) = (classify(&[record], None), classify(&[host], None));
            assert_eq!(by_record.basis, by_host.basis, "{host}");
            assert_eq!(by_record.provider_id, by_host.provider_id, "{host}");
        }
        assert_eq!(classify(&[], None).basis, Basis::NoMail);
        assert_eq!(classify(&[""], None).basis, Basis::Unusable);
    }

    #[test]
    fn a_host_of_ones_own_is_known_by_the_domain_alone() {
        assert_eq!(classify(&["10 mail.ornek.com"], Some("ornek.com")).basis, Basis::OwnDomain);
        assert_eq!(classify(&["10 mail.ornek.com"], None).basis, Basis::Unlisted);
        let gateway = classify(&["10 mx1.ornek.iphmx.com"], None);
        assert!(gateway.undetermined && gateway.provider == ProviderClass::Unknown);
        assert_eq!(gateway.gateway.as_deref(), Some("cisco-secure-email"));
    }
}
