//! Tags that follow from an assessment by themselves.

use crate::observation::Signal;
use crate::rules::{Mailbox, RuleSet, Verdict};
use crate::signals::{DmarcSignal, Signals};
use crate::vocabulary::{DmarcPolicy, ProviderClass, Segment, vocabulary};

vocabulary! {
    /// A tag, by the word that lists filter on. Unknown signals raise none.
    pub enum Tag ("tag") {
        /// Neither SPF nor DKIM.
        SecurityRisk = "security-risk",
        /// Ready to be moved.
        MigrationReady = "migration-ready",
        /// The registration ends soon.
        ExpireSoon = "expire-soon",
        /// SPF stands, and DMARC only watches.
        WeakSpf = "weak-spf",
        /// Mail at Google Workspace.
        GoogleWorkspace = "google-workspace",
        /// Mail at a local or unnamed host.
        LocalMx = "local-mx",
        /// Somebody has to ask where the mailboxes are.
        NeedsDiscovery = "needs-discovery",
    }
}

/// What tags are decided from.
pub(super) struct TagFacts<'a> {
    pub(super) rules: &'a RuleSet,
    pub(super) mailbox: Option<Mailbox>,
    /// The class that the verdict names, referral included.
    pub(super) class: ProviderClass,
    pub(super) verdict: Option<Verdict>,
    pub(super) signals: &'a Signals,
    pub(super) days_to_expiry: Option<i64>,
}

pub(super) fn tags(facts: &TagFacts<'_>) -> Vec<Tag> {
    let signals = facts.signals;
    let ready = |verdict: Verdict| {
        verdict.segment == Segment::Migration && verdict.score >= facts.rules.migration_ready()
    };
    let soon = i64::from(facts.rules.expire_soon_days());
    let raised = [
        (Tag::SecurityRisk, signals.spf == Signal::Missing && signals.dkim == Signal::Missing),
        (Tag::MigrationReady, facts.verdict.is_some_and(ready)),
        (Tag::ExpireSoon, facts.days_to_expiry.is_some_and(|days| (0..soon).contains(&days))),
        (
            Tag::WeakSpf,
            signals.spf == Signal::Present
                && signals.dmarc == DmarcSignal::Policy(DmarcPolicy::None),
        ),
        (Tag::GoogleWorkspace, facts.class == ProviderClass::Google),
        (Tag::LocalMx, facts.class == ProviderClass::Local),
        (Tag::NeedsDiscovery, facts.mailbox == Some(Mailbox::Undetermined)),
    ];
    raised.into_iter().filter(|(_, is_raised)| *is_raised).map(|(tag, _)| tag).collect()
}
