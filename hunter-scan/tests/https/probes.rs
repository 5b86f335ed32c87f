//! Each probe against answers of the documented shape, and against everything else.

use std::time::Duration;

use hunter_core::Domain;
use hunter_core::observation::{Observation, Outcome, Probe};
use hunter_scan::probes::{ProbeKind, Probes, ProbesConfig};
use hunter_scan::web::{LookupError, WebConfig};
use serde_json::{Value, json};

use crate::server::{Does, Names, Server};

const LOGIN: &str = "login.test";
const POLICY: &str = "mta-sts.ornek.com.tr";
const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

fn domain() -> Domain {
    "ornek.com.tr".parse().expect("a domain")
}

fn openid() -> String {
    json!({
        "token_endpoint": format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "jwks_uri": format!("https://login.microsoftonline.com/{TENANT}/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "issuer": format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
        "tenant_region_scope": "EU",
        "tenant_region_sub_scope": null,
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com"
    })
    .to_string()
}

fn no_tenant() -> Does {
    let body = json!({
        "error": "invalid_tenant",
        "error_description": "AADSTS90002: Tenant 'ornek.com.tr' not found. Check to make sure you have the correct tenant ID.",
        "error_codes": [90002],
        "timestamp": "2026-11-24 09:30:00Z",
        "error_uri": "https://login.microsoftonline.com/error?code=90002"
    });
    Does::Answers(400, vec!["content-type: application/json".into()], body.to_string().into())
}

fn config(server: &Server) -> ProbesConfig {
    ProbesConfig {
        on: ProbeKind::ALL.into(),
        openid_url: server.url(LOGIN, "/{domain}/v2.0/.well-known/openid-configuration"),
        user_realm_url: server.url(LOGIN, "/getuserrealm.srf?login=hunter-probe@{domain}&json=1"),
        mta_sts_url: server.url("mta-sts.{domain}", "/.well-known/mta-sts.txt"),
        attempts: 1,
        web: WebConfig { max_bytes: 65_536, ..server.config() },
    }
}

fn names() -> Names {
    Names::local(&[LOGIN, POLICY])
}

/// What becomes of one probe when the server does this.
async fn ask(kind: ProbeKind, does: Does) -> Outcome<serde_json::Map<String, Value>> {
    let server = Server::start(&[LOGIN, POLICY], move |_, _| does.clone()).await;
    let mut config = config(&server);
    config.web.timeout = Duration::from_millis(1500);
    Probes::new(config, names()).expect("probes").ask(kind, &domain()).await.0
}

/// What was found, without what differs from run to run.
async fn found(kind: ProbeKind, does: Does) -> Value {
    let mut found = ask(kind, does).await.found().expect("found").clone();
    for key in ["server", "ms"] {
        assert!(found.remove(key).is_some_and(|value| !value.is_null()), "{key}");
    }
    assert_eq!(found.remove("attempts"), Some(1.into()));
    found.into()
}

#[tokio::test]
async fn all_probes_stand_in_the_observation_by_their_names() {
    let server = Server::start(&[LOGIN, POLICY], |target, _| match target {
        "/ornek.com.tr/v2.0/.well-known/openid-configuration" => Does::json(&openid()),
        "/getuserrealm.srf?login=hunter-probe@ornek.com.tr&json=1" => {
            Does::json(r#"{"State":4,"UserState":1,"NameSpaceType":"Unknown"}"#)
        }
        "/.well-known/mta-sts.txt" => Does::Stalls,
        other => panic!("nobody asks for {other}"),
    })
    .await;
    let mut config = config(&server);
    config.web.timeout = Duration::from_millis(500);
    let probes = Probes::new(config, names()).expect("probes");
    let mut seen = Observation::new(domain(), time::OffsetDateTime::UNIX_EPOCH);
    seen.probes = probes.observe(&domain()).await;
    assert_eq!(server.seen().len(), 3);

    let again = Observation::from_json(&seen.to_json()).expect("an observation");
    assert_eq!(again, seen);
    let found = again.probes["openid"].0.found().expect("found");
    assert_eq!(found["tenant_id"], TENANT);
    assert!(again.probes["user_realm"].0.is_absent());
    assert_eq!(again.probes["mta_sts"], Probe(Outcome::TempFail { reason: "timeout".into() }));
}

#[tokio::test]
async fn nothing_is_asked_unless_it_is_on() {
    let server = Server::start(&[LOGIN, POLICY], |_, _| Does::json(&openid())).await;
    let off = ProbesConfig { on: [ProbeKind::OpenId].into(), ..config(&server) };
    let seen = Probes::new(off, names()).expect("probes").observe(&domain()).await;
    let disabled = Probe(Outcome::NotAsked { reason: "disabled".into() });
    assert_eq!((&seen["user_realm"], &seen["mta_sts"]), (&disabled, &disabled));
    assert_eq!(server.seen().len(), 1);
    assert!(ProbesConfig::default().on.is_empty());
}

#[tokio::test]
async fn the_tenant_and_its_region_are_read() {
    let kind = ProbeKind::OpenId;
    assert_eq!(
        found(kind, Does::json(&openid())).await,
        json!({"tenant_id": TENANT, "tenant_region_scope": "EU", "cloud_instance_name": "microsoftonline.com"})
    );
    let gov = json!({"issuer": format!("https://login.microsoftonline.us/{TENANT}/v2.0"),
        "tenant_region_scope": "USGov", "tenant_region_sub_scope": "DODCON"});
    assert_eq!(
        found(kind, Does::json(&gov.to_string())).await,
        json!({"tenant_id": TENANT, "tenant_region_scope": "USGov", "tenant_region_sub_scope": "DODCON"})
    );
    let absent = |rcode: &str| Outcome::Absent { rcode: Some(rcode.to_owned()) };
    assert_eq!(ask(kind, no_tenant()).await, absent("AADSTS90002"));
    let personal = openid().replace(TENANT, "9188040d-6c67-4c5b-b112-36a304b66dad");
    assert_eq!(ask(kind, Does::json(&personal)).await, absent("personal_accounts"));
}

#[tokio::test]
async fn the_realm_of_users_is_read() {
    let kind = ProbeKind::UserRealm;
    let managed = r#"{"State":4,"UserState":1,"Login":"hunter-probe@ornek.com.tr","NameSpaceType":"Managed","DomainName":"ornek.com.tr","FederationBrandName":"Örnek A.Ş.","CloudInstanceName":"microsoftonline.com","CloudInstanceIssuerUri":"urn:federation:MicrosoftOnline"}"#;
    assert_eq!(
        found(kind, Does::json(managed)).await,
        json!({"namespace_type": "Managed", "federation_brand_name": "Örnek A.Ş.", "cloud_instance_name": "microsoftonline.com"})
    );
    let federated = r#"{"State":3,"UserState":2,"Login":"hunter-probe@ornek.com.tr","NameSpaceType":"Federated","DomainName":"ornek.com.tr","FederationGlobalVersion":-1,"AuthURL":"https://sts.ornek.com.tr/adfs/ls/?username=hunter-probe%40ornek.com.tr&wa=wsignin1.0&wctx=","FederationBrandName":"ornek","CloudInstanceName":"microsoftonline.com"}"#;
    assert_eq!(
        found(kind, Does::json(federated)).await,
        json!({"namespace_type": "Federated", "auth_url": "https://sts.ornek.com.tr/adfs/ls/",
            "federation_brand_name": "ornek", "cloud_instance_name": "microsoftonline.com"})
    );
    assert!(
        ask(kind, Does::json(r#"{"State":4,"UserState":1,"NameSpaceType":"Unknown"}"#))
            .await
            .is_absent()
    );
    for odd in [r#"{"NameSpaceType":"Other"}"#, r#"{"State":4}"#, r#"{"NameSpaceType":7}"#] {
        assert_eq!(ask(kind, Does::json(odd)).await.why_unanswered(), Some("malformed"), "{odd}");
    }
}

#[tokio::test]
async fn the_policy_is_read_as_senders_read_it() {
    let kind = ProbeKind::MtaSts;
    let body = "version: STSv1\r\nmode: testing\r\nmx: *.mail.protection.outlook.com\r\nmx: mx.ornek.com.tr\r\nmax_age: 604800\r\n";
    let text =
        |body: &str| Does::Answers(200, vec!["content-type: text/plain".into()], body.into());
    assert_eq!(
        found(kind, text(body)).await,
        json!({"mode": "testing", "max_age": 604_800, "policy": body,
            "mx": ["*.mail.protection.outlook.com", "mx.ornek.com.tr"]})
    );
    for junk in ["<html><body>Hoş geldiniz</body></html>", "", "version: STSv1\n"] {
        let came = ask(kind, text(junk)).await;
        assert_eq!(came, Outcome::PermFail { reason: "malformed".into() }, "{junk}");
    }
    for status in [404, 410] {
        assert!(ask(kind, Does::status(status)).await.is_absent(), "{status}");
    }
    // RFC 8461 §3.3: redirects must not be followed.
    let moved = Does::redirects(301, "https://www.ornek.com.tr/.well-known/mta-sts.txt");
    assert_eq!(ask(kind, moved).await, Outcome::PermFail { reason: "http_301".into() });
}

#[tokio::test]
async fn a_policy_host_that_does_not_exist_has_no_policy_and_a_failed_look_up_tells_nothing() {
    let server = Server::start(&[LOGIN], |_, _| Does::json("{}")).await;
    let ask = async |kind, names| {
        Probes::new(config(&server), names).expect("probes").ask(kind, &domain()).await.0
    };
    let both =
        |error: LookupError| Names::default().failing(POLICY, error.clone()).failing(LOGIN, error);
    assert!(ask(ProbeKind::MtaSts, both(LookupError::Absent)).await.is_absent());
    for (kind, error, reason) in [
        (ProbeKind::MtaSts, LookupError::Failed("SERVFAIL".into()), "dns"),
        (ProbeKind::OpenId, LookupError::Failed("SERVFAIL".into()), "dns"),
        (ProbeKind::OpenId, LookupError::Absent, "no_address"),
        (ProbeKind::UserRealm, LookupError::Absent, "no_address"),
    ] {
        let came = ask(kind, both(error)).await;
        assert_eq!(came, Outcome::TempFail { reason: reason.into() }, "{kind:?}");
    }
    assert!(server.seen().is_empty());
}

/// The table fault × probe × outcome: no fault is ever an absence.
#[tokio::test]
async fn no_fault_reads_as_absent() {
    let big = Does::Answers(200, Vec::new(), vec![b' '; 65_537]);
    let html = Does::Answers(200, Vec::new(), b"<html>".to_vec());
    let other_error = json!({"error": "invalid_request", "error_description": "AADSTS900023: Specified tenant identifier 'AADSTS90002' is neither a valid DNS name, nor a valid external domain.", "error_codes": [900_023]});
    let other_error = Does::Answers(400, Vec::new(), other_error.to_string().into());
    let private = |status| Does::redirects(status, "https://169.254.169.254/");
    for kind in ProbeKind::ALL {
        let policy = kind == ProbeKind::MtaSts;
        let redirect = if policy { "http_302" } else { "refused_address" };
        let faults = [
            (Does::Stalls, true, "timeout"),
            (Does::StallsInside, true, "timeout"),
            (Does::Sends(b""), true, "http"),
            (Does::Sends(b"220 ESMTP\r\n"), true, "http"),
            (Does::status(429), true, "http_429"),
            (Does::status(500), true, "http_500"),
            (Does::status(503), true, "http_503"),
            (Does::status(400), false, "http_400"),
            (Does::status(403), false, "http_403"),
            (Does::status(204), false, "http_204"),
            (other_error.clone(), false, "http_400"),
            (Does::NeverEnds, false, "too_large"),
            (big.clone(), false, "too_large"),
            (html.clone(), false, "malformed"),
            (Does::json("[]"), false, "malformed"),
            (Does::json("{}"), false, "malformed"),
            (Does::json("{\"issuer\":\"https://login.test/common/v2.0\"}"), false, "malformed"),
            (private(302), false, redirect),
        ];
        let asked = faults.into_iter().map(|(does, is_temporary, reason)| async move {
            let expected = if is_temporary {
                Outcome::TempFail { reason: reason.to_owned() }
            } else {
                Outcome::PermFail { reason: reason.to_owned() }
            };
            assert_eq!(ask(kind, does).await, expected, "{kind:?}: {reason}");
        });
        futures::future::join_all(asked).await;
    }
    for kind in [ProbeKind::OpenId, ProbeKind::UserRealm] {
        assert_eq!(ask(kind, Does::status(404)).await.why_unanswered(), Some("http_404"));
    }
    let server = Server::start(&["other.example"], |_, _| Does::json(&openid())).await;
    for kind in ProbeKind::ALL {
        let came =
            Probes::new(config(&server), names()).expect("probes").ask(kind, &domain()).await;
        assert_eq!(came.0, Outcome::PermFail { reason: "certificate".into() }, "{kind:?}");
    }
}

#[tokio::test]
async fn a_fault_that_passes_is_tried_again() {
    let server = Server::start(&[LOGIN, POLICY], |_, before| match before {
        0 => Does::status(502),
        1 => Does::Sends(b""),
        _ => Does::json(&openid()),
    })
    .await;
    let config = ProbesConfig { attempts: 3, ..config(&server) };
    let probes = Probes::new(config, names()).expect("probes");
    let came = probes.ask(ProbeKind::OpenId, &domain()).await.0;
    assert_eq!(came.found().expect("found")["attempts"], 3);
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_service_that_asks_to_be_left_alone_is_left_alone() {
    let server = Server::start(&[LOGIN, POLICY], |target, _| match target {
        "/.well-known/mta-sts.txt" => Does::status(404),
        _ => Does::Answers(429, vec!["retry-after: 60".into()], Vec::new()),
    })
    .await;
    let config = ProbesConfig { attempts: 3, ..config(&server) };
    let probes = Probes::new(config, names()).expect("probes");
    let first = probes.ask(ProbeKind::OpenId, &domain()).await.0;
    assert_eq!(first, Outcome::TempFail { reason: "http_429".into() });
    for kind in [ProbeKind::OpenId, ProbeKind::UserRealm] {
        let next = probes.ask(kind, &domain()).await.0;
        assert_eq!(next, Outcome::TempFail { reason: "rate_limited".into() });
    }
    assert_eq!(server.seen().len(), 1, "not called again");
    assert!(probes.ask(ProbeKind::MtaSts, &domain()).await.0.is_absent(), "another host");
}
