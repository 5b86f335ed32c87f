//! The findings in the sales texts: each with its proof, in every language, and no more than that.

mod sales_support;

use hunter_core::assess::{Engine, Finding, FindingKind, Lead};
use hunter_core::observation::Signal;
use hunter_core::observation::{Answer, Observation, Outcome, Probe, RecordType};
use hunter_core::sales::{MailStatus, SalesEngine, SalesFacts, SalesSummary};
use hunter_core::signals::DmarcSignal;
use hunter_core::vocabulary::{DmarcPolicy, ProviderClass, Segment};
use sales_support::{DMARC_MISSING, NOW, SPF_MISSING, lead, says, summary, texts};

/// Every finding that the sales texts speak of, and a record that proves it.
const SPOKEN: [(FindingKind, &str); 14] = [
    (FindingKind::EstablishedCustomer, "0 ornek-com-tr.mail.protection.outlook.com"),
    (FindingKind::BasicsUndone, "0 ornek-com-tr.n-v1.mx.microsoft"),
    (FindingKind::GatewayConsolidation, "10 mx1.ornek.iphmx.com"),
    (FindingKind::OldTenant, "lyncdiscover.ornek.com.tr CNAME webdir.online.lync.com"),
    (
        FindingKind::UnmaintainedTenant,
        "msoid.ornek.com.tr CNAME clientconfig.microsoftonline-p.net",
    ),
    (FindingKind::DormantTenant, "ornek-com-tr.mail.protection.outlook.com A 52.101.73.1"),
    (FindingKind::TenantClaimed, "MS=ms12345678"),
    (
        FindingKind::SplitEstate,
        "enterpriseenrollment.ornek.com.tr CNAME enterpriseenrollment.manage.microsoft.com",
    ),
    (FindingKind::Hybrid, "include:spf.protection.outlook.com"),
    (FindingKind::OwnServersBehindGateway, "v=spf1 ip4:192.0.2.0/24 -all"),
    (FindingKind::Forwarding, "10 route1.mx.cloudflare.net"),
    (FindingKind::FederatedIdentity, "https://sts.ornek.com.tr/adfs/ls/"),
    (FindingKind::MailboxByTraces, "10 mail.ornek.com.tr"),
    (FindingKind::DmarcTestMode, "_dmarc.ornek.com.tr"),
];

fn with(kind: FindingKind, records: &[&str]) -> SalesFacts {
    SalesFacts {
        dmarc: DmarcSignal::Policy(DmarcPolicy::None),
        findings: vec![Finding { kind, records: records.iter().map(|r| (*r).into()).collect() }],
        ..lead()
    }
}

/// The texts that `more` has beyond those of `less`.
fn added(less: &SalesSummary, more: &SalesSummary) -> Vec<String> {
    let known: Vec<_> = texts(less).into_iter().map(str::to_owned).collect();
    texts(more)
        .into_iter()
        .filter(|text| !known.iter().any(|k| k == text))
        .map(Into::into)
        .collect()
}

#[test]
fn every_finding_is_said_with_its_record_in_every_language() {
    for (kind, record) in SPOKEN {
        for locale in ["tr", "en"] {
            for segment in Segment::ALL.iter().copied().map(Some).chain([None]) {
                let facts = SalesFacts { segment, ..with(kind, &[record]) };
                let found = summary(&facts, locale);
                assert!(says(&found, &[record]).is_some(), "{kind} in {locale}");
                let plain = summary(&SalesFacts { findings: Vec::new(), ..facts }, locale);
                let asked = found.discovery_questions.len() - plain.discovery_questions.len();
                let expected = usize::from(kind != FindingKind::MailboxByTraces);
                assert_eq!(asked, expected, "{kind} in {locale}: a question");
                assert_eq!(says(&found, &SPF_MISSING), None, "{kind} in {locale}");
                assert_eq!(says(&found, &DMARC_MISSING), None, "{kind} in {locale}");
                for text in added(&plain, &found) {
                    assert!(!text.contains(['{', '}']) && !text.contains("  "), "{kind}: {text}");
                }
            }
        }
    }
}

/// Told in the SPF detail of the security part, and nowhere else.
const SPF_DETAILS: [FindingKind; 3] =
    [FindingKind::SpfOverLimit, FindingKind::SpfBrokenInclude, FindingKind::SpfManaged];

#[test]
fn what_includes_do_to_spf_is_said_in_its_detail() {
    for locale in ["tr", "en"] {
        for kind in SPF_DETAILS {
            let facts = SalesFacts { spf: Signal::Present, ..with(kind, &["proof"]) };
            let plain = SalesFacts { findings: Vec::new(), ..facts.clone() };
            let texts = added(&summary(&plain, locale), &summary(&facts, locale));
            assert_eq!(texts.len(), 1, "{kind} in {locale}: {texts:?}");
            assert!(texts[0].starts_with("SPF: "), "{kind} in {locale}: {texts:?}");
        }
    }
}

#[test]
fn every_other_finding_adds_no_word() {
    for kind in FindingKind::ALL {
        if SPOKEN.iter().any(|(spoken, _)| spoken == kind) || SPF_DETAILS.contains(kind) {
            continue;
        }
        let facts = with(*kind, &["10 mx.ornek.com.tr"]);
        let plain = SalesFacts { findings: Vec::new(), ..facts.clone() };
        assert_eq!(summary(&facts, "tr"), summary(&plain, "tr"), "{kind}");
    }
}

#[test]
fn a_finding_without_a_record_is_not_spoken_of() {
    for (kind, _) in SPOKEN {
        let plain = SalesFacts { findings: Vec::new(), ..with(kind, &[]) };
        assert_eq!(summary(&with(kind, &[]), "tr"), summary(&plain, "tr"), "{kind}");
    }
}

#[test]
fn the_language_files_say_different_things_of_different_findings() {
    for locale in ["tr", "en"] {
        let mut seen: Vec<String> = Vec::new();
        for (kind, _) in SPOKEN {
            let facts = with(kind, &["x"]);
            let plain = SalesFacts { findings: Vec::new(), ..facts.clone() };
            let reading = added(&summary(&plain, locale), &summary(&facts, locale)).join(" ");
            assert!(!seen.contains(&reading), "{kind} in {locale}: {reading}");
            seen.push(reading);
        }
    }
}

/// The call stays a call: one point more, whatever was found, and a soft script keeps its three.
#[test]
fn one_finding_becomes_a_point_of_the_call() {
    let findings: Vec<_> = SPOKEN
        .iter()
        .map(|(kind, record)| Finding { kind: *kind, records: vec![(*record).to_owned()] })
        .collect();
    for (segment, points) in [
        (Segment::Migration, 4),
        (Segment::Existing, 4),
        (Segment::Cold, 3),
        (Segment::Skip, 2),
        (Segment::Other, 2),
    ] {
        let facts = SalesFacts {
            segment: Some(segment),
            findings: findings.clone(),
            ..with(FindingKind::Hybrid, &[])
        };
        let found = summary(&facts, "tr");
        assert_eq!(found.call_script.len(), points, "{segment}");
        let told = found.call_script.concat().contains("sadeleştirebiliriz");
        assert_eq!(told, points > 2, "{segment}: {:?}", found.call_script);
    }
}

#[test]
fn a_dormant_tenant_is_no_licence_and_a_claim_is_no_tenant() {
    for locale in ["tr", "en"] {
        let found = summary(&with(FindingKind::DormantTenant, &["x CNAME y"]), locale);
        let (who, licence) = match locale {
            "tr" => ("genel yöneticisi kim", "lisansların bulunduğunu kayıtlar göstermez"),
            _ => ("Who is the global administrator", "records do not show which licences"),
        };
        assert!(says(&found, &[who]).is_some() && says(&found, &[licence]).is_some(), "{locale}");

        let claimed = summary(&with(FindingKind::TenantClaimed, &["MS=ms1"]), locale);
        let words = ["kurulmuş", "kurulu", "was set up", "global administrator", "genel yönetici"];
        assert_eq!(says(&claimed, &words), None, "{locale}");
    }
}

#[test]
fn a_tenant_from_a_referral_is_asked_about_once() {
    let facts = SalesFacts {
        tenant_known: true,
        status: MailStatus::NullMx,
        ..with(FindingKind::DormantTenant, &["selector1._domainkey.ornek.com.tr CNAME y"])
    };
    let asked = summary(&facts, "tr").discovery_questions;
    let about_administrator = asked.iter().filter(|q| q.contains("genel yönetici")).count();
    assert_eq!(about_administrator, 1, "{asked:?}");
}

/// What the observation of `ornek.com.tr` with these records gives the seller.
fn told(records: &[(&str, &str, &str)], locale: &str) -> SalesSummary {
    let (facts, _) = read(records);
    SalesEngine::builtin().summarize(&facts, locale, NOW).expect("a built-in language")
}

fn read(records: &[(&str, &str, &str)]) -> (SalesFacts, Observation) {
    let domain = "ornek.com.tr";
    let mut seen = Observation::new(domain.parse().expect("a domain"), NOW);
    for (name, kind, record) in records {
        let name = match *name {
            "@" => domain.to_owned(),
            outside if outside.ends_with('.') => outside.to_owned(),
            below => format!("{below}.{domain}"),
        };
        let outcome = match *record {
            "-" => Outcome::Absent { rcode: Some("NXDOMAIN".to_owned()) },
            _ => Outcome::Found(vec![(*record).to_owned()]),
        };
        seen.answers.push(Answer::new(name, RecordType::from(*kind), outcome));
    }
    let lead = Lead::default();
    (SalesFacts::from_assessment(&Engine::builtin().assess(&seen, &lead), &lead), seen)
}

const GATEWAY: (&str, &str, &str) = ("@", "MX", "10 mx1.ornek.iphmx.com");
const SPF: (&str, &str, &str) = ("@", "TXT", "v=spf1 include:spf.protection.outlook.com -all");
const DKIM: (&str, &str, &str) =
    ("selector1._domainkey", "CNAME", "selector1-ornek-com-tr._domainkey.ornekas.onmicrosoft.com");
const AUTODISCOVER: (&str, &str, &str) = ("autodiscover", "CNAME", "autodiscover.outlook.com");

#[test]
fn ask_14_and_15_a_holder_behind_a_gateway_is_said_with_its_evidence() {
    let records = [GATEWAY, SPF, DKIM, AUTODISCOVER];
    let (facts, _) = read(&records);
    assert_eq!(facts.spf_include.as_deref(), Some("spf.protection.outlook.com"));
    assert_eq!(facts.dkim_target.as_deref(), Some(DKIM.2));
    assert_eq!(facts.autodiscover_target.as_deref(), Some(AUTODISCOVER.2));
    assert_eq!(facts.tenant_name.as_deref(), Some("ornekas"));
    for locale in ["tr", "en"] {
        let found = told(&records, locale);
        for quoted in
            ["spf.protection.outlook.com", DKIM.2, AUTODISCOVER.2, "ornekas", "10 mx1.ornek.iphmx"]
        {
            assert!(found.provider_reasoning.contains(quoted), "{quoted} in {locale}");
        }
        assert!(found.hooks.iter().any(|hook| hook.id == "gateway-defender"), "{locale}");
        // Once is enough.
        assert_eq!(found.provider_reasoning.matches(DKIM.2).count(), 1, "{locale}");
    }
}

#[test]
fn a_holder_by_traces_is_said_with_its_evidence() {
    let records = [("@", "MX", "10 mail.ornek.com.tr"), SPF, DKIM, AUTODISCOVER];
    let (facts, _) = read(&records);
    assert_eq!((facts.provider, facts.own_mx), (Some(ProviderClass::M365), false));
    let reasoning = told(&records, "tr").provider_reasoning;
    for quoted in ["mail.ornek.com.tr", SPF.2.split(' ').nth(1).unwrap(), DKIM.2, AUTODISCOVER.2] {
        assert!(reasoning.contains(quoted), "{quoted}: {reasoning}");
    }
}

/// A record that names somebody else than the holder proves nothing of the holder.
#[test]
fn only_records_that_name_the_holder_are_its_evidence() {
    let (facts, _) = read(&[("@", "MX", "1 aspmx.l.google.com"), SPF, DKIM, AUTODISCOVER]);
    assert_eq!(facts.provider, Some(ProviderClass::Google));
    assert_eq!((facts.spf_include, facts.dkim_target), (None, None));
    assert_eq!(facts.autodiscover_target, None);
}

#[test]
fn a_hybrid_set_up_comes_with_the_end_of_support_of_exchange() {
    let records =
        [("@", "MX", "10 mail.ornek.com.tr"), SPF, ("autodiscover", "CNAME", "mail.ornek.com.tr")];
    for (locale, day) in [("tr", "14 Ekim 2025"), ("en", "14 October 2025")] {
        let found = told(&records, locale);
        assert!(found.one_liner.contains("Exchange"), "{}", found.one_liner);
        assert!(found.hooks.iter().any(|hook| hook.text.contains(day)), "{:?}", found.hooks);
    }
}

#[test]
fn a_forwarder_is_not_called_a_security_gateway() {
    for (locale, wrong) in [("tr", "güvenlik geçidi"), ("en", "security gateway")] {
        let found = told(&[("@", "MX", "10 route1.mx.cloudflare.net")], locale);
        assert_eq!(says(&found, &[wrong]), None);
        assert!(says(&found, &["10 route1.mx.cloudflare.net"]).is_some());
        // Neither where records name a holder behind it.
        let forwarder = ("@", "MX", "10 route1.mx.cloudflare.net");
        let found = told(&[forwarder, SPF, DKIM, AUTODISCOVER], locale);
        assert_eq!(found.metadata.provider, Some(ProviderClass::M365));
        assert_eq!(says(&found, &[wrong]), None);
    }
}

#[test]
fn who_else_sends_is_named() {
    let spf = ("@", "TXT", "v=spf1 include:_spf.google.com include:amazonses.com ~all");
    let found = told(&[("@", "MX", "1 aspmx.l.google.com"), spf], "tr");
    assert!(found.provider_reasoning.contains("tanımlanmış diğer hizmetler: Amazon SES."));
}

/// The answers of Microsoft's services are quoted as well.
#[test]
fn probes_are_quoted() {
    let (_, mut seen) = read(&[("@", "MX", "10 mx.kurumsaleposta.com")]);
    let found =
        |json: &str| Probe(Outcome::Found(serde_json::from_str(json).expect("a JSON object")));
    seen.probes.insert("openid".to_owned(), found(r#"{"tenant_id":"11111111-2222"}"#));
    let realm = r#"{"namespace_type":"Federated","auth_url":"https://sts.ornek.com.tr/adfs/ls/"}"#;
    seen.probes.insert("user_realm".to_owned(), found(realm));
    let lead = Lead::default();
    let facts = SalesFacts::from_assessment(&Engine::builtin().assess(&seen, &lead), &lead);
    for locale in ["tr", "en"] {
        let reasoning = summary(&facts, locale).provider_reasoning;
        assert!(reasoning.contains("tenant_id 11111111-2222"), "{reasoning}");
        assert!(reasoning.contains("https://sts.ornek.com.tr/adfs/ls/"), "{reasoning}");
    }
}
