//! Offer, potential, urgency and next step in words.

use fluent_bundle::FluentValue;

use super::Case;
use crate::sales::catalogue::{Message, Variable};
use crate::sales::decide::UrgencyCause;
use crate::sales::speech;
use crate::sales::summary::{
    Action, Factor, NextStep, OfferTier, OpportunityRationale, PriceList, RawValue,
};
use crate::vocabulary::{Segment, TenantSize};

/// What a missing word is called in the raw value of a factor.
const UNKNOWN: &str = "Unknown";

impl Case<'_> {
    /// The variables of the plan, and those that the lead's own sentences still lack.
    pub(super) fn set_plan(&mut self) {
        let tails = self.tails();
        self.speech.set(Variable::Tails, tails);
        if let Some((low, high)) = self.score_range() {
            self.speech.set_number(Variable::Low, low);
            self.speech.set_number(Variable::High, high);
        }
        let segment = self.speech.say(Message::SegmentName);
        self.speech.set(Variable::SegmentName, segment);
        let size = self.speech.say(Message::SizeName);
        self.speech.set(Variable::SizeName, size);
        let level = self.speech.say(Message::LevelName);
        self.speech.set(Variable::LevelName, level);
        let timeline = self.speech.say(Message::Timeline);
        self.speech.set(Variable::TimelineName, timeline);
        if let Some(priority) = self.facts.priority_score {
            self.speech.set_number(Variable::Priority, priority);
        }
        self.speech.set_number(Variable::Potential, self.potential.total);
        self.speech.set_number(Variable::Total, self.potential.total);
        self.speech.set_number(Variable::Sum, self.potential.sum);
        self.speech.set_number(Variable::SegmentPoints, self.potential.segment);
        self.speech.set_number(Variable::ReadinessPoints, self.potential.readiness);
        self.speech.set_number(Variable::PriorityPoints, self.potential.priority);
        self.speech.set_number(Variable::SizePoints, self.potential.size);

        let (texts, tier) = (self.voice.tier(self.offered), self.parts.book.tier(self.offered));
        self.speech.set(Variable::License, tier.license.as_str());
        self.speech.set(Variable::Price, texts.price.as_str());
        self.speech.set(Variable::Fee, texts.fee.as_str());
        self.speech.set(Variable::AsOf, self.voice.as_of.as_str());
        if let Some(defender) = &texts.defender {
            self.speech.set(Variable::Defender, defender.as_str());
        }
        if let Some(consulting) = &texts.consulting {
            self.speech.set(Variable::Consulting, consulting.as_str());
        }
    }

    /// Adds a message with variables of its own as the next sentence of `text`.
    pub(super) fn add_phrase(
        &self,
        text: &mut String,
        message: Message,
        variables: &[(Variable, FluentValue<'_>)],
    ) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&speech::phrase(&self.voice.catalogue, message, variables));
    }

    pub(super) fn offer_tier(&self) -> OfferTier {
        let book = &self.parts.book;
        let tier = book.tier(self.offered);
        OfferTier {
            tier: tier.tier.clone(),
            license: tier.license.clone(),
            price_per_user_per_month: tier.price_per_user_per_month,
            migration_fee: tier.migration_fee,
            defender_price_per_user_per_month: tier.defender_price_per_user_per_month,
            consulting_fee: tier.consulting_fee,
            recommendation: self.recommendation(),
            price_list: Some(PriceList {
                currency: book.currency.clone(),
                as_of: book.as_of,
                source: book.source.clone(),
            }),
        }
    }

    fn recommendation(&self) -> String {
        let segment = self.facts.segment;
        let tier = self.voice.tier(self.offered);
        let mut text = String::with_capacity(320);
        match segment {
            Some(Segment::Existing) => self.speech.add(&mut text, Message::OfferExisting),
            Some(Segment::Cold) => self.speech.add(&mut text, Message::OfferCold),
            Some(Segment::Skip) => self.speech.add(&mut text, Message::OfferSkip),
            Some(Segment::Migration | Segment::Other) | None => {}
        }
        self.speech.add(&mut text, Message::OfferPrice);
        if segment != Some(Segment::Existing) {
            self.speech.add(&mut text, Message::OfferMigrationFee);
        }
        if segment != Some(Segment::Skip) {
            if tier.defender.is_some() {
                self.speech.add(&mut text, Message::OfferDefender);
            }
            if tier.consulting.is_some() {
                self.speech.add(&mut text, Message::OfferConsulting);
            }
        }
        if self.facts.tenant_size.is_none() {
            self.speech.add(&mut text, Message::OfferSizeUnknown);
        }
        self.speech.add(&mut text, Message::OfferAsOf);
        text
    }

    pub(super) fn opportunity_rationale(&self) -> OpportunityRationale {
        let weights = &self.parts.figures.potential.weights;
        let facts = self.facts;
        let word = |word: Option<&str>| Some(RawValue::Word(word.unwrap_or(UNKNOWN).to_owned()));
        let factor = |name: &str, weight, raw, score, message| Factor {
            name: name.to_owned(),
            weight,
            raw,
            score,
            comment: self.comment(message, score),
        };
        let mut factors = Vec::with_capacity(5);
        factors.push(factor(
            "segment",
            weights.segment,
            word(facts.segment.map(Segment::as_str)),
            self.potential.segment,
            Message::FactorSegment,
        ));
        factors.push(factor(
            "readiness_score",
            weights.readiness_score,
            facts.readiness_score.map(RawValue::Number),
            self.potential.readiness,
            match facts.readiness_score {
                None => Message::FactorReadinessNone,
                Some(0) => Message::FactorReadinessZero,
                Some(_) => Message::FactorReadiness,
            },
        ));
        factors.push(factor(
            "priority_score",
            weights.priority_score,
            facts.priority_score.map(RawValue::Number),
            self.potential.priority,
            match facts.priority_score {
                None => Message::FactorPriorityNone,
                Some(_) => Message::FactorPriority,
            },
        ));
        factors.push(factor(
            "tenant_size",
            weights.tenant_size,
            word(facts.tenant_size.map(TenantSize::as_str)),
            self.potential.size,
            Message::FactorSize,
        ));
        if let Some((score, quality)) = self.potential.contacts.zip(facts.contact_quality_score) {
            factors.push(factor(
                "contact_quality",
                weights.contact_quality,
                Some(RawValue::Number(quality)),
                score,
                Message::FactorContact,
            ));
        }
        OpportunityRationale {
            total: self.potential.total,
            factors,
            tuning_factor: self.parts.tuning_factor,
            summary: self.potential_sentence(),
        }
    }

    /// What is said of one factor and its points.
    fn comment(&self, message: Message, points: u8) -> String {
        let number = |value: Option<u8>| FluentValue::from(value.unwrap_or(0));
        let own = match message {
            Message::FactorReadiness => (Variable::Score, number(self.facts.readiness_score)),
            Message::FactorPriority => (Variable::Priority, number(self.facts.priority_score)),
            Message::FactorContact => (Variable::Quality, number(self.facts.contact_quality_score)),
            Message::FactorSize => (Variable::SizeName, self.speech.say(Message::SizeName).into()),
            _ => (Variable::SegmentName, self.speech.say(Message::SegmentName).into()),
        };
        speech::phrase(&self.voice.catalogue, message, &[(Variable::Points, points.into()), own])
    }

    fn potential_sentence(&self) -> String {
        let catalogue = &self.voice.catalogue;
        let mut parts = self.speech.say(Message::PotentialParts);
        if let Some(points) = self.potential.contacts {
            let variables =
                [(Variable::Parts, parts.into()), (Variable::ContactPoints, points.into())];
            parts = speech::phrase(catalogue, Message::PotentialPartsContact, &variables);
        }
        let factor = self.parts.tuning_factor;
        #[expect(clippy::float_cmp, reason = "exactly 1 changes nothing; anything else is said")]
        let is_plain = factor == 1.0;
        let is_capped = f64::from(self.potential.sum) * factor > 100.0;
        let message = match (is_capped, is_plain) {
            (true, _) => Message::PotentialCapped,
            (false, true) => Message::PotentialPlain,
            (false, false) => Message::PotentialTuned,
        };
        let decimal = speech::phrase(catalogue, Message::NumberDecimal, &[]);
        let variables = [
            (Variable::Total, self.potential.total.into()),
            (Variable::Parts, parts.into()),
            (Variable::Sum, self.potential.sum.into()),
            (Variable::Factor, factor.to_string().replace('.', &decimal).into()),
        ];
        speech::phrase(catalogue, message, &variables)
    }

    /// The row of the table that decided, and the registration when it ends soon or has ended.
    pub(super) fn urgency_reason(&self) -> String {
        let mut text = String::with_capacity(160);
        match self.urgency_cause {
            UrgencyCause::Priority => self.speech.add(&mut text, Message::UrgencyPriority),
            UrgencyCause::Score => self.speech.add(&mut text, Message::UrgencyScore),
            UrgencyCause::Registration => {}
            UrgencyCause::Nothing => self.speech.add(&mut text, Message::UrgencyNothing),
        }
        self.add_registration(&mut text);
        text
    }

    fn add_registration(&self, text: &mut String) {
        let (Some(days), Some(ends)) = (self.days_left, self.facts.expires) else {
            return;
        };
        if days >= self.parts.figures.urgency.medium.registration_days {
            return;
        }
        let message = match days {
            ..0 => Message::RegistrationEnded,
            0 => Message::RegistrationEndsToday,
            1.. => Message::RegistrationEnds,
        };
        let date = speech::date(&self.voice.catalogue, ends);
        let variables =
            [(Variable::Days, days.unsigned_abs().into()), (Variable::Date, date.into())];
        self.add_phrase(text, message, &variables);
        if let Some(registrar) = &self.facts.registrar {
            let registrar = speech::tidy(registrar);
            let variables = [(Variable::Registrar, (&*registrar).into())];
            self.add_phrase(text, Message::RegistrationRegistrar, &variables);
        }
    }

    pub(super) fn next_step(&self, urgency_reason: &str) -> NextStep {
        let message = match self.step.action {
            Action::Call => Message::StepCall,
            Action::Email => Message::StepEmail,
            Action::Wait => Message::StepWait,
        };
        NextStep {
            action: self.step.action,
            timeline: self.step.timeline,
            priority: self.step.priority,
            message: self.speech.say(message),
            internal_note: self.internal_note(urgency_reason),
        }
    }

    fn internal_note(&self, urgency_reason: &str) -> String {
        let mut text = self.speech.say(Message::NoteSummary);
        text.push(' ');
        text.push_str(urgency_reason);
        if !(self.unknown.is_empty() || self.holder.is_without_mail()) {
            self.speech.add(&mut text, Message::UnknownFacts);
        }
        if self.step.action != Action::Wait {
            self.speech.add(&mut text, Message::NoteRefusal);
        }
        text
    }
}
