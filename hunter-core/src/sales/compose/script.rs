//! What the seller says, point by point.

use super::Case;
use crate::sales::catalogue::Message;
use crate::sales::holder::{self, Holder};
use crate::sales::summary::Level;
use crate::vocabulary::{ProviderClass, Segment};

impl Case<'_> {
    pub(super) fn call_script(&self) -> Vec<String> {
        match self.facts.segment {
            Some(Segment::Cold) => self.cold_script(),
            Some(Segment::Migration) => self.migration_script(),
            Some(Segment::Existing) => self.existing_script(),
            Some(Segment::Skip) => self.neutral_script(Message::ScriptSkipClosing),
            Some(Segment::Other) | None => self.neutral_script(Message::ScriptNoneQuestion),
        }
    }

    fn cold_script(&self) -> Vec<String> {
        vec![
            self.speech.say(Message::ScriptColdOpening),
            self.cold_point(),
            self.speech.say(Message::ScriptColdInvitation),
        ]
    }

    /// What was seen, said more firmly the higher the risk.
    fn cold_observation(&self) -> String {
        if self.authentication.is_unknown() {
            return self.speech.say(Message::ScriptColdObservationUnknown);
        }
        let observation = match self.authentication.risk() {
            Level::Low => return self.speech.say(Message::ScriptColdObservationLow),
            Level::Medium => Message::ScriptColdObservationMedium,
            Level::High => Message::ScriptColdObservationHigh,
        };
        let mut text = self.speech.say(observation);
        self.speech.add(&mut text, Message::Effect);
        text
    }

    /// What the records show beside mail authentication joins the observation, so that a soft script
    /// stays at three points. An observation without a fault ends with a question and comes last.
    fn cold_point(&self) -> String {
        let observation = self.cold_observation();
        let Some(point) = self.finding_point() else { return observation };
        let point = self.speech.say(point);
        let asks = self.authentication.is_unknown() || self.authentication.risk() == Level::Low;
        let (first, second) = if asks { (point, observation) } else { (observation, point) };
        format!("{first} {second}")
    }

    fn migration_script(&self) -> Vec<String> {
        let mut script = Vec::with_capacity(5);
        script.push(self.speech.say(match self.holder {
            Holder::Named if self.is_called_by_name() => Message::ScriptMigrationOpeningNamed,
            Holder::Own => Message::ScriptMigrationOpeningOwn,
            _ => Message::ScriptMigrationOpeningOther,
        }));
        if self.facts.is_proxy == Some(true) {
            script.push(self.speech.say(Message::ScriptMigrationProxy));
        }
        script.push(self.speech.say(Message::ScriptMigrationValue));
        script.extend(self.finding_point().map(|point| self.speech.say(point)));
        script.push(self.speech.say(Message::ScriptMigrationClosing));
        script
    }

    /// Whether the holder has a name to say, and not only a class such as "hosting".
    fn is_called_by_name(&self) -> bool {
        use ProviderClass::{Hosting, Local, Unknown};
        holder::provider_name(self.facts).is_some()
            || !matches!(self.facts.provider, None | Some(Hosting | Local | Unknown))
    }

    fn existing_script(&self) -> Vec<String> {
        let opening = if self.holder.is_named() && self.is_called_by_name() {
            Message::ScriptExistingOpeningNamed
        } else {
            Message::ScriptExistingOpeningOther
        };
        let hardening = if self.authentication.is_unknown() {
            Message::ScriptExistingHardeningUnknown
        } else {
            Message::ScriptExistingHardening
        };
        [Some(opening), Some(hardening), self.finding_point(), Some(Message::ScriptExistingClosing)]
            .into_iter()
            .flatten()
            .map(|message| self.speech.say(message))
            .collect()
    }

    /// Two neutral points; a domain without mail is asked for the one that has it.
    fn neutral_script(&self, closing: Message) -> Vec<String> {
        let second =
            if self.holder.is_without_mail() { Message::ScriptSkipWithoutMail } else { closing };
        [Message::ScriptSkipOpening, second].map(|message| self.speech.say(message)).into()
    }
}
