//! The lead itself: one-liner, segment and provider.

use super::{Case, spoken};
use crate::sales::catalogue::{Message, Variable};
use crate::sales::holder::Holder;
use crate::sales::speech;
use crate::vocabulary::{ProviderClass, Segment};

/// The clause that says who receives the mail.
pub(super) fn standing(holder: Holder) -> Message {
    match holder {
        Holder::Named => Message::StandingNamed,
        Holder::BehindGateway => Message::StandingBehindGateway,
        Holder::Own => Message::StandingOwn,
        Holder::Unlisted => Message::StandingUnlisted,
        Holder::Traces => Message::StandingTraces,
        Holder::Gateway => Message::StandingGateway,
        Holder::Forwarder => Message::StandingForwarder,
        Holder::Undetermined => Message::StandingUndetermined,
        Holder::NullMx => Message::StandingNullMx,
        Holder::NoMx => Message::StandingNoMx,
        Holder::Unanswered => Message::StandingUnanswered,
        Holder::TenantWithoutMail => Message::StandingTenantWithoutMail,
        Holder::TenantElsewhere => Message::StandingTenantElsewhere,
        Holder::TenantOnly => Message::StandingTenantOnly,
    }
}

impl Case<'_> {
    pub(super) fn one_liner(&self) -> String {
        self.speech.say(match self.facts.segment {
            Some(Segment::Migration) => Message::OneLinerMigration,
            Some(Segment::Existing) => Message::OneLinerExisting,
            Some(Segment::Cold) => Message::OneLinerCold,
            Some(Segment::Skip) => Message::OneLinerSkip,
            Some(Segment::Other) | None => Message::OneLinerNone,
        })
    }

    /// What the one-liner ends with: the finding that matters most, size, country and a word about a
    /// proxy, where known.
    pub(super) fn tails(&self) -> String {
        let mut tails = String::new();
        if let Some(tail) = self.finding_tail() {
            self.speech.append(&mut tails, tail);
        }
        if self.facts.tenant_size.is_some() {
            self.speech.append(&mut tails, Message::TailSize);
        }
        if let Some(country) = self.facts.country.as_deref().filter(|code| !code.is_empty()) {
            let catalogue = &self.voice.catalogue;
            let country = speech::tidy(country);
            let name = [(Variable::Country, (&*country).into())];
            let name = speech::phrase(catalogue, Message::CountryName, &name);
            let tail = [(Variable::CountryName, name.into())];
            tails.push_str(&speech::phrase(catalogue, Message::TailCountry, &tail));
        }
        if self.facts.is_proxy == Some(true) {
            self.speech.append(&mut tails, Message::TailProxy);
        }
        tails
    }

    pub(super) fn segment_explanation(&self) -> String {
        let (segment, advice) = match self.facts.segment {
            Some(Segment::Migration) => {
                (Message::SegmentMigration, Message::SegmentAdviceMigration)
            }
            Some(Segment::Existing) => (Message::SegmentExisting, Message::SegmentAdviceExisting),
            Some(Segment::Cold) => (Message::SegmentCold, Message::SegmentAdviceCold),
            Some(Segment::Skip) => (Message::SegmentSkip, Message::SegmentAdviceSkip),
            Some(Segment::Other) | None => (Message::SegmentNone, Message::SegmentAdviceNone),
        };
        let mut text = self.speech.say(segment);
        if self.is_settled_by_tenant() {
            self.speech.add(&mut text, Message::SegmentByTenant);
        }
        self.speech.add(&mut text, self.score_sentence());
        if !(self.unknown.is_empty() || self.holder.is_without_mail()) {
            self.speech.add(&mut text, Message::UnknownFacts);
        }
        self.speech.add(&mut text, advice);
        text
    }

    /// What is said of the score.
    fn score_sentence(&self) -> Message {
        if self.is_set_aside() {
            return Message::SegmentWithoutMail;
        }
        if self.facts.readiness_score.is_none() {
            return Message::SegmentScoreUnknown;
        }
        if self.score_range().is_some() {
            Message::SegmentScoreRange
        } else if self.is_settled_by_tenant()
            || matches!(self.facts.segment, Some(Segment::Other) | None)
        {
            Message::SegmentScoreAlone
        } else {
            Message::SegmentScore
        }
    }

    /// The lowest and highest score, when they differ.
    pub(super) fn score_range(&self) -> Option<(u8, u8)> {
        let range = self.facts.score_low.zip(self.facts.score_high);
        range.filter(|(low, high)| low < high)
    }

    /// Whether a referral's tenant id put the lead where it is.
    fn is_settled_by_tenant(&self) -> bool {
        self.facts.tenant_known && self.facts.segment == Some(Segment::Existing)
    }

    /// Whether the lead was set aside because the domain takes no mail.
    pub(super) fn is_set_aside(&self) -> bool {
        self.facts.takes_no_mail() && self.facts.segment == Some(Segment::Skip)
    }

    pub(super) fn provider_reasoning(&self) -> String {
        let mut text = String::with_capacity(320);
        let speaks_of_host = self.facts.mx_host.is_some() && !self.facts.takes_no_mail();
        if speaks_of_host {
            self.speech.add(&mut text, Message::EvidenceMx);
        }
        self.speech.add(&mut text, self.evidence());
        if let Some(include) = &self.facts.spf_include {
            let variables = [(Variable::SpfInclude, speech::tidy(include).into())];
            self.add_phrase(&mut text, Message::EvidenceSpf, &variables);
        }
        if let Some(target) = &self.facts.dkim_target {
            let variables = [(Variable::DkimTarget, speech::tidy(target).into())];
            self.add_phrase(&mut text, Message::EvidenceDkim, &variables);
        }
        if let Some(target) = &self.facts.autodiscover_target {
            let variables = [(Variable::AutodiscoverTarget, speech::tidy(target).into())];
            self.add_phrase(&mut text, Message::EvidenceAutodiscover, &variables);
        }
        self.add_findings(&mut text);
        if let Some(tenant) = &self.facts.tenant_name {
            let variables = [(Variable::TenantName, speech::tidy(tenant).into())];
            self.add_phrase(&mut text, Message::EvidenceTenantName, &variables);
        }
        if !self.facts.senders.is_empty() {
            let senders = self.facts.senders.iter().map(|name| speech::tidy(spoken(name)));
            let senders = self.list(senders);
            self.add_phrase(
                &mut text,
                Message::EvidenceSenders,
                &[(Variable::Senders, senders.into())],
            );
        }
        if self.facts.tenant_known {
            self.speech.add(&mut text, Message::EvidenceTenant);
        } else if self.facts.provider == Some(ProviderClass::M365) {
            self.speech.add(&mut text, Message::EvidenceLicence);
        }
        text
    }

    /// What the evidence says of the holder.
    fn evidence(&self) -> Message {
        match self.holder {
            Holder::Named if self.facts.listed && self.facts.mx_host.is_some() => {
                Message::EvidenceNamedListed
            }
            Holder::Named => Message::EvidenceNamedUnconfirmed,
            Holder::BehindGateway => Message::EvidenceBehindGateway,
            Holder::Own => Message::EvidenceOwn,
            Holder::Unlisted => Message::EvidenceUnlisted,
            Holder::Traces => Message::EvidenceTraces,
            Holder::Gateway => Message::EvidenceGateway,
            Holder::Forwarder => Message::EvidenceForwarder,
            Holder::Undetermined => Message::EvidenceUndetermined,
            Holder::NullMx => Message::EvidenceNullMx,
            Holder::NoMx => Message::EvidenceNoMx,
            Holder::Unanswered => Message::EvidenceUnanswered,
            Holder::TenantWithoutMail => Message::EvidenceTenantWithoutMail,
            Holder::TenantElsewhere => Message::EvidenceTenantElsewhere,
            Holder::TenantOnly => Message::EvidenceTenantOnly,
        }
    }
}
