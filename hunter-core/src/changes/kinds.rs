//! The kinds of change, and which of them raise an alert.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// What changed, and what it means to a salesperson.
    ///
    /// | kind | raised when | what it means | alert |
    /// | --- | --- | --- | --- |
    /// | `spf_changed` | SPF came or went | somebody works on mail | – |
    /// | `dkim_changed` | DKIM came or went | somebody works on mail | – |
    /// | `dmarc_added` | DMARC from nothing or `none` to `quarantine` or `reject` | protection began | `dmarc_added` |
    /// | `dmarc_changed` | any other change of the policy | | – |
    /// | `mx_changed` | mail goes elsewhere, starts or stops | the moment is now, or it is past | `mx_changed` |
    /// | `expire_soon` | the last 30 days of the registration began | a reason to call | `expire_soon` |
    /// | `priority_score_changed`, `segment_changed` | the verdict moved | another place in the list | `score_changed` |
    /// | `provider_moved` | the mailboxes went from one holder to another, also behind a gateway | won or lost | `provider_moved` |
    /// | `gateway_added`, `gateway_dropped`, `gateway_changed` | a security gateway came, went or gave way to another | a security budget moved | – |
    /// | `dmarc_enforced` | the DMARC policy reached `reject`, from anything weaker | somebody finished the work | – |
    /// | `tenant_appeared` | records of a Microsoft tenant, where there were none | a move is being prepared | `tenant_appeared` |
    /// | `domain_claimed` | a proof of ownership (`MS=`), where there was none | somebody is trying Microsoft 365 | `domain_claimed` |
    ///
    /// Gateways raise no alert of their own: they come and go with the MX, which raises one.
    /// `dmarc_enforced` raises none because the first step to enforcement has raised one already.
    /// A move that shows in the MX raises both `mx_changed` and `provider_moved`; behind a gateway
    /// only the latter can tell it.
    pub enum ChangeKind ("kind of change") {
        /// An SPF record came or went.
        SpfChanged = "spf_changed",
        /// A DKIM key came or went.
        DkimChanged = "dkim_changed",
        /// DMARC went from no record, or a policy of `none`, to an enforcing policy.
        DmarcAdded = "dmarc_added",
        /// The DMARC policy changed in any other way.
        DmarcChanged = "dmarc_changed",
        /// Mail goes elsewhere, starts or stops.
        MxChanged = "mx_changed",
        /// Fewer than 30 days are left until the registration ends, for the first time.
        ExpireSoon = "expire_soon",
        /// The priority score changed.
        PriorityScoreChanged = "priority_score_changed",
        /// The segment changed.
        SegmentChanged = "segment_changed",
        /// Somebody else holds the mailboxes.
        ProviderMoved = "provider_moved",
        /// A security gateway came.
        GatewayAdded = "gateway_added",
        /// The security gateway went.
        GatewayDropped = "gateway_dropped",
        /// Another security gateway took the place of the one before.
        GatewayChanged = "gateway_changed",
        /// The DMARC policy reached `reject`. It comes beside `dmarc_added` or `dmarc_changed`.
        DmarcEnforced = "dmarc_enforced",
        /// Records show a Microsoft tenant, where they showed none.
        TenantAppeared = "tenant_appeared",
        /// The domain was claimed in a Microsoft tenant.
        DomainClaimed = "domain_claimed",
    }
}

vocabulary! {
    /// What a salesperson is alerted of.
    pub enum AlertKind ("kind of alert") {
        /// Mail goes elsewhere, starts or stops.
        MxChanged = "mx_changed",
        /// DMARC is enforced now.
        DmarcAdded = "dmarc_added",
        /// The registration ends soon.
        ExpireSoon = "expire_soon",
        /// The priority score or the segment changed.
        ScoreChanged = "score_changed",
        /// Somebody else holds the mailboxes.
        ProviderMoved = "provider_moved",
        /// A Microsoft tenant was set up.
        TenantAppeared = "tenant_appeared",
        /// The domain was claimed in a Microsoft tenant.
        DomainClaimed = "domain_claimed",
    }
}

impl ChangeKind {
    /// The alert that a change of this kind raises.
    pub const fn alert(self) -> Option<AlertKind> {
        match self {
            Self::MxChanged => Some(AlertKind::MxChanged),
            Self::DmarcAdded => Some(AlertKind::DmarcAdded),
            Self::ExpireSoon => Some(AlertKind::ExpireSoon),
            Self::PriorityScoreChanged | Self::SegmentChanged => Some(AlertKind::ScoreChanged),
            Self::ProviderMoved => Some(AlertKind::ProviderMoved),
            Self::TenantAppeared => Some(AlertKind::TenantAppeared),
            Self::DomainClaimed => Some(AlertKind::DomainClaimed),
            Self::SpfChanged
            | Self::DkimChanged
            | Self::DmarcChanged
            | Self::GatewayAdded
            | Self::GatewayDropped
            | Self::GatewayChanged
            | Self::DmarcEnforced => None,
        }
    }
}
