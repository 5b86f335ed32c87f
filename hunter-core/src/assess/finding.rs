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
        /// `t=y`: the policy is applied one step weaker.
        DmarcTestMode = "dmarc_test_mode",
        /// `pct` below 100, which older receivers honour.
        DmarcPartialCoverage = "dmarc_partial_coverage",
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
