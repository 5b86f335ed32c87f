//! Tags that follow from an assessment by themselves.

use super::finding::{Finding, FindingKind};
use crate::observation::Signal;
use crate::provider::{Provider, ProviderKind};
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
        /// A security gateway stands in front of the mailboxes, whoever holds them.
        Gateway = "gateway",
        /// A forwarding service takes the mail; where it goes, no record shows.
        Forwarding = "forwarding",
        /// A Microsoft tenant was set up, and the mail is elsewhere.
        DormantTenant = "dormant-tenant",
        /// The domain was claimed in some Microsoft tenant once, and the mail is elsewhere.
        TenantClaimed = "tenant-claimed",
        /// Mail at Google, devices or sign-in at Microsoft.
        SplitEstate = "split-estate",
        /// Exchange hybrid: own servers and Exchange Online together.
        Hybrid = "hybrid",
        /// Mail at Microsoft, with DKIM or an enforced DMARC policy missing.
        BasicsUndone = "basics-undone",
        /// Mail at Microsoft, with records of an early set-up.
        OldTenant = "old-tenant",
        /// Another identity provider signs the users in.
        FederatedIdentity = "federated-identity",
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
    /// What stands in front of the mailboxes, forwarders included.
    pub(super) gateway: Option<&'a Provider>,
    pub(super) findings: &'a [Finding],
}

pub(super) fn tags(facts: &TagFacts<'_>) -> Vec<Tag> {
    let signals = facts.signals;
    let ready = |verdict: Verdict| {
        verdict.segment == Segment::Migration && verdict.score >= facts.rules.migration_ready()
    };
    let has = |kind| facts.findings.iter().any(|finding| finding.kind == kind);
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
        (Tag::Gateway, facts.gateway.is_some_and(|front| front.kind != ProviderKind::Forwarding)),
        (Tag::Forwarding, has(FindingKind::Forwarding)),
        (Tag::DormantTenant, has(FindingKind::DormantTenant)),
        (Tag::TenantClaimed, has(FindingKind::TenantClaimed)),
        (Tag::SplitEstate, has(FindingKind::SplitEstate)),
        (Tag::Hybrid, has(FindingKind::Hybrid)),
        (Tag::BasicsUndone, has(FindingKind::BasicsUndone)),
        (Tag::OldTenant, has(FindingKind::OldTenant)),
        (Tag::FederatedIdentity, has(FindingKind::FederatedIdentity)),
    ];
    raised.into_iter().filter(|(_, is_raised)| *is_raised).map(|(tag, _)| tag).collect()
}

#[cfg(test)]
mod tests {
    use super::Tag;
    use crate::assess::{Assessment, Engine, FindingKind, Lead};
    use crate::observation::{Answer, Observation, Outcome, RecordType};

    /// The assessment of `ornek.com.tr` with these records; `-` is an authoritative "nothing", `?` a
    /// time-out.
    fn assess(records: &[(&str, &str, &str)]) -> Assessment {
        let now = time::macros::datetime!(2026-11-24 09:30 UTC);
        let mut seen = Observation::new("ornek.com.tr".parse().expect("a domain"), now);
        for (left, kind, record) in records {
            let name = format!("{left}.ornek.com.tr").trim_start_matches('.').to_owned();
            let outcome = match *record {
                "-" => Outcome::Absent { rcode: None },
                "?" => Outcome::TempFail { reason: "timeout".to_owned() },
                _ => Outcome::Found(vec![(*record).to_owned()]),
            };
            seen.answers.push(Answer::new(name, RecordType::from(*kind), outcome));
        }
        Engine::builtin().assess(&seen, &Lead::default())
    }

    fn tags(records: &[(&str, &str, &str)]) -> Vec<Tag> {
        assess(records).tags
    }

    const MICROSOFT: (&str, &str, &str) = ("", "MX", "0 ornek-com-tr.mail.protection.outlook.com");
    const GATEWAY: (&str, &str, &str) = ("", "MX", "10 mx1.ornek.iphmx.com");
    const HOSTER: (&str, &str, &str) = ("", "MX", "10 mx.kurumsaleposta.com");
    const OWN: (&str, &str, &str) = ("", "MX", "10 mail.ornek.com.tr");
    const SPF: (&str, &str, &str) = ("", "TXT", "v=spf1 include:spf.protection.outlook.com -all");
    const DEVICES: (&str, &str, &str) =
        ("enterpriseenrollment", "CNAME", "enterpriseenrollment.manage.microsoft.com");
    const MSOID: (&str, &str, &str) = ("msoid", "CNAME", "clientconfig.microsoftonline-p.net");

    #[test]
    fn each_tag_follows_from_its_records() {
        let autodiscover = ("autodiscover", "CNAME", "mail.ornek.com.tr");
        let dkim = ("selector1._domainkey", "CNAME", "s._domainkey.ornek.onmicrosoft.com");
        for (tag, records) in [
            (Tag::Gateway, &[GATEWAY][..]),
            (Tag::Gateway, &[GATEWAY, SPF, dkim]),
            (Tag::Forwarding, &[("", "MX", "10 route1.mx.cloudflare.net")]),
            (Tag::DormantTenant, &[HOSTER, dkim]),
            (Tag::TenantClaimed, &[HOSTER, ("", "TXT", "MS=ms12345678")]),
            (Tag::SplitEstate, &[("", "MX", "1 aspmx.l.google.com"), DEVICES]),
            (Tag::Hybrid, &[OWN, SPF, autodiscover]),
            (Tag::BasicsUndone, &[MICROSOFT, ("_dmarc", "TXT", "v=DMARC1; p=none")]),
            (Tag::OldTenant, &[MICROSOFT, MSOID, ("enterpriseenrollment", "CNAME", "-")]),
        ] {
            let found = tags(records);
            assert!(found.contains(&tag), "{tag}: {found:?}");
        }
    }

    #[test]
    fn what_is_unknown_raises_none() {
        let unknown =
            [MICROSOFT, MSOID, ("enterpriseenrollment", "CNAME", "?"), ("_dmarc", "TXT", "?")];
        assert_eq!(tags(&unknown), []);
        let silent = [HOSTER, ("selector1._domainkey", "CNAME", "?"), ("", "TXT", "?")];
        assert_eq!(tags(&silent), [Tag::LocalMx]);
    }

    /// A forwarder takes the mail, but it is no product to consolidate.
    #[test]
    fn a_forwarder_is_no_gateway() {
        let behind = ("", "MX", "20 ornek-com-tr.mail.protection.outlook.com");
        let mixed = [("", "MX", "10 route1.mx.cloudflare.net"), behind];
        let found = assess(&mixed);
        assert_eq!(found.gateway.as_deref(), Some("cloudflare-email-routing"));
        assert!(!found.tags.contains(&Tag::Gateway), "{:?}", found.tags);
        let is_product = |kind| kind == FindingKind::GatewayConsolidation;
        assert!(!found.findings.iter().any(|finding| is_product(finding.kind)));
    }
}
