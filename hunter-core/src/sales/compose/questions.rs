//! What the seller asks.

use super::{Case, class_word};
use crate::sales::catalogue::{Message, Variable};
use crate::sales::holder::{self, Holder};
use crate::sales::speech;
use crate::vocabulary::Segment;

impl Case<'_> {
    /// Segment, provider with its findings, and size first, then budget, decision and time.
    pub(super) fn discovery_questions(&self) -> Vec<String> {
        let mut questions = Vec::with_capacity(12);
        questions.extend(self.segment_questions().iter().map(|message| self.speech.say(*message)));
        self.ask_provider(&mut questions);
        questions.extend(self.finding_questions().map(|message| self.speech.say(message)));
        for message in
            [Message::AskSize, Message::AskBudget, Message::AskDecision, Message::AskTime]
        {
            questions.push(self.speech.say(message));
        }
        questions
    }

    fn segment_questions(&self) -> &'static [Message] {
        match self.facts.segment {
            Some(Segment::Migration) => &[Message::AskMigrationPain, Message::AskMigrationDate],
            Some(Segment::Existing) => &[Message::AskExistingLicence, Message::AskExistingSupport],
            Some(Segment::Cold) => &[Message::AskColdToday, Message::AskColdChange],
            Some(Segment::Skip) => &[Message::AskSkipDomain, Message::AskSkipChange],
            Some(Segment::Other) | None => &[Message::AskNoneSystem],
        }
    }

    fn ask_provider(&self, questions: &mut Vec<String>) {
        match self.holder {
            Holder::Named | Holder::BehindGateway => {
                questions.push(self.provider_question(class_word(self.facts.provider)));
            }
            Holder::Unlisted => questions.push(self.provider_question("local")),
            Holder::Own => questions.push(self.speech.say(Message::AskOwnServer)),
            Holder::TenantWithoutMail | Holder::TenantElsewhere | Holder::TenantOnly => {
                questions.push(self.speech.say(Message::AskTenant));
            }
            // The question about the segment has asked it already.
            _ if matches!(self.facts.segment, Some(Segment::Other) | None) => {}
            Holder::Traces | Holder::Gateway | Holder::Undetermined | Holder::Unanswered => {
                questions.push(self.provider_question("unknown"));
            }
            // A finding asks where the mail is passed on to.
            Holder::Forwarder | Holder::NullMx | Holder::NoMx => {}
        }
        let is_filtered = matches!(self.holder, Holder::BehindGateway | Holder::Gateway);
        if is_filtered && !holder::is_forwarded(self.facts) {
            questions.push(self.speech.say(Message::AskGateway));
        }
    }

    fn provider_question(&self, class: &'static str) -> String {
        let variables = [(Variable::Class, class.into())];
        speech::phrase(&self.voice.catalogue, Message::AskProvider, &variables)
    }
}
