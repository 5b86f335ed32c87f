//! The state of mail authentication in words.

use super::Case;
use crate::assess::FindingKind;
use crate::sales::catalogue::{Message, Variable};
use crate::sales::risk::{Consequence, DkimState, DmarcState, SpfState};
use crate::sales::speech;
use crate::sales::summary::SecurityReasoning;
use crate::vocabulary::DmarcPolicy;

impl Case<'_> {
    pub(super) fn security_reasoning(&self) -> Option<SecurityReasoning> {
        let state = self.authentication;
        if state.is_unknown() {
            return None;
        }
        let is_partial = state.unknown().next().is_some();
        let summary =
            if is_partial { Message::SecuritySummaryPartial } else { Message::SecuritySummary };
        Some(SecurityReasoning {
            risk_level: state.risk(),
            summary: self.speech.say(summary),
            details: vec![self.spf_detail(), self.dkim_detail(), self.dmarc_detail()],
            sales_angle: self.speech.say(Message::Angle),
            recommended_action: self.recommended_action(),
        })
    }

    /// Whether a record stands, then what its includes do to it.
    fn spf_detail(&self) -> String {
        const MORE: [(FindingKind, Message); 3] = [
            (FindingKind::SpfOverLimit, Message::DetailSpfOverLimit),
            (FindingKind::SpfBrokenInclude, Message::DetailSpfBrokenInclude),
            (FindingKind::SpfManaged, Message::DetailSpfManaged),
        ];
        let mut text = self.speech.say(Message::DetailSpf);
        for (kind, message) in MORE {
            if self.facts.findings.iter().any(|finding| finding.kind == kind) {
                self.speech.add(&mut text, message);
            }
        }
        text
    }

    fn dkim_detail(&self) -> String {
        let mut text = self.speech.say(Message::DetailDkim);
        let tried = &self.facts.dkim_selectors_tried;
        if self.authentication.dkim == DkimState::NotFound && !tried.is_empty() {
            let list = self.list(tried.iter().map(|name| speech::tidy(name)));
            self.add_phrase(
                &mut text,
                Message::DetailSelectors,
                &[(Variable::Selectors, list.into())],
            );
        }
        text
    }

    /// The policy in force, then what weakens it.
    fn dmarc_detail(&self) -> String {
        let word = match self.authentication.dmarc {
            DmarcState::Absent => "absent",
            DmarcState::Policy { policy, .. } => policy.as_str(),
            DmarcState::Unknown => "unknown",
        };
        let variables = [(Variable::Dmarc, word.into())];
        let mut text = speech::phrase(&self.voice.catalogue, Message::DetailDmarc, &variables);
        if let Some(written) = self.weakened_policy() {
            let variables = [(Variable::Written, written.as_str().into())];
            self.add_phrase(&mut text, Message::DetailTesting, &variables);
        }
        self.add_test_mode(&mut text);
        if self.dmarc_is_partial() {
            self.speech.add(&mut text, Message::DetailCoverage);
        }
        text
    }

    /// The policy as written, when test mode leaves a weaker one in force.
    fn weakened_policy(&self) -> Option<DmarcPolicy> {
        let in_force = self.facts.dmarc.policy()?;
        self.facts.dmarc_written.filter(|written| self.facts.dmarc_testing && *written != in_force)
    }

    fn dmarc_is_partial(&self) -> bool {
        matches!(self.authentication.dmarc, DmarcState::Policy { partial: true, .. })
    }

    fn recommended_action(&self) -> String {
        let state = self.authentication;
        let mut text = String::with_capacity(240);
        if matches!(state.spf, SpfState::Missing | SpfState::Several | SpfState::Malformed) {
            self.speech.add(&mut text, Message::RemedySpf);
        }
        if matches!(state.dkim, DkimState::Missing | DkimState::NotFound) {
            self.speech.add(&mut text, Message::RemedyDkim);
        }
        if self.weakened_policy().is_some() {
            self.speech.add(&mut text, Message::RemedyTesting);
        } else if state.consequence() == Consequence::Forgery {
            self.speech.add(&mut text, Message::RemedyDmarc);
        }
        if self.dmarc_is_partial() {
            self.speech.add(&mut text, Message::RemedyCoverage);
        }
        if state.unknown().next().is_some() {
            self.speech.add(&mut text, Message::RemedyUnknown);
        }
        if text.is_empty() {
            self.speech.add(&mut text, Message::RemedyNothing);
        }
        text
    }
}
