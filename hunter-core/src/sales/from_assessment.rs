//! From an assessment and its lead to the facts of the sales engine.

use super::facts::{MailStatus, SalesFacts, SpfFault};
use crate::assess::{Assessment, Finding, FindingKind, Lead, Status, Tag};
use crate::provider::{Basis, TraceKind};
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
            gateway_forwards: assessment.gateway.is_some()
                && !assessment.tags.contains(&Tag::Gateway),
            mx_host: assessment.mx_host.clone(),
            own_mx: assessment.basis == Some(Basis::OwnDomain),
            listed: matches!(assessment.basis, Some(Basis::Listed | Basis::BehindGateway)),
            // The local provider is the provider itself: one speaks of it by the same name.
            local_provider: assessment
                .local_provider
                .as_ref()
                .and_then(|_| assessment.provider_short_name.clone()),
            spf_include: target(assessment, TraceKind::Spf),
            dkim_target: target(assessment, TraceKind::DkimCname),
            autodiscover_target: target(assessment, TraceKind::Autodiscover),
            tenant_name: assessment.identity.as_ref().and_then(|identity| identity.tenant.clone()),
            senders: assessment.senders.iter().map(|sender| sender.name.clone()).collect(),
            findings: assessment.findings.clone(),
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
            contact_quality_score: assessment.contacts.as_ref().map(|contacts| contacts.quality),
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

/// What a record of that kind points to, among the records that name the holder of the mailboxes.
fn target(assessment: &Assessment, kind: TraceKind) -> Option<String> {
    let holder = assessment.provider_id.as_deref()?;
    let identity = assessment.identity.iter().filter(|identity| identity.id == holder);
    let mut evidence =
        assessment.evidence.iter().chain(identity.flat_map(|identity| &identity.evidence));
    evidence
        .find(|evidence| evidence.rule == kind.as_str())
        .map(|evidence| target_of(&evidence.record).to_owned())
}

/// What a quoted record points to: the last word of
/// `autodiscover.ornek.com.tr CNAME autodiscover.outlook.com`, the domain of
/// `include:spf.protection.outlook.com`.
pub(crate) fn target_of(record: &str) -> &str {
    record.rsplit([' ', ':', '=']).next().unwrap_or(record)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::Engine;
    use crate::observation::{Observation, Signal};
    use crate::vocabulary::{DmarcPolicy, ProviderClass};

    fn facts(answers: &str, lead: &Lead) -> SalesFacts {
        let observation = Observation::from_json(&format!(
            r#"{{"v":1,"domain":"ornek.com","observed_at":"2026-11-24T09:30:00Z","answers":[{answers}]}}"#
        ))
        .expect("well-formed");
        SalesFacts::from_assessment(&Engine::builtin().assess(&observation, lead), lead)
    }

    fn mx(record: &str) -> String {
        format!(r#"{{"name":"ornek.com","type":"MX","state":"found","records":["{record}"]}}"#)
    }

    #[test]
    fn what_the_mx_question_says_is_told_apart() {
        let absent = r#"{"name":"ornek.com","type":"MX","state":"absent","rcode":"NOERROR"}"#;
        let failed = r#"{"name":"ornek.com","type":"MX","state":"temp_fail","reason":"timeout"}"#;
        for (answers, status, class) in [
            (mx("0 ."), MailStatus::NullMx, Some(ProviderClass::Unknown)),
            (absent.to_owned(), MailStatus::NoMx, Some(ProviderClass::Unknown)),
            (failed.to_owned(), MailStatus::Unknown, None),
            (String::new(), MailStatus::Unknown, None),
            (mx("1 aspmx.l.google.com"), MailStatus::Mail, Some(ProviderClass::Google)),
        ] {
            let found = facts(&answers, &Lead::default());
            assert_eq!((found.status, found.provider), (status, class), "{answers}");
            assert_eq!(found.readiness_score.is_some(), status != MailStatus::Unknown);
        }
    }

    #[test]
    fn own_and_listed_hosts_are_told_apart() {
        let told = |record| {
            let found = facts(&mx(record), &Lead::default());
            (found.own_mx, found.listed, found.mx_host)
        };
        assert_eq!(told("5 mail.ornek.com"), (true, false, Some("mail.ornek.com".into())));
        assert_eq!(told("5 mx.nobody.example"), (false, false, Some("mx.nobody.example".into())));
        assert_eq!(told("5 A.natrohost.com"), (false, true, Some("a.natrohost.com".into())));
    }

    #[test]
    fn an_interval_is_handed_over_only_where_something_is_unknown() {
        let whole = format!(
            r#"{},{{"name":"ornek.com","type":"TXT","state":"found","records":["v=spf1 -all"]}},
            {{"name":"google._domainkey.ornek.com","type":"TXT","state":"absent","rcode":"NXDOMAIN"}},
            {{"name":"_dmarc.ornek.com","type":"TXT","state":"found","records":["v=DMARC1; p=reject; t=y"]}}"#,
            mx("1 aspmx.l.google.com")
        );
        let found = facts(&whole, &Lead::default());
        assert_eq!((found.score_low, found.score_high, found.unknown.len()), (None, None, 0));
        assert_eq!((found.spf, found.dkim), (Signal::Present, Signal::Missing));
        assert_eq!((found.dmarc_written, found.dmarc_testing), (Some(DmarcPolicy::Reject), true));
        assert_eq!(found.dmarc.policy(), Some(DmarcPolicy::Quarantine));
        assert_eq!(found.dkim_selectors_tried, ["google"]);

        let found = facts(&mx("1 aspmx.l.google.com"), &Lead::default());
        let score = found.readiness_score.expect("a score");
        assert!(found.score_low < Some(score) && Some(score) < found.score_high);
        assert_eq!(found.unknown.len(), 3);
    }

    #[test]
    fn a_faulty_spf_record_is_told_from_none() {
        for (records, fault) in [
            (r#""v=spf1 -all","v=spf1 mx -all""#, Some(SpfFault::SeveralRecords)),
            (r#""v=spf1 oops:x -all""#, Some(SpfFault::Syntax)),
            (r#""v=spf1 -all""#, None),
            (r#""MS=ms1""#, None),
        ] {
            let text = format!(
                r#"{{"name":"ornek.com","type":"TXT","state":"found","records":[{records}]}}"#
            );
            assert_eq!(facts(&text, &Lead::default()).spf_fault, fault, "{records}");
        }
    }

    #[test]
    fn a_lead_brings_its_company_and_tenant() {
        let lead = Lead {
            company: Some("Örnek A.Ş.".into()),
            azure_tenant_id: Some("t".into()),
            country: Some("TR".into()),
            ..Lead::default()
        };
        let found = facts(&mx("0 ."), &lead);
        assert_eq!((found.company, found.country), (lead.company.clone(), lead.country.clone()));
        assert!(found.tenant_known && !facts("", &Lead::default()).tenant_known);
    }
}
