//! Who receives the mail, as far as the records say: it chooses the words for the provider.

use super::facts::{MailStatus, SalesFacts};
use crate::assess::FindingKind;
use crate::vocabulary::ProviderClass;

/// MX endings of Exchange Online, every cloud.
const MICROSOFT_MX: [&str; 5] = [
    "mail.protection.outlook.com",
    "mx.microsoft",
    "mail.protection.office365.us",
    "mail.protection.partner.outlook.cn",
    "mail.eo.outlook.com",
];

/// Who receives the mail. Each variant claims no more than the facts carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// A provider that can be named.
    Named,
    /// A provider that can be named, behind a security gateway.
    BehindGateway,
    /// A server under the company's own domain.
    Own,
    /// A host that the fingerprint table does not name.
    Unlisted,
    /// The MX is elsewhere, but other records name a provider.
    Traces,
    /// A security gateway with nothing visible behind it.
    Gateway,
    /// A service that passes the mail on to nobody knows where.
    Forwarder,
    /// Mail exchangers, but nothing tells whose mailboxes they serve.
    Undetermined,
    /// A null MX.
    NullMx,
    /// No MX record.
    NoMx,
    /// No answer to the MX question, and nothing else.
    Unanswered,
    /// A Microsoft tenant is known from the referral; the domain takes no mail.
    TenantWithoutMail,
    /// A Microsoft tenant is known from the referral; the MX is elsewhere.
    TenantElsewhere,
    /// A Microsoft tenant is known from the referral; the MX is not known.
    TenantOnly,
}

impl Holder {
    pub(super) fn of(facts: &SalesFacts) -> Self {
        match facts.status {
            MailStatus::NullMx | MailStatus::NoMx if facts.tenant_known => {
                return Self::TenantWithoutMail;
            }
            MailStatus::NullMx => return Self::NullMx,
            MailStatus::NoMx => return Self::NoMx,
            MailStatus::Mail | MailStatus::Unknown => {}
        }
        if facts.tenant_known && facts.gateway_name.is_none() {
            match &facts.mx_host {
                Some(host) if !is_microsoft_mx(host) => return Self::TenantElsewhere,
                None if facts.status == MailStatus::Unknown => return Self::TenantOnly,
                _ => {}
            }
        }
        let class = facts.provider.unwrap_or(ProviderClass::Unknown);
        let behind = facts.gateway_name.is_some();
        match class {
            ProviderClass::Unknown if facts.local_provider.is_some() && !behind => Self::Named,
            ProviderClass::Unknown if behind && is_forwarded(facts) => Self::Forwarder,
            ProviderClass::Unknown if behind => Self::Gateway,
            ProviderClass::Unknown
                if facts.status == MailStatus::Mail || facts.mx_host.is_some() =>
            {
                Self::Undetermined
            }
            ProviderClass::Unknown => Self::Unanswered,
            _ if behind => Self::BehindGateway,
            ProviderClass::Local | ProviderClass::Hosting => Self::of_host(facts),
            _ if facts.mx_host.is_some() && !facts.listed => Self::Traces,
            _ => Self::Named,
        }
    }

    /// A host or a local provider, which only the table or the domain itself can name.
    fn of_host(facts: &SalesFacts) -> Self {
        if facts.listed || facts.local_provider.is_some() {
            Self::Named
        } else if facts.own_mx {
            Self::Own
        } else if facts.mx_host.is_some() {
            Self::Unlisted
        } else {
            Self::Named
        }
    }

    /// Whether the mailboxes' provider is known by name or class.
    pub(super) fn is_named(self) -> bool {
        matches!(self, Self::Named | Self::BehindGateway)
    }

    /// Whether the domain takes no mail.
    pub(super) fn is_without_mail(self) -> bool {
        matches!(self, Self::NullMx | Self::NoMx | Self::TenantWithoutMail)
    }
}

/// Whether what stands in front only passes the mail on.
pub(super) fn is_forwarded(facts: &SalesFacts) -> bool {
    facts.gateway_forwards || facts.proves(FindingKind::Forwarding)
}

/// The provider's own name, where the facts carry one that fits the class.
pub(super) fn provider_name(facts: &SalesFacts) -> Option<&str> {
    let local = || facts.local_provider.as_deref();
    let named = || facts.provider_name.as_deref();
    match facts.provider {
        None | Some(ProviderClass::Local | ProviderClass::Hosting | ProviderClass::Unknown) => {
            local().or_else(named)
        }
        Some(_) => named(),
    }
}

/// Whether an MX host belongs to Exchange Online.
pub(super) fn is_microsoft_mx(host: &str) -> bool {
    MICROSOFT_MX.iter().any(|zone| in_zone(host, zone))
}

/// Whether `host` is `zone` or lies below it. Both in lower case.
pub(super) fn in_zone(host: &str, zone: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(provider: ProviderClass, host: &str) -> SalesFacts {
        SalesFacts {
            status: MailStatus::Mail,
            provider: Some(provider),
            mx_host: Some(host.to_owned()),
            ..SalesFacts::new("ornek.com.tr".parse().expect("a domain"))
        }
    }

    #[test]
    fn an_unlisted_host_is_not_called_a_provider() {
        let lead = facts(ProviderClass::Local, "mx.bilinmeyen.example");
        assert_eq!(Holder::of(&lead), Holder::Unlisted);
        let own = SalesFacts { own_mx: true, ..facts(ProviderClass::Local, "mail.ornek.com.tr") };
        assert_eq!(Holder::of(&own), Holder::Own);
        let natro = SalesFacts {
            listed: true,
            local_provider: Some("Natro".into()),
            ..facts(ProviderClass::Local, "mx.natro.example")
        };
        assert_eq!((Holder::of(&natro), provider_name(&natro)), (Holder::Named, Some("Natro")));
    }

    #[test]
    fn a_tenant_id_does_not_move_the_mail() {
        let mut lead = facts(ProviderClass::M365, "mx.yandex.net");
        lead.tenant_known = true;
        lead.listed = true;
        assert_eq!(Holder::of(&lead), Holder::TenantElsewhere);
        lead.mx_host = Some("ornek-com-tr.mail.protection.outlook.com".into());
        assert_eq!(Holder::of(&lead), Holder::Named);
        lead.status = MailStatus::NoMx;
        assert_eq!(Holder::of(&lead), Holder::TenantWithoutMail);
    }

    #[test]
    fn a_gateway_hides_or_shows_what_is_behind_it() {
        let mut lead = facts(ProviderClass::Unknown, "mx1.ppe-hosted.com");
        lead.gateway_name = Some("Proofpoint Essentials".into());
        assert_eq!(Holder::of(&lead), Holder::Gateway);
        lead.provider = Some(ProviderClass::M365);
        assert_eq!(Holder::of(&lead), Holder::BehindGateway);
    }

    #[test]
    fn microsoft_hosts_are_matched_by_label() {
        assert!(is_microsoft_mx("ornek-com-tr.x-v1.mx.microsoft."));
        assert!(!is_microsoft_mx("mail.protection.outlook.com.attacker.example"));
        assert!(!is_microsoft_mx("fakemx.microsoft"));
    }
}
