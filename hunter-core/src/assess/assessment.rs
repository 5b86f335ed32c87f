//! What core concludes of one domain, with everything that led there.

use std::sync::Arc;

use serde::{Serialize, Serializer};
use time::{Date, OffsetDateTime};

use super::Engine;
use super::authentication::MailAuthentication;
use super::finding::{Finding, FindingKind};
use super::lead::{Lead, ReferralType};
use super::row::Row;
use super::tags::{Tag, TagFacts, tags};
use crate::contacts::{Contacts, assess_contacts};
use crate::domain::Domain;
use crate::observation::{AddressFacts, Observation};
use crate::provider::{Basis, Evidence, Identity, MailProvider, Role, Strength};
use crate::records::mx::MailExchangers;
use crate::rules::{Breakdown, Mailbox, Verdict};
use crate::signals::UnknownSignal;
use crate::vocabulary::{ProviderClass, TenantSize, vocabulary};

vocabulary! {
    /// Whether there is a verdict at all.
    pub enum Status ("status") {
        /// The MX question was answered, with records or with an authoritative "none".
        Answered = "answered",
        /// The MX lookup failed: no verdict, and nothing to store over an older good one.
        DnsFailed = "dns_failed",
        /// The MX question was not put: no verdict.
        NotObserved = "not_observed",
    }
}

/// What core concludes of one domain.
///
/// JSON uses the names of the lead row. There `spf`, `dkim` and `dmarc` are each `true`, `false` or,
/// where nobody knows, `null`. `dmarc_policy` is `null` both without a policy in force and where
/// nobody knows, as clients of the row have always read it; `dmarc` says which of the two it is, so
/// that what is unknown never passes for absent.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The domain.
    pub domain: Domain,
    /// When it was observed.
    pub observed_at: OffsetDateTime,
    /// Whether there is a verdict.
    pub status: Status,
    /// The scoring class, referral included.
    pub provider: ProviderClass,
    /// The listed provider that holds the mailboxes, by its identifier in the table.
    pub provider_id: Option<String>,
    /// Its name to show.
    pub provider_name: Option<String>,
    /// Its name as people say it, for a table or a sentence; not part of the JSON form.
    pub provider_short_name: Option<String>,
    /// The name of a local hoster or access provider, where one is named.
    pub local_provider: Option<String>,
    /// What stands in front of the mailboxes, by its identifier in the table.
    pub gateway: Option<String>,
    /// Its name to show.
    pub gateway_name: Option<String>,
    /// Its name as people say it, for a table or a sentence; not part of the JSON form.
    pub gateway_short_name: Option<String>,
    /// What the classification rests on; `None` without an answer.
    pub basis: Option<Basis>,
    /// How far to trust it, 0 to 1.
    pub confidence: f64,
    /// The records that say so.
    pub evidence: Vec<Evidence>,
    /// Everybody who takes the mail and passes it on.
    pub gateways: Vec<RoleFact>,
    /// Who else sends for the domain.
    pub senders: Vec<RoleFact>,
    /// Whose identity service knows the domain.
    pub identity: Option<IdentityFact>,
    /// The MX host that senders try first.
    pub mx_host: Option<String>,
    /// The domain that this host is registered under.
    pub mx_root: Option<String>,
    /// SPF, DKIM and DMARC in full.
    pub authentication: MailAuthentication,
    /// Score, segment, heats and priority; `None` when the MX question was not answered.
    pub verdict: Option<Verdict>,
    /// The label of the priority category.
    pub priority_label: Option<String>,
    /// Which facts are unknown; of a domain that takes no mail they move no score.
    pub unknown: Vec<UnknownSignal>,
    /// Why the score is what it is.
    pub breakdown: Option<Breakdown>,
    /// Tags that follow by themselves.
    pub tags: Vec<Tag>,
    /// What deserves a word.
    pub findings: Vec<Finding>,
    /// What the lead's addresses say; `None` where it carries none.
    pub contacts: Option<Contacts>,
    /// The size, where it is known.
    pub tenant_size: Option<TenantSize>,
    /// The referral that brought the lead.
    pub referral_type: Option<ReferralType>,
    /// The registrar.
    pub registrar: Option<String>,
    /// When the registration ends.
    pub expires_at: Option<Date>,
    /// Name servers of the delegation.
    pub nameservers: Vec<String>,
    /// Country: the lead's own, else that of the observed address.
    pub country: Option<String>,
    /// Who runs the network of the mail host, else of the web host.
    pub asn_org: Option<String>,
    /// Whether an observed address is a known proxy.
    pub is_proxy: Option<bool>,
    /// The version of the rule set.
    pub rules_version: Arc<str>,
    /// A hash of the rule set.
    pub rules_hash: Arc<str>,
    /// A hash of the fingerprint table.
    pub fingerprints_hash: Arc<str>,
    /// A hash of the confidence model.
    pub confidence_hash: Arc<str>,
}

/// One provider in one role, and the records that say so.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RoleFact {
    /// Its identifier in the table.
    pub id: String,
    /// Its name to show.
    pub name: String,
    /// How well it is founded, 0 to 1.
    pub confidence: f64,
    /// The region that serves the domain, where the name of its host shows one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The records that say so.
    pub evidence: Vec<Evidence>,
}

/// An identity service that knows the domain, and the records that say so.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IdentityFact {
    /// Whose it is, by the identifier in the table.
    pub id: String,
    /// Its name to show.
    pub name: String,
    /// The tenant's initial name, where a record shows it.
    pub tenant: Option<String>,
    /// How far the strongest record proves that the identity exists.
    pub strength: Strength,
    /// The same as a number, 0 to 1.
    pub confidence: f64,
    /// The records that say so.
    pub evidence: Vec<Evidence>,
}

impl From<Role<'_>> for RoleFact {
    fn from(role: Role<'_>) -> Self {
        let Role { provider, confidence, region, evidence } = role;
        let (id, name) = (provider.id.clone(), provider.name.clone());
        Self { id, name, confidence, region, evidence }
    }
}

impl From<Identity<'_>> for IdentityFact {
    fn from(identity: Identity<'_>) -> Self {
        let Identity { provider, tenant, strength, evidence } = identity;
        Self {
            id: provider.id.clone(),
            name: provider.name.clone(),
            tenant,
            strength,
            confidence: strength.confidence(),
            evidence,
        }
    }
}

/// Everything that [`Assessment::assemble`] joins.
pub(super) struct Parts<'a> {
    pub(super) engine: &'a Engine,
    pub(super) observation: &'a Observation,
    pub(super) lead: &'a Lead,
    pub(super) today: Date,
    pub(super) status: Status,
    pub(super) exchangers: MailExchangers<'a>,
    pub(super) provider: Option<MailProvider<'a>>,
    pub(super) authentication: MailAuthentication,
    pub(super) verdict: Option<Verdict>,
    pub(super) breakdown: Option<Breakdown>,
    pub(super) unknown: Vec<UnknownSignal>,
    pub(super) findings: Vec<Finding>,
}

impl Assessment {
    pub(super) fn assemble(parts: Parts<'_>) -> Self {
        let Parts { engine, observation, lead, today, mut provider, verdict, mut findings, .. } =
            parts;
        let rules = engine.rules();
        let (rules_version, rules_hash) = rules.shared_stamp();
        let mailbox = provider.as_ref().map(|provider| provider.mailbox);
        let class = match (&verdict, lead.referral().tenant) {
            (Some(_), true) => rules.tenant_class(),
            _ => mailbox.map_or(ProviderClass::Unknown, Mailbox::class),
        };
        let registration =
            observation.registration.as_ref().and_then(|lookup| lookup.outcome.found());
        let expires_at = registration.and_then(|facts| facts.expires);
        let days_to_expiry = expires_at.map(|expires| (expires - today).whole_days());
        if let (Some(expires), Some(..0)) = (expires_at, days_to_expiry) {
            findings.push(Finding::new(FindingKind::RegistrationEnded, vec![expires.to_string()]));
        }
        let tags = tags(&TagFacts {
            rules,
            mailbox,
            class,
            verdict,
            signals: &parts.authentication.signals,
            days_to_expiry,
            gateway: provider.as_ref().and_then(MailProvider::gateway),
            findings: &findings,
        });
        let mx_host = parts.exchangers.hosts.first().map(|mx| mx.host.to_ascii_lowercase());
        let mx_root = mx_host.as_deref().and_then(psl::domain_str).map(str::to_owned);
        let address = preferred_address(&observation.addresses);
        let local_provider =
            provider.as_ref().and_then(MailProvider::local_provider).map(str::to_owned);
        let holder = provider.as_ref().and_then(|provider| provider.provider);
        let gateway = provider.as_ref().and_then(MailProvider::gateway);
        let (evidence, gateways, senders, identity) =
            provider.as_mut().map_or_else(Default::default, |provider| {
                let facts = |roles: &mut Vec<Role<'_>>| {
                    std::mem::take(roles).into_iter().map(RoleFact::from).collect()
                };
                (
                    std::mem::take(&mut provider.evidence),
                    facts(&mut provider.gateways),
                    facts(&mut provider.senders),
                    provider.identity.take().map(IdentityFact::from),
                )
            });
        Self {
            domain: observation.domain.clone(),
            observed_at: observation.observed_at,
            status: parts.status,
            provider: class,
            provider_id: holder.map(|holder| holder.id.clone()),
            provider_name: holder.map(|holder| holder.name.clone()),
            provider_short_name: holder.map(|holder| holder.short_name().to_owned()),
            local_provider,
            gateway: gateway.map(|gateway| gateway.id.clone()),
            gateway_name: gateway.map(|gateway| gateway.name.clone()),
            gateway_short_name: gateway.map(|gateway| gateway.short_name().to_owned()),
            basis: provider.as_ref().map(|provider| provider.basis),
            confidence: provider.as_ref().map_or(0.0, |provider| provider.confidence),
            evidence,
            gateways,
            senders,
            identity,
            mx_host,
            mx_root,
            authentication: parts.authentication,
            priority_label: verdict
                .map(|verdict| rules.priority_label(verdict.priority_category).to_owned()),
            verdict,
            unknown: parts.unknown,
            breakdown: parts.breakdown,
            tags,
            findings,
            contacts: contacts(&observation.domain, lead),
            tenant_size: lead.size(),
            referral_type: lead.referral_type,
            registrar: registration.and_then(|facts| facts.registrar.clone()),
            expires_at,
            nameservers: registration.map(|facts| facts.nameservers.clone()).unwrap_or_default(),
            country: lead.country.clone().or_else(|| address.and_then(|a| a.country.clone())),
            asn_org: address.and_then(|address| address.asn_org.clone()),
            is_proxy: observation.addresses.iter().filter_map(|address| address.is_proxy).max(),
            rules_version,
            rules_hash,
            fingerprints_hash: engine.fingerprints().shared_hash(),
            confidence_hash: engine.confidence().shared_hash(),
        }
    }

    /// One JSON object without a line break, in the names of the lead row.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("string keys and finite numbers only")
    }
}

fn contacts(domain: &Domain, lead: &Lead) -> Option<Contacts> {
    let addresses: Vec<&str> = lead.contact_emails.iter().map(String::as_str).collect();
    (!addresses.is_empty()).then(|| assess_contacts(domain, &addresses))
}

/// The mail host's address before the web host's; the lowest address among equals, so that the
/// order received does not matter.
fn preferred_address(addresses: &[AddressFacts]) -> Option<&AddressFacts> {
    addresses.iter().min_by_key(|address| (address.source != "mx-ip", address.ip))
}

impl Serialize for Assessment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Row::of(self).serialize(serializer)
    }
}
