//! From an assessment and its lead to the facts of the sales engine.

use super::facts::{MailStatus, SalesFacts, SpfFault};
use crate::assess::{Assessment, Finding, FindingKind, Lead, Status};
use crate::provider::Basis;
use crate::records::spf::SpfFault as RecordFault;

impl SalesFacts {
    /// The facts of an assessed lead.
    pub fn from_assessment(assessment: &Assessment, lead: &Lead) -> Self {
        let authentication = &assessment.authentication;
        let verdict = assessment.verdict.as_ref();
        let partial = verdict.filter(|verdict| verdict.partial);
        let answered = assessment.status == Status::Answered;
        Self {
            company: lead.company.clone(),
            status: mail_status(assessment),
            provider: answered.then_some(assessment.provider),
            provider_name: assessment.provider_short_name.clone(),
            gateway_name: assessment.gateway_short_name.clone(),
            mx_host: assessment.mx_host.clone(),
            own_mx: assessment.basis == Some(Basis::OwnDomain),
            listed: matches!(assessment.basis, Some(Basis::Listed | Basis::BehindGateway)),
            // The local provider is the provider itself: one speaks of it by the same name.
            local_provider: assessment
                .local_provider
                .as_ref()
                .and_then(|_| assessment.provider_short_name.clone()),
            segment: verdict.map(|verdict| verdict.segment),
            readiness_score: verdict.map(|verdict| verdict.score),
            score_low: partial.map(|verdict| verdict.score_low),
            score_high: partial.map(|verdict| verdict.score_high),
            unknown: assessment.unknown.clone(),
            priority_score: verdict.map(|verdict| verdict.priority_score),
            tenant_size: assessment.tenant_size,
            spf: authentication.signals.spf,
            spf_fault: authentication.spf_fault.as_ref().map(|fault| match fault {
                RecordFault::SeveralRecords => SpfFault::SeveralRecords,
                RecordFault::BadTerm(_) | RecordFault::RepeatedModifier(_) => SpfFault::Syntax,
            }),
            dkim: authentication.signals.dkim,
            dkim_selectors_tried: authentication.dkim_selectors_tried.clone(),
            dkim_certain: authentication.dkim_certain,
            dmarc: authentication.signals.dmarc,
            dmarc_written: authentication.dmarc_written(),
            dmarc_testing: authentication.dmarc.is_some_and(|record| record.testing),
            dmarc_coverage: authentication.dmarc_coverage(),
            expires: assessment.expires_at,
            registrar: assessment.registrar.clone(),
            country: assessment.country.clone(),
            is_proxy: assessment.is_proxy,
            tenant_known: lead.referral().tenant,
            nameservers: assessment.nameservers.clone(),
            ..Self::new(assessment.domain.clone())
        }
    }
}

fn mail_status(assessment: &Assessment) -> MailStatus {
    let is_null = |finding: &Finding| finding.kind == FindingKind::NullMx;
    match (assessment.status, assessment.basis) {
        (Status::DnsFailed | Status::NotObserved, _) => MailStatus::Unknown,
        (Status::Answered, Some(Basis::NoMail)) if assessment.findings.iter().any(is_null) => {
            MailStatus::NullMx
        }
        (Status::Answered, Some(Basis::NoMail)) => MailStatus::NoMx,
        (Status::Answered, _) => MailStatus::Mail,
    }
}
