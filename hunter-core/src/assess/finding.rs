//! What deserves a word beside the score, each with the records that prove it.

use serde::Serialize;

use crate::vocabulary::vocabulary;

vocabulary! {
    /// A fact worth telling, by its stable name.
    pub enum FindingKind ("finding") {
        /// The domain does not exist (NXDOMAIN).
        Nxdomain = "nxdomain",
        /// The domain declares that it takes no mail (RFC 7505).
        NullMx = "null_mx",
        /// No MX, and no address either.
        NoMx = "no_mx",
        /// No MX, but an address: senders fall back to it (RFC 5321 §5.1), companies rarely mean it.
        ImplicitMx = "implicit_mx",
        /// MX records that no sender can use.
        MxUnusable = "mx_unusable",
        /// A null MX beside usable ones, which contradicts itself.
        NullMxBesideOthers = "null_mx_beside_others",
        /// The MX host lies inside the domain and names no provider.
        MxOwnDomain = "mx_own_domain",
        /// The MX host is in no table.
        MxUnlisted = "mx_unlisted",
        /// A gateway or forwarder takes the mail.
        BehindGateway = "behind_gateway",
        /// A host that names nobody takes the mail; traces show who holds the mailboxes.
        MailboxByTraces = "mailbox_by_traces",
        /// Nothing shows where the mailboxes are.
        UndeterminedMailbox = "undetermined_mailbox",
        /// A free personal mail service holds the mailboxes.
        ConsumerMail = "consumer_mail",
        /// More than one SPF record: receivers apply none.
        SpfSeveralRecords = "spf_several_records",
        /// An SPF record that breaks the grammar: receivers report a permanent error.
        SpfInvalid = "spf_invalid",
        /// More `include:` than the rule set allows.
        SpfManyIncludes = "spf_many_includes",
        /// More DNS questions than receivers ask (RFC 7208 §4.6.4): they report a permanent error.
        SpfOverLimit = "spf_over_limit",
        /// An included record is missing, broken or includes itself: receivers report a permanent error.
        SpfBrokenInclude = "spf_broken_include",
        /// A service hosts the SPF record, so that the senders are not in it; the records are its name
        /// and the SPF text.
        SpfManaged = "spf_managed",
        /// `_domainkey` does not exist: no DKIM key can.
        DkimNoDomainkey = "dkim_no_domainkey",
        /// None of the selectors tried holds a key; the records are the selectors.
        DkimNoneFound = "dkim_none_found",
        /// A withdrawn DKIM key.
        DkimRevoked = "dkim_revoked",
        /// More than one DMARC record: receivers apply none.
        DmarcSeveralRecords = "dmarc_several_records",
        /// A DMARC record that receivers ignore.
        DmarcInvalid = "dmarc_invalid",
        /// The policy comes from the organizational domain.
        DmarcInherited = "dmarc_inherited",
        /// A service receives the DMARC reports; the records are its name and the DMARC text.
        DmarcReports = "dmarc_reports",
        /// `t=y`: the policy is applied one step weaker.
        DmarcTestMode = "dmarc_test_mode",
        /// `pct` below 100, which older receivers honour.
        DmarcPartialCoverage = "dmarc_partial_coverage",
        /// MTA-STS is announced (RFC 8461).
        MtaSts = "mta_sts",
        /// TLS reports are asked for (RFC 8460).
        TlsRpt = "tls_rpt",
        /// A logo is published (BIMI).
        Bimi = "bimi",
        /// Microsoft holds the mailboxes, and SPF, DKIM and an enforced DMARC policy stand.
        EstablishedCustomer = "established_customer",
        /// Microsoft holds the mailboxes, and DKIM or an enforced DMARC policy is missing.
        BasicsUndone = "basics_undone",
        /// Microsoft holds the mailboxes, and a separate product filters in front of it.
        GatewayConsolidation = "gateway_consolidation",
        /// Records of an early set-up, and no device enrolment.
        OldTenant = "old_tenant",
        /// `msoid`, which today only 21Vianet needs and which elsewhere breaks activation.
        UnmaintainedTenant = "unmaintained_tenant",
        /// A Microsoft tenant was set up, and the mail is elsewhere.
        DormantTenant = "dormant_tenant",
        /// The domain was claimed in some Microsoft tenant once, and the mail is elsewhere.
        TenantClaimed = "tenant_claimed",
        /// Google holds the mailboxes, Microsoft the devices or the sign-in.
        SplitEstate = "split_estate",
        /// An own server takes the mail, and Exchange Online may send: Exchange hybrid.
        Hybrid = "hybrid",
        /// A gateway, own servers that send, and no trace of a suite.
        OwnServersBehindGateway = "own_servers_behind_gateway",
        /// A forwarder takes the mail; where it goes, no record shows.
        Forwarding = "forwarding",
        /// Another identity provider signs the tenant's users in.
        FederatedIdentity = "federated_identity",
        /// The registration has ended.
        RegistrationEnded = "registration_ended",
    }
}

/// A fact worth telling, and what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which fact.
    pub kind: FindingKind,
    /// The records, names or selectors that prove it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<String>,
}

impl Finding {
    pub(super) fn new(kind: FindingKind, records: Vec<String>) -> Self {
        Self { kind, records }
    }
}
