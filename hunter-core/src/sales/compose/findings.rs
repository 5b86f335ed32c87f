//! What the findings give to say: what the records show and mean, a point for the call, a question.
//!
//! A finding without a record to show is not spoken of.

use super::Case;
use crate::assess::{Finding, FindingKind};
use crate::sales::catalogue::{Message, Variable};
use crate::sales::holder::Holder;
use crate::sales::speech;

/// How many records of a finding are quoted: enough to check it, few enough to read.
const QUOTED: usize = 4;

/// The messages of a finding.
#[derive(Debug, Default, Clone, Copy)]
struct Words {
    /// What the records show and what it means, with the records quoted. For the seller.
    reading: Option<Message>,
    /// A clause for the one-liner.
    tail: Option<Message>,
    /// A point of the call, where the finding is an occasion for one.
    point: Option<Message>,
    /// What to ask.
    question: Option<Message>,
}

/// What is said of a finding. Those that the summary tells in its own way have no words here: the
/// MX findings by the holder of the mailboxes, mail authentication by its details, the registration
/// by the urgency.
const fn words(kind: FindingKind) -> Words {
    const fn said(
        reading: Message,
        tail: Option<Message>,
        point: Option<Message>,
        question: Option<Message>,
    ) -> Words {
        Words { reading: Some(reading), tail, point, question }
    }
    use Message as M;
    match kind {
        FindingKind::EstablishedCustomer => {
            said(M::FindingEstablishedCustomer, None, None, Some(M::AskEstablishedCustomer))
        }
        FindingKind::BasicsUndone => {
            said(M::FindingBasicsUndone, None, None, Some(M::AskBasicsUndone))
        }
        FindingKind::GatewayConsolidation => said(
            M::FindingGatewayConsolidation,
            None,
            Some(M::ScriptGatewayConsolidation),
            Some(M::AskGatewayConsolidation),
        ),
        FindingKind::OldTenant => {
            said(M::FindingOldTenant, None, Some(M::ScriptOldTenant), Some(M::AskOldTenant))
        }
        FindingKind::UnmaintainedTenant => said(
            M::FindingUnmaintainedTenant,
            None,
            Some(M::ScriptUnmaintainedTenant),
            Some(M::AskUnmaintainedTenant),
        ),
        FindingKind::DormantTenant => said(
            M::FindingDormantTenant,
            Some(M::TailDormantTenant),
            Some(M::ScriptDormantTenant),
            Some(M::AskDormantTenant),
        ),
        FindingKind::TenantClaimed => said(
            M::FindingTenantClaimed,
            Some(M::TailTenantClaimed),
            None,
            Some(M::AskTenantClaimed),
        ),
        FindingKind::SplitEstate => said(
            M::FindingSplitEstate,
            Some(M::TailSplitEstate),
            Some(M::ScriptSplitEstate),
            Some(M::AskSplitEstate),
        ),
        FindingKind::Hybrid => {
            said(M::FindingHybrid, Some(M::TailHybrid), Some(M::ScriptHybrid), Some(M::AskHybrid))
        }
        FindingKind::OwnServersBehindGateway => said(
            M::FindingOwnServersBehindGateway,
            None,
            Some(M::ScriptOwnServersBehindGateway),
            Some(M::AskOwnServer),
        ),
        FindingKind::Forwarding => said(M::FindingForwarding, None, None, Some(M::AskForwarding)),
        FindingKind::FederatedIdentity => {
            said(M::FindingFederatedIdentity, None, None, Some(M::AskFederatedIdentity))
        }
        FindingKind::MailboxByTraces => said(M::FindingMailboxByTraces, None, None, None),
        FindingKind::DmarcTestMode => {
            Words { reading: None, tail: None, point: None, question: Some(M::AskDmarcTestMode) }
        }
        FindingKind::Nxdomain
        | FindingKind::NullMx
        | FindingKind::NoMx
        | FindingKind::ImplicitMx
        | FindingKind::MxUnusable
        | FindingKind::NullMxBesideOthers
        | FindingKind::MxOwnDomain
        | FindingKind::MxUnlisted
        | FindingKind::BehindGateway
        | FindingKind::UndeterminedMailbox
        | FindingKind::ConsumerMail
        | FindingKind::SpfSeveralRecords
        | FindingKind::SpfInvalid
        | FindingKind::SpfManyIncludes
        | FindingKind::SpfOverLimit
        | FindingKind::SpfBrokenInclude
        | FindingKind::SpfManaged
        | FindingKind::DmarcReports
        | FindingKind::MtaSts
        | FindingKind::TlsRpt
        | FindingKind::Bimi
        | FindingKind::DkimNoDomainkey
        | FindingKind::DkimNoneFound
        | FindingKind::DkimRevoked
        | FindingKind::DmarcSeveralRecords
        | FindingKind::DmarcInvalid
        | FindingKind::DmarcInherited
        | FindingKind::DmarcPartialCoverage
        | FindingKind::RegistrationEnded => {
            Words { reading: None, tail: None, point: None, question: None }
        }
    }
}

impl Case<'_> {
    fn words(&self) -> impl Iterator<Item = (&Finding, Words)> {
        self.facts.proven().map(|finding| (finding, words(finding.kind)))
    }

    /// Adds what each finding shows and means.
    pub(super) fn add_findings(&self, text: &mut String) {
        for (finding, words) in self.words() {
            if let Some(reading) = words.reading {
                let records = self.quoted(finding);
                let variables = [
                    (Variable::Records, self.quote(&records).into()),
                    (Variable::Count, records.len().into()),
                ];
                self.add_phrase(text, reading, &variables);
            }
        }
    }

    /// Adds where the `t=y` of a DMARC record stands.
    pub(super) fn add_test_mode(&self, text: &mut String) {
        let is_test_mode = |finding: &&Finding| finding.kind == FindingKind::DmarcTestMode;
        if let Some(finding) = self.facts.proven().find(is_test_mode) {
            let variables = [(Variable::Records, self.quote(&self.quoted(finding)).into())];
            self.add_phrase(text, Message::DetailTestMode, &variables);
        }
    }

    /// The clause of the one-liner: one, for it stays one sentence.
    pub(super) fn finding_tail(&self) -> Option<Message> {
        self.words().find_map(|(_, words)| words.tail)
    }

    /// The point of the call: one, for it stays a call and no lecture. The other findings are still
    /// asked about.
    pub(super) fn finding_point(&self) -> Option<Message> {
        self.words().find_map(|(_, words)| words.point)
    }

    /// One question for each finding, unless it is asked already.
    pub(super) fn finding_questions(&self) -> impl Iterator<Item = Message> {
        // Where a referral shows the tenant, its administrator is asked for with the provider.
        let asked = matches!(
            self.holder,
            Holder::TenantWithoutMail | Holder::TenantElsewhere | Holder::TenantOnly
        )
        .then_some(Message::AskDormantTenant);
        let own = (self.holder == Holder::Own).then_some(Message::AskOwnServer);
        self.words()
            .filter_map(|(_, words)| words.question)
            .filter(move |question| ![asked, own].contains(&Some(*question)))
    }

    /// The records of a finding that are quoted with it. Those that name the provider have had their
    /// own sentence, unless they are all there is, or the finding is that they agree.
    fn quoted<'f>(&self, finding: &'f Finding) -> Vec<&'f str> {
        let facts = self.facts;
        let targets = [&facts.spf_include, &facts.dkim_target, &facts.autodiscover_target];
        let is_said =
            |record: &str| targets.iter().any(|t| t.as_ref().is_some_and(|t| record.ends_with(t)));
        let records = || finding.records.iter().map(String::as_str);
        let is_whole = finding.kind == FindingKind::MailboxByTraces || records().all(is_said);
        records().filter(|record| is_whole || !is_said(record)).take(QUOTED).collect()
    }

    /// Records as a list. The dot at the end of a host name would read as the end of the sentence.
    fn quote(&self, records: &[&str]) -> String {
        self.list(records.iter().map(|record| speech::tidy(record.trim_end_matches('.'))))
    }
}
