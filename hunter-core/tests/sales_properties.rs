//! The sales texts over every combination of facts: no hole, and never more than the evidence.

mod sales_support;

use hunter_core::assess::{Finding, FindingKind};
use hunter_core::observation::Signal;
use hunter_core::sales::{MailStatus, SalesEngine, SalesFacts, SpfFault};
use hunter_core::signals::{DmarcSignal, UnknownSignal};
use hunter_core::vocabulary::{DmarcPolicy, ProviderClass, Segment, TenantSize};
use proptest::prelude::*;
use sales_support::{DMARC_MISSING, NOW, SPF_MISSING, lead, says, summary, texts};
use time::Duration;

/// Words that say that no DKIM key is there.
const DKIM_MISSING: [&str; 8] = [
    "DKIM kaydı yok",
    "DKIM: kayıt yok",
    "DKIM anahtarı hiçbir",
    "DKIM: hiçbir",
    "no DKIM record",
    "no DKIM key",
    "DKIM: no record",
    "DKIM: none of",
];

fn any_facts() -> impl Strategy<Value = SalesFacts> {
    let signal = || prop::sample::select(vec![Signal::Present, Signal::Missing, Signal::Unknown]);
    let policy = || prop::sample::select(DmarcPolicy::ALL.to_vec());
    let name = |text: &'static str| prop::option::of(Just(text.to_owned()));
    let mail = (
        prop::sample::select(vec![
            MailStatus::Mail,
            MailStatus::NullMx,
            MailStatus::NoMx,
            MailStatus::Unknown,
        ]),
        prop::option::of(prop::sample::select(ProviderClass::ALL.to_vec())),
        name("Turhost (trwww)"),
        name("Proofpoint Essentials"),
        prop::option::of(prop::sample::select(vec![
            "mx.turhost.example".to_owned(),
            "mail.ornek.com.tr".to_owned(),
            "ornek-com-tr.n-v1.mx.microsoft".to_owned(),
        ])),
        any::<(bool, bool, bool)>(),
        name("Turhost"),
    );
    let score = (
        prop::option::of(prop::sample::select(Segment::ALL.to_vec())),
        prop::option::of(0..=100_u8),
        prop::option::of((0..=50_u8, 50..=100_u8)),
        any::<bool>(),
        prop::option::of(1..=7_u8),
        prop::option::of(prop::sample::select(TenantSize::ALL.to_vec())),
        prop::option::of(0..=100_u8),
    );
    let security = (
        (signal(), signal(), any::<bool>()),
        prop::option::of(prop::sample::select(vec![SpfFault::SeveralRecords, SpfFault::Syntax])),
        prop_oneof![
            Just(DmarcSignal::Unknown),
            Just(DmarcSignal::Absent),
            policy().prop_map(DmarcSignal::Policy)
        ],
        (prop::option::of(policy()), any::<bool>()),
        prop::option::of(0..=100_u8),
        prop::collection::vec(Just("mail".to_owned()), 0..4),
    );
    let rest = (
        prop::option::of(-900..900_i64),
        name("Örnek Ltd. Şti."),
        prop::option::of(prop::sample::select(vec!["TR".to_owned(), "JP".to_owned()])),
        prop::option::of(any::<bool>()),
        name("Örnek A.Ş."),
    );
    let kinds = prop::sample::select(FindingKind::ALL.to_vec());
    let records = prop::collection::vec(
        prop::sample::select(vec![
            "msoid.ornek.com.tr CNAME clientconfig.microsoftonline-p.net".to_owned(),
            "MS=ms12345678".to_owned(),
            "10 mx.ornek.com.tr.".to_owned(),
        ]),
        0..6,
    );
    let finding = (kinds, records).prop_map(|(kind, records)| Finding { kind, records });
    let proof = (
        prop::collection::vec(finding, 0..4),
        name("spf.protection.outlook.com"),
        name("selector1-ornek-com-tr._domainkey.ornekas.onmicrosoft.com"),
        name("autodiscover.outlook.com"),
        name("ornekas"),
        prop::collection::vec(Just("Amazon SES (transactional)".to_owned()), 0..3),
    );
    (mail, score, security, rest, proof).prop_map(|(mail, score, security, rest, proof)| {
        SalesFacts {
            findings: proof.0,
            spf_include: proof.1,
            dkim_target: proof.2,
            autodiscover_target: proof.3,
            gateway_forwards: score.3,
            tenant_name: proof.4,
            senders: proof.5,
            company: rest.4,
            status: mail.0,
            provider: mail.1,
            provider_name: mail.2,
            gateway_name: mail.3,
            mx_host: mail.4,
            own_mx: mail.5.0,
            listed: mail.5.1,
            tenant_known: mail.5.2,
            local_provider: mail.6,
            segment: score.0,
            readiness_score: score.1,
            score_low: score.2.map(|range| range.0),
            score_high: score.2.map(|range| range.1),
            unknown: if score.3 { vec![UnknownSignal::Provider] } else { Vec::new() },
            priority_score: score.4,
            tenant_size: score.5,
            contact_quality_score: score.6,
            spf: security.0.0,
            dkim: security.0.1,
            dkim_certain: security.0.2,
            spf_fault: security.1,
            dmarc: security.2,
            dmarc_written: security.3.0,
            dmarc_testing: security.3.1,
            dmarc_coverage: security.4,
            dkim_selectors_tried: security.5,
            expires: rest.0.map(|days| NOW.date() + Duration::days(days)),
            registrar: rest.1,
            country: rest.2,
            is_proxy: rest.3,
            ..lead()
        }
    })
}

/// What a text must never hold: a hole, a leaked variable, a stray mark, a shout.
fn flaw(text: &str) -> Option<&'static str> {
    let shouts = text
        .split(|c: char| !c.is_alphabetic())
        .any(|word| word.chars().count() > 5 && word.chars().all(char::is_uppercase));
    [
        (text.trim().is_empty() || text.trim() != text, "empty, or blanks at its ends"),
        (text.contains(['{', '}', '*', '\n', '\u{2068}']), "a stray mark"),
        (
            ["  ", " .", " ,", " ;", " :", "()", "..", ";.", "::"]
                .iter()
                .any(|bad| text.contains(bad)),
            "a hole",
        ),
        (!text.ends_with(['.', '?', '!', ')']), "no end"),
        (shouts, "capitals throughout"),
    ]
    .into_iter()
    .find_map(|(found, what)| found.then_some(what))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn every_text_is_whole_and_says_no_more_than_the_facts(facts in any_facts()) {
        for locale in ["tr", "en"] {
            let found = summary(&facts, locale);
            prop_assert!(!found.call_script.is_empty() && found.discovery_questions.len() >= 5);
            for text in texts(&found) {
                prop_assert_eq!(flaw(text), None, "{}", text);
            }
            if facts.spf != Signal::Missing || facts.spf_fault.is_some() {
                prop_assert_eq!(says(&found, &SPF_MISSING), None);
            }
            if facts.dkim != Signal::Missing {
                prop_assert_eq!(says(&found, &DKIM_MISSING), None);
            }
            if facts.dmarc != DmarcSignal::Absent {
                prop_assert_eq!(says(&found, &DMARC_MISSING), None);
            }
            let nothing_known = facts.spf == Signal::Unknown
                && facts.dkim == Signal::Unknown
                && facts.dmarc == DmarcSignal::Unknown;
            prop_assert_eq!(found.security_reasoning.is_none(), nothing_known);
        }
    }

    #[test]
    fn potential_is_its_rationale_and_rises_with_the_score(
        facts in any_facts(),
        score in 1..100_u8,
        factor in 0.0..=2.0_f64,
    ) {
        let engine = SalesEngine::builder().tuning_factor(factor).build().expect("an engine");
        let at = |score| {
            let facts = SalesFacts { readiness_score: Some(score), ..facts.clone() };
            engine.summarize(&facts, "tr", NOW).expect("Turkish is built in")
        };
        let (lower, higher) = (at(score), at(score + 1));
        prop_assert!(lower.opportunity_potential <= higher.opportunity_potential);
        prop_assert!(higher.opportunity_potential <= 100);
        let sum: u32 = lower.opportunity_rationale.factors.iter().map(|f| u32::from(f.score)).sum();
        let total = (f64::from(sum) * factor).floor().min(100.0);
        prop_assert!((f64::from(lower.opportunity_potential) - total).abs() < 0.5);
        prop_assert_eq!(lower.opportunity_rationale.total, lower.opportunity_potential);
    }
}
