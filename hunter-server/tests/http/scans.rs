//! One domain, scanned now: observed, remembered, kept, observed again.

use hunter_core::Domain;
use hunter_nameserver::{NameServer, Running};
use hunter_store::companies::Companies as _;
use hunter_store::opt_outs::{OptOut, OptOuts as _};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::support::Service;

pub(crate) const ZONE: &str = "\
ornek.com.tr. 60 IN MX 1 aspmx.l.google.com.
ornek.com.tr. 60 IN TXT \"v=spf1 include:_spf.google.com ~all\"
_dmarc.ornek.com.tr. 60 IN TXT \"v=DMARC1; p=none\"
baska.com.tr. 60 IN MX 1 baska-com-tr.mail.protection.outlook.com.
yok.com.tr. 60 IN MX 1 mx.yandex.net.
";

pub(crate) async fn name_server() -> Running {
    NameServer::builder().zone_text(ZONE).spawn().await.expect("a name server")
}

pub(crate) async fn opt_out(service: &Service, domain: &str) {
    let mut unit = service.db().begin().await.expect("a unit");
    let opt_out = OptOut {
        domain: domain.into(),
        ground: "asked us".into(),
        recorded_by: None,
        recorded_at: OffsetDateTime::now_utc(),
    };
    unit.opt_out(opt_out).await.expect("written");
    unit.commit().await.expect("committed");
}

/// The form of a value: the names of an object, and the kind of each.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[tokio::test]
async fn a_domain_is_scanned_kept_and_remembered() {
    let server = name_server().await;
    let service = Service::asking(&server).await;
    let body = json!({"domain": "https://www.ornek.com.tr/iletisim"});
    let answer = service.send("POST", "/api/v1/scan/domain", &body).await;
    assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(&answer.body));
    let scanned = answer.json();
    // The shape that clients of old rely on.
    for (field, form) in [
        ("domain", "string"),
        ("score", "integer"),
        ("segment", "string"),
        ("reason", "string"),
        ("provider", "string"),
        ("local_provider", "null"),
        ("tenant_size", "null"),
        ("mx_root", "string"),
        ("spf", "boolean"),
        ("dkim", "boolean"),
        ("dmarc_policy", "string"),
        ("dmarc_coverage", "integer"),
        ("scan_status", "string"),
    ] {
        assert_eq!(kind(&scanned[field]), form, "{field}: {scanned}");
    }
    assert_eq!(
        (&scanned["domain"], &scanned["mx_root"]),
        (&json!("ornek.com.tr"), &json!("google.com"))
    );

    let lead = service.read("/api/v1/leads/ornek.com.tr").await;
    assert_eq!(lead["readiness_score"], scanned["score"]);
    assert_eq!(lead["reason"], scanned["reason"]);
    assert!(lead["infrastructure_summary"].is_string(), "{lead}");

    let again = service.send("POST", "/scan/domain", &body).await;
    assert_eq!(again.json(), scanned, "it is remembered, and answered at the path of old too");
}

#[tokio::test]
async fn what_is_remembered_ends_with_a_rescan_and_with_the_lead() {
    let server = name_server().await;
    let service = Service::asking(&server).await;
    let scan = async || {
        let body = json!({"domain": "ornek.com.tr"});
        let answer = service.send("POST", "/api/v1/scan/domain", &body).await;
        answer.json()["scanned_at"].as_str().expect("a time").to_owned()
    };
    let first = scan().await;
    assert_eq!(scan().await, first);
    let answer = service.send("POST", "/api/v1/scan/ornek.com.tr/rescan", &json!(null)).await;
    assert_eq!(answer.status(), 200);
    let again = answer.json();
    assert_ne!(again["scanned_at"], json!(first));
    assert_eq!((&again["changes"], &again["alerts"]), (&json!([]), &json!([])));
    assert_eq!(json!(scan().await), again["scanned_at"]);

    let erased = service.send("DELETE", "/api/v1/leads/ornek.com.tr", &json!(null)).await;
    assert_eq!(erased.status(), 204);
    assert_ne!(json!(scan().await), again["scanned_at"]);
    assert_eq!(service.get("/api/v1/leads/ornek.com.tr").await.status(), 200);
}

#[tokio::test]
async fn a_rescan_lists_what_changed() {
    let server = name_server().await;
    let service = Service::asking(&server).await;
    service.observed(&[crate::support::google("baska.com.tr")]).await;
    let answer = service.send("POST", "/api/v1/scan/baska.com.tr/rescan", &json!(null)).await;
    assert_eq!(answer.status(), 200);
    let again = answer.json();
    let changes = again["changes"].as_array().expect("changes");
    assert!(changes.iter().any(|change| change["kind"] == "mx_changed"), "{again}");
    let alerts = again["alerts"].as_array().expect("alerts");
    assert!(alerts.iter().any(|alert| alert["alert_type"] == "mx_changed"), "{again}");
    let history = service.read("/api/v1/leads/baska.com.tr/history").await;
    assert_eq!(history["changes"].as_array().map(Vec::len), Some(changes.len()));
}

#[tokio::test]
async fn who_opted_out_is_never_asked() {
    let server = name_server().await;
    let service = Service::asking(&server).await;
    // What was remembered before does not count either.
    let body = json!({"domain": "ornek.com.tr"});
    assert_eq!(service.send("POST", "/api/v1/scan/domain", &body).await.status(), 200);
    opt_out(&service, "ornek.com.tr").await;
    for path in ["/api/v1/scan/domain", "/api/v1/scan/ornek.com.tr/rescan"] {
        let answer = service.send("POST", path, &body).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (409, "opted_out"), "{path}");
    }
    let domain: Domain = "ornek.com.tr".parse().expect("a domain");
    let mut unit = service.db().read().await.expect("a unit");
    assert_eq!(unit.refusals(&domain, 9).await.expect("read").len(), 2);
    assert!(unit.company(&domain).await.is_ok());
}

#[tokio::test]
async fn a_silent_resolver_gives_no_verdict_and_no_error() {
    let service = Service::with(&[
        ("HUNTER_SCAN_REGISTRATION", "false"),
        ("HUNTER_SCAN_TIMEOUT_MILLISECONDS", "50"),
        ("HUNTER_SCAN_ATTEMPTS", "1"),
    ])
    .await;
    let body = json!({"domain": "ornek.com.tr"});
    let answer = service.send("POST", "/api/v1/scan/domain", &body).await;
    assert_eq!(answer.status(), 200);
    let scanned = answer.json();
    assert_eq!((&scanned["score"], &scanned["spf"]), (&json!(null), &json!(null)), "{scanned}");
}

#[tokio::test]
async fn bad_scans_are_told_what_is_wrong() {
    let service = Service::new().await;
    for (path, body, status, code) in [
        ("/api/v1/scan/domain", json!({"domain": "not a domain"}), 422, "domain_not_a_name"),
        ("/api/v1/scan/domain", json!({}), 422, "validation"),
        ("/api/v1/scan/not%20a%20domain/rescan", json!(null), 422, "domain_not_a_name"),
    ] {
        let answer = service.send("POST", path, &body).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (status, code), "{path} {body}");
    }
}
