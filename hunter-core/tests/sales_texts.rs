//! The sales texts, case by case: never more than the evidence.

mod sales_support;

use hunter_core::observation::Signal;
use hunter_core::sales::{
    Action, Level, MailStatus, SalesEngine, SalesFacts, SalesSummary, SpfFault, Timeline,
};
use hunter_core::signals::{DmarcSignal, UnknownSignal};
use hunter_core::vocabulary::{DmarcPolicy, ProviderClass, Segment};
use hunter_core::{Engine, Lead, Observation};
use sales_support::{DMARC_MISSING, NOW, SPF_MISSING, lead, says, summary, texts};
use time::macros::date;

#[test]
fn d10_no_size_is_read_from_the_shape_of_a_host() {
    let facts = SalesFacts {
        status: MailStatus::Mail,
        provider: Some(ProviderClass::M365),
        mx_host: Some("buyuk-holding-com-tr.mail.protection.outlook.com".into()),
        listed: true,
        segment: Some(Segment::Existing),
        readiness_score: Some(90),
        ..lead()
    };
    let found = summary(&facts, "tr");
    assert_eq!(found.metadata.tenant_size, None);
    assert_eq!(found.offer_tier.tier, "Business Basic");
    assert!(found.offer_tier.recommendation.contains("Kullanıcı sayısı bilinmediği için"));
    assert!(!found.one_liner.contains("ölçekli"), "{}", found.one_liner);
}

#[test]
fn d19_a_hard_failed_lead_tells_one_story() {
    for (status, words) in
        [(MailStatus::NullMx, "e-posta almadığını"), (MailStatus::NoMx, "MX kaydı bulunmuyor")]
    {
        let facts = SalesFacts {
            status,
            provider: Some(ProviderClass::Unknown),
            segment: Some(Segment::Skip),
            readiness_score: Some(0),
            priority_score: Some(7),
            ..lead()
        };
        let found = summary(&facts, "tr");
        let points: u8 =
            found.opportunity_rationale.factors.iter().map(|factor| factor.score).sum();
        assert_eq!(points, found.opportunity_potential);
        assert_eq!(found.opportunity_rationale.total, found.opportunity_potential);
        assert_eq!(found.next_step.action, Action::Wait);
        assert_eq!(found.call_script.len(), 2);
        assert!(found.one_liner.contains(words), "{}", found.one_liner);
        assert!(!found.one_liner.contains("puan"), "{}", found.one_liner);
        assert!(found.segment_explanation.contains("MX kaydı olmadığı için"));
        assert!(found.security_reasoning.is_none());
        assert!(found.hooks.is_empty());
    }
}

#[test]
fn d21_dmarc_is_never_called_missing_where_it_is_reject() {
    let mut facts = SalesFacts {
        segment: Some(Segment::Existing),
        provider: Some(ProviderClass::M365),
        dmarc: DmarcSignal::Policy(DmarcPolicy::Reject),
        ..lead()
    };
    for (spf, dkim) in [
        (Signal::Missing, Signal::Missing),
        (Signal::Present, Signal::Missing),
        (Signal::Unknown, Signal::Present),
    ] {
        (facts.spf, facts.dkim) = (spf, dkim);
        for locale in ["tr", "en"] {
            let found = summary(&facts, locale);
            assert_eq!(says(&found, &DMARC_MISSING), None);
            let security = found.security_reasoning.expect("signals are known");
            assert!(security.summary.contains("reject"), "{}", security.summary);
            assert!(security.details[2].contains("reject"), "{}", security.details[2]);
        }
    }
}

#[test]
fn d22_a_registration_that_ended_is_said_to_have_ended() {
    let facts =
        SalesFacts { segment: Some(Segment::Cold), expires: Some(date!(2025 - 10 - 20)), ..lead() };
    let ended = summary(&facts, "tr");
    assert_eq!(ended.urgency, Level::High);
    let reason = ended.urgency_reason.expect("a reason");
    assert!(reason.contains("400 gün önce, 20 Ekim 2025 tarihinde sona ermiş"), "{reason}");
    assert!(ended.next_step.internal_note.contains("sona ermiş"));
    let reason = summary(&facts, "en").urgency_reason.expect("a reason");
    assert!(reason.contains("ended 400 days ago, on 20 October 2025"), "{reason}");

    let soon = SalesFacts { expires: Some(date!(2026 - 11 - 25)), ..facts.clone() };
    let reason = summary(&soon, "en").urgency_reason.expect("a reason");
    assert!(reason.contains("ends in 1 day, on 25 November 2026"), "{reason}");
    let today = SalesFacts { expires: Some(NOW.date()), ..facts };
    let reason = summary(&today, "tr").urgency_reason.expect("a reason");
    assert!(reason.contains("bugün"), "{reason}");
}

#[test]
fn a_published_but_invalid_spf_record_is_never_called_missing() {
    for fault in [SpfFault::SeveralRecords, SpfFault::Syntax] {
        let facts = SalesFacts {
            segment: Some(Segment::Cold),
            spf: Signal::Missing,
            spf_fault: Some(fault),
            ..lead()
        };
        for (locale, words) in [("tr", "yayında ama geçersiz"), ("en", "published but invalid")] {
            let found = summary(&facts, locale);
            assert_eq!(says(&found, &SPF_MISSING), None);
            let security = found.security_reasoning.expect("SPF is known");
            assert_eq!(security.risk_level, Level::Medium);
            assert!(security.details[0].contains(words), "{}", security.details[0]);
        }
    }
}

#[test]
fn missing_dkim_is_certain_only_where_the_name_does_not_exist() {
    let mut facts = SalesFacts {
        dkim: Signal::Missing,
        dkim_selectors_tried: vec!["selector1".into(), "mail".into()],
        ..lead()
    };
    let detail = |facts: &SalesFacts| {
        summary(facts, "tr").security_reasoning.expect("DKIM is known").details[1].clone()
    };
    assert!(detail(&facts).contains("hiçbir yaygın seçicide"));
    assert!(detail(&facts).contains("selector1 ve mail"));
    facts.dkim_certain = true;
    assert!(detail(&facts).contains("kayıt yok"));
    assert!(!detail(&facts).contains("seçici"));
}

#[test]
fn unknown_signals_are_named_as_unknown() {
    let facts = SalesFacts {
        spf: Signal::Present,
        dkim: Signal::Present,
        segment: Some(Segment::Migration),
        provider: Some(ProviderClass::Google),
        readiness_score: Some(70),
        score_low: Some(60),
        score_high: Some(90),
        unknown: vec![UnknownSignal::Dmarc],
        ..lead()
    };
    let found = summary(&facts, "tr");
    assert_eq!(found.unknown, [UnknownSignal::Dmarc]);
    assert!(found.segment_explanation.contains("60 ile 90 arasında"));
    assert!(found.segment_explanation.contains("Henüz bilinmeyenler: DMARC."));
    let security = found.security_reasoning.expect("SPF is known");
    assert_eq!(security.risk_level, Level::Low);
    assert!(security.summary.contains("Bilinen kayıtlara göre"), "{}", security.summary);
    assert!(security.summary.contains("DMARC için henüz yanıt yok"), "{}", security.summary);
}

#[test]
fn test_mode_and_old_coverage_are_explained() {
    let facts = SalesFacts {
        dmarc: DmarcSignal::Policy(DmarcPolicy::Quarantine),
        dmarc_written: Some(DmarcPolicy::Reject),
        dmarc_testing: true,
        dmarc_coverage: Some(40),
        ..lead()
    };
    let security = summary(&facts, "tr").security_reasoning.expect("DMARC is known");
    assert_eq!(security.risk_level, Level::Medium);
    let detail = &security.details[2];
    for words in ["politika quarantine", "Kayıtta reject yazıyor", "RFC 7489", "yüzde 40 kadarına"]
    {
        assert!(detail.contains(words), "`{words}` in `{detail}`");
    }
}

#[test]
fn a_host_out_of_the_table_is_quoted_and_not_called_a_provider() {
    let facts = SalesFacts {
        status: MailStatus::Mail,
        provider: Some(ProviderClass::Local),
        mx_host: Some("mx.bilinmeyen.example".into()),
        segment: Some(Segment::Migration),
        readiness_score: Some(64),
        ..lead()
    };
    let found = summary(&facts, "tr");
    assert!(found.provider_reasoning.contains("mx.bilinmeyen.example"));
    assert!(found.provider_reasoning.contains("sağlayıcı adı vermiyoruz"));
    let opening = &found.call_script[0];
    assert!(!opening.contains("bilinmeyen.example"), "{opening}");
}

#[test]
fn a_holder_without_a_name_is_not_named_to_the_customer() {
    let facts = SalesFacts {
        status: MailStatus::Mail,
        provider: Some(ProviderClass::Local),
        gateway_name: Some("Proofpoint Essentials".into()),
        segment: Some(Segment::Existing),
        ..lead()
    };
    for (locale, words) in [("tr", "yerel sunucu"), ("en", "local mail server")] {
        let opening = &summary(&facts, locale).call_script[0];
        assert!(!opening.contains(words), "{opening}");
    }
}

#[test]
fn names_are_shown_in_unicode_and_identifiers_stay_canonical() {
    let facts = SalesFacts::new("çiçek.com.tr".parse().expect("a domain"));
    let found = summary(&facts, "tr");
    assert!(found.one_liner.starts_with("çiçek.com.tr"));
    assert_eq!(found.domain.as_str(), "xn--iek-1lab.com.tr");
}

#[test]
fn timelines_keep_their_identifiers_and_are_said_in_the_language() {
    let facts = SalesFacts {
        segment: Some(Segment::Cold),
        readiness_score: Some(79),
        priority_score: Some(3),
        ..lead()
    };
    for (locale, words) in [("tr", "3 gün içinde"), ("en", "within 3 days")] {
        let step = summary(&facts, locale).next_step;
        assert_eq!(step.timeline, Timeline::ThreeDays);
        assert_eq!(serde_json::to_string(&step.timeline).expect("a word"), "\"3_gün\"");
        assert!(step.message.contains(words), "{}", step.message);
    }
}

#[test]
fn the_contract_has_the_frozen_fields_and_reads_back() {
    let found = summary(&lead(), "tr");
    let value = serde_json::to_value(&found).expect("a summary is JSON");
    for field in [
        "domain",
        "one_liner",
        "segment_explanation",
        "provider_reasoning",
        "security_reasoning",
        "call_script",
        "discovery_questions",
        "offer_tier",
        "opportunity_potential",
        "opportunity_rationale",
        "urgency",
        "next_step",
        "metadata",
    ] {
        assert!(value.get(field).is_some(), "{field}");
    }
    assert!(value["security_reasoning"].is_null());
    assert!(value["offer_tier"]["price_per_user_per_month"].is_u64());
    assert_eq!(value["offer_tier"]["price_list"]["as_of"], "2026-11-24");
    assert_eq!(value["metadata"]["generated_at"], "2026-11-24T09:30:00Z");
    let back: SalesSummary = serde_json::from_value(value).expect("its own form");
    assert_eq!(back, found);
}

#[test]
fn the_plain_text_has_every_part() {
    let facts = SalesFacts {
        segment: Some(Segment::Migration),
        spf: Signal::Present,
        dmarc: DmarcSignal::Absent,
        ..lead()
    };
    let engine = SalesEngine::builtin();
    for locale in ["tr", "en"] {
        let found = summary(&facts, locale);
        let page = engine.render_text(&found, locale).expect("a built-in language");
        for text in texts(&found) {
            let is_comment =
                found.opportunity_rationale.factors.iter().any(|factor| factor.comment == text);
            assert!(is_comment || page.contains(text), "`{text}` is not in the page");
        }
    }
    assert_eq!(
        engine.render_text(&summary(&facts, "tr"), "de").expect_err("no German").code(),
        "locale_unknown"
    );
}

/// What the fingerprint table adds to a name to tell it from its neighbours is not for the ear. That
/// no Turkish suffix hangs on a name, and any name fits, is held where the catalogues are tested.
#[test]
fn a_provider_is_called_by_its_short_name() {
    let said = |host: &str, lang: &str| {
        let observation = Observation::from_json(&format!(
            r#"{{"v":1,"domain":"ornek.com.tr","observed_at":"2026-11-24T09:30:00Z","answers":[
            {{"name":"ornek.com.tr","type":"MX","state":"found","records":["1 {host}"]}}]}}"#
        ))
        .expect("an observation");
        let lead = Lead::default();
        let assessment = Engine::builtin().assess(&observation, &lead);
        let facts = SalesFacts::from_assessment(&assessment, &lead);
        let engine = SalesEngine::builtin();
        let summary = engine.summarize(&facts, lang, NOW).expect("a built-in language");
        engine.render_text(&summary, lang).expect("a built-in language")
    };
    for lang in ["tr", "en"] {
        for (host, short, long) in [
            ("mx-01.kurumsaleposta.com", "Natro", "team.blue"),
            ("ornek-com-tr.mail.protection.outlook.com", "Microsoft 365", "worldwide"),
            ("mx1.ppe-hosted.com", "Proofpoint Essentials", "SMB"),
        ] {
            let text = said(host, lang);
            assert!(text.contains(short) && !text.contains(long), "{lang}: {text}");
        }
    }
}
