//! What the MX records themselves give to tell.

use super::finding::{Finding, FindingKind};
use crate::domain::Domain;
use crate::observation::{AnswerIndex, RecordType};
use crate::provider::{Basis, MailProvider, ProviderKind};
use crate::records::mx::MailExchangers;

/// Adds what the MX records give to tell.
pub(super) fn mail_findings(
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
        let kinds = [RecordType::A, RecordType::Aaaa];
        let ask = |kind| answers.ask(domain.as_str(), kind);
        let address = kinds.iter().find_map(|kind| ask(kind).found()?.iter().min().cloned());
        match address {
            Some(address) => add(FindingKind::ImplicitMx, vec![address]),
            None if answers.ask(domain.as_str(), &RecordType::Mx).is_nxdomain() => {
                add(FindingKind::Nxdomain, Vec::new());
            }
            None if kinds.iter().all(|kind| ask(kind).is_absent()) => {
                add(FindingKind::NoMx, Vec::new());
            }
            // Whether there is an address, nobody knows.
            None => {}
        }
    }
    match provider.basis {
        Basis::Unusable => add(FindingKind::MxUnusable, proof()),
        Basis::OwnDomain => add(FindingKind::MxOwnDomain, proof()),
        Basis::Unlisted => add(FindingKind::MxUnlisted, proof()),
        Basis::BehindGateway => add(FindingKind::BehindGateway, proof()),
        Basis::Undetermined => add(FindingKind::UndeterminedMailbox, proof()),
        Basis::Traces => add(FindingKind::MailboxByTraces, proof()),
        Basis::Listed | Basis::NoMail => {}
    }
    if provider.provider.is_some_and(|p| p.kind == ProviderKind::ConsumerMail) {
        add(FindingKind::ConsumerMail, proof());
    }
}
