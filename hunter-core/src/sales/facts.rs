//! What the sales engine is told of one lead.

use time::Date;

use crate::Domain;
use crate::assess::{Finding, FindingKind};
use crate::observation::Signal;
use crate::signals::{DmarcSignal, UnknownSignal};
use crate::vocabulary::{DmarcPolicy, ProviderClass, Segment, TenantSize};

/// What the MX question says of the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MailStatus {
    /// Mail exchangers are published.
    Mail,
    /// A null MX: the domain declares that it takes no mail (RFC 7505).
    NullMx,
    /// An authoritative answer: no MX record.
    NoMx,
    /// Nobody knows: not asked, or the lookup failed.
    #[default]
    Unknown,
}

/// Why a published SPF record is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpfFault {
    /// More than one SPF record (RFC 7208 §4.5).
    SeveralRecords,
    /// The record is not well-formed (RFC 7208 §4.6).
    Syntax,
}

/// One scored lead as the sales engine sees it. Start from [`SalesFacts::new`] and fill in what is
/// known: whatever is left alone counts as unknown, never as absent.
#[derive(Debug, Clone, PartialEq)]
pub struct SalesFacts {
    /// The domain.
    pub domain: Domain,
    /// The company's name.
    pub company: Option<String>,
    /// What the MX question says.
    pub status: MailStatus,
    /// The scoring class.
    pub provider: Option<ProviderClass>,
    /// The provider's name as people say it, such as `Google Workspace`.
    pub provider_name: Option<String>,
    /// The security gateway in front of the mailboxes, as people call it.
    pub gateway_name: Option<String>,
    /// Whether it only passes the mail on and filters nothing.
    pub gateway_forwards: bool,
    /// The MX host with the lowest preference, quoted as evidence.
    pub mx_host: Option<String>,
    /// Whether that host lies inside the domain.
    pub own_mx: bool,
    /// Whether the fingerprint table names that host.
    pub listed: bool,
    /// The local provider, where the host belongs to one.
    pub local_provider: Option<String>,
    /// The SPF `include:` target that names the provider, quoted as evidence.
    pub spf_include: Option<String>,
    /// The DKIM CNAME target that names the provider, quoted as evidence.
    pub dkim_target: Option<String>,
    /// The host that `autodiscover` sends Outlook to, where it names the provider, quoted as evidence.
    pub autodiscover_target: Option<String>,
    /// The initial name of the Microsoft tenant, as a DKIM record shows it.
    pub tenant_name: Option<String>,
    /// Who else is set up to send for the domain, by the names that people use.
    pub senders: Vec<String>,
    /// What the records prove beside the score. One without a record is not spoken of.
    pub findings: Vec<Finding>,
    /// The technical segment.
    pub segment: Option<Segment>,
    /// The readiness score, 0–100.
    pub readiness_score: Option<u8>,
    /// The lowest score that the unknown facts allow, when the score is partial.
    pub score_low: Option<u8>,
    /// The highest score that the unknown facts allow, when the score is partial.
    pub score_high: Option<u8>,
    /// Facts of the score that are unknown.
    pub unknown: Vec<UnknownSignal>,
    /// The priority score, 1 (best) to 7.
    pub priority_score: Option<u8>,
    /// The customer's size; only from what is known, never guessed.
    pub tenant_size: Option<TenantSize>,
    /// Whether a valid SPF record is published.
    pub spf: Signal,
    /// Why SPF counts as missing although a record is published.
    pub spf_fault: Option<SpfFault>,
    /// Whether a DKIM key is published under any selector tried.
    pub dkim: Signal,
    /// The selectors tried.
    pub dkim_selectors_tried: Vec<String>,
    /// Whether a missing DKIM key is certain, because the `_domainkey` name does not exist.
    pub dkim_certain: bool,
    /// The DMARC policy in force.
    pub dmarc: DmarcSignal,
    /// The policy as written, where it differs from the one in force.
    pub dmarc_written: Option<DmarcPolicy>,
    /// Whether the DMARC record is in test mode (`t=y`, RFC 9989).
    pub dmarc_testing: bool,
    /// The `pct` tag, a leftover of RFC 7489.
    pub dmarc_coverage: Option<u8>,
    /// How good the known contacts are, 0–100.
    pub contact_quality_score: Option<u8>,
    /// The day on which the registration ends.
    pub expires: Option<Date>,
    /// The registrar.
    pub registrar: Option<String>,
    /// ISO 3166 code of the country that the server's address is in.
    pub country: Option<String>,
    /// Whether the server's address is marked as a proxy.
    pub is_proxy: Option<bool>,
    /// Whether the lead's referral carries an Azure tenant id.
    pub tenant_known: bool,
    /// Name servers of the delegation.
    pub nameservers: Vec<String>,
}

impl SalesFacts {
    /// A lead of which only the domain is known.
    pub fn new(domain: Domain) -> Self {
        Self {
            domain,
            company: None,
            status: MailStatus::Unknown,
            provider: None,
            provider_name: None,
            gateway_name: None,
            gateway_forwards: false,
            mx_host: None,
            own_mx: false,
            listed: false,
            local_provider: None,
            spf_include: None,
            dkim_target: None,
            autodiscover_target: None,
            tenant_name: None,
            senders: Vec::new(),
            findings: Vec::new(),
            segment: None,
            readiness_score: None,
            score_low: None,
            score_high: None,
            unknown: Vec::new(),
            priority_score: None,
            tenant_size: None,
            spf: Signal::Unknown,
            spf_fault: None,
            dkim: Signal::Unknown,
            dkim_selectors_tried: Vec::new(),
            dkim_certain: false,
            dmarc: DmarcSignal::Unknown,
            dmarc_written: None,
            dmarc_testing: false,
            dmarc_coverage: None,
            contact_quality_score: None,
            expires: None,
            registrar: None,
            country: None,
            is_proxy: None,
            tenant_known: false,
            nameservers: Vec::new(),
        }
    }

    /// Whether a null MX or an authoritative "no MX" stands.
    pub(super) fn takes_no_mail(&self) -> bool {
        matches!(self.status, MailStatus::NullMx | MailStatus::NoMx)
    }

    /// Whether the records prove it.
    pub(super) fn proves(&self, kind: FindingKind) -> bool {
        self.proven().any(|finding| finding.kind == kind)
    }

    /// The findings that have a record to show.
    pub(super) fn proven(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| !finding.records.is_empty())
    }

    /// Days until the registration ends; negative once it has ended.
    pub(super) fn days_left(&self, today: Date) -> Option<i64> {
        self.expires.map(|ends| (ends - today).whole_days())
    }
}
