//! Puts a lead into words: decisions first, then one file per part of the summary.

mod findings;
mod lead;
mod plan;
mod questions;
mod script;
mod security;

use std::borrow::Cow;

use time::{Date, OffsetDateTime};

use super::catalogue::{Message, Variable};
use super::decide::{self, Potential, Step, UrgencyCause};
use super::engine::Parts;
use super::facts::SalesFacts;
use super::holder::{self, Holder};
use super::risk::{Authentication, Consequence, DkimState, DmarcState, SpfState};
use super::speech::{self, Speech};
use super::summary::{HookText, Level, Metadata, SalesSummary, Timeline};
use super::voice::Voice;
use crate::signals::UnknownSignal;
use crate::vocabulary::{DmarcPolicy, ProviderClass, Segment, TenantSize};

/// One lead with every decision made, and the words for it at hand.
struct Case<'a> {
    parts: &'a Parts,
    voice: &'a Voice,
    facts: &'a SalesFacts,
    today: Date,
    holder: Holder,
    authentication: Authentication,
    potential: Potential,
    urgency: Level,
    urgency_cause: UrgencyCause,
    days_left: Option<i64>,
    step: Step,
    offered: TenantSize,
    /// What nobody knows: the provider, and each protocol without an answer.
    unknown: Vec<UnknownSignal>,
    speech: Speech<'a>,
}

/// The summary of a lead.
pub(super) fn summary(
    parts: &Parts,
    voice: &Voice,
    facts: &SalesFacts,
    now: OffsetDateTime,
) -> SalesSummary {
    let case = Case::new(parts, voice, facts, now.date());
    let urgency_reason = case.urgency_reason();
    SalesSummary {
        domain: facts.domain.clone(),
        one_liner: case.one_liner(),
        segment_explanation: case.segment_explanation(),
        provider_reasoning: case.provider_reasoning(),
        security_reasoning: case.security_reasoning(),
        call_script: case.call_script(),
        discovery_questions: case.discovery_questions(),
        offer_tier: case.offer_tier(),
        opportunity_potential: case.potential.total,
        opportunity_rationale: case.opportunity_rationale(),
        urgency: case.urgency,
        next_step: case.next_step(&urgency_reason),
        metadata: Metadata {
            domain: facts.domain.clone(),
            provider: facts.provider,
            segment: facts.segment,
            readiness_score: facts.readiness_score,
            priority_score: facts.priority_score,
            tenant_size: facts.tenant_size,
            local_provider: facts.local_provider.clone(),
            generated_at: now,
        },
        urgency_reason: Some(urgency_reason),
        hooks: case.hooks(),
        unknown: case.unknown,
    }
}

impl<'a> Case<'a> {
    fn new(parts: &'a Parts, voice: &'a Voice, facts: &'a SalesFacts, today: Date) -> Self {
        let figures = &parts.figures;
        let authentication = Authentication::of(facts);
        let potential = decide::potential(facts, figures, parts.tuning_factor);
        let days_left = facts.days_left(today);
        let (urgency, urgency_cause) = decide::urgency(facts, days_left, &figures.urgency);
        let step = decide::next_step(facts.segment, potential.total, urgency, &figures.next_step);
        let provider = facts.unknown.contains(&UnknownSignal::Provider);
        let unknown = provider
            .then_some(UnknownSignal::Provider)
            .into_iter()
            .chain(authentication.unknown())
            .collect();
        let mut case = Self {
            parts,
            voice,
            facts,
            today,
            holder: Holder::of(facts),
            authentication,
            potential,
            urgency,
            urgency_cause,
            days_left,
            step,
            offered: parts.book.size_for(facts.tenant_size, facts.segment, facts.readiness_score),
            unknown,
            speech: Speech::new(&voice.catalogue),
        };
        case.set_words();
        case.set_lead();
        case.set_security();
        case.set_plan();
        case
    }

    /// The words that choose between the variants of a message.
    fn set_words(&mut self) {
        // A lead set aside without scoring is not said to have scored 0.
        let score = self.facts.readiness_score.filter(|_| !self.is_set_aside());
        let speech = &mut self.speech;
        speech.set(Variable::Segment, segment_word(self.facts.segment));
        speech.set(Variable::Band, band_word(score));
        speech.set(Variable::Size, self.facts.tenant_size.map_or("unknown", TenantSize::as_str));
        speech.set(Variable::Class, class_word(self.facts.provider));
        speech.set(Variable::Level, self.urgency.as_str());
        speech.set(Variable::Risk, self.authentication.risk().as_str());
        speech.set(Variable::Consequence, consequence_word(self.authentication.consequence()));
        speech.set(Variable::Timeline, timeline_word(self.step.timeline));
        let front = if holder::is_forwarded(self.facts) { "forwarder" } else { "gateway" };
        speech.set(Variable::Front, front);
        speech.set(Variable::Spf, spf_word(self.authentication.spf));
        speech.set(Variable::Dkim, dkim_word(self.authentication.dkim));
    }

    fn set_lead(&mut self) {
        let facts = self.facts;
        let domain = facts.domain.to_unicode();
        let company = facts.company.as_deref().map(speech::tidy).filter(|name| !name.is_empty());
        match company {
            Some(company) => self.speech.set(Variable::Who, company),
            None => self.speech.set(Variable::Who, domain.clone()),
        }
        self.speech.set(Variable::Domain, domain);
        self.speech.set(Variable::Greeting, self.voice.greeting.as_str());
        if let Some(score) = facts.readiness_score {
            self.speech.set_number(Variable::Score, score);
        }
        if let Some(host) = &facts.mx_host {
            self.speech.set(Variable::Host, speech::tidy(host));
        }
        if let Some(gateway) = &facts.gateway_name {
            self.speech.set(Variable::Gateway, speech::tidy(spoken(gateway)));
        }
        if let Some(name) = holder::provider_name(facts) {
            self.speech.set(Variable::Provider, speech::tidy(spoken(name)));
        } else {
            let class = self.speech.say(Message::ClassName);
            self.speech.set(Variable::Provider, class);
        }
        let standing = self.speech.say(lead::standing(self.holder));
        self.speech.set(Variable::Standing, standing);
        if !self.unknown.is_empty() {
            let names: Vec<_> =
                self.unknown.iter().map(|signal| self.signal_name(*signal)).collect();
            let names = names.iter().map(String::as_str);
            let list = speech::list(&self.voice.catalogue, names);
            self.speech.set(Variable::Unknown, list);
        }
    }

    fn set_security(&mut self) {
        let policy = self.facts.dmarc.policy();
        let word = match self.authentication.dmarc {
            DmarcState::Absent => "absent",
            DmarcState::Policy { partial: true, .. } => "partial",
            DmarcState::Policy { policy, .. } => policy.as_str(),
            DmarcState::Unknown => "unknown",
        };
        self.speech.set(Variable::Dmarc, word);
        self.speech.set(Variable::Policy, policy.map_or("", DmarcPolicy::as_str));
        if let Some(percent) = self.facts.dmarc_coverage {
            self.speech.set_number(Variable::Coverage, percent);
        }
        let clauses = self.speech.say(Message::SecurityClauses);
        self.speech.set(Variable::Clauses, clauses);
        let harmless = self.authentication.consequence() == Consequence::Clean;
        let effect = if harmless { String::new() } else { self.speech.say(Message::Effect) };
        self.speech.set(Variable::Effect, effect);
    }

    /// Names or records in one list.
    fn list<'n>(&self, names: impl Iterator<Item = Cow<'n, str>>) -> String {
        let names: Vec<_> = names.collect();
        speech::list(&self.voice.catalogue, names.iter().map(|name| &**name))
    }

    fn signal_name(&self, signal: UnknownSignal) -> String {
        let word = match signal {
            UnknownSignal::Provider => "provider",
            UnknownSignal::Spf => "spf",
            UnknownSignal::Dkim => "dkim",
            UnknownSignal::Dmarc => "dmarc",
        };
        let variables = [(Variable::Signal, word.into())];
        speech::phrase(&self.voice.catalogue, Message::SignalName, &variables)
    }

    fn hooks(&self) -> Vec<HookText> {
        let mut speech = Speech::new(&self.voice.catalogue);
        speech.set(Variable::Domain, self.facts.domain.to_unicode());
        self.parts
            .hooks
            .for_lead(self.facts, self.today)
            .map(|(index, hook)| {
                speech.set(Variable::Date, self.voice.hook_dates[index].as_str());
                HookText { id: hook.id.clone(), text: speech.say_hook(&hook.message) }
            })
            .collect()
    }
}

/// A provider's name as one says it: without what a table adds in brackets or after a slash. The
/// built-in table has short names; facts from elsewhere may carry a full one.
fn spoken(name: &str) -> &str {
    let end = [" (", " / "].iter().filter_map(|mark| name.find(mark)).min().unwrap_or(name.len());
    &name[..end]
}

pub(super) fn segment_word(segment: Option<Segment>) -> &'static str {
    match segment {
        Some(Segment::Migration) => "migration",
        Some(Segment::Existing) => "existing",
        Some(Segment::Cold) => "cold",
        Some(Segment::Skip) => "skip",
        Some(Segment::Other) | None => "none",
    }
}

/// The score bands that the texts tell apart.
fn band_word(score: Option<u8>) -> &'static str {
    match score {
        None => "unknown",
        Some(80..) => "top",
        Some(70..) => "high",
        Some(50..) => "middle",
        Some(_) => "low",
    }
}

pub(super) fn class_word(class: Option<ProviderClass>) -> &'static str {
    match class {
        Some(ProviderClass::M365) => "m365",
        Some(ProviderClass::Google) => "google",
        Some(ProviderClass::Yandex) => "yandex",
        Some(ProviderClass::Zoho) => "zoho",
        Some(ProviderClass::Amazon) => "amazon",
        Some(ProviderClass::SendGrid) => "sendgrid",
        Some(ProviderClass::Mailgun) => "mailgun",
        Some(ProviderClass::Hosting) => "hosting",
        Some(ProviderClass::Local) => "local",
        Some(ProviderClass::Unknown) | None => "unknown",
    }
}

fn spf_word(state: SpfState) -> &'static str {
    match state {
        SpfState::Present => "present",
        SpfState::Missing => "missing",
        SpfState::Several => "several",
        SpfState::Malformed => "malformed",
        SpfState::Unknown => "unknown",
    }
}

fn dkim_word(state: DkimState) -> &'static str {
    match state {
        DkimState::Present => "present",
        DkimState::Missing => "missing",
        DkimState::NotFound => "not-found",
        DkimState::Unknown => "unknown",
    }
}

fn consequence_word(consequence: Consequence) -> &'static str {
    match consequence {
        Consequence::Forgery => "forgery",
        Consequence::Delivery => "delivery",
        Consequence::Gap => "gap",
        Consequence::Partial => "partial",
        Consequence::Clean => "clean",
    }
}

fn timeline_word(timeline: Timeline) -> &'static str {
    match timeline {
        Timeline::Day => "day",
        Timeline::ThreeDays => "three-days",
        Timeline::Week => "week",
        Timeline::Month => "month",
    }
}
