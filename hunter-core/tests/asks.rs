//! What users of such tools ask for, ask by ask: the numbers are those of `docs/TESTING.md`.

mod mail_support;

use hunter_core::assess::{Assessment, Engine, FindingKind, Lead, Tag};
use hunter_core::batch::assess_column;
use hunter_core::observation::{Observation, Signal};
use hunter_core::provider::{Basis, Fingerprints, Strength};
use hunter_core::rules::{Points, RuleSet};
use hunter_core::signals::{DmarcSignal, UnknownSignal};
use hunter_core::vocabulary::{PriorityCategory, ProviderClass, Segment};

use mail_support::{assess, assess_of, has, observation, proof};

const MICROSOFT: &str = "@ MX 0 ornek-com-tr.mail.protection.outlook.com";
const GOOGLE: &str = "@ MX 1 aspmx.l.google.com";
const GATEWAY: &str = "@ MX 10 mx1.ornek.iphmx.com";
const OWN: &str = "@ MX 10 mail.ornek.com.tr";
const SPF: &str = "@ TXT v=spf1 include:spf.protection.outlook.com -all";
const KEY: &str = "google._domainkey TXT v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB";
const REJECT: &str = "_dmarc TXT v=DMARC1; p=reject";

fn spf(assessment: &Assessment) -> Signal {
    assessment.authentication.signals.spf
}

fn dmarc(assessment: &Assessment) -> DmarcSignal {
    assessment.authentication.signals.dmarc
}

fn policy(word: &str) -> DmarcSignal {
    DmarcSignal::Policy(word.parse().expect("a policy"))
}

fn selectors(lines: &[&str]) -> Vec<String> {
    let table = Fingerprints::builtin();
    table.dkim_selectors(&observation(lines)).into_iter().map(str::to_owned).collect()
}

/// RFC 7208 §4.5: a record begins with exactly `v=spf1`.
#[test]
fn ask_3_a_leading_blank_is_no_spf_and_spoils_none() {
    let alone = assess(&[GOOGLE, "@ TXT  v=spf1 include:_spf.google.com -all"]);
    assert_eq!(spf(&alone), Signal::Missing);
    assert_eq!(alone.authentication.signals.spf_record, None);
    assert!(!has(&alone, FindingKind::SpfInvalid));
    let beside = assess(&[GOOGLE, "@ TXT v=spf1 -all", "@ TXT  v=spf1 mx -all"]);
    assert_eq!(spf(&beside), Signal::Present);
    assert!(!has(&beside, FindingKind::SpfSeveralRecords));
}

/// RFC 9989: the tree walk (§4.10), `np`, `t` in place of `pct`.
#[test]
fn ask_4_the_policy_in_force_is_that_of_rfc_9989() {
    let below = |lines: &[&str]| dmarc(&assess_of("a.b.ornek.com.tr", lines));
    let nothing = ["_dmarc TXT -", "_dmarc.b.ornek.com.tr. TXT -"];
    let organization = "_dmarc.ornek.com.tr. TXT v=DMARC1; p=reject; sp=quarantine; np=none; pct=0";
    let exists = "@ MX 1 aspmx.l.google.com";
    assert_eq!(below(&[exists, nothing[0], nothing[1], organization]), policy("quarantine"));
    assert_eq!(below(&["@ MX -", nothing[0], nothing[1], organization]), policy("none"));
    // A step that was not answered may hold the policy.
    let unanswered = "_dmarc.b.ornek.com.tr. TXT ?";
    assert_eq!(below(&[exists, nothing[0], unanswered, organization]), DmarcSignal::Unknown);
    assert_eq!(below(&[exists, nothing[0], organization]), DmarcSignal::Unknown);

    let tested = assess(&[GOOGLE, "_dmarc TXT v=DMARC1; p=reject; t=y"]);
    assert_eq!(dmarc(&tested), policy("quarantine"));
    let sampled = assess(&[GOOGLE, "_dmarc TXT v=DMARC1; p=reject; pct=10"]);
    assert_eq!(dmarc(&sampled), policy("reject"));
}

/// Only a public suffix, which nearly never publishes a policy, counts as publishing none unasked.
#[test]
fn ask_4_a_public_suffix_need_not_be_asked_and_counts_where_it_was() {
    let nothing = "_dmarc TXT -";
    assert_eq!(dmarc(&assess(&[GOOGLE, nothing])), DmarcSignal::Absent);
    let suffix = "_dmarc.com.tr. TXT v=DMARC1; p=reject; psd=y";
    assert_eq!(dmarc(&assess(&[GOOGLE, nothing, suffix])), policy("reject"));
    let failed = "_dmarc.com.tr. TXT ?";
    assert_eq!(dmarc(&assess(&[GOOGLE, nothing, failed])), DmarcSignal::Unknown);
}

#[test]
fn ask_5_a_timeout_is_no_missing_record_anywhere() {
    let complete = assess(&[GOOGLE, "@ TXT v=spf1 -all", KEY, REJECT]);
    let silent =
        assess(&[GOOGLE, "@ TXT ?", "google._domainkey TXT ?", "_dmarc TXT ?", "_mta-sts TXT ?"]);
    assert_eq!(silent.unknown, [UnknownSignal::Spf, UnknownSignal::Dkim, UnknownSignal::Dmarc]);
    assert!(silent.findings.is_empty(), "{:?}", silent.findings);
    assert!(!silent.tags.contains(&Tag::SecurityRisk));
    let breakdown = silent.breakdown.expect("the MX question was answered");
    assert!(breakdown.risk_points.iter().next().is_none(), "{breakdown:?}");
    let (silent, complete) =
        (silent.verdict.expect("a verdict"), complete.verdict.expect("a verdict"));
    assert!((silent.score_low..=silent.score_high).contains(&complete.score));
}

#[test]
fn ask_6_dmarc_is_read_without_an_mx_too() {
    for mx in ["@ MX -", "@ MX 0 ."] {
        let parked = assess(&[mx, "@ TXT v=spf1 -all", REJECT]);
        assert_eq!((spf(&parked), dmarc(&parked)), (Signal::Present, policy("reject")), "{mx}");
        let bare = assess(&[mx, "_dmarc TXT -"]);
        assert_eq!(dmarc(&bare), DmarcSignal::Absent, "{mx}");
    }
}

#[test]
fn ask_7_and_9_any_selector_counts_and_those_tried_are_said() {
    let own = assess(&[GOOGLE, "firma2024.mail._domainkey TXT v=DKIM1; p=MIGfMA0GCSqGSIb3DQEB"]);
    assert_eq!(own.authentication.dkim_selectors_found, ["firma2024.mail"]);
    let none = assess(&[GOOGLE, "firma2024._domainkey TXT -", "google._domainkey TXT -"]);
    assert_eq!(
        proof(&none, FindingKind::DkimNoneFound),
        Some(&["firma2024".to_owned(), "google".to_owned()][..])
    );
    // Without an answer nothing was tried, and so none is said to be missing.
    let failed = assess(&[GOOGLE, "firma2024._domainkey TXT ?", "google._domainkey TXT -"]);
    assert_eq!(failed.authentication.dkim_selectors_tried, ["google"]);
    assert_eq!(failed.authentication.signals.dkim, Signal::Unknown);
    assert!(!has(&failed, FindingKind::DkimNoneFound));
}

#[test]
fn ask_8_10_11_and_28_selectors_follow_the_mx_and_every_include() {
    let microsoft = selectors(&[MICROSOFT]);
    assert!(["selector1", "selector2"].iter().all(|s| microsoft.iter().any(|own| own == s)));
    // Behind a gateway the SPF record names whose selectors to try.
    let behind = selectors(&[GATEWAY, SPF]);
    assert!(microsoft.iter().all(|selector| behind.contains(selector)), "{behind:?}");
    // A sender's selectors come with its include.
    let sender = ["@ TXT v=spf1 include:sendgrid.net include:spf.protection.outlook.com -all"];
    let with = selectors(&[MICROSOFT, sender[0]]);
    for selector in ["s1", "s2", "selector1", "selector2"] {
        assert!(with.iter().any(|own| own == selector), "{selector} of {with:?}");
    }
    assert_eq!(selectors(&["@ MX 10 mx.kurumsaleposta.com"]), ["ntr"]);
}

#[test]
fn ask_13_19_and_21_no_mail_has_a_profile_of_its_own() {
    let cases: [(&[&str], FindingKind, &[&str]); 4] = [
        (&["@ MX 0 ."], FindingKind::NullMx, &["0 ."]),
        // RFC 5321 §5.1: without an MX, senders fall back to the address.
        (&["@ MX -", "@ A 192.0.2.1"], FindingKind::ImplicitMx, &["192.0.2.1"]),
        (&["@ MX -", "@ AAAA 2001:db8::1"], FindingKind::ImplicitMx, &["2001:db8::1"]),
        (&["@ MX -"], FindingKind::Nxdomain, &[]),
    ];
    for (lines, kind, records) in cases {
        let seen = assess(&[lines, &["@ TXT -", "_dmarc TXT -"]].concat());
        let verdict = seen.verdict.expect("the MX question was answered");
        assert_eq!((verdict.score, verdict.score_low, verdict.score_high), (0, 0, 0), "{kind}");
        assert_eq!(verdict.segment, Segment::Skip);
        assert_eq!(verdict.priority_category, PriorityCategory::P6);
        assert_eq!(seen.basis, Some(Basis::NoMail));
        assert_eq!(proof(&seen, kind).expect("told"), records);
    }
    // RFC 7505 §3: a null MX stands alone.
    let both = assess(&["@ MX 0 .", GOOGLE]);
    assert_eq!(both.provider, ProviderClass::Google);
    assert!(has(&both, FindingKind::NullMxBesideOthers) && !has(&both, FindingKind::NullMx));
}

#[test]
fn ask_14_an_own_server_needs_a_second_record() {
    let alone = assess(&[OWN]);
    assert_eq!((alone.basis, alone.provider), (Some(Basis::OwnDomain), ProviderClass::Local));
    // To let Exchange Online send is not to have mailboxes there.
    let sends = assess(&[OWN, SPF]);
    assert_eq!(sends.provider, ProviderClass::Local);
    assert!(sends.confidence < alone.confidence, "{} {}", sends.confidence, alone.confidence);
    let agreed = assess(&[
        OWN,
        SPF,
        "selector1._domainkey CNAME selector1-ornek-com-tr._domainkey.ornekas.onmicrosoft.com",
        "autodiscover CNAME autodiscover.outlook.com",
    ]);
    assert_eq!((agreed.basis, agreed.provider), (Some(Basis::Traces), ProviderClass::M365));
}

#[test]
fn ask_17_every_region_of_a_gateway_is_that_gateway_and_stays_readable() {
    for host in [
        "eu-smtp-inbound-1.mimecast.com",
        "us-smtp-inbound-2.mimecast.com",
        "de-smtp-inbound-1.mimecast.com",
        "za-smtp-inbound-1.mimecast.co.za",
        "je-smtp-inbound-1.mimecast-offshore.com",
    ] {
        let seen = assess(&[&format!("@ MX 10 {host}")]);
        assert_eq!(seen.gateway.as_deref(), Some("mimecast"), "{host}");
        assert_eq!(seen.gateways[0].evidence[0].record, format!("10 {host}"));
    }
}

#[test]
fn ask_18_many_give_what_each_alone_gives() {
    let engine = Engine::builtin();
    let lead = Lead::default();
    let cases: [&[&str]; 5] = [
        &[MICROSOFT, SPF, REJECT],
        &[GATEWAY, SPF],
        &["@ MX ?"],
        &["@ MX 0 ."],
        &[OWN, "@ TXT ?", "_dmarc TXT -"],
    ];
    let lines: Vec<String> = cases.iter().map(|lines| observation(lines).to_json()).collect();
    let many = assess_column(&engine, &lines, &lead);
    assert_eq!(many.len(), cases.len());
    for (many, lines) in many.zip(cases) {
        let alone = engine.assess(&observation(lines), &lead);
        assert_eq!(many.expect("well-formed").to_json(), alone.to_json(), "{lines:?}");
    }
}

#[test]
fn ask_20_weights_are_data_and_every_row_names_them() {
    let text = RuleSet::builtin_text();
    let changed = text
        .replace("version = \"classic-1\"", "version = \"ours-1\"")
        .replace("dmarc_reject = 20", "dmarc_reject = 12");
    assert_ne!(changed, text);
    let rules = RuleSet::from_toml("ours.toml", &changed).expect("valid");
    let ours = Engine::new(rules, Fingerprints::builtin());
    let seen = observation(&[GOOGLE, REJECT]);
    let (before, after) =
        (Engine::builtin().assess(&seen, &Lead::default()), ours.assess(&seen, &Lead::default()));
    let score = |assessment: &Assessment| assessment.verdict.expect("a verdict").score;
    assert_eq!(score(&before) - score(&after), 8);
    assert_eq!((&*before.rules_version, &*after.rules_version), ("classic-1", "ours-1"));
    assert_ne!(before.rules_hash, after.rules_hash);
}

#[test]
fn ask_22_every_role_says_how_sure_it_is() {
    let seen = assess(&[
        GATEWAY,
        "@ TXT v=spf1 include:spf.protection.outlook.com include:sendgrid.net -all",
        "selector1._domainkey CNAME selector1-ornek-com-tr._domainkey.ornekas.onmicrosoft.com",
    ]);
    let identity = seen.identity.as_ref().expect("an identity");
    assert_eq!(identity.strength, Strength::SetUp);
    let sure = [
        seen.confidence,
        seen.gateways[0].confidence,
        seen.senders[0].confidence,
        identity.confidence,
    ];
    assert!(sure.iter().all(|confidence| (0.5..1.0).contains(confidence)), "{sure:?}");
    // Nobody named, nothing to trust; no mail is certain.
    assert_eq!(assess(&[GATEWAY]).confidence.to_bits(), 0_f64.to_bits());
    assert_eq!(assess(&["@ MX 0 ."]).confidence.to_bits(), 1_f64.to_bits());
    // More records that agree make it surer.
    let fewer = assess(&[GATEWAY, SPF]);
    assert!(fewer.confidence < seen.confidence, "{} {}", fewer.confidence, seen.confidence);
}

#[test]
fn ask_23_optional_controls_move_no_score() {
    let base = [MICROSOFT, SPF, KEY, REJECT];
    let published = [
        "_mta-sts TXT v=STSv1; id=20261124",
        "_smtp._tls TXT v=TLSRPTv1; rua=mailto:tls@ornek.com.tr",
        "default._bimi TXT v=BIMI1; l=https://ornek.com.tr/logo.svg",
    ];
    let absent = ["_mta-sts TXT -", "_smtp._tls TXT -", "default._bimi TXT -"];
    let failed = ["_mta-sts TXT ?", "_smtp._tls TXT ?", "default._bimi TXT ?"];
    let plain = assess(&base);
    for controls in [published, absent, failed] {
        let seen = assess(&[&base[..], &controls].concat());
        assert_eq!((seen.verdict, &seen.breakdown), (plain.verdict, &plain.breakdown));
        assert_eq!((&seen.tags, &seen.unknown), (&plain.tags, &plain.unknown));
        for kind in [FindingKind::MtaSts, FindingKind::TlsRpt, FindingKind::Bimi] {
            assert_eq!(has(&seen, kind), controls == published, "{kind}");
        }
    }
}

/// Mailbox, gateway, sender and identity: four answers for one domain.
#[test]
fn none_3_four_roles_are_four_answers() {
    let seen = assess(&[
        GATEWAY,
        "@ MX 20 aspmx.l.google.com",
        "@ TXT v=spf1 include:_spf.google.com include:amazonses.com -all",
        "enterpriseenrollment CNAME enterpriseenrollment.manage.microsoft.com",
    ]);
    assert_eq!(seen.provider_id.as_deref(), Some("google-workspace"));
    assert_eq!(
        seen.gateways.iter().map(|g| g.id.as_str()).collect::<Vec<_>>(),
        ["cisco-secure-email"]
    );
    assert_eq!(seen.senders.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["amazon-ses"]);
    assert_eq!(seen.identity.as_ref().map(|i| i.id.as_str()), Some("microsoft-365"));
    assert!(has(&seen, FindingKind::SplitEstate));
}

#[test]
fn none_4_a_turkish_hoster_is_known_by_host_and_by_alias() {
    for lines in
        [&["@ MX 10 mx.kurumsaleposta.com"][..], &[OWN, "mail CNAME mx.kurumsaleposta.com"]]
    {
        let seen = assess(lines);
        assert_eq!(seen.provider_id.as_deref(), Some("natro"), "{lines:?}");
        assert_eq!(seen.local_provider.as_deref(), Some("Natro (team.blue)"));
        assert!(seen.evidence[0].sources.as_ref().is_some_and(|sources| !sources.is_empty()));
    }
}

#[test]
fn none_7_a_stored_observation_gives_the_same_bytes_and_names_its_tables() {
    let seen = observation(&[GATEWAY, SPF, "_dmarc TXT ?"]);
    let stored = Observation::from_json(&seen.to_json()).expect("well-formed");
    let row = |seen: &Observation| Engine::builtin().assess(seen, &Lead::default()).to_json();
    assert_eq!(row(&seen), row(&stored));
    let row: serde_json::Value = serde_json::from_str(&row(&seen)).expect("JSON");
    for hash in ["rules_hash", "fingerprints_hash", "confidence_hash", "signals_hash"] {
        assert!(row[hash].as_str().is_some_and(|hash| hash.len() >= 16), "{hash}: {}", row[hash]);
    }
}

#[test]
fn none_8_every_point_says_why_and_quotes_its_record() {
    let seen = assess(&[
        GATEWAY,
        "@ TXT v=spf1 include:spf.protection.outlook.com include:a.co include:b.co include:c.co -all",
        "selector1._domainkey TXT -",
        "_dmarc TXT v=DMARC1; p=none",
    ]);
    let verdict = seen.verdict.expect("a verdict");
    let breakdown = seen.breakdown.as_ref().expect("a breakdown");
    let points = |rows: &Points| rows.iter().map(|(_, points)| points).sum::<i16>();
    let total = breakdown.base_score
        + breakdown.provider.points
        + points(&breakdown.signal_points)
        + points(&breakdown.risk_points)
        + points(&breakdown.adjustments);
    assert_eq!(total, i16::from(verdict.score));
    let quoted = proof(&seen, FindingKind::SpfManyIncludes).expect("told");
    assert!(quoted[0].starts_with("v=spf1 "), "{quoted:?}");
    assert!(seen.evidence.iter().all(|evidence| !evidence.record.is_empty()));
}
