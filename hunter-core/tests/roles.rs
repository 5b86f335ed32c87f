//! Who holds the mailboxes, who filters, who sends, whose identity: from the records alone.

mod mail_support;

use hunter_core::assess::{Engine, FindingKind};
use hunter_core::observation::AddressFacts;
use hunter_core::vocabulary::ProviderClass;

use mail_support::{assess, has, observation, proof};

const GATEWAY: &str = "@ MX 10 mx1.ornek.iphmx.com";
const SPF: &str = "@ TXT v=spf1 include:spf.protection.outlook.com -all";
const DKIM: &str = "selector1._domainkey CNAME \
                    selector1-ornek-com-tr._domainkey.ornekas.onmicrosoft.com";
const NEW_DKIM: &str = "selector1._domainkey CNAME \
                        selector1-ornek-com-tr._domainkey.ornekas.n-v1.dkim.mail.microsoft";

#[test]
fn ask_14_and_15_a_gateway_is_looked_behind() {
    let alone = assess(&[GATEWAY]);
    assert_eq!((alone.provider, alone.provider_id.as_deref()), (ProviderClass::Unknown, None));
    assert_eq!(alone.gateway.as_deref(), Some("cisco-secure-email"));
    assert!(has(&alone, FindingKind::UndeterminedMailbox));

    let microsoft = assess(&[GATEWAY, SPF, DKIM, "autodiscover CNAME autodiscover.outlook.com"]);
    assert_eq!(microsoft.provider, ProviderClass::M365);
    assert_eq!(microsoft.provider_id.as_deref(), Some("microsoft-365"));
    assert_eq!(microsoft.gateway.as_deref(), Some("cisco-secure-email"));
    assert!(microsoft.confidence > 0.95, "{}", microsoft.confidence);
    let rules: Vec<_> = microsoft.evidence.iter().map(|evidence| evidence.rule).collect();
    assert_eq!(rules, ["mx_suffix", "dkim_cname", "autodiscover", "spf_include"]);
    assert_eq!(microsoft.evidence[3].record, "include:spf.protection.outlook.com");
    assert!(microsoft.evidence.iter().all(|e| e.sources.as_ref().is_some_and(|s| !s.is_empty())));
    assert!(has(&microsoft, FindingKind::GatewayConsolidation));

    // The DNS host's own SPF record does not out-vote it.
    let hoster = assess(&[GATEWAY, DKIM, "@ TXT v=spf1 include:_spf-eu.ionos.com ~all"]);
    assert_eq!(hoster.provider, ProviderClass::M365);
    assert_eq!(hoster.senders.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["ionos"]);
}

#[test]
fn ask_12_a_gateway_with_a_microsoft_mx_behind_it_is_both() {
    let mixed = assess(&[
        "@ MX 10 server-1.arsmtp.com",
        "@ MX 20 ornek-com-tr.mail.protection.outlook.com",
    ]);
    assert_eq!(mixed.provider, ProviderClass::M365);
    assert_eq!(mixed.gateway.as_deref(), Some("zix-appriver"));
    let level = assess(&[
        "@ MX 10 server-1.arsmtp.com",
        "@ MX 10 ornek-com-tr.mail.protection.outlook.com",
    ]);
    assert_eq!(
        (level.provider, level.gateway.as_deref()),
        (mixed.provider, mixed.gateway.as_deref())
    );
}

#[test]
fn ask_28_a_bounce_host_beside_a_suite_holds_no_mailboxes() {
    let both = assess(&[
        "@ MX 10 feedback-smtp.eu-west-1.amazonses.com",
        "@ MX 10 ornek-com-tr.mail.protection.outlook.com",
    ]);
    assert_eq!(both.provider, ProviderClass::M365);
}

#[test]
fn ask_17_the_region_of_a_gateway_is_an_attribute_of_it() {
    for (host, region) in [
        ("eu-smtp-inbound-1.mimecast.com", Some("eu")),
        ("ZA-smtp-inbound-2.mimecast.co.za", Some("za")),
        ("mimecast.com", None),
    ] {
        let found = assess(&[&format!("@ MX 10 {host}")]);
        assert_eq!(found.gateways[0].id, "mimecast");
        assert_eq!(found.gateways[0].region.as_deref(), region, "{host}");
    }
}

#[test]
fn ask_27_the_tenant_is_named_by_the_dkim_target() {
    for dkim in [DKIM, NEW_DKIM] {
        let found = assess(&["@ MX 10 ornek-com-tr.n-v1.mx.microsoft", dkim]);
        let identity = found.identity.expect("an identity");
        assert_eq!(identity.tenant.as_deref(), Some("ornekas"));
        assert_eq!(identity.id, "microsoft-365");
    }
}

#[test]
fn ask_16_the_address_of_an_accepted_domain_shows_a_tenant() {
    let found = assess(&[
        "@ MX 10 mx.kurumsaleposta.com",
        "ornek-com-tr.mail.protection.outlook.com. A 52.101.73.1",
    ]);
    assert_eq!(found.provider_id.as_deref(), Some("natro"));
    let proof = proof(&found, FindingKind::DormantTenant).expect("a dormant tenant");
    assert_eq!(proof, ["ornek-com-tr.mail.protection.outlook.com A 52.101.73.1"]);
    // Another company's address, or a failed lookup, shows nothing.
    for line in [
        "baska-com-tr.mail.protection.outlook.com. A 52.101.73.1",
        "ornek-com-tr.mail.protection.outlook.com. A ?",
        "ornek-com-tr.mail.protection.outlook.com. A -",
    ] {
        let none = assess(&["@ MX 10 mx.kurumsaleposta.com", line]);
        assert!(none.identity.is_none(), "{line}");
    }
}

#[test]
fn a_claim_alone_is_told_from_a_tenant_that_was_set_up() {
    let claimed = assess(&["@ MX 10 mx.kurumsaleposta.com", "@ TXT MS=ms12345678"]);
    assert!(has(&claimed, FindingKind::TenantClaimed));
    assert!(!has(&claimed, FindingKind::DormantTenant));
    let confidence = claimed.identity.expect("an identity").confidence;
    assert!(confidence <= 0.5, "{confidence}");
}

#[test]
fn google_mail_with_microsoft_devices_is_a_split_estate() {
    let split = assess(&[
        "@ MX 1 aspmx.l.google.com",
        "enterpriseenrollment CNAME enterpriseenrollment.manage.microsoft.com",
        "@ TXT v=spf1 include:_spf.google.com include:amazonses.com ~all",
    ]);
    assert_eq!(split.provider, ProviderClass::Google);
    assert!(has(&split, FindingKind::SplitEstate) && !has(&split, FindingKind::DormantTenant));
    assert_eq!(split.senders.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["amazon-ses"]);
    assert_eq!(split.identity.expect("an identity").id, "microsoft-365");
}

#[test]
fn an_own_server_that_exchange_online_sends_for_is_hybrid() {
    let hybrid =
        assess(&["@ MX 10 mail.ornek.com.tr", SPF, "autodiscover CNAME mail.ornek.com.tr"]);
    assert_eq!(hybrid.provider, ProviderClass::Local);
    let records = proof(&hybrid, FindingKind::Hybrid).expect("hybrid");
    assert_eq!(
        records,
        ["include:spf.protection.outlook.com", "autodiscover.ornek.com.tr CNAME mail.ornek.com.tr"]
    );
    let elsewhere = assess(&["@ MX 10 mail.ornek.com.tr", SPF, "autodiscover A ?"]);
    assert!(!has(&elsewhere, FindingKind::Hybrid));
}

#[test]
fn an_own_name_that_is_an_alias_is_its_target() {
    let alias = assess(&[
        "@ MX 10 mail.ornek.com.tr",
        "mail CNAME ornek-com-tr.mail.protection.outlook.com",
    ]);
    assert_eq!(alias.provider, ProviderClass::M365);
    assert_eq!(alias.evidence[0].rule, "mx_alias");
}

#[test]
fn traces_behind_an_own_server_name_the_suite_only_when_they_agree() {
    let moved = assess(&["@ MX 10 mail.ornek.com.tr", SPF, DKIM, "@ TXT MS=ms12345678"]);
    assert_eq!(moved.provider, ProviderClass::M365);
    assert!(has(&moved, FindingKind::MailboxByTraces));
    let token = assess(&["@ MX 10 mail.ornek.com.tr", "@ TXT MS=ms12345678"]);
    assert_eq!(token.provider, ProviderClass::Local);
}

#[test]
fn a_key_of_its_own_under_selector1_speaks_against_microsoft() {
    let own = "selector1._domainkey TXT v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB";
    let with = assess(&[GATEWAY, SPF, own]);
    let without = assess(&[GATEWAY, SPF]);
    assert!(with.confidence < without.confidence);
}

#[test]
fn old_tenants_and_basics_show_in_the_records() {
    let old = assess(&[
        "@ MX 0 ornek-com-tr.mail.protection.outlook.com",
        SPF,
        "msoid CNAME clientconfig.microsoftonline-p.net",
        "enterpriseenrollment CNAME -",
        "_dmarc TXT v=DMARC1; p=none",
    ]);
    for kind in [FindingKind::OldTenant, FindingKind::UnmaintainedTenant, FindingKind::BasicsUndone]
    {
        assert!(has(&old, kind), "{kind}");
    }
    assert!(!has(&old, FindingKind::EstablishedCustomer));
    let unknown = assess(&[
        "@ MX 0 ornek-com-tr.mail.protection.outlook.com",
        "msoid CNAME clientconfig.microsoftonline-p.net",
        "enterpriseenrollment CNAME ?",
        "_dmarc TXT ?",
    ]);
    assert!(!has(&unknown, FindingKind::OldTenant) && !has(&unknown, FindingKind::BasicsUndone));
    let china = assess(&[
        "@ MX 0 ornek-com-tr.mail.protection.partner.outlook.cn",
        "msoid CNAME clientconfig.partner.microsoftonline-p.net.cn",
        "enterpriseenrollment CNAME -",
    ]);
    assert!(!has(&china, FindingKind::UnmaintainedTenant) && !has(&china, FindingKind::OldTenant));
    let healthy = assess(&[
        "@ MX 0 ornek-com-tr.mail.protection.outlook.com",
        SPF,
        DKIM,
        "selector1-ornek-com-tr._domainkey.ornekas.onmicrosoft.com. TXT v=DKIM1; p=MIGfMA0GCSqGSIb3",
        "_dmarc TXT v=DMARC1; p=reject",
    ]);
    assert!(has(&healthy, FindingKind::EstablishedCustomer));
}

#[test]
fn own_servers_behind_a_gateway_and_forwarders_are_named() {
    let silent =
        ["autodiscover CNAME -", "selector1._domainkey CNAME -", "selector2._domainkey CNAME -"];
    let with =
        |spf: &'static str, last: &'static str| assess(&[GATEWAY, spf, silent[0], silent[1], last]);
    let spf = "@ TXT v=spf1 ip4:192.0.2.0/24 -all";
    assert!(has(&with(spf, silent[2]), FindingKind::OwnServersBehindGateway));
    // A time-out leaves open whether a suite would show.
    let open = with(spf, "selector2._domainkey CNAME ?");
    assert!(!has(&open, FindingKind::OwnServersBehindGateway));
    let traced = assess(&[GATEWAY, "@ TXT v=spf1 ip4:192.0.2.0/24 include:_spf.google.com -all"]);
    assert!(!has(&traced, FindingKind::OwnServersBehindGateway));
    let forwarded = assess(&["@ MX 10 route1.mx.cloudflare.net"]);
    assert!(has(&forwarded, FindingKind::Forwarding));
    assert_eq!(forwarded.provider, ProviderClass::Unknown);
}

#[test]
fn the_network_of_an_own_server_counts() {
    let mut seen = observation(&["@ MX 10 mail.ornek.com.tr", SPF]);
    let engine = Engine::builtin();
    let likely = engine.classify(&seen).expect("answered");
    seen.addresses.push(AddressFacts {
        ip: "192.0.2.1".parse().expect("an address"),
        source: "mx-ip".to_owned(),
        asn: Some(8075),
        asn_org: None,
        country: None,
        is_proxy: None,
        extra: serde_json::Map::new(),
    });
    let likelier = engine.classify(&seen).expect("answered");
    assert_ne!(likely.pattern, likelier.pattern);
}

#[test]
fn the_hoster_behind_an_own_name_is_named_by_two_records_and_not_by_one() {
    let key = "ntr._domainkey TXT v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB";
    let spf = "@ TXT v=spf1 include:_spfcls.natrohost.com -all";
    let both = assess(&["@ MX 10 mail.ornek.com.tr", spf, key]);
    assert_eq!(both.provider_id.as_deref(), Some("natro"), "{both:?}");
    assert_eq!((both.provider, both.local_provider.is_some()), (ProviderClass::Local, true));
    for one in [spf, key] {
        let alone = assess(&["@ MX 10 mail.ornek.com.tr", one]);
        assert_eq!(alone.provider_id, None, "{one}");
    }
    let autodiscover =
        assess(&["@ MX 10 mail.ornek.com.tr", "autodiscover CNAME mail.kurumsaleposta.com"]);
    assert_eq!(autodiscover.provider_id.as_deref(), Some("natro"));
}

#[test]
fn a_google_selector_speaks_for_google_behind_a_gateway() {
    let key = "google._domainkey TXT v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB";
    let found = assess(&[GATEWAY, key, "@ TXT v=spf1 include:_spf.google.com -all"]);
    assert_eq!(found.provider, ProviderClass::Google);
    assert!(found.evidence.iter().any(|evidence| evidence.rule == "dkim_selector"));
}

#[test]
fn d1_a_microsoft_mx_behind_a_host_that_nobody_knows_is_microsoft() {
    for first in ["@ MX 10 filter.ornek.com.tr", "@ MX 10 mx.nobody.example"] {
        let found = assess(&[first, "@ MX 20 ornek-com-tr.mail.protection.outlook.com"]);
        assert_eq!(found.provider, ProviderClass::M365, "{first}");
        assert_eq!(found.evidence[1].rule, "mx_fallback");
        assert!(found.confidence > 0.8, "{first}: {}", found.confidence);
    }
    let hoster = assess(&[
        "@ MX 10 mx.kurumsaleposta.com",
        "@ MX 20 ornek-com-tr.mail.protection.outlook.com",
    ]);
    assert_eq!(hoster.provider_id.as_deref(), Some("natro"));
    let identity = hoster.identity.expect("Microsoft's");
    assert_eq!(identity.evidence[0].record, "20 ornek-com-tr.mail.protection.outlook.com");
}

#[test]
fn ask_16_behind_a_gateway_the_address_of_an_accepted_domain_shows_microsoft() {
    let address = "ornek-com-tr.mail.protection.outlook.com. A 52.101.73.1";
    assert_eq!(assess(&[GATEWAY, address]).provider, ProviderClass::M365);
    let spf = assess(&[GATEWAY, SPF]).confidence;
    let more = assess(&[GATEWAY, SPF, "autodiscover CNAME autodiscover.outlook.com"]).confidence;
    let most = assess(&[GATEWAY, SPF, "autodiscover CNAME autodiscover.outlook.com", address]);
    assert!(spf <= more && more < most.confidence, "{spf} {more} {}", most.confidence);
}

#[test]
fn devices_and_calls_prove_an_identity_and_no_mailbox() {
    let set_up = assess(&[
        "@ MX 10 mail.ornek.com.tr",
        "@ TXT MS=ms12345678",
        "enterpriseenrollment CNAME enterpriseenrollment.manage.microsoft.com",
        "enterpriseregistration CNAME enterpriseregistration.windows.net",
        "lyncdiscover CNAME webdir.online.lync.com",
        "msoid CNAME clientconfig.microsoftonline-p.net",
    ]);
    assert_eq!(set_up.provider, ProviderClass::Local);
    assert!(has(&set_up, FindingKind::DormantTenant));
    let null =
        assess(&["@ MX 0 .", "enterpriseregistration CNAME enterpriseregistration.windows.net"]);
    assert!(!has(&null, FindingKind::DormantTenant), "no mail is nowhere");
}

#[test]
fn a_wildcard_is_no_trace_and_no_hybrid() {
    let wildcard = "autodiscover CNAME ornek.com.tr";
    let hybrid = assess(&["@ MX 10 mail.ornek.com.tr", SPF, wildcard]);
    assert!(!has(&hybrid, FindingKind::Hybrid));
    let (with, without) = (assess(&[GATEWAY, SPF, wildcard]), assess(&[GATEWAY, SPF]));
    assert_eq!(with.evidence, without.evidence);
    assert!((with.confidence - without.confidence).abs() < 1e-9);
    let panel = ["@ MX 10 mail.ornek.com.tr", SPF, "@ A 192.0.2.1", "autodiscover A 192.0.2.1"];
    assert!(!has(&assess(&panel), FindingKind::Hybrid));
    let own = ["@ MX 10 mail.ornek.com.tr", SPF, "@ A 192.0.2.1", "autodiscover A 192.0.2.9"];
    assert!(has(&assess(&own), FindingKind::Hybrid));
}

#[test]
fn a_suite_that_is_not_likely_is_not_named() {
    // Zoho CRM sends; where the mailboxes are, nobody knows.
    let crm = assess(&[GATEWAY, "@ TXT v=spf1 include:zoho.com ~all"]);
    assert!(crm.confidence == 0.0 || crm.confidence >= 0.5, "{}", crm.confidence);
    // A term that forbids names nobody.
    let forbids = assess(&[GATEWAY, "@ TXT v=spf1 -include:spf.protection.outlook.com -all"]);
    assert_eq!(forbids.provider, ProviderClass::Unknown);
}

#[test]
fn repeated_answers_are_one_set_of_records() {
    let twice = assess(&["@ MX 10 mail.ornek.com.tr", SPF, SPF, "_dmarc TXT v=DMARC1; p=reject"]);
    assert!(!has(&twice, FindingKind::SpfSeveralRecords));
}

#[test]
fn the_name_of_the_web_servers_address_tells_nothing_of_mail() {
    let web = ["@ MX 10 mail.ornek.com.tr", "5.2.0.192.in-addr.arpa. PTR mx.kurumsaleposta.com"];
    assert_eq!(assess(&web).provider_id, None);
    let mail = [web[0], web[1], "mail A 192.0.2.5"];
    assert_eq!(assess(&mail).provider_id.as_deref(), Some("natro"));
}
