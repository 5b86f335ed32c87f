//! From MX records to whoever holds the mailboxes, with the records that say so.

use serde::Serialize;

use super::fingerprints::{Fingerprints, MxMatch, Provider, ProviderKind};
use crate::domain::Domain;
use crate::records::mx::{MailExchanger, MailExchangers};
use crate::rules::Mailbox;
use crate::vocabulary::{ProviderClass, vocabulary};

/// How far the name of an own server, or of an unlisted host, is to be trusted: it names nobody.
const OWN_DOMAIN_CONFIDENCE: f64 = 0.4;
const UNLISTED_CONFIDENCE: f64 = 0.3;

vocabulary! {
    /// What a classification rests on.
    pub enum Basis ("basis") {
        /// The table lists the MX host.
        Listed = "listed",
        /// A gateway or forwarder takes the mail, and a listed host behind it shows as a fallback MX.
        BehindGateway = "behind_gateway",
        /// Only a gateway, a forwarder or a sending service shows.
        Undetermined = "undetermined",
        /// The MX host lies inside the domain itself and names nobody.
        OwnDomain = "own_domain",
        /// The table does not list the MX host.
        Unlisted = "unlisted",
        /// MX records are there, but none can be used.
        Unusable = "unusable",
        /// The domain takes no mail.
        NoMail = "no_mail",
    }
}

/// One record that a conclusion rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The rule that read it.
    pub rule: &'static str,
    /// The record, as observed.
    pub record: String,
    /// The part of the table that matched, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<String>,
}

/// Somebody who takes the mail and passes it on.
#[derive(Debug, Clone, Copy)]
pub struct Gateway<'a> {
    /// The gateway or forwarder.
    pub provider: &'a Provider,
}

/// Who runs a domain's mail, as its MX records tell it.
#[derive(Debug, Clone)]
pub struct MailProvider<'a> {
    /// Who holds the mailboxes, for the score.
    pub mailbox: Mailbox,
    /// The listed provider that holds the mailboxes.
    pub provider: Option<&'a Provider>,
    /// What stands in front of the mailboxes.
    pub gateway: Option<Gateway<'a>>,
    /// What the classification rests on.
    pub basis: Basis,
    /// How far to trust it, 0 to 1.
    pub confidence: f64,
    /// The records that say so.
    pub evidence: Vec<Evidence>,
}

impl MailProvider<'_> {
    /// The name of a local hoster or access provider, where one is named.
    pub fn local_provider(&self) -> Option<&str> {
        let is_local = self.mailbox == Mailbox::Class(ProviderClass::Local);
        self.provider.filter(|_| is_local).map(|provider| provider.name.as_str())
    }
}

impl MailProvider<'_> {
    /// Nobody named, on the evidence of one record.
    fn unnamed(mailbox: Mailbox, basis: Basis, confidence: f64, evidence: Vec<Evidence>) -> Self {
        Self { mailbox, provider: None, gateway: None, basis, confidence, evidence }
    }
}

impl Fingerprints {
    /// Reads the MX records of a domain. An empty set of records stands for an authoritative "no MX".
    pub fn classify_mx<'a>(&'a self, domain: &Domain, mx: &MailExchangers<'_>) -> MailProvider<'a> {
        let Some(first) = mx.primary().first() else {
            return match mx.malformed.first() {
                Some(record) if !mx.null_mx => MailProvider::unnamed(
                    Mailbox::Class(ProviderClass::Unknown),
                    Basis::Unusable,
                    0.0,
                    vec![Evidence::record("mx_unusable", (*record).to_owned())],
                ),
                _ => MailProvider::unnamed(Mailbox::None, Basis::NoMail, 1.0, Vec::new()),
            };
        };
        if let Some((exchanger, found)) = self.best(mx.primary()) {
            return self.classify_listed(mx, exchanger, found);
        }
        let (rule, basis, confidence) = if is_inside(domain, first.host) {
            ("mx_own_domain", Basis::OwnDomain, OWN_DOMAIN_CONFIDENCE)
        } else {
            ("mx_unlisted", Basis::Unlisted, UNLISTED_CONFIDENCE)
        };
        let evidence = vec![Evidence::exchanger(rule, first, None)];
        MailProvider::unnamed(Mailbox::Class(ProviderClass::Local), basis, confidence, evidence)
    }

    fn classify_listed<'a>(
        &'a self,
        mx: &MailExchangers<'_>,
        exchanger: &MailExchanger<'_>,
        found: MxMatch<'a>,
    ) -> MailProvider<'a> {
        let mut evidence = vec![Evidence::exchanger("mx_suffix", exchanger, Some(found.suffix))];
        let provider = found.provider;
        let undetermined = |gateway, evidence| MailProvider {
            gateway,
            ..MailProvider::unnamed(Mailbox::Undetermined, Basis::Undetermined, 0.0, evidence)
        };
        if provider.hides_mailbox() {
            let gateway = Some(Gateway { provider });
            let Some((exchanger, behind)) = self.behind(mx) else {
                return undetermined(gateway, evidence);
            };
            evidence.push(Evidence::exchanger("mx_fallback", exchanger, Some(behind.suffix)));
            return MailProvider {
                mailbox: Mailbox::Class(behind.provider.class()),
                provider: Some(behind.provider),
                gateway,
                basis: Basis::BehindGateway,
                confidence: behind.grade.confidence().min(found.grade.confidence()),
                evidence,
            };
        }
        let only_sends = provider.kind == ProviderKind::Transactional;
        if only_sends && provider.class() == ProviderClass::Unknown {
            return undetermined(None, evidence);
        }
        MailProvider {
            mailbox: Mailbox::Class(provider.class()),
            provider: Some(provider),
            gateway: None,
            basis: Basis::Listed,
            confidence: found.grade.confidence(),
            evidence,
        }
    }

    /// The listed host that decides among equals: consumer mail before anything else, so that it is
    /// never taken for a business suite; then the longest suffix.
    fn best<'a, 'm>(
        &'a self,
        exchangers: &'m [MailExchanger<'m>],
    ) -> Option<(&'m MailExchanger<'m>, MxMatch<'a>)> {
        let rank = |found: &MxMatch<'_>| {
            (found.provider.kind == ProviderKind::ConsumerMail, found.suffix.len())
        };
        let mut best: Option<(&MailExchanger<'_>, MxMatch<'_>)> = None;
        for exchanger in exchangers {
            if let Some(found) = self.match_mx(exchanger.host) {
                // Exchangers come in a fixed order, so that the first of equals is always the same.
                if best.as_ref().is_none_or(|(_, kept)| rank(&found) > rank(kept)) {
                    best = Some((exchanger, found));
                }
            }
        }
        best
    }

    /// The first listed host, in the order in which senders try them, that holds mailboxes.
    fn behind<'a, 'm>(
        &'a self,
        mx: &'m MailExchangers<'m>,
    ) -> Option<(&'m MailExchanger<'m>, MxMatch<'a>)> {
        mx.hosts.iter().find_map(|exchanger| {
            let found = self.match_mx(exchanger.host)?;
            matches!(found.provider.kind, ProviderKind::Suite | ProviderKind::Hosting)
                .then_some((exchanger, found))
        })
    }
}

/// Whether an MX host lies inside the scanned domain, or inside the domain that it is registered
/// under.
fn is_inside(domain: &Domain, host: &str) -> bool {
    let zone = domain.registrable().unwrap_or(domain.as_str());
    let Some(start) = host.len().checked_sub(zone.len()) else { return false };
    host.get(start..).is_some_and(|tail| tail.eq_ignore_ascii_case(zone))
        && (start == 0 || host.as_bytes()[start - 1] == b'.')
}

impl Evidence {
    fn record(rule: &'static str, record: String) -> Self {
        Self { rule, record, matched: None }
    }

    fn exchanger(rule: &'static str, mx: &MailExchanger<'_>, matched: Option<&str>) -> Self {
        let record = format!("{} {}", mx.preference, mx.host);
        Self { rule, record, matched: matched.map(str::to_owned) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    static TABLE: LazyLock<Fingerprints> = LazyLock::new(Fingerprints::builtin);

    fn classify(records: &[&str]) -> MailProvider<'static> {
        let domain = "sube.ornek.com.tr".parse().expect("a name");
        TABLE.classify_mx(&domain, &MailExchangers::read(records))
    }

    fn class(records: &[&str]) -> Mailbox {
        classify(records).mailbox
    }

    #[test]
    fn d1_the_new_microsoft_names_are_microsoft() {
        for host in [
            "0 ornek-com-tr.mail.protection.outlook.com",
            "0 ornek-com-tr.n-v1.mx.microsoft",
            "0 ornek.mail.protection.office365.us",
            "0 ornek.mail.protection.partner.outlook.cn",
        ] {
            assert_eq!(class(&[host]), Mailbox::Class(ProviderClass::M365), "{host}");
        }
    }

    #[test]
    fn d3_consumer_outlook_is_no_business_tenant() {
        let found =
            classify(&["5 ornek.olc.protection.outlook.com", "5 a.mail.protection.outlook.com"]);
        assert_eq!(found.mailbox, Mailbox::Class(ProviderClass::Unknown));
        assert_eq!(found.provider.map(|p| p.id.as_str()), Some("microsoft-consumer"));
    }

    #[test]
    fn d8_hosters_are_known_by_their_mail_hosts() {
        for host in ["10 mailstore1.secureserver.net", "10 gator.websitewelcome.com"] {
            assert_eq!(class(&[host]), Mailbox::Class(ProviderClass::Hosting), "{host}");
        }
        assert_eq!(class(&["10 mail.godaddy.com.example"]), Mailbox::Class(ProviderClass::Local));
    }

    #[test]
    fn d2_a_gateway_alone_is_undetermined_and_with_a_fallback_is_seen_through() {
        let alone = classify(&["10 mx1.ornek.iphmx.com"]);
        assert_eq!((alone.mailbox, alone.basis), (Mailbox::Undetermined, Basis::Undetermined));
        assert_eq!(alone.gateway.map(|g| g.provider.id.as_str()), Some("cisco-secure-email"));

        let mixed =
            classify(&["20 ornek-com-tr.mail.protection.outlook.com", "10 server-1.arsmtp.com"]);
        assert_eq!(mixed.mailbox, Mailbox::Class(ProviderClass::M365));
        assert_eq!(mixed.gateway.map(|g| g.provider.id.as_str()), Some("zix-appriver"));
        assert_eq!(mixed.evidence.len(), 2);
    }

    #[test]
    fn hosts_that_name_nobody_are_local_with_low_confidence() {
        let own = classify(&["10 MAIL.ornek.com.tr"]);
        assert_eq!((own.basis, own.local_provider()), (Basis::OwnDomain, None));
        let other = classify(&["10 mail.kornek.com.tr"]);
        assert_eq!(other.basis, Basis::Unlisted);
        assert!(own.confidence < 0.5 && other.confidence < 0.5);
        let natro = classify(&["10 mx.kurumsaleposta.com"]);
        assert_eq!(natro.local_provider(), Some("Natro (team.blue)"));
    }

    #[test]
    fn amazon_regions_are_one_label() {
        assert_eq!(
            class(&["10 inbound-smtp.eu-west-1.amazonaws.com"]),
            Mailbox::Class(ProviderClass::Amazon)
        );
        assert_eq!(
            class(&["10 ec2-1-2-3-4.eu-west-1.compute.amazonaws.com"]),
            Mailbox::Class(ProviderClass::Local)
        );
    }

    #[test]
    fn no_mail_is_told_from_no_usable_record() {
        assert_eq!(class(&["0 ."]), Mailbox::None);
        assert_eq!(class(&[]), Mailbox::None);
        let broken = classify(&["10 192.0.2.1"]);
        assert_eq!(
            (broken.mailbox, broken.basis),
            (Mailbox::Class(ProviderClass::Unknown), Basis::Unusable)
        );
    }
}
