//! Alerts, who wants them, and when.

use serde_json::{Value, json};

use crate::scans::name_server;
use crate::support::{Service, google};

#[tokio::test]
async fn what_a_rescan_raised_is_listed() {
    let server = name_server().await;
    let service = Service::asking(&server).await;
    assert_eq!(service.read("/alerts").await, json!([]));
    service.observed(&[google("baska.com.tr")]).await;
    service.send("POST", "/api/v1/scan/baska.com.tr/rescan", &json!(null)).await;
    let alerts = service.read("/api/v1/alerts").await;
    let mut kinds = alerts.as_array().expect("a list").iter().map(|alert| &alert["alert_type"]);
    assert!(kinds.any(|kind| kind == "mx_changed"), "{alerts}");
    assert_eq!(
        (&alerts[0]["domain"], &alerts[0]["status"]),
        (&json!("baska.com.tr"), &json!("pending"))
    );
    assert_eq!(service.read("/api/v1/alerts?before=2026-01-01T00:00:00Z").await, json!([]));
}

#[tokio::test]
async fn a_configuration_keeps_its_number() {
    let service = Service::new().await;
    let mut body = json!({"alert_type": "mx_changed", "notification_method": "webhook", "enabled": true,
        "webhook_url": "https://example.com/h"});
    let answer = service.send("POST", "/alerts/config", &body).await;
    assert_eq!(answer.status(), 201, "{}", String::from_utf8_lossy(&answer.body));
    let first = answer.json();
    assert!(first["id"].is_i64() && first["user_id"].is_string(), "{first}");
    assert_eq!((&first["frequency"], &first["email_address"]), (&json!("immediate"), &Value::Null));
    assert_eq!(first["webhook_url"], "https://example.com/h");

    body["enabled"] = json!(false);
    let again = service.send("POST", "/api/v1/alerts/config", &body).await.json();
    assert_eq!((&again["id"], &again["enabled"]), (&first["id"], &json!(false)));
    let other = json!({"alert_type": "mx_changed", "notification_method": "email",
        "email_address": "satis@ornek.com.tr", "frequency": "daily"});
    let other = service.send("POST", "/api/v1/alerts/config", &other).await.json();
    assert_ne!(other["id"], first["id"]);
    assert_eq!(
        (&other["email_address"], &other["webhook_url"]),
        (&json!("satis@ornek.com.tr"), &Value::Null)
    );
    assert_eq!(service.read("/api/v1/alerts/config").await, json!([again, other]));
}

#[tokio::test]
async fn the_digest_has_a_time() {
    let service = Service::new().await;
    let first = service.read("/api/v1/alerts/schedule").await;
    assert_eq!(first, json!({"enabled": false, "time": "08:00", "time_zone": "Europe/Istanbul"}));
    let set = json!({"enabled": true, "time": "23:59", "time_zone": "UTC"});
    let answer = service.send("PUT", "/api/v1/alerts/schedule", &set).await;
    assert_eq!((answer.status(), answer.json()), (200, set.clone()));
    assert_eq!(service.read("/api/v1/alerts/schedule").await, set);
}

#[tokio::test]
async fn bad_alert_requests_are_told_where() {
    let service = Service::new().await;
    let webhook = |url: &str| json!({"alert_type": "mx_changed", "notification_method": "webhook", "webhook_url": url});
    let schedule =
        |time: &str, zone: &str| json!({"enabled": true, "time": time, "time_zone": zone});
    for (method, path, body, pointer) in [
        ("POST", "config", webhook("http://example.com/h"), "/webhook_url"),
        ("POST", "config", webhook(""), "/webhook_url"),
        (
            "POST",
            "config",
            json!({"alert_type": "mx_changed", "notification_method": "email", "email_address": "x"}),
            "/email_address",
        ),
        (
            "POST",
            "config",
            json!({"alert_type": "colour", "notification_method": "email"}),
            "/alert_type",
        ),
        (
            "POST",
            "config",
            json!({"alert_type": "mx_changed", "notification_method": "pigeon"}),
            "/notification_method",
        ),
        ("PUT", "schedule", schedule("24:00", "UTC"), "/time"),
        ("PUT", "schedule", schedule("8:00", "UTC"), "/time"),
        ("PUT", "schedule", schedule("+8:00", "UTC"), "/time"),
        ("PUT", "schedule", schedule("08:00", "no zone"), "/time_zone"),
    ] {
        let answer = service.send(method, &format!("/api/v1/alerts/{path}"), &body).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (422, "validation"), "{body}");
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{body}");
    }
    for query in ["limit=0", "limit=201", "before=yesterday", "colour=red"] {
        let answer = service.get(&format!("/api/v1/alerts?{query}")).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (422, "validation"), "{query}");
    }
}
