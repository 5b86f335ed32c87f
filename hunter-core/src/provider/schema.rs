//! The fingerprint table as it is written: who runs which mail hosts, and where that is known from.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::suffix::Suffix;
use crate::vocabulary::{ProviderClass, vocabulary};

vocabulary! {
    /// What a provider does for the domains that point to it.
    pub enum ProviderKind ("provider kind") {
        /// Hosted mailboxes with a collaboration suite.
        Suite = "suite",
        /// Mailboxes at an international hoster.
        Hosting = "hosting",
        /// Sends for the domain; holds no mailboxes.
        Transactional = "transactional",
        /// Filters in front of mailboxes that it does not name.
        SecurityGateway = "security-gateway",
        /// Passes mail on to mailboxes that it does not name.
        Forwarding = "forwarding",
        /// Mail of an access provider or an institution.
        Isp = "isp",
        /// Hoster of the home market.
        LocalHosting = "local-hosting",
        /// Free personal mail; never a business suite.
        ConsumerMail = "consumer-mail",
    }
}

vocabulary! {
    /// How well an entry of the table is founded.
    pub enum Grade ("confidence grade") {
        /// One unverified list, or an inference.
        Low = "low",
        /// One observation, or two secondary lists.
        Medium = "medium",
        /// A vendor document, a live check, or two independent observations.
        High = "high",
    }
}

impl Grade {
    /// The grade as a number from 0 to 1.
    pub const fn confidence(self) -> f64 {
        match self {
            Self::Low => 0.5,
            Self::Medium => 0.8,
            Self::High => 0.95,
        }
    }
}

/// One sign by which a provider is known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign<V = Suffix> {
    /// The value to match; how it matches is said where the sign stands.
    #[serde(rename = "v")]
    pub value: V,
    /// How well the sign is founded.
    #[serde(rename = "c")]
    pub grade: Grade,
    /// Where it is known from: keys of [`Fingerprints::sources`](super::Fingerprints::sources).
    #[serde(rename = "s")]
    pub sources: Vec<String>,
    /// What to mind.
    #[serde(default)]
    pub note: String,
}

/// One provider and every sign by which it is known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Stable identifier, such as `microsoft-365`.
    pub id: String,
    /// Name to show, with what tells it from its neighbours.
    pub name: String,
    /// Name as people say it, where `name` is too long for a table or a sentence.
    #[serde(default)]
    pub(super) short_name: Option<String>,
    /// What it does.
    pub kind: ProviderKind,
    /// A finer kind, such as `marketing`.
    #[serde(default)]
    pub subkind: Option<String>,
    /// ISO 3166-1 alpha-2 code of its home, where it has one.
    #[serde(default)]
    pub country: Option<String>,
    /// What to mind.
    #[serde(default)]
    pub note: String,
    /// Whether this host of mailboxes also takes mail for mailboxes elsewhere: it holds them itself only
    /// where nothing shows anybody else.
    #[serde(default)]
    pub also_filters: bool,
    /// The scoring class, where the kind does not decide it.
    #[serde(default, rename = "class")]
    own_class: Option<ProviderClass>,
    /// What follows the region in the names of its MX hosts: `-smtp-inbound-` of
    /// `eu-smtp-inbound-1.mimecast.com`.
    #[serde(default)]
    region_mark: Option<String>,
    /// MX hosts; `*` stands for exactly one label.
    #[serde(default)]
    pub mx_suffix: Vec<Sign>,
    /// Targets of `include:` and `redirect=`.
    #[serde(default)]
    pub spf_include: Vec<Sign>,
    /// Labels in front of `._domainkey`: those to ask for, and, where only this provider uses one, to know
    /// it by. One that ends in `*` is a pattern for the reader of the file; nobody can ask for it.
    #[serde(default)]
    pub dkim_selector: Vec<Sign<String>>,
    /// Hops of a selector's CNAME chain.
    #[serde(default)]
    pub dkim_cname_suffix: Vec<Sign>,
    /// Starts of TXT records: `prefix:` and a literal, or `re:` and a regular expression.
    #[serde(default)]
    pub txt_token: Vec<Sign<String>>,
    /// Name servers, as suffixes or `re:` and a regular expression: too weak to tell who holds
    /// mailboxes, and so not read.
    #[serde(default)]
    pub ns_suffix: Vec<Sign<String>>,
    /// Names of MX addresses.
    #[serde(default)]
    pub ptr_suffix: Vec<Sign>,
    /// Service names below the domain, and the targets of their CNAMEs.
    #[serde(default)]
    pub cname: BTreeMap<String, Vec<Sign>>,
    /// Service records.
    #[serde(default)]
    pub srv: Vec<Sign<String>>,
    /// Starts of SMTP greetings. No mail server is spoken to; kept for those who do.
    #[serde(default)]
    pub smtp_banner: Vec<Sign<String>>,
    /// Autonomous systems of its mail hosts.
    #[serde(default)]
    pub asn: Vec<u32>,
}

impl Provider {
    /// The name as people say it: at most 24 characters, without brackets or a second name. Where
    /// the entry has none of its own, this is [`name`](Self::name) as it stands.
    ///
    /// ```
    /// use hunter_core::provider::Fingerprints;
    ///
    /// let table = Fingerprints::builtin();
    /// let natro = table.provider("natro").expect("it is in the table");
    /// assert_eq!((natro.name.as_str(), natro.short_name()), ("Natro (team.blue)", "Natro"));
    /// ```
    pub fn short_name(&self) -> &str {
        self.short_name.as_deref().unwrap_or(&self.name)
    }

    /// The region that the name of an MX host shows, in lower case.
    pub fn region(&self, host: &str) -> Option<String> {
        let host = host.to_ascii_lowercase();
        let (region, _) = host.split_once(self.region_mark.as_deref()?)?;
        let is_label = !region.is_empty() && !region.contains('.');
        is_label.then(|| region.to_owned())
    }

    /// The scoring class of a domain whose MX points here.
    pub const fn class(&self) -> ProviderClass {
        match (self.own_class, self.kind) {
            (Some(class), _) => class,
            (None, ProviderKind::Suite | ProviderKind::Hosting) => ProviderClass::Hosting,
            (None, ProviderKind::Isp | ProviderKind::LocalHosting) => ProviderClass::Local,
            (
                None,
                ProviderKind::ConsumerMail
                | ProviderKind::SecurityGateway
                | ProviderKind::Forwarding
                | ProviderKind::Transactional,
            ) => ProviderClass::Unknown,
        }
    }

    /// Whether the mailboxes stand, or may stand, elsewhere, behind this provider.
    pub const fn hides_mailbox(&self) -> bool {
        self.also_filters
            || matches!(self.kind, ProviderKind::SecurityGateway | ProviderKind::Forwarding)
    }
}

/// Where a sign is known from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is.
    pub what: String,
    /// Where it stands.
    #[serde(rename = "where")]
    pub place: String,
    /// What to mind.
    #[serde(default)]
    pub note: String,
}

/// A DMARC service, known by the addresses that reports go to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DmarcService {
    /// Stable identifier.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Domains of `rua` addresses.
    pub rua_domain: Vec<Sign>,
    /// SPF records that it hosts.
    #[serde(default)]
    pub spf_include: Vec<Sign>,
}

/// A service that asks for a TXT record as proof of ownership.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TxtService {
    /// Start of the TXT record.
    pub token: String,
    /// Name to show.
    pub service: String,
    #[serde(rename = "c")]
    /// How well the sign is founded.
    pub grade: Grade,
    /// Where it is known from.
    #[serde(rename = "s")]
    pub sources: Vec<String>,
}

/// Who runs name servers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DnsHost {
    /// Name servers' suffix, or `re:` and a regular expression.
    pub suffix: String,
    /// Name to show.
    pub name: String,
    /// How well the sign is founded.
    #[serde(rename = "c")]
    pub grade: Grade,
    /// Where it is known from.
    #[serde(rename = "s")]
    pub sources: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) format: u32,
    #[serde(rename = "title")]
    _title: String,
    pub(super) version: String,
    #[serde(rename = "built")]
    _built: String,
    /// Prose for the reader of the file; the code carries its own.
    #[serde(rename = "kinds")]
    _kinds: BTreeMap<ProviderKind, String>,
    #[serde(rename = "matching")]
    _matching: BTreeMap<String, String>,
    #[serde(rename = "confidence")]
    _confidence: BTreeMap<Grade, String>,
    pub(super) sources: BTreeMap<String, Source>,
    pub(super) providers: Vec<Provider>,
    pub(super) dmarc_services: Vec<DmarcService>,
    pub(super) txt_services: Vec<TxtService>,
    pub(super) dns_hosts: Vec<DnsHost>,
}
