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
mod facts;
mod finding;
mod lead;
mod tags;

use std::sync::{Arc, LazyLock};

use time::Date;

pub use assessment::{Assessment, Status};
pub use facts::MailAuthentication;
pub use finding::{Finding, FindingKind};
pub use lead::{Lead, ReferralType};
pub use tags::Tag;

use crate::domain::Domain;
use crate::observation::{AnswerIndex, Observation, Outcome, RecordType, Signal};
use crate::provider::{Basis, Fingerprints, MailProvider, ProviderKind};
use crate::records::mx::MailExchangers;
use crate::rules::{Mailbox, RuleSet, ScoreFacts};
use crate::signals::{DmarcSignal, Signals, UnknownSignal};

/// Rule set and fingerprint table joined: everything that an assessment needs. Cheap to clone, free
/// of locks.
#[derive(Debug, Clone)]
pub struct Engine {
    rules: RuleSet,
    fingerprints: Arc<Fingerprints>,
}

impl Engine {
    /// The engine with the built-in rule set and table.
    pub fn builtin() -> Self {
        static BUILTIN: LazyLock<Engine> =
            LazyLock::new(|| Engine::new(RuleSet::builtin(), Fingerprints::builtin()));
        BUILTIN.clone()
    }

    /// An engine with data of the caller's.
    pub fn new(rules: RuleSet, fingerprints: Fingerprints) -> Self {
        Self { rules, fingerprints: Arc::new(fingerprints) }
    }

    /// The rule set.
    pub const fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// The fingerprint table.
    pub fn fingerprints(&self) -> &Fingerprints {
        &self.fingerprints
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
        let provider = if status == Status::Answered {
            let provider = self.fingerprints.classify_mx(domain, &exchangers);
            mail_findings(domain, &answers, &exchangers, &provider, &mut findings);
            Some(provider)
        } else {
            None
        };
        let authentication = MailAuthentication::read(domain, &answers, &mut findings);
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

fn mail_findings(
    domain: &Domain,
    answers: &AnswerIndex<'_>,
    mx: &MailExchangers<'_>,
    provider: &MailProvider<'_>,
    findings: &mut Vec<Finding>,
) {
    let proof = || provider.evidence.iter().map(|evidence| evidence.record.clone()).collect();
    let mut add = |kind, records| findings.push(Finding::new(kind, records));
    if mx.null_mx {
        let kind = match provider.basis {
            Basis::NoMail => FindingKind::NullMx,
            _ => FindingKind::NullMxBesideOthers,
        };
        add(kind, vec!["0 .".to_owned()]);
    } else if provider.basis == Basis::NoMail {
        let address = [RecordType::A, RecordType::Aaaa]
            .iter()
            .find_map(|kind| answers.ask(domain.as_str(), kind).found()?.first().cloned());
        match address {
            Some(address) => add(FindingKind::ImplicitMx, vec![address]),
            None if answers.ask(domain.as_str(), &RecordType::Mx).is_nxdomain() => {
                add(FindingKind::Nxdomain, Vec::new());
            }
            None => add(FindingKind::NoMx, Vec::new()),
        }
    }
    match provider.basis {
        Basis::Unusable => add(FindingKind::MxUnusable, proof()),
        Basis::OwnDomain => add(FindingKind::MxOwnDomain, proof()),
        Basis::Unlisted => add(FindingKind::MxUnlisted, proof()),
        Basis::BehindGateway => add(FindingKind::BehindGateway, proof()),
        Basis::Undetermined => add(FindingKind::UndeterminedMailbox, proof()),
        Basis::Listed | Basis::NoMail => {}
    }
    if provider.provider.is_some_and(|p| p.kind == ProviderKind::ConsumerMail) {
        add(FindingKind::ConsumerMail, proof());
    }
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
