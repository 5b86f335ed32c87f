//! The engine: from an observation and a lead to an assessment.
//!
//! ```
//! use hunter_core::assess::{Engine, Lead};
//! use hunter_core::observation::Observation;
//!
//! let observation = Observation::from_json(r#"{"v":1,"domain":"ornek.com.tr",
//!   "observed_at":"2026-11-24T09:30:00Z","answers":[
//!   {"name":"ornek.com.tr","type":"MX","state":"found","records":["1 aspmx.l.google.com"]},
//!   {"name":"ornek.com.tr","type":"TXT","state":"found","records":["v=spf1 include:_spf.google.com ~all"]},
//!   {"name":"google._domainkey.ornek.com.tr","type":"TXT","state":"found","records":["v=DKIM1; p=MIGf"]},
//!   {"name":"_dmarc.ornek.com.tr","type":"TXT","state":"temp_fail","reason":"timeout"}]}"#)?;
//!
//! let assessment = Engine::builtin().assess(&observation, &Lead::default());
//! let verdict = assessment.verdict.expect("the MX lookup was answered");
//! assert_eq!(verdict.segment.as_str(), "Migration");
//! assert_eq!((verdict.score_low, verdict.score_high), (60, 90));
//! assert_eq!(assessment.evidence[0].record, "1 aspmx.l.google.com");
//! # Ok::<(), hunter_core::Error>(())
//! ```

mod assessment;
mod authentication;
mod finding;
mod lead;
mod mail;
mod reading;
mod row;
mod tags;

use std::sync::{Arc, LazyLock};

use time::Date;

pub use assessment::{Assessment, IdentityFact, RoleFact, Status};
pub use authentication::MailAuthentication;
pub use finding::{Finding, FindingKind};
pub use lead::{Lead, ReferralType};
pub use tags::Tag;

use self::mail::mail_findings;
use self::reading::Case;

use crate::observation::{AnswerIndex, Observation, Outcome, RecordType, Signal};
use crate::provider::{ConfidenceModel, Fingerprints, MailProvider};
use crate::records::mx::MailExchangers;
use crate::rules::{Mailbox, RuleSet, ScoreFacts};
use crate::signals::{DmarcSignal, Signals, UnknownSignal};

/// Rule set and fingerprint table joined: everything that an assessment needs. Cheap to clone, free
/// of locks.
#[derive(Debug, Clone)]
pub struct Engine {
    rules: RuleSet,
    fingerprints: Arc<Fingerprints>,
    confidence: ConfidenceModel,
}

impl Engine {
    /// The engine with the built-in rule set and table.
    pub fn builtin() -> Self {
        static BUILTIN: LazyLock<Engine> =
            LazyLock::new(|| Engine::new(RuleSet::builtin(), Fingerprints::builtin()));
        BUILTIN.clone()
    }

    /// An engine with data of the caller's, and the built-in confidence model.
    pub fn new(rules: RuleSet, fingerprints: Fingerprints) -> Self {
        let confidence = ConfidenceModel::builtin();
        Self { rules, fingerprints: Arc::new(fingerprints), confidence }
    }

    /// The same engine with another confidence model.
    #[must_use]
    pub fn with_confidence(self, confidence: ConfidenceModel) -> Self {
        Self { confidence, ..self }
    }

    /// The same engine with another fingerprint table.
    #[must_use]
    pub fn with_fingerprints(self, fingerprints: Fingerprints) -> Self {
        Self { fingerprints: Arc::new(fingerprints), ..self }
    }

    /// The rule set.
    pub const fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// The fingerprint table.
    pub fn fingerprints(&self) -> &Fingerprints {
        &self.fingerprints
    }

    /// The confidence model.
    pub const fn confidence(&self) -> &ConfidenceModel {
        &self.confidence
    }

    /// Who runs a domain's mail, with every role; `None` where the MX question was not answered.
    pub fn classify(&self, observation: &Observation) -> Option<MailProvider<'_>> {
        let answers = AnswerIndex::of(observation);
        let reply = answers.ask(observation.domain.as_str(), &RecordType::Mx);
        let records = reply.found().map_or(&[][..], |records| records);
        let mx = MailExchangers::read(records);
        let classify = || self.fingerprints.classify(&self.confidence, observation, &answers, &mx);
        (Status::of(&reply) == Status::Answered).then(classify)
    }

    /// Assesses an observation as of the day on which it was made.
    pub fn assess(&self, observation: &Observation, lead: &Lead) -> Assessment {
        self.assess_on(observation, lead, observation.observed_at.date())
    }

    /// Assesses an observation as of a given day, which decides how soon the registration ends.
    pub fn assess_on(&self, observation: &Observation, lead: &Lead, today: Date) -> Assessment {
        let domain = &observation.domain;
        let answers = AnswerIndex::of(observation);
        let mut findings = Vec::new();
        let reply = answers.ask(domain.as_str(), &RecordType::Mx);
        let status = Status::of(&reply);
        let records: &[String] = reply.found().map_or(&[], |records| records);
        let exchangers = MailExchangers::read(records);
        let classified = (status == Status::Answered).then(|| {
            let (table, addresses) = (&self.fingerprints, &observation.addresses);
            table.classify_with(&self.confidence, domain, &answers, addresses, &exchangers)
        });
        if let Some((mail, _)) = &classified {
            mail_findings(domain, &answers, &exchangers, mail, &mut findings);
        }
        let authentication =
            MailAuthentication::read(&self.fingerprints, domain, &answers, &mut findings);
        let provider = classified.map(|(mail, traces)| {
            let case = Case { observation, answers: &answers, mail: &mail, traces: &traces };
            case.tell(&authentication.signals, &mut findings);
            mail
        });
        let facts = provider.as_ref().map(|p| self.score_facts(p.mailbox, &authentication.signals));
        if facts.is_some_and(|facts| facts.many_includes == Signal::Present) {
            let records = authentication.signals.spf_record.iter().cloned().collect();
            findings.push(Finding::new(FindingKind::SpfManyIncludes, records));
        }
        let referral = lead.referral();
        let verdict = facts.map(|facts| self.rules.verdict_with_referral(&facts, referral));
        let breakdown = facts.map(|facts| self.rules.breakdown(&facts, referral));
        let unknown = unknown_signals(facts.map(|facts| facts.mailbox), &authentication.signals);
        Assessment::assemble(assessment::Parts {
            engine: self,
            observation,
            lead,
            today,
            status,
            exchangers,
            provider,
            authentication,
            verdict,
            breakdown,
            unknown,
            findings,
        })
    }

    /// The facts behind a score, from a mailbox and its signals.
    pub fn score_facts(&self, mailbox: Mailbox, signals: &Signals) -> ScoreFacts {
        ScoreFacts {
            mailbox,
            spf: signals.spf,
            dkim: signals.dkim,
            dmarc: signals.dmarc,
            many_includes: self.rules.many_includes(signals.spf, signals.spf_record.as_deref()),
        }
    }
}

/// Which facts are unknown. Without an answer to the MX question, who holds the mailboxes is one.
fn unknown_signals(mailbox: Option<Mailbox>, signals: &Signals) -> Vec<UnknownSignal> {
    let unknown = [
        (UnknownSignal::Provider, matches!(mailbox, None | Some(Mailbox::Undetermined))),
        (UnknownSignal::Spf, signals.spf == Signal::Unknown),
        (UnknownSignal::Dkim, signals.dkim == Signal::Unknown),
        (UnknownSignal::Dmarc, signals.dmarc == DmarcSignal::Unknown),
    ];
    unknown.into_iter().filter(|(_, is_unknown)| *is_unknown).map(|(signal, _)| signal).collect()
}

impl Status {
    fn of<T, S: AsRef<str>>(mx: &Outcome<T, S>) -> Self {
        match mx {
            Outcome::Found(_) | Outcome::Absent { .. } => Self::Answered,
            Outcome::TempFail { .. } | Outcome::PermFail { .. } => Self::DnsFailed,
            Outcome::NotAsked { .. } => Self::NotObserved,
        }
    }
}
