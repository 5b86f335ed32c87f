//! Assessments from observations, through the public API alone.

use hunter_core::assess::{Assessment, Engine, FindingKind, Lead, ReferralType, Status, Tag};
use hunter_core::observation::Observation;
use hunter_core::signals::UnknownSignal;
use hunter_core::vocabulary::{PriorityCategory, ProviderClass, Segment, TenantSize};

const MX_GOOGLE: &str =
    r#"{"name":"ornek.com","type":"MX","state":"found","records":["1 aspmx.l.google.com"]}"#;
const MX_M365: &str = r#"{"name":"ornek.com","type":"MX","state":"found","records":["0 ornek-com.mail.protection.outlook.com"]}"#;
const SPF: &str = r#"{"name":"ornek.com","type":"TXT","state":"found","records":["v=spf1 include:_spf.google.com ~all"]}"#;
const NO_TXT: &str = r#"{"name":"ornek.com","type":"TXT","state":"absent","rcode":"NOERROR"}"#;
const DKIM: &str = r#"{"name":"google._domainkey.ornek.com","type":"TXT","state":"found","records":["v=DKIM1; p=MIGf"]}"#;
const NO_DKIM: &str =
    r#"{"name":"google._domainkey.ornek.com","type":"TXT","state":"absent","rcode":"NXDOMAIN"}"#;
const REJECT: &str =
    r#"{"name":"_dmarc.ornek.com","type":"TXT","state":"found","records":["v=DMARC1; p=reject"]}"#;
const NO_DMARC: &str =
    r#"{"name":"_dmarc.ornek.com","type":"TXT","state":"absent","rcode":"NXDOMAIN"}"#;

fn observation(domain: &str, answers: &[&str]) -> Observation {
    let answers = answers.join(",");
    Observation::from_json(&format!(
        r#"{{"v":1,"domain":"{domain}","observed_at":"2026-11-24T09:30:00Z","answers":[{answers}]}}"#
    ))
    .expect("well-formed")
}

fn assess(answers: &[&str]) -> Assessment {
    Engine::builtin().assess(&observation("ornek.com", answers), &Lead::default())
}

fn score(assessment: &Assessment) -> u8 {
    assessment.verdict.expect("a verdict").score
}

fn has(assessment: &Assessment, kind: FindingKind) -> bool {
    assessment.findings.iter().any(|finding| finding.kind == kind)
}

#[test]
fn a_complete_observation_is_certain() {
    let seen = assess(&[MX_GOOGLE, SPF, DKIM, REJECT]);
    let verdict = seen.verdict.expect("a verdict");
    assert_eq!((verdict.score, verdict.partial, verdict.segment), (90, false, Segment::Migration));
    assert_eq!(seen.provider_id.as_deref(), Some("google-workspace"));
    assert_eq!(seen.mx_root.as_deref(), Some("google.com"));
    assert_eq!(seen.tags, [Tag::MigrationReady, Tag::GoogleWorkspace]);
    assert!(seen.unknown.is_empty() && seen.findings.is_empty());
}

#[test]
fn d7_a_timeout_widens_the_interval_and_costs_nothing() {
    let timeout =
        r#"{"name":"_dmarc.ornek.com","type":"TXT","state":"temp_fail","reason":"timeout"}"#;
    let seen = assess(&[MX_GOOGLE, SPF, DKIM, timeout]);
    let verdict = seen.verdict.expect("a verdict");
    assert_eq!((verdict.score_low, verdict.score, verdict.score_high), (60, 70, 90));
    assert!(verdict.partial && verdict.segment_certain);
    assert_eq!(seen.unknown, [UnknownSignal::Dmarc]);
    assert!(!seen.tags.contains(&Tag::WeakSpf) && !seen.tags.contains(&Tag::SecurityRisk));
}

#[test]
fn a_failed_mx_lookup_gives_no_verdict() {
    for state in [
        r#""state":"temp_fail","reason":"timeout""#,
        r#""state":"perm_fail","reason":"cname_loop""#,
    ] {
        let seen = assess(&[&format!(r#"{{"name":"ornek.com","type":"MX",{state}}}"#), SPF]);
        assert_eq!((seen.status, seen.verdict, seen.breakdown), (Status::DnsFailed, None, None));
        assert!(seen.unknown.contains(&UnknownSignal::Provider));
    }
    assert_eq!(assess(&[SPF]).status, Status::NotObserved);
}

#[test]
fn d14_d19_hard_fails_score_zero_with_one_truth() {
    let null = r#"{"name":"ornek.com","type":"MX","state":"found","records":["0 ."]}"#;
    let none = r#"{"name":"ornek.com","type":"MX","state":"absent","rcode":"NOERROR"}"#;
    let gone = r#"{"name":"ornek.com","type":"MX","state":"absent","rcode":"NXDOMAIN"}"#;
    let address = r#"{"name":"ornek.com","type":"A","state":"found","records":["192.0.2.1"]}"#;
    let no_a = r#"{"name":"ornek.com","type":"A","state":"absent","rcode":"NOERROR"}"#;
    let no_aaaa = r#"{"name":"ornek.com","type":"AAAA","state":"absent","rcode":"NOERROR"}"#;
    for (answers, kind) in [
        (vec![null, SPF, REJECT], FindingKind::NullMx),
        (vec![none, SPF, no_a, no_aaaa], FindingKind::NoMx),
        (vec![none, address], FindingKind::ImplicitMx),
        (vec![gone], FindingKind::Nxdomain),
    ] {
        let seen = assess(&answers);
        let verdict = seen.verdict.expect("a verdict");
        assert_eq!((verdict.score, verdict.score_high, verdict.segment), (0, 0, Segment::Skip));
        assert_eq!(verdict.priority_category, PriorityCategory::P6);
        assert_eq!(seen.breakdown.as_ref().map(|b| b.total_score), Some(0));
        assert!(has(&seen, kind), "{:?}", seen.findings);
    }
}

#[test]
fn d7_no_address_is_only_said_where_both_kinds_were_answered() {
    let none = r#"{"name":"ornek.com","type":"MX","state":"absent","rcode":"NOERROR"}"#;
    let no_a = r#"{"name":"ornek.com","type":"A","state":"absent","rcode":"NOERROR"}"#;
    let lost = r#"{"name":"ornek.com","type":"AAAA","state":"temp_fail","reason":"timeout"}"#;
    for answers in [vec![none], vec![none, no_a], vec![none, no_a, lost]] {
        assert!(!has(&assess(&answers), FindingKind::NoMx), "{answers:?}");
    }
}

#[test]
fn d15_the_spf_text_reaches_the_score() {
    let many = r#"{"name":"ornek.com","type":"TXT","state":"found","records":["v=spf1 include:a.co include:b.co include:c.co include:d.co -all"]}"#;
    let seen = assess(&[MX_GOOGLE, many, DKIM, NO_DMARC]);
    assert_eq!(score(&seen), 65);
    assert_eq!(
        seen.breakdown.as_ref().and_then(|b| b.risk_points.get("spf_multiple_includes")),
        Some(-5)
    );
    assert!(has(&seen, FindingKind::SpfManyIncludes));
}

#[test]
fn d12_two_spf_records_are_no_spf_and_are_called_what_they_are() {
    let two = r#"{"name":"ornek.com","type":"TXT","state":"found","records":["v=spf1 -all","v=spf1 mx -all"]}"#;
    let seen = assess(&[MX_GOOGLE, two, DKIM, NO_DMARC]);
    assert_eq!(seen.authentication.signals.spf.as_option(), Some(false));
    assert!(has(&seen, FindingKind::SpfSeveralRecords));
}

#[test]
fn d13_dkim_needs_a_living_key_and_every_selector_is_tried() {
    let revoked = r#"{"name":"default._domainkey.ornek.com","type":"TXT","state":"found","records":["v=DKIM1; p="]}"#;
    let seen = assess(&[MX_GOOGLE, SPF, revoked, DKIM]);
    assert_eq!(seen.authentication.dkim_selectors_found, ["google"]);
    let seen = assess(&[MX_GOOGLE, SPF, revoked, NO_DKIM]);
    assert_eq!(seen.authentication.signals.dkim.as_option(), Some(false));
    assert!(has(&seen, FindingKind::DkimRevoked) && has(&seen, FindingKind::DkimNoneFound));
}

#[test]
fn dkim_stays_unknown_until_every_tried_selector_was_answered() {
    let failed =
        r#"{"name":"s1._domainkey.ornek.com","type":"TXT","state":"temp_fail","reason":"timeout"}"#;
    let alias = r#"{"name":"s2._domainkey.ornek.com","type":"CNAME","state":"found","records":["s2.example.net"]}"#;
    assert_eq!(assess(&[MX_GOOGLE, NO_DKIM, failed]).authentication.signals.dkim.as_option(), None);
    // An alias alone shows that somebody prepared the selector, not that a key stands at its end.
    assert_eq!(assess(&[MX_GOOGLE, NO_DKIM, alias]).authentication.signals.dkim.as_option(), None);
    assert_eq!(assess(&[MX_GOOGLE]).authentication.signals.dkim.as_option(), None);

    let nothing =
        r#"{"name":"_domainkey.ornek.com","type":"TXT","state":"absent","rcode":"NXDOMAIN"}"#;
    let seen = assess(&[MX_GOOGLE, nothing, failed]);
    assert!(seen.authentication.dkim_certain && has(&seen, FindingKind::DkimNoDomainkey));
    assert_eq!(seen.authentication.signals.dkim.as_option(), Some(false));
}

#[test]
fn d9_test_mode_scores_one_step_weaker_and_percent_is_only_coverage() {
    let tested = r#"{"name":"_dmarc.ornek.com","type":"TXT","state":"found","records":["v=DMARC1; p=reject; t=y"]}"#;
    let seen = assess(&[MX_GOOGLE, SPF, DKIM, tested]);
    assert_eq!(score(&seen), 85);
    assert!(has(&seen, FindingKind::DmarcTestMode));
    let sampled = r#"{"name":"_dmarc.ornek.com","type":"TXT","state":"found","records":["v=DMARC1; p=reject; pct=20"]}"#;
    let seen = assess(&[MX_GOOGLE, SPF, DKIM, sampled]);
    assert_eq!((score(&seen), seen.authentication.dmarc_coverage()), (90, Some(20)));
}

#[test]
fn a_subdomain_inherits_the_policy_and_never_guesses_it() {
    let mx =
        r#"{"name":"a.ornek.com","type":"MX","state":"found","records":["1 aspmx.l.google.com"]}"#;
    let own = r#"{"name":"_dmarc.a.ornek.com","type":"TXT","state":"absent","rcode":"NXDOMAIN"}"#;
    let parent = r#"{"name":"_dmarc.ornek.com","type":"TXT","state":"found","records":["v=DMARC1; p=reject; sp=none"]}"#;
    let engine = Engine::builtin();
    let policy = |answers: &[&str]| {
        let seen = engine.assess(&observation("a.ornek.com", answers), &Lead::default());
        (seen.authentication.signals.dmarc.policy(), seen.unknown.contains(&UnknownSignal::Dmarc))
    };
    assert_eq!(policy(&[mx, own, parent]), (Some("none".parse().expect("a policy")), false));
    assert_eq!(policy(&[mx, own]), (None, true));
}

#[test]
fn referrals_override_as_the_rules_say() {
    let lead = Lead { azure_tenant_id: Some("t".into()), ..Lead::default() };
    let null = r#"{"name":"ornek.com","type":"MX","state":"found","records":["0 ."]}"#;
    let seen = Engine::builtin().assess(&observation("ornek.com", &[null]), &lead);
    let verdict = seen.verdict.expect("a verdict");
    assert_eq!(
        (verdict.score, verdict.segment, seen.provider),
        (55, Segment::Existing, ProviderClass::M365)
    );

    let lead =
        Lead { referral_type: Some(ReferralType::CoSell), seats: Some(60), ..Lead::default() };
    let seen =
        Engine::builtin().assess(&observation("ornek.com", &[MX_M365, SPF, DKIM, REJECT]), &lead);
    assert_eq!((score(&seen), seen.tenant_size), (100, Some(TenantSize::Medium)));
    assert_eq!(seen.breakdown.and_then(|b| b.adjustments.get("referral_co_sell")), Some(10));
}

#[test]
fn tags_of_expiry_count_whole_days_and_stop_at_the_end() {
    let engine = Engine::builtin();
    let tags = |expires: &str| {
        let mut seen = observation("ornek.com", &[MX_GOOGLE, NO_TXT]);
        let lookup = format!(r#"{{"state":"found","source":"rdap","expires":"{expires}"}}"#);
        seen.registration = serde_json::from_str(&lookup).expect("well-formed");
        let seen = engine.assess(&seen, &Lead::default());
        (seen.tags.contains(&Tag::ExpireSoon), has(&seen, FindingKind::RegistrationEnded))
    };
    assert_eq!(tags("2026-12-24"), (false, false)); // 30 days
    assert_eq!(tags("2026-12-23"), (true, false));
    assert_eq!(tags("2026-11-24"), (true, false));
    assert_eq!(tags("2026-11-23"), (false, true));
}

#[test]
fn the_order_of_answers_and_records_does_not_matter_and_bytes_repeat() {
    let engine = Engine::builtin();
    let two = r#"{"name":"ornek.com","type":"MX","state":"found","records":["5 b.kurumsaleposta.com","5 a.natrohost.com"]}"#;
    let turned = r#"{"name":"ornek.com","type":"MX","state":"found","records":["5 a.natrohost.com","5 b.kurumsaleposta.com"]}"#;
    let json = |answers: &[&str]| {
        engine.assess(&observation("ornek.com", answers), &Lead::default()).to_json()
    };
    assert_eq!(json(&[two, SPF, DKIM, NO_DMARC]), json(&[NO_DMARC, DKIM, SPF, turned]));
    assert_eq!(json(&[two]), json(&[two]));
}

#[test]
fn one_spelling_of_a_selector_is_told_whatever_the_order() {
    let upper = r#"{"name":"GOOGLE._domainkey.ornek.com","type":"TXT","state":"found","records":["v=DKIM1; p=MIGf"]}"#;
    for answers in [[MX_GOOGLE, upper, DKIM], [MX_GOOGLE, DKIM, upper]] {
        assert_eq!(assess(&answers).authentication.dkim_selectors_found, ["GOOGLE"]);
    }
}

/// An absent DMARC record and one that nobody knows of are told apart by `dmarc`; `dmarc_policy`
/// is null for both, as clients of the row have always read it.
#[test]
fn the_row_tells_an_absent_policy_from_an_unknown_one() {
    let timeout =
        r#"{"name":"_dmarc.ornek.com","type":"TXT","state":"temp_fail","reason":"timeout"}"#;
    for (answer, dmarc, policy) in [
        (REJECT, r#""dmarc":true"#, r#""dmarc_policy":"reject""#),
        (NO_DMARC, r#""dmarc":false"#, r#""dmarc_policy":null"#),
        (timeout, r#""dmarc":null"#, r#""dmarc_policy":null"#),
    ] {
        let row = assess(&[MX_GOOGLE, SPF, DKIM, answer]).to_json();
        assert!(row.contains(dmarc) && row.contains(policy), "{row}");
    }
}

#[test]
fn contacts_and_the_hash_of_the_signals_stand_in_the_row() {
    let seen = Observation::from_json(
        r#"{"v":1,"domain":"ornek.com.tr","observed_at":"2026-11-24T09:30:00Z","answers":[
        {"name":"ornek.com.tr","type":"MX","state":"found","records":["10 mail.ornek.com.tr"]}]}"#,
    )
    .expect("well-formed");
    let lead = Lead {
        contact_emails: vec!["ayse.yilmaz@ornek.com.tr".into(), "info@ornek.com.tr".into()],
        ..Lead::default()
    };
    let with = Engine::builtin().assess(&seen, &lead);
    let row: serde_json::Value = serde_json::from_str(&with.to_json()).expect("JSON");
    assert_eq!(row["contact_quality_score"], 60);
    assert_eq!(row["linkedin_pattern"], "firstname.lastname");
    assert_eq!(row["signals_hash"], with.authentication.signals.hash().as_str());
    let without = Engine::builtin().assess(&seen, &Lead::default());
    let row: serde_json::Value = serde_json::from_str(&without.to_json()).expect("JSON");
    assert!(row["contact_quality_score"].is_null() && row["linkedin_pattern"].is_null());
}
